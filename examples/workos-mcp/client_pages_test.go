package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// clientPages has what the pages about clients say beside the output of init.
var clientPages = []struct{ name, title, client, note, log string }{
	{"claude-code", "Claude Code", "claude-code", "`claude mcp list` shows whether it connects. The file is that of a project: " +
		"it has no key, and can be committed. Claude Code asks before it uses the server of a project.\n",
		"`/mcp` in a session shows the state of each server, and `claude --debug` the messages of the server."},
	{"claude-desktop", "Claude Desktop", "claude-ai", "The file is `~/Library/Application Support/Claude/claude_desktop_config.json` " +
		"on macOS and `%APPDATA%\\Claude\\claude_desktop_config.json` on Windows. Claude Desktop starts servers without the " +
		"variables of your shell: replace `REPLACE_ME` by the key, or let `--write-keys` do it. The `.mcpb` bundle of a " +
		"[release](https://github.com/seed-f165d83c/workos/releases) asks for the key and keeps it in the system's key store.\n",
		"Settings → Developer shows the state. The messages of the server are in `~/Library/Logs/Claude/mcp-server-workos.log` on macOS and `%APPDATA%\\Claude\\logs` on Windows."},
	{"codex", "Codex", "codex-mcp-client", "`codex mcp list` shows the server. `env_vars` names the variables that Codex passes on.\n",
		"`/mcp` in a session shows the tools of each server; its log is below `~/.codex/log`."},
	{"copilot-cli", "GitHub Copilot CLI", "github-copilot-developer", "`/mcp show` in a session shows the server.\n",
		"`/mcp show workos` in a session shows the state; its log is below `~/.copilot/logs`."},
	{"cursor", "Cursor", "cursor-vscode", "Settings → MCP shows the server. Cursor permits 40 tools at the same time: use `--mode dynamic` or `--toolsets`.\n",
		"The panel *Output* has the messages of the server under *MCP Logs*."},
	{"gemini-cli", "Gemini CLI", "gemini-cli-mcp-client", "`gemini mcp list` shows whether it connects; Gemini CLI starts no server in a folder that you do not trust. With `--profile gemini` the schemas have only what " +
		"Gemini accepts. `gemini extensions install https://github.com/seed-f165d83c/workos` is another way.\n",
		"`/mcp` in a session shows the state of each server, and `gemini --debug` its messages."},
	{"opencode", "OpenCode", "opencode", "`opencode mcp list` shows whether it connects.\n",
		"`opencode --print-logs` prints its log, which is below `~/.local/share/opencode/log`."},
	{"vscode", "VS Code", "Visual Studio Code", "The file is that of a workspace: it has no key, and can be committed. VS Code must have the " +
		"variables: start it from a shell that has them. It permits 128 tools at the same time: use `--mode dynamic` or `--toolsets`.\n",
		"*MCP: List Servers*, then the server and *Show Output*, has its messages."},
	{"windsurf", "Windsurf", "windsurf", "Windsurf permits 100 tools at the same time: use `--mode dynamic` or `--toolsets`.\n",
		"The MCP settings of Cascade show the state and the error of each server, and restart it."},
	{"zed", "Zed", "Zed", "Zed's settings usually have comments, which init would lose: then it prints the entry for you to add. They " +
		"cannot refer to variables: replace `REPLACE_ME` by the key, or let `--write-keys` do it.\n",
		"The settings of the agent panel show the state of each server; the command *zed: open log* has its messages."},
}

const pagesMark = "<!-- generated: go test ./examples/workos-mcp -run ClientPages -update -->\n"

