package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// finder collects the mutants of one file.
type finder struct {
	fset     *token.FileSet
	info     *types.Info
	pkg      *types.Package
	source   []byte
	file     string // relative to the module's root
	function string
	parents  []ast.Node // of the node that is visited, outermost first
	mutants  []*mutant
	rounds   int // loops that were given a counter, which need names of their own
}

// find returns the candidates of a file: every change that one of the operators can make inside its functions. Some may
// not compile.
func find(f *finder, file *ast.File) []*mutant {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Body == nil {
				continue
			}
			f.function = functionName(d)
			f.walk(d.Body, d)
		case *ast.GenDecl:
			if d.Tok != token.VAR {
				continue
			}
			for _, s := range d.Specs {
				v := s.(*ast.ValueSpec)
				f.function = v.Names[0].Name
				for _, value := range v.Values {
					f.walk(value, d)
				}
			}
		}
	}
	seen := map[string]int{}
	for _, m := range f.mutants {
		id := m.id()
		m.nth = seen[id]
		seen[id]++
	}
	return f.mutants
}

func (f *finder) walk(root, parent ast.Node) {
	f.parents = []ast.Node{parent}
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			f.parents = f.parents[:len(f.parents)-1]
			return true
		}
		f.visit(n)
		f.parents = append(f.parents, n)
		return true
	})
}

func (f *finder) visit(n ast.Node) {
	switch n := n.(type) {
	case *ast.BlockStmt:
		f.statements(n.List)
	case *ast.CaseClause:
		f.statements(n.Body)
	case *ast.CommClause:
		f.statements(n.Body)
	case *ast.SwitchStmt:
		f.cases(n.Tag, false, n.Body)
	case *ast.TypeSwitchStmt:
		f.cases(nil, true, n.Body)
	case *ast.ForStmt:
		f.loop(n, n.Body)
	case *ast.RangeStmt:
		f.loop(n, n.Body)
	case ast.Expr:
		f.condition(n)
		f.constant(n)
	}
}

func (f *finder) parent() ast.Node { return f.parents[len(f.parents)-1] }

// signature returns the type of the function that surrounds the visited node, or nil.
func (f *finder) signature() *ast.FuncType {
	for _, p := range slices.Backward(f.parents) {
		switch p := p.(type) {
		case *ast.FuncLit:
			return p.Type
		case *ast.FuncDecl:
			return p.Type
		}
	}
	return nil
}

func (f *finder) offset(p token.Pos) int { return f.fset.Position(p).Offset }

func (f *finder) text(n ast.Node) string {
	return string(f.source[f.offset(n.Pos()):f.offset(n.End())])
}

// add records a mutant at a node.
func (f *finder) add(n ast.Node, operator, detail string, plant func(number int) []edit) {
	f.mutants = append(f.mutants, &mutant{
		file: f.file, function: f.function, line: f.fset.Position(n.Pos()).Line, operator: operator, detail: detail,
		plant: plant,
	})
}

// around returns an edit of the span of a node.
func (f *finder) around(n ast.Node, open, close string) edit {
	return edit{f.offset(n.Pos()), f.offset(n.End()), open, close}
}

// active is the condition under which a mutant acts.
func active(number int) string { return fmt.Sprintf("mutantActive(%d)", number) }
