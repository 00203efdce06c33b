package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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
	if err := section(&b, dir, binary, nil); err != nil {
		return "", err
	}
	return b.String(), nil
}

// section writes the section of a command, and those of the commands below it.
func section(b *strings.Builder, dir, binary string, words []string) error {
	help, err := command(dir, binary, append(slices.Clone(words), "--help")...)
	if err != nil {
		return err
	}
	text := help
	if before, _, ok := strings.Cut(help, "\nGlobal Flags:"); ok && len(words) > 0 {
		text = before // flags of every command are in the first section
	}
	title := strings.Join(append([]string{program}, words...), " ")
	fmt.Fprintf(b, ".SH %s\n.nf\n%s\n.fi\n", strings.ToUpper(title), roff(strings.TrimSpace(text)))
	for _, name := range below(help) {
		if err := section(b, dir, binary, append(slices.Clone(words), name)); err != nil {
			return err
		}
	}
	return nil
}

var listed = regexp.MustCompile(`(?m)^  ([a-z]+) `)

// below returns the names of the commands that a help lists.
func below(help string) []string {
	_, list, _ := strings.Cut(help, "\nAvailable Commands:\n")
	list, _, _ = strings.Cut(list, "\n\n")
	var names []string
	for _, m := range listed.FindAllStringSubmatch(list, -1) {
		if m[1] != "help" {
			names = append(names, m[1])
		}
	}
	return names
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