// TestClientPages compares docs/clients with what init writes and what each client is given.
func TestClientPages(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the pages have the paths of Linux")
	}
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	shell := func(args ...string) string {
		o := execute(t, map[string]string{"HOME": "/home/you"}, "", args...)
		if o.code != exitOK {
			return ""
		}
		return strings.ReplaceAll(o.stdout, own, "workos-mcp")
	}
	var table strings.Builder
	table.WriteString("# Clients\n\n" + pagesMark + "\n| client | names | asks for confirmations | HTTP |\n|---|---|---|---|\n")
	pages := map[string]string{}
	for _, c := range clientPages {
		file, _, _ := strings.Cut(shell("init", c.name, "--dry-run"), " would be:")
		file = strings.Replace(file, "/home/you", "~", 1)
		stdio, remote := shell("init", c.name, "--print"), shell("init", c.name, "--print", "--url", "https://mcp.example.com/mcp")
		language := "json"
		if c.name == "codex" {
			language = "toml"
		}
		names := styleIn(shell("doctor", "--sandbox", "--offline"), c.title)
		var b strings.Builder
		fmt.Fprintf(&b, "# %s\n\n%s\nOnce [`workos-mcp` is installed](../install.md), `workos-mcp init %s` writes this into\n`%s`, beside what is there, after a backup.\n"+
			"`--dry-run` shows it first. Flags such as `--read-only` become arguments of the server.\n\n```%s\n%s```\n\n%s\n",
			c.title, pagesMark, c.name, file, language, stdio, c.note)
		b.WriteString("## Over HTTP\n\n")
		if remote == "" {
			fmt.Fprintf(&b, "%s has no servers with a URL in its file. Add the URL as a connector in its settings; the server\n"+
				"needs OAuth for that, see [servers](../server.md).\n", c.title)
		} else {
			fmt.Fprintf(&b, "For a server that runs elsewhere, see [servers](../server.md), `workos-mcp init %s --url URL` writes\n\n```%s\n%s```\n",
				c.name, language, remote)
		}
		asks := elicits(c.name)
		fmt.Fprintf(&b, "\n## Tools and confirmations\n\nTool names are in the style `%s`, see [names](../clients.md#tool-names);\n"+
			"`workos-mcp tool list --as %q` prints them.\n", names, c.client)
		if asks {
			fmt.Fprintf(&b, "%s asks you before a [risky call](../server.md#confirmation), by elicitation.\n", c.title)
		} else {
			fmt.Fprintf(&b, "%s has no elicitation that the server could use: a [risky call](../server.md#confirmation) returns a\n"+
				"question with a token, and the model repeats the call with it once you agree.\n", c.title)
		}
		fmt.Fprintf(&b, "\n## If it does not work\n\n- `workos-mcp doctor` checks the key, the settings and the network.\n- %s\n"+
			"- If the program is not found, %s has another `PATH` than your shell: put the path of `workos-mcp` in its place.\n"+
			"- [Troubleshooting](../troubleshooting.md) explains each message.\n", c.log, c.title)
		pages[c.name+".md"] = b.String()
		fmt.Fprintf(&table, "| [%s](%s.md) | `%s` | %s | %s |\n", c.title, c.name, names, yes(asks), yes(remote != ""))
	}
	pages["README.md"] = table.String()
	for name, want := range pages {
		file := filepath.Join("..", "..", "docs", "clients", name)
		if *update {
			write(t, file, want)
		} else if got, err := os.ReadFile(file); err != nil || string(got) != want {
			t.Errorf("%s is not what init writes (%v): run go test ./examples/workos-mcp -run ClientPages -update", file, err)
		}
	}
}

// styleIn returns the style of names that the doctor reports for a client.
func styleIn(report, title string) string {
	for line := range strings.Lines(report) {
		if rest, ok := strings.CutPrefix(line, "ok       "+title); ok && strings.HasPrefix(rest, " ") {
			_, style, _ := strings.Cut(strings.TrimSpace(rest), "names in style ")
			return style
		}
	}
	return ""
}

// elicits reports whether a client asks people, as tests of real clients have seen or its documentation says.
func elicits(name string) bool {
	switch name {
	case "claude-code", "codex", "copilot-cli", "cursor", "vscode":
		return true
	}
	return false
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
