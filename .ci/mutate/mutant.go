package main

import (
	"fmt"
	"go/ast"
	"strings"
)

// mutant is one planted defect. Only one is active at a time, chosen by an environment variable of the test program.
type mutant struct {
	file     string // relative to the module's root
	function string
	line     int
	operator string
	detail   string // the source before and after
	nth      int    // among the mutants of the function that are otherwise the same
	plant    func(number int) []edit

	number int  // selects the mutant at run time; from 1
	killed bool // by a test
}

// id identifies the mutant while its function keeps its text: it has no line number.
func (m *mutant) id() string {
	id := m.file + " " + m.function + " " + m.operator + " " + m.detail
	if m.nth > 0 {
		id += fmt.Sprintf(" #%d", m.nth+1)
	}
	return id
}

// snippet returns source text on one line, without its middle if it is long.
func snippet(text string) string {
	const longest, end = 70, 30
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > longest {
		text = string(r[:longest-end]) + "…" + string(r[len(r)-end:])
	}
	return "`" + text + "`"
}

// functionName returns the name of a declaration as "Type.Method" or "function".
func functionName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name + "." + d.Name.Name
		default:
			return d.Name.Name
		}
	}
}
