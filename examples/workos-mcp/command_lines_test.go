package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/creack/pty"

	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

const (
	commandLines = "testdata/command-lines.txt"
	maxShown     = 12 // lines of each stream
)

// judgements are what a person thinks of a command line's output. "poor" is not among them: such output is changed.
var judgements = []string{"good", "fair"}

// TestCommandLines runs what people type, right and wrong, against the sandbox. The file has for each command line what
// goes in ("<", with escapes; "tty<" is typed at a terminal), the exit code, what comes out, and a person's judgement:
// "good" or "fair", and why. -update writes what comes out and keeps the judgements; where there is none it asks for one.
// Of long output the file has the beginning and the number of lines.
func TestCommandLines(t *testing.T) {
	file, err := filepath.Abs(commandLines)
	if err != nil {
		t.Fatal(err)
	}
	golden, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(argumentFiles(t))
	var got strings.Builder
	count := 0
	for block := range strings.SplitSeq(strings.TrimSpace(string(golden)), "\n\n") {
		if got.Len() > 0 {
			got.WriteString("\n")
		}
		if strings.HasPrefix(block, "#") {
			got.WriteString(block + "\n")
			continue
		}
		count++
		got.WriteString(observe(t, block))
	}
	if count < 60 {
		t.Errorf("%d command lines, want at least 60", count)
	}
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want := strings.Split(string(golden), "\n\n")
	for i, block := range strings.Split(got.String(), "\n\n") {
		if i >= len(want) || strings.TrimSpace(block) != strings.TrimSpace(want[i]) {
			t.Errorf("got:\n%s\nwant:\n%s", block, want[min(i, len(want)-1)])
		}
	}
	t.Logf("%d command lines", count)
}

// argumentFiles returns a directory with files of arguments.
func argumentFiles(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"acme.json":    `{"name": "Acme"}`,
		"bom.json":     "\xef\xbb\xbf" + `{"name": "Acme"}`,
		"windows.json": "\xff\xfe{\x00\"\x00n\x00a\x00m\x00e\x00\"\x00:\x00\"\x00W\x00\"\x00}\x00",
		"broken.json":  `{"name": "Acme"`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// observe runs the command line of a block and returns the block with what comes out.
func observe(t *testing.T, block string) string {
	t.Helper()
	lines := strings.Split(block, "\n")
	words, err := splitWords(strings.TrimPrefix(lines[0], "$ workos-mcp"))
	if err != nil {
		t.Fatalf("%s: %v", lines[0], err)
	}
	out := lines[0] + "\n"
	var stdin io.Reader = strings.NewReader("")
	if len(lines) > 1 && strings.Contains(lines[1], "< ") { //nolint:nestif // the terminal is closed at the end of the test
		out += lines[1] + "\n"
		way, text, _ := strings.Cut(lines[1], "< ")
		text = strings.NewReplacer(`\n`, "\n", `\xef\xbb\xbf`, "\xef\xbb\xbf").Replace(text)
		stdin = strings.NewReader(text)
		if way == "tty" {
			keyboard, terminal, err := pty.Open()
			if err != nil {
				t.Skipf("no terminals here: %v", err)
			}
			defer func() { _, _ = keyboard.Close(), terminal.Close() }()
			if _, err := io.WriteString(keyboard, text); err != nil {
				t.Fatal(err)
			}
			stdin = terminal
		}
	}
	var stdout, stderr bytes.Buffer
	code := run(bounded(t), serve.Process{
		Args: append([]string{"--sandbox"}, words...), Environ: []string{"WORKOS_API_KEY=sk_test_1"},
		Stdin: stdin, Stdout: &stdout, Stderr: &stderr,
	})
	return out + fmt.Sprintf("exit %d\n", code) + shown("1> ", stdout.String()) + shown("2> ", stderr.String()) +
		judgement(t, lines)
}

// judgement returns the last line of a block, the judgement of its output.
func judgement(t *testing.T, block []string) string {
	t.Helper()
	last := block[len(block)-1]
	text, ok := strings.CutPrefix(last, "= ")
	word, why, _ := strings.Cut(text, ": ")
	if !ok || !slices.Contains(judgements, word) || why == "" {
		t.Errorf("%s: got judgement %q, want one of %q, a colon and why", block[0], last, judgements)
	}
	return "= " + text + "\n"
}

// What differs in each run.
var changing = []struct {
	pattern *regexp.Regexp
	text    string
}{
	{regexp.MustCompile(`_[0-9A-HJKMNP-TV-Z]{26}\b`), "_ID"},
	{regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`), "UUID"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z`), "TIME"},
	{regexp.MustCompile(`v\d+\.\d+\.\d+\S* \(go\S+\)`), "VERSION"},
}

// shown is the beginning of what a stream got.
func shown(mark, text string) string {
	if text == "" {
		return ""
	}
	for _, c := range changing {
		text = c.pattern.ReplaceAllString(text, c.text)
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	var b strings.Builder
	for i, line := range lines {
		if i == maxShown {
			fmt.Fprintf(&b, "%s(%d lines)\n", mark, len(lines))
			break
		}
		b.WriteString(strings.TrimRight(mark+line, " ") + "\n")
	}
	return b.String()
}

// splitWords splits a command line at spaces outside single and double quotes.
func splitWords(line string) (words []string, err error) {
	var word strings.Builder
	quote, open := rune(0), false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, open = r, true
		case r == ' ':
			if open {
				words = append(words, word.String())
			}
			word.Reset()
			open = false
		default:
			word.WriteRune(r)
			open = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("quote %c is open", quote)
	}
	if open {
		words = append(words, word.String())
	}
	return words, nil
}
