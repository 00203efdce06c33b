package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Models is the source of the generated types: what reflection does not show.
type Models struct {
	docs      map[string]string   // comment of a type, by name
	fields    map[string]string   // comment of a field, by "Type.Field"
	constants map[string][]string // of an enum type, by its name
	values    map[string]string   // constant of an enum, by type and value
}

// ReadModels reads the Go file of the generated types.
func ReadModels(file string) (*Models, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("read the models: %w", err)
	}
	m := &Models{
		docs: map[string]string{}, fields: map[string]string{}, constants: map[string][]string{}, values: map[string]string{},
	}
	for _, decl := range parsed.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range group.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				text, _, _ := strings.Cut(group.Doc.Text(), "\n\n")
				m.docs[spec.Name.Name] = text
				m.readFields(spec)
			case *ast.ValueSpec:
				if typ, ok := spec.Type.(*ast.Ident); ok && group.Tok == token.CONST {
					for i, name := range spec.Names {
						m.constants[typ.Name] = append(m.constants[typ.Name], name.Name)
						if literal, ok := spec.Values[i].(*ast.BasicLit); ok {
							m.values[typ.Name+" "+literal.Value] = name.Name
						}
					}
				}
			}
		}
	}
	return m, nil
}

func (m *Models) readFields(spec *ast.TypeSpec) {
	if structure, ok := spec.Type.(*ast.StructType); ok {
		for _, field := range structure.Fields.List {
			for _, name := range field.Names {
				m.fields[spec.Name.Name+"."+name.Name] = field.Doc.Text()
			}
		}
	}
}

// constant returns the constant of an enum type that has a value, or "".
func (m *Models) constant(typ, value string) string { return m.values[typ+" "+strconv.Quote(value)] }

// DeclaredNames returns the names that the Go files of a directory declare, except test files and those in without.
func DeclaredNames(dir string, without ...string) (map[string]bool, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, err)
	}
	names := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || slices.Contains(without, filepath.Base(file)) {
			continue
		}
		source, err := os.ReadFile(file) //nolint:gosec // a Go file of the given directory
		if err != nil {
			return nil, err //nolint:wrapcheck // package os names the file
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		for _, decl := range parsed.Decls {
			for _, name := range declared(decl) {
				names[name] = true
			}
		}
	}
	return names, nil
}

// declared returns the names of a declaration, methods excluded.
func declared(decl ast.Decl) []string {
	var names []string
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Recv == nil {
			names = append(names, decl.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, spec.Name.Name)
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					names = append(names, name.Name)
				}
			}
		}
	}
	return names
}
