package docs_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestGoBlocksCompile compiles every Go block. A block is a whole file, or a fragment after the comment
// <!-- go: NAME -->, which replaces the line "// SNIPPET" of testdata/NAME.go. That file declares what the fragment
// uses and imports what it may use. After the comment <!-- excerpt: PATH --> it is a part of that file, which another
// module compiles.
func TestGoBlocksCompile(t *testing.T) {
	folder, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	temporary := t.TempDir()
	// With -export, go list compiles packages and, unlike go build, links no programs.
	arguments := []string{"list", "-export", "-overlay=" + filepath.Join(temporary, "overlay.json")}
	for i, b := range blocks(t, "go") {
		if path, ok := strings.CutPrefix(b.mark, "excerpt: "); ok {
			checkExcerpt(t, b, path)
			continue
		}
		source, err := file(b)
		if err != nil {
			t.Errorf("%s:%d: %v", b.file, b.line, err)
			continue
		}
		written := filepath.Join(temporary, strconv.Itoa(i)+".go")
		if err := os.WriteFile(written, source, 0o600); err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("snippet%d", i)
		overlay.Replace[filepath.Join(folder, name, "snippet.go")] = written
		arguments = append(arguments, "./"+name)
	}
	replace, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(temporary, "overlay.json"), replace, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "go", arguments...).CombinedOutput(); err != nil {
		t.Errorf("go list -export: %v\n%s", err, out)
	}
}

// checkExcerpt checks that a file has the lines of a block, however far they are indented.
func checkExcerpt(t *testing.T, b block, path string) {
	t.Helper()
	whole, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
	if err != nil {
		t.Errorf("%s:%d: %v", b.file, b.line, err)
		return
	}
	trimmed := func(text string) string {
		lines := strings.Split(strings.TrimSpace(text), "\n")
		for i := range lines {
			lines[i] = strings.TrimSpace(lines[i])
		}
		return strings.Join(lines, "\n")
	}
	if !strings.Contains("\n"+trimmed(string(whole))+"\n", "\n"+trimmed(b.text)+"\n") {
		t.Errorf("%s:%d: %s has no such lines", b.file, b.line, path)
	}
}

// file returns the Go file of a block, with line directives, so that the compiler reports positions in the document.
func file(b block) ([]byte, error) {
	if b.mark == "" {
		if !strings.HasPrefix(b.text, "package ") && !strings.HasPrefix(b.text, "//") {
			return nil, errors.New("a fragment needs the comment <!-- go: NAME --> before it")
		}
		return fmt.Appendf(nil, "//line %s:%d\n%s", b.file, b.line, b.text), nil
	}
	name, ok := strings.CutPrefix(b.mark, "go: ")
	if !ok {
		return nil, fmt.Errorf("got the comment %q, want <!-- go: NAME -->", b.mark)
	}
	wrapper, err := os.ReadFile(filepath.Join("testdata", filepath.Base(name)+".go"))
	if err != nil {
		return nil, fmt.Errorf("read the wrapper: %w", err)
	}
	before, after, ok := strings.Cut(string(wrapper), "// SNIPPET\n")
	if !ok {
		return nil, fmt.Errorf("testdata/%s.go has no line // SNIPPET", name)
	}
	return withoutUnusedImports(fmt.Sprintf("%s\n//line %s:%d\n%s\n//line %s.go:1\n%s", before, b.file, b.line, b.text,
		name, after))
}

func withoutUnusedImports(source string) ([]byte, error) {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, "", source, parser.ParseComments)
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	used := map[string]bool{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := selector.X.(*ast.Ident); ok {
				used[x.Name] = true
			}
		}
		return true
	})
	for _, spec := range parsed.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("import %s: %w", spec.Path.Value, err)
		}
		name := filepath.Base(path)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if !used[name] {
			spec.Name = ast.NewIdent("_")
		}
	}
	var b strings.Builder
	if err := format.Node(&b, files, parsed); err != nil {
		return nil, fmt.Errorf("format: %w", err)
	}
	return []byte(b.String()), nil
}

func TestJSONBlocksParse(t *testing.T) {
	for _, b := range blocks(t, "json") {
		var value any
		if err := json.Unmarshal([]byte(b.text), &value); err != nil {
			t.Errorf("%s:%d: %v", b.file, b.line, err)
		}
	}
}
