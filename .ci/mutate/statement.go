package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// statements plants mutants in each statement of a list.
func (f *finder) statements(list []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.ReturnStmt:
			f.returned(s)
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); !ok || !f.isPanic(call) {
				f.remove(s, "statement removed")
			}
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE && !allBlank(s.Lhs) {
				f.remove(s, "statement removed")
			}
		case *ast.IncDecStmt, *ast.SendStmt, *ast.DeferStmt, *ast.GoStmt:
			f.remove(s, "statement removed")
		case *ast.BranchStmt:
			if s.Tok == token.BREAK || s.Tok == token.CONTINUE {
				f.remove(s, s.Tok.String()+" removed")
			}
		}
	}
}

func (f *finder) isPanic(call *ast.CallExpr) bool {
	name, ok := call.Fun.(*ast.Ident)
	return ok && name.Name == "panic"
}

func allBlank(list []ast.Expr) bool {
	for _, e := range list {
		if name, ok := e.(*ast.Ident); !ok || name.Name != "_" {
			return false
		}
	}
	return true
}

func (f *finder) remove(s ast.Stmt, operator string) {
	f.add(s, operator, snippet(f.text(s)), func(number int) []edit {
		return []edit{f.around(s, "if !"+active(number)+" { ", " }")}
	})
}

// returned plants mutants in a return statement: without it, with a nil error, with the zero value of one result.
func (f *finder) returned(s *ast.ReturnStmt) {
	if len(s.Results) == 0 {
		if f.returnsNothing() {
			f.remove(s, "return removed")
		}
		return
	}
	results := f.resultTypes()
	if len(results) == 0 {
		return
	}
	values := make([]string, len(s.Results))
	for i, e := range s.Results {
		values[i] = f.text(e)
	}
	prefix := ""
	if len(s.Results) == 1 && len(results) > 1 { // return f(), of several results
		names := make([]string, len(results))
		for i := range results {
			names[i] = fmt.Sprintf("mutantResult%d", i)
		}
		prefix = strings.Join(names, ", ") + " := " + values[0] + "; "
		values = names
	}
	for i := range results {
		operator, zero := "result is zero", "*new("+results[i]+")"
		if results[i] == "error" {
			operator, zero = "error is nil", "nil"
		}
		if prefix == "" {
			if f.isZero(s.Results[i]) {
				if values[i] == "false" {
					operator, zero = "result is true", "true"
				} else {
					continue
				}
			}
		}
		changed := append([]string{}, values...)
		changed[i] = zero
		used := ""
		if prefix != "" {
			used = "_ = " + values[i] + "; "
		}
		detail := snippet(f.text(s))
		if len(results) > 1 {
			detail += fmt.Sprintf(" [%d]", i+1)
		}
		f.add(s, operator, detail, func(number int) []edit {
			return []edit{f.around(s, "if "+active(number)+" { "+prefix+used+"return "+strings.Join(changed, ", ")+" }; ", "")}
		})
	}
}

func (f *finder) returnsNothing() bool {
	t := f.signature()
	return t != nil && (t.Results == nil || len(t.Results.List) == 0)
}

// resultTypes returns the source text of the type of each result.
func (f *finder) resultTypes() []string {
	t := f.signature()
	if t == nil || t.Results == nil {
		return nil
	}
	var list []string
	for _, r := range t.Results.List {
		for range max(1, len(r.Names)) {
			list = append(list, f.text(r.Type))
		}
	}
	return list
}

func (f *finder) isZero(e ast.Expr) bool {
	switch text := f.text(e); text {
	case "nil", "false", `""`, "0":
		return true
	default:
		if c, ok := e.(*ast.CompositeLit); ok {
			_, pointer := f.info.TypeOf(c).Underlying().(*types.Struct)
			return pointer && len(c.Elts) == 0
		}
		return false
	}
}

// cases plants switches in which one case, or one value of a case, is never taken: the default acts instead.
func (f *finder) cases(tag ast.Expr, isType bool, body *ast.BlockStmt) {
	var otherwise []ast.Stmt
	for _, s := range body.List {
		if c := s.(*ast.CaseClause); c.List == nil {
			otherwise = c.Body
		}
	}
	instead := ""
	if len(otherwise) > 0 {
		instead = string(f.source[f.offset(otherwise[0].Pos()):f.offset(otherwise[len(otherwise)-1].End())])
	}
	if tag == nil && !isType || len(otherwise) == 1 && isFallthrough(otherwise[0]) {
		return // the conditions of a switch without tag are planted as such
	}
	for _, s := range body.List {
		c := s.(*ast.CaseClause)
		if c.List == nil || len(c.Body) == 0 || isFallthrough(c.Body[len(c.Body)-1]) {
			continue
		}
		first, last := c.Body[0], c.Body[len(c.Body)-1]
		span := edit{start: f.offset(first.Pos()), end: f.offset(last.End())}
		plant := func(n ast.Node, operator, detail, also string) {
			f.add(n, operator, detail, func(number int) []edit {
				e := span
				e.open = "if " + active(number) + also + " { " + instead + "\n} else { "
				e.close = " }"
				return []edit{e}
			})
		}
		if len(c.List) == 1 || isType || !isPure(tag) {
			plant(c, "case is never taken", snippet(f.text(c.List[0])), "")
			continue
		}
		for _, e := range c.List {
			plant(e, "value is not of the case", snippet(f.text(e)), " && ("+f.text(tag)+") == ("+f.text(e)+")")
		}
	}
}

func isFallthrough(s ast.Stmt) bool {
	b, ok := s.(*ast.BranchStmt)
	return ok && b.Tok == token.FALLTHROUGH
}

// isPure reports whether an expression can be evaluated again without effect.
func isPure(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		return isPure(e.X)
	}
	return false
}

// loop plants a loop that ends after its first round.
func (f *finder) loop(s ast.Stmt, body *ast.BlockStmt) {
	var outer ast.Node = s
	if l, ok := f.parent().(*ast.LabeledStmt); ok {
		outer = l
	}
	if loop, ok := s.(*ast.ForStmt); ok && loop.Cond == nil && f.signature().Results != nil {
		return // a break would make it a statement that ends, and the function one without a last return
	}
	f.rounds++
	name := fmt.Sprintf("mutantRounds%d", f.rounds)
	inside := f.offset(body.Lbrace) + 1
	header := string(f.source[f.offset(s.Pos()):f.offset(body.Lbrace)])
	f.add(s, "loop ends after one round", snippet(header), func(number int) []edit {
		return []edit{
			f.around(outer, name+" := 0; ", ""),
			{inside, inside, name + "++; if " + active(number) + " && " + name + " > 1 { break }; ", ""},
		}
	})
}
