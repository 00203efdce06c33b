// Migrate lists what a program uses of the official SDK, workos-go, and what replaces it here. With -w it rewrites the
// calls of which only the form changes, those with one ID:
//
//	go run github.com/seed-f165d83c/workos/examples/migrate@latest .
//	go run github.com/seed-f165d83c/workos/examples/migrate@latest -w -client s.workos ./internal
//
// The compiler finds what is left to do: results are pointers, and some of their fields have other types.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	var m migration
	flag.BoolVar(&m.write, "w", false, "rewrite calls whose form alone changes")
	flag.StringVar(&m.client, "client", "c", "`expression` of the client in rewritten calls")
	flag.Parse()
	m.out = os.Stdout
	if err := m.run(flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "migrate:", err)
		os.Exit(1)
	}
}

// migration is one run of the program.
type migration struct {
	write  bool
	client string
	out    io.Writer

	listed, rewritten int
}

// run visits files and directories, those below them included.
func (m *migration) run(places []string) error {
	if _, err := parser.ParseExpr(m.client); err != nil {
		return fmt.Errorf("-client %q: want an expression such as c or s.workos", m.client)
	}
	if len(places) == 0 {
		places = []string{"."}
	}
	for _, place := range places {
		err := filepath.WalkDir(strings.TrimSuffix(place, "..."), func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && (entry.Name() == "vendor" || entry.Name() == "testdata"):
				return fs.SkipDir
			case entry.IsDir() || !strings.HasSuffix(path, ".go"):
				return nil
			}
			return m.file(path)
		})
		if err != nil {
			return fmt.Errorf("read %s: %w", place, err)
		}
	}
	if _, err := fmt.Fprintf(m.out, "%d uses, %d rewritten\n", m.listed, m.rewritten); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	return nil
}

// file lists the uses in one file, in their order, and rewrites it.
func (m *migration) file(path string) error {
	source, err := os.ReadFile(path) //nolint:gosec // below what the user names
	if err != nil {
		return err //nolint:wrapcheck // it names the file
	}
	positions := token.NewFileSet()
	file, err := parser.ParseFile(positions, path, source, parser.ParseComments)
	if err != nil {
		return err //nolint:wrapcheck // it names the file
	}
	packages := imported(file)
	if len(packages) == 0 {
		return nil
	}
	var edits []edit
	ast.Inspect(file, func(node ast.Node) bool {
		if call, ok := node.(*ast.CallExpr); ok {
			if u, ok := packages.call(call); ok {
				e, possible := u.edit(positions, source, m.client)
				if possible && m.write {
					edits = append(edits, e)
				}
				m.report(positions.Position(call.Pos()), u, possible)
				return false
			}
		}
		if name, ok := node.(*ast.SelectorExpr); ok {
			if u, ok := packages.name(name); ok {
				m.report(positions.Position(name.Pos()), u, false)
				return false
			}
		}
		return true
	})
	if len(edits) == 0 {
		return nil
	}
	m.rewritten += len(edits)
	source = apply(source, edits)
	if source, err = withoutUnused(path, source, packages); err != nil {
		return err
	}
	//nolint:gosec,wrapcheck // below what the user names, with the mode that the file has; the error names it
	return os.WriteFile(path, source, 0o600)
}

// report prints a line for a use.
func (m *migration) report(at token.Position, u use, possible bool) {
	m.listed++
	text := "see docs/migration.md"
	if u.rule != nil {
		text = "use " + u.rule.to
	}
	switch {
	case possible && m.write:
		text += " (rewritten)"
	case possible:
		text += " (-w rewrites it)"
	}
	_, _ = fmt.Fprintf(m.out, "%s:%d: %s.%s: %s\n", at.Filename, at.Line, u.from, u.name, text)
}

// apply replaces parts of a source. They do not overlap, and are in their order.
func apply(source []byte, edits []edit) []byte {
	var b bytes.Buffer
	last := 0
	for _, e := range edits {
		b.Write(source[last:e.begin])
		b.WriteString(e.text)
		last = e.end
	}
	b.Write(source[last:])
	return b.Bytes()
}

// withoutUnused removes the imports of workos-go that nothing uses any more, and formats the source.
func withoutUnused(path string, source []byte, before packages) ([]byte, error) {
	positions := token.NewFileSet()
	file, err := parser.ParseFile(positions, path, source, parser.ParseComments)
	if err != nil {
		return nil, fmt.Errorf("after the rewriting: %w", err)
	}
	used := map[string]bool{}
	ast.Inspect(file, func(node ast.Node) bool {
		if name, ok := node.(*ast.SelectorExpr); ok {
			if u, ok := before.name(name); ok {
				used[u.from] = true
			}
		}
		return true
	})
	var edits []edit
	for _, spec := range file.Imports {
		if from := packageOf(spec); from != "" && !used[from] {
			begin, end := positions.Position(spec.Pos()).Offset, positions.Position(spec.End()).Offset
			edits = append(edits, edit{begin: begin, end: end})
		}
	}
	formatted, err := format.Source(withoutEmptyImports(apply(source, edits)))
	if err != nil {
		return nil, fmt.Errorf("%s: format: %w", path, err)
	}
	return formatted, nil
}

// withoutEmptyImports removes what is left of an import declaration without a package.
func withoutEmptyImports(source []byte) []byte {
	for _, empty := range []string{"\nimport \n", "\nimport ()\n", "\nimport (\n\t\n)\n"} {
		source = bytes.ReplaceAll(source, []byte(empty), []byte("\n"))
	}
	return source
}
