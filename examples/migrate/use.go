package main

import (
	_ "embed"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"strconv"
	"strings"
)

//go:embed rules.txt
var rulesText string

// rule says what replaces a function.
type rule struct {
	field string // of the options that becomes the argument; "": calls are changed by hand
	to    string
}

// rules are by names such as usermanagement.GetUser; *.SetAPIKey is that of any package.
//
//nolint:gochecknoglobals // read once, of what is embedded
var rules = readRules(rulesText)

func readRules(text string) map[string]*rule {
	all := map[string]*rule{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.SplitN(strings.TrimSpace(line), " ", 3)
		all[parts[0]] = &rule{field: strings.Trim(parts[1], "-"), to: parts[2]}
	}
	return all
}

// packages are those of workos-go that a file imports, by the names that the file has for them.
type packages map[string]string

var official = regexp.MustCompile(`^github\.com/workos/workos-go(/v[0-9]+)?/pkg/([a-z_]+)$`)

// packageOf returns the name of the package of workos-go that is imported, or "".
func packageOf(spec *ast.ImportSpec) string {
	name, err := strconv.Unquote(spec.Path.Value)
	if err != nil || !official.MatchString(name) {
		return ""
	}
	return path.Base(name)
}

func imported(file *ast.File) packages {
	found := packages{}
	for _, spec := range file.Imports {
		from := packageOf(spec)
		switch {
		case from == "":
		case spec.Name != nil:
			found[spec.Name.Name] = from
		default:
			found[from] = from
		}
	}
	return found
}

// use is a name of workos-go in a program.
type use struct {
	from, name string // such as usermanagement and GetUser
	rule       *rule  // nil: there is none

	call     *ast.CallExpr // nil: it is no call with options
	context  ast.Expr
	argument ast.Expr // the value of the rule's field, if it is the only one
}

// name returns the use that a selector is.
func (p packages) name(s *ast.SelectorExpr) (use, bool) {
	ident, ok := s.X.(*ast.Ident)
	if !ok || ident.Obj != nil { // a variable of that name
		return use{}, false
	}
	from, ok := p[ident.Name]
	if !ok {
		return use{}, false
	}
	u := use{from: from, name: s.Sel.Name, rule: rules[from+"."+s.Sel.Name]}
	if u.rule == nil {
		u.rule = rules["*."+s.Sel.Name]
	}
	return u, true
}

// call returns the use that a call with options is: of a function of a package, or of the method of that name. Its
// options say which package it is.
func (p packages) call(call *ast.CallExpr) (use, bool) {
	function, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) != 2 {
		return use{}, false
	}
	options, ok := call.Args[1].(*ast.CompositeLit)
	if !ok {
		return use{}, false
	}
	kind, ok := options.Type.(*ast.SelectorExpr)
	if !ok || kind.Sel.Name != function.Sel.Name+"Opts" {
		return use{}, false
	}
	u, ok := p.name(&ast.SelectorExpr{X: kind.X, Sel: function.Sel})
	if !ok {
		return use{}, false
	}
	u.call, u.context = call, call.Args[0]
	if u.rule != nil && u.rule.field != "" && len(options.Elts) == 1 {
		if pair, ok := options.Elts[0].(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok && key.Name == u.rule.field {
				u.argument = pair.Value
			}
		}
	}
	return u, true
}

// edit replaces a part of a source.
type edit struct {
	begin, end int
	text       string
}

// edit returns the call in its new form, if that says the same.
func (u use) edit(positions *token.FileSet, source []byte, client string) (edit, bool) {
	if u.argument == nil {
		return edit{}, false
	}
	text := func(node ast.Node) string {
		return string(source[positions.Position(node.Pos()).Offset:positions.Position(node.End()).Offset])
	}
	method := strings.TrimPrefix(u.rule.to, "c.")
	return edit{
		begin: positions.Position(u.call.Pos()).Offset, end: positions.Position(u.call.End()).Offset,
		text: client + "." + method + "(" + text(u.context) + ", " + text(u.argument) + ")",
	}, true
}
