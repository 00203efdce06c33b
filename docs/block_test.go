package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = ".."

// block is a fenced code block of a document.
type block struct {
	file     string // such as README.md
	line     int    // of the first line of its text
	language string
	mark     string // what the HTML comment on the line before the block says, or ""
	text     string
}

var comment = regexp.MustCompile(`^<!-- (.*) -->$`)

// documents returns the pages of the root and the files of this folder, by their paths from the root.
func documents(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("got files %q and error %v, want the documents", files, err)
	}
	below, err := filepath.Glob("*/*.md")
	if err != nil || len(below) == 0 {
		t.Fatalf("got files %q and error %v, want the generated documents", below, err)
	}
	files = append(files, below...)
	texts := map[string]string{}
	for _, name := range []string{
		"README.md", "AGENTS.md", "CONTRIBUTING.md", "SECURITY.md", "SUPPORT.md", "CODE_OF_CONDUCT.md", "llms.txt",
	} {
		files = append(files, filepath.Join(root, name))
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.ToSlash(filepath.Join("docs", file))] = string(text)
	}
	return texts
}

// blocks returns the blocks of all documents in a language.
func blocks(t *testing.T, language string) []block {
	t.Helper()
	var found []block
	for file, text := range documents(t) {
		for _, b := range fenced(file, text) {
			if b.language == language {
				found = append(found, b)
			}
		}
	}
	if len(found) == 0 {
		t.Fatalf("no block in %s", language)
	}
	return found
}

func fenced(file, text string) []block {
	var found []block
	var open bool
	var before string
	for i, line := range strings.Split(text, "\n") {
		last := len(found) - 1
		switch fence, isFence := strings.CutPrefix(strings.TrimSpace(line), "```"); {
		case isFence && !open:
			b := block{file: file, line: i + 2, language: fence}
			if m := comment.FindStringSubmatch(before); m != nil {
				b.mark = m[1]
			}
			found, open = append(found, b), true
		case isFence:
			open = false
		case open:
			found[last].text += line + "\n"
		}
		before = strings.TrimSpace(line)
	}
	return found
}

func TestBlocksAreOfALanguageThatIsTested(t *testing.T) {
	for file, text := range documents(t) {
		for _, b := range fenced(file, text) {
			switch b.language {
			case "go", "sh", "json", "js", "toml": // the tests of examples/workos-mcp run the js and write the toml
			default:
				t.Errorf("%s:%d: got language %q, want go, sh, json, js or toml", b.file, b.line, b.language)
			}
		}
	}
}
