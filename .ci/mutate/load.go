package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// listed is a package as "go list" describes it.
type listed struct {
	ImportPath  string
	Dir         string
	Export      string
	Standard    bool
	ForTest     string
	GoFiles     []string
	Imports     []string
	TestImports []string
	Deps        []string
	Module      *struct{ Main bool }
}

// module is the module that is mutated, as far as "go list" knows it.
type module struct {
	root     string
	packages map[string]*listed // those of the module itself, by import path
	exports  map[string]string  // files with the export data of every package, by import path
	users    map[string][]string
}

// load asks the go command for the module at a directory. Packages are compiled as far as needed.
func load(root string) (*module, error) {
	command := exec.Command("go", "list", "-e", "-export", "-deps", "-test",
		"-json=ImportPath,Dir,Export,Standard,ForTest,GoFiles,Imports,TestImports,Deps,Module", "./...")
	command.Dir = root
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	m := &module{root, map[string]*listed{}, map[string]string{}, map[string][]string{}}
	var tests []*listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		switch {
		case strings.HasSuffix(p.ImportPath, ".test"):
			tests = append(tests, &p)
		case p.ForTest == "":
			m.exports[p.ImportPath] = p.Export
			if p.Module != nil && p.Module.Main {
				m.packages[p.ImportPath] = &p
			}
		}
	}
	for _, t := range tests { // whose dependencies have names such as "path [tested.test]"
		tested := strings.TrimSuffix(t.ImportPath, ".test")
		for _, d := range t.Deps {
			d, _, _ = strings.Cut(d, " ")
			if m.packages[d] != nil && !slices.Contains(m.users[d], tested) {
				m.users[d] = append(m.users[d], tested)
			}
		}
	}
	return m, nil
}

// code is one package with its syntax and types.
type code struct {
	*listed
	fset    *token.FileSet
	files   []*ast.File // in the order of GoFiles
	sources [][]byte
	info    *types.Info
	types   *types.Package
}

// parse reads the files of a package and checks their types. A non-nil overlay has other sources for its files.
func (m *module) parse(p *listed, overlay map[string][]byte) (*code, []types.Error, error) {
	c := &code{listed: p, fset: token.NewFileSet(), info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
	}}
	names := slices.Clone(p.GoFiles)
	for name := range overlay {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		source, ok := overlay[name]
		if !ok {
			var err error
			if source, err = os.ReadFile(filepath.Join(p.Dir, name)); err != nil {
				return nil, nil, err
			}
		}
		file, err := parser.ParseFile(c.fset, name, source, parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", p.ImportPath, err)
		}
		c.files, c.sources = append(c.files, file), append(c.sources, source)
	}
	var problems []types.Error
	config := types.Config{
		Importer: importer.ForCompiler(c.fset, "gc", func(path string) (io.ReadCloser, error) {
			if m.exports[path] == "" {
				return nil, fmt.Errorf("no export data of %q", path)
			}
			return os.Open(m.exports[path])
		}),
		Error: func(err error) {
			if e := (types.Error{}); errors.As(err, &e) {
				problems = append(problems, e)
			}
		},
	}
	c.types, _ = config.Check(p.ImportPath, c.fset, c.files, c.info) // its errors are problems
	return c, problems, nil
}

// candidates returns all mutants of a file of the module.
func (m *module) candidates(c *code, name string) []*mutant {
	i := slices.Index(c.GoFiles, name)
	file, err := filepath.Rel(m.root, filepath.Join(c.Dir, name))
	if err != nil || i < 0 {
		return nil
	}
	f := &finder{
		fset: c.fset, info: c.info, pkg: c.types, source: c.sources[i], file: filepath.ToSlash(file),
	}
	return find(f, c.files[i])
}
