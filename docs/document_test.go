package docs_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
)

var update = flag.Bool("update", false, "write generated parts into the documents")

const maxWords = 1200

func TestReadmeIsShort(t *testing.T) {
	if got := len(strings.Fields(documents(t)["README.md"])); got > maxWords {
		t.Errorf("README.md has %d words, want at most %d: details go into docs", got, maxWords)
	}
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

func TestLinksLeadSomewhere(t *testing.T) {
	texts := pages(t)
	linked := map[string]bool{}
	for file, text := range texts {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			named := file
			if target != "" {
				named = path.Join(path.Dir(file), target)
			}
			if named != file {
				linked[named] = true
			}
			if _, err := os.Stat(filepath.Join(root, named)); err != nil {
				t.Errorf("%s: link to %s: %v", file, m[1], err)
			} else if anchor != "" && !slices.Contains(anchors(texts[named]), anchor) {
				t.Errorf("%s: link to %s: no such heading", file, m[1])
			}
		}
	}
	for file := range documents(t) {
		if strings.HasPrefix(file, "docs/") && !linked[file] {
			t.Errorf("no page has a link to %s", file)
		}
	}
}

// pages returns all pages of the repository, by their paths from the root.
func pages(t *testing.T) map[string]string {
	t.Helper()
	texts := documents(t)
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && (name == "node_modules" || name == "testdata" || name == ".git" || name == "build" || name == "dist"):
			return fs.SkipDir
		case entry.IsDir() || filepath.Ext(name) != ".md":
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		texts[strings.TrimPrefix(filepath.ToSlash(file), root+"/")] = string(text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

var notInAnchor = regexp.MustCompile(`[^a-z0-9 _-]`)

// anchors returns the anchors that GitHub makes of the headings.
func anchors(text string) []string {
	var found []string
	for line := range strings.Lines(text) {
		if heading, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			heading = notInAnchor.ReplaceAllString(strings.ToLower(strings.TrimSpace(heading)), "")
			found = append(found, strings.ReplaceAll(heading, " ", "-"))
		}
	}
	return found
}

var testCommand = regexp.MustCompile("`go test (?:-tags \\w+ )?\\./([\\w/-]+) ([^`]*)`")

// A command that prints a figure names tests or benchmarks that exist.
func TestCommandsNameTests(t *testing.T) {
	for file, text := range documents(t) {
		for _, m := range testCommand.FindAllStringSubmatch(text, -1) {
			arguments := strings.Fields(strings.ReplaceAll(m[2], "'", ""))
			for i, argument := range arguments[:len(arguments)-1] {
				pattern := strings.ReplaceAll(arguments[i+1], `\|`, "|")
				kind := map[string]string{"-run": "Test", "-bench": "Benchmark"}[argument]
				if kind != "" && pattern != "xxx" && !declares(t, m[1], kind, pattern) {
					t.Errorf("%s: %s: no %s matches %s", file, m[0], kind, pattern)
				}
			}
		}
	}
}

func declares(t *testing.T, folder, kind, pattern string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(folder), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	function := regexp.MustCompile(`(?m)^func (` + kind + `\w*)\(`)
	wanted := regexp.MustCompile(pattern)
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range function.FindAllSubmatch(source, -1) {
			if wanted.Match(m[1]) {
				return true
			}
		}
	}
	return false
}

// The table of toolsets is made from the operations table.
func TestToolsets(t *testing.T) {
	const name = "server.md"
	file, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := []byte("-update -->\n"), []byte("<!-- end -->")
	head, rest, ok := bytes.Cut(file, begin)
	_, tail, ok2 := bytes.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the toolsets", name)
	}
	want := slices.Concat(head, begin, []byte(toolsets()), end, tail)
	if *update {
		if err := os.WriteFile(name, want, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(file, want) {
		t.Errorf("the toolsets of %s are not those of api.yaml; run the command above them", name)
	}
}

func toolsets() string {
	var names []string
	examples, counts := map[string]string{}, map[string]int{}
	for _, o := range gen.Operations.Operations {
		if counts[o.Toolset] == 0 {
			names = append(names, o.Toolset)
			examples[o.Toolset] = o.ID
		}
		counts[o.Toolset]++
	}
	var b strings.Builder
	b.WriteString("| toolset | tools | example |\n|---|---|---|\n")
	for _, name := range names {
		fmt.Fprintf(&b, "| `%s` | %d | `%s` |\n", name, counts[name], examples[name])
	}
	return b.String()
}
