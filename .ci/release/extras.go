package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// extras writes completions for four shells and a man page, all of them from the program itself.
func (r *release) extras() error {
	dir := filepath.Join(r.build, "extras")
	temporary, err := os.MkdirTemp("", "release")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	binary := filepath.Join(temporary, program)
	if _, err := command(r.root, "go", "build", "-o", binary, "./examples/workos-mcp"); err != nil {
		return err
	}
	for shell, name := range map[string]string{
		"bash": program + ".bash", "zsh": "_" + program, "fish": program + ".fish", "powershell": program + ".ps1",
	} {
		text, err := command(temporary, binary, "completion", shell)
		if err != nil {
			return err
		}
		if err := write(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	page, err := manual(temporary, binary)
	if err != nil {
		return err
	}
	return write(filepath.Join(dir, program+".1"), []byte(page), 0o644)
}

// manual returns the man page: the help of each command.
func manual(dir, binary string) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH %s 1\n.SH NAME\n%s \\- %s\n", strings.ToUpper(program), program, roff(about))
	for _, args := range []string{
		"", "stdio", "http", "tool list", "tool search", "tool get", "tool call", "doctor", "init", "version",
	} {
		help, err := command(dir, binary, append(strings.Fields(args), "--help")...)
		if err != nil {
			return "", err
		}
		// Flags of every command are in the first section.
		if before, _, ok := strings.Cut(help, "\nGlobal Flags:"); ok && args != "" {
			help = before
		}
		title := strings.TrimSpace(program + " " + args)
		fmt.Fprintf(&b, ".SH %s\n.nf\n%s\n.fi\n", strings.ToUpper(title), roff(strings.TrimSpace(help)))
	}
	return b.String(), nil
}

// roff escapes text.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
