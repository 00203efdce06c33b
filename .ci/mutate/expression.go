package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
)

// condition plants mutants in a boolean expression: negated and fixed as a whole, and part by part.
func (f *finder) condition(e ast.Expr) {
	t := f.info.TypeOf(e)
	if t == nil || f.info.Types[e].Value != nil || !f.info.Types[e].IsValue() {
		return
	}
	if b, ok := t.(*types.Basic); !ok || b.Info()&types.IsBoolean == 0 {
		return
	}
	top := f.isTop()
	switch {
	case f.decides(e):
		_, loop := f.parent().(*ast.ForStmt)
		f.choose(e, "condition is false", "false")
		if !loop { // it would never end
			f.choose(e, "condition is true", "true")
			f.choose(e, "condition is negated", "!("+f.text(e)+")")
		}
	case top && isOperation(e):
		f.choose(e, "value is negated", "!("+f.text(e)+")")
	}
	b, ok := e.(*ast.BinaryExpr)
	if !ok {
		return
	}
	left, right := f.text(b.X), f.text(b.Y)
	swap := func(op string) string {
		at := f.offset(b.OpPos) - f.offset(b.Pos())
		return f.text(b)[:at] + op + f.text(b)[at+len(b.Op.String()):]
	}
	switch b.Op {
	case token.LAND, token.LOR:
		f.choose(e, "only left operand", left)
		f.choose(e, "only right operand", right)
		f.choose(e, "other connective", swap(map[token.Token]string{token.LAND: "||", token.LOR: "&&"}[b.Op]))
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		f.choose(e, "other boundary", swap(map[token.Token]string{
			token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">",
		}[b.Op]))
	case token.EQL:
		if !top {
			f.choose(e, "operand is negated", swap("!="))
		}
	case token.NEQ:
		if !top {
			f.choose(e, "operand is negated", swap("=="))
		}
	}
}

// isTop reports whether the visited expression is not an operand of a larger condition.
func (f *finder) isTop() bool {
	for i := len(f.parents) - 1; i >= 0; i-- {
		switch p := f.parents[i].(type) {
		case *ast.ParenExpr:
			continue
		case *ast.BinaryExpr:
			return p.Op != token.LAND && p.Op != token.LOR
		case *ast.UnaryExpr:
			return p.Op != token.NOT
		default:
			return true
		}
	}
	return true
}

// decides reports whether an expression is what an if, a for or a case of a switch without tag depends on.
func (f *finder) decides(e ast.Expr) bool {
	switch p := f.parent().(type) {
	case *ast.IfStmt:
		return p.Cond == e
	case *ast.ForStmt:
		return p.Cond == e
	case *ast.CaseClause:
		s, ok := f.parents[len(f.parents)-3].(*ast.SwitchStmt)
		return ok && s.Tag == nil
	}
	return false
}

func isOperation(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return true
	case *ast.UnaryExpr:
		return e.Op == token.NOT
	}
	return false
}

// choose plants a boolean expression in place of another.
func (f *finder) choose(e ast.Expr, operator, instead string) {
	detail := snippet(f.text(e))
	if instead != "true" && instead != "false" && !strings.HasPrefix(instead, "!(") {
		detail += " -> " + snippet(instead)
	}
	f.add(e, operator, detail, func(number int) []edit {
		on := active(number)
		return []edit{f.around(e, "("+on+" && ("+instead+") || !"+on+" && (", "))")}
	})
}

// constant plants the neighbours of an integer constant. A duration is doubled instead.
func (f *finder) constant(e ast.Expr) {
	tv := f.info.Types[e]
	if tv.Value == nil || tv.Value.Kind() != constant.Int || f.isInsideConstant() {
		return
	}
	name, ok := f.typeName(tv.Type)
	if !ok {
		return
	}
	plant := func(operator, instead string) {
		f.add(e, operator, snippet(f.text(e)), func(number int) []edit {
			return []edit{f.around(e, fmt.Sprintf("mutantValue[%s](%d, %s, ", name, number, instead), ")")}
		})
	}
	if isDuration(tv.Type) {
		if constant.Sign(tv.Value) != 0 {
			plant("duration doubled", "2*("+f.text(e)+")")
		}
		return
	}
	plant("constant + 1", "("+f.text(e)+")+1")
	plant("constant - 1", "("+f.text(e)+")-1")
}

// isInsideConstant reports whether a constant is part of a larger one, or stands where a constant must stand.
func (f *finder) isInsideConstant() bool {
	switch p := f.parent().(type) {
	case *ast.CaseClause, *ast.ArrayType, *ast.KeyValueExpr, *ast.SelectorExpr:
		kv, ok := p.(*ast.KeyValueExpr)
		return !ok || f.info.Types[kv.Key].Value != nil && f.info.Types[kv.Value].Value == nil
	case *ast.CallExpr:
		if f.info.Types[p.Fun].IsBuiltin() { // make([]T, 0, 16): capacity changes nothing but speed
			return true
		}
		return f.info.Types[p].Value != nil
	case ast.Expr:
		return f.info.Types[p].Value != nil
	}
	for _, p := range f.parents {
		if d, ok := p.(*ast.GenDecl); ok && d.Tok == token.CONST {
			return true
		}
	}
	return false
}

// typeName returns how the file spells a type: a predeclared one, one of its package, or of a package that it imports.
func (f *finder) typeName(t types.Type) (string, bool) {
	switch t := t.(type) {
	case *types.Basic:
		if t.Info()&types.IsUntyped != 0 {
			return "", false
		}
		return t.Name(), true
	case *types.Named:
		o := t.Obj()
		if o.Pkg() == nil || o.Pkg() == f.pkg {
			return o.Name(), o.Parent() == f.pkg.Scope()
		}
		if o.Exported() && strings.Contains(string(f.source), `"`+o.Pkg().Path()+`"`) {
			return o.Pkg().Name() + "." + o.Name(), true
		}
	}
	return "", false
}

func isDuration(t types.Type) bool { return t.String() == "time.Duration" }
