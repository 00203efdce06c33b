package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// completers run a completion of a line in a shell, from the words of the line in $@ and the line in $LINE, and print
// what the shell would offer.
var completers = map[string]struct {
	needs  string // file; "": nothing but the shell
	script string
}{
	"bash": {"/usr/share/bash-completion/bash_completion", `
		source /usr/share/bash-completion/bash_completion
		source <(workos-mcp completion bash)
		COMP_LINE=$LINE COMP_POINT=${#LINE} COMP_TYPE=9 COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		__start_workos-mcp 2>/dev/null
		printf '%s\n' "${COMPREPLY[@]}"`},
	"zsh": {"", `
		compdef() { : }
		_describe() { print -l $completions }
		source <(workos-mcp completion zsh)
		words=("$@") CURRENT=$#
		_workos-mcp`},
	"fish": {"", `
		workos-mcp completion fish | source
		complete -C $LINE`},
}

// What the scripts of the shells print is what the program offers, with names that shells split at = as well.
func TestShellsComplete(t *testing.T) {
	bin := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(bin, "workos-mcp")); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	for shell, c := range completers {
		t.Run(shell, func(t *testing.T) {
			program, err := exec.LookPath(shell)
			if err != nil {
				t.Skip(err)
			}
			if c.needs != "" {
				if _, err := os.Stat(c.needs); err != nil {
					t.Skip(err)
				}
			}
			for line, wants := range map[string][]string{
				"workos-mcp tool call organizations.cr":                {"organizations.create"},
				"workos-mcp --mode dyn":                                {"dynamic"},
				"workos-mcp --toolsets va":                             {"vault"},
				"workos-mcp --log-format j":                            {"json"},
				"workos-mcp http --auth a":                             {"authkit"},
				"workos-mcp http --proxy-header fo":                    {"forwarded"},
				"workos-mcp init cop":                                  {"copilot-cli"},
				"workos-mcp sand":                                      {"sandbox"},
				"workos-mcp tool call organizations.get i":             {"id="},
				"workos-mcp tool call organizations.create name=A dom": {"domain_data[].", "domains[]="},
			} {
				words := strings.Fields(line)
				args := append([]string{"-c", c.script, shell}, words...)
				if shell == "fish" {
					args = []string{"-c", c.script}
				}
				cmd := exec.CommandContext(bounded(t), program, args...)
				cmd.Env = append(os.Environ(), asProgram+"=1", "LINE="+line, "HOME="+t.TempDir(),
					"PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
				out, err := cmd.CombinedOutput()
				if err != nil {
					t.Errorf("%s: %v: %s", line, err, out)
				}
				offered := strings.ReplaceAll(string(out), `\`, "")
				for _, want := range wants {
					if !strings.Contains(offered, want) {
						t.Errorf("%s: got %s, want %s", line, out, want)
					}
				}
				if strings.Contains(offered, "organizations.delete") {
					t.Errorf("%s: got %s, want only what fits", line, out)
				}
			}
		})
	}
}
