package main

import (
	"go/types"
	"slices"
	"strings"
)

// separator stands between an object and its type, in each line.
const separator = " :: "

// describe returns a line for each exported object of a package, and for each exported field and method of its types.
// An alias of another package's type of the same module is described as the type, because callers know it by this name.
func describe(pkg *types.Package, module string) []string {
	d := &describer{pkg: pkg, module: module}
	scope := pkg.Scope()
	for _, name := range scope.Names() {
		if object := scope.Lookup(name); object.Exported() {
			d.object(object)
		}
	}
	slices.Sort(d.lines)
	return slices.Compact(d.lines)
}

type describer struct {
	pkg    *types.Package
	module string
	lines  []string
}

func (d *describer) line(object, typ string) { d.lines = append(d.lines, object+separator+typ) }

func (d *describer) object(object types.Object) {
	name := object.Name()
	switch object := object.(type) {
	case *types.Const:
		d.line("const "+name, d.text(object.Type())+" = "+object.Val().ExactString())
	case *types.Var:
		d.line("var "+name, d.text(object.Type()))
	case *types.Func:
		d.line("func "+name, d.signature(object.Signature()))
	case *types.TypeName:
		d.typ(object)
	}
}

func (d *describer) typ(object *types.TypeName) {
	name := object.Name()
	typ := object.Type()
	named, ok := types.Unalias(typ).(*types.Named)
	if !ok || object.IsAlias() && !strings.HasPrefix(named.Obj().Pkg().Path()+"/", d.module+"/") {
		d.line("type "+name, "= "+d.text(types.Unalias(typ)))
		return
	}
	switch under := named.Underlying().(type) {
	case *types.Struct:
		d.line("type "+name, "struct"+d.parameters(named.TypeParams()))
		for field := range under.Fields() {
			if field.Exported() {
				text := d.text(field.Type())
				if field.Embedded() {
					text = "embedded " + text
				}
				d.line("type "+name+" field "+field.Name(), text)
			}
		}
	case *types.Interface:
		d.line("type "+name, "interface"+d.parameters(named.TypeParams())+d.interfaceText(under))
		return // its methods are part of its type
	default:
		d.line("type "+name, d.text(under)+d.parameters(named.TypeParams()))
	}
	for method := range named.Methods() {
		if method.Exported() {
			receiver := name
			if _, pointer := method.Signature().Recv().Type().(*types.Pointer); pointer {
				receiver = "*" + name
			}
			d.line("method ("+name+") "+method.Name(), "("+receiver+") "+d.signature(method.Signature()))
		}
	}
}

// interfaceText lists the methods of an interface. One with unexported methods cannot be implemented elsewhere.
func (d *describer) interfaceText(typ *types.Interface) string {
	var methods []string
	sealed := false
	for method := range typ.Methods() {
		if method.Exported() {
			methods = append(methods, method.Name()+d.signature(method.Signature()))
		} else {
			sealed = true
		}
	}
	if !typ.IsMethodSet() {
		methods = append(methods, d.text(typ))
	}
	if sealed {
		methods = append(methods, "unexported methods")
	}
	return " { " + strings.Join(methods, "; ") + " }"
}

func (d *describer) parameters(list *types.TypeParamList) string {
	if list.Len() == 0 {
		return ""
	}
	var all []string
	for parameter := range list.TypeParams() {
		all = append(all, parameter.Obj().Name()+" "+d.text(parameter.Constraint()))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// signature returns the type of a function. Names of parameters are no part of it.
func (d *describer) signature(s *types.Signature) string {
	return d.parameters(s.TypeParams()) + strings.TrimPrefix(d.text(unnamed(s)), "func")
}

func (d *describer) text(typ types.Type) string {
	return types.TypeString(unnamed(typ), func(other *types.Package) string {
		if other == d.pkg {
			return ""
		}
		return strings.TrimPrefix(other.Path(), d.module+"/")
	})
}

// unnamed returns a type without the names of the parameters and results of functions.
func unnamed(typ types.Type) types.Type {
	switch typ := typ.(type) {
	case *types.Signature:
		tuple := func(t *types.Tuple) *types.Tuple {
			var all []*types.Var
			for v := range t.Variables() {
				all = append(all, types.NewParam(v.Pos(), v.Pkg(), "", unnamed(v.Type())))
			}
			return types.NewTuple(all...)
		}
		return types.NewSignatureType(nil, nil, nil, tuple(typ.Params()), tuple(typ.Results()), typ.Variadic())
	case *types.Slice:
		return types.NewSlice(unnamed(typ.Elem()))
	case *types.Pointer:
		return types.NewPointer(unnamed(typ.Elem()))
	case *types.Map:
		return types.NewMap(typ.Key(), unnamed(typ.Elem()))
	default:
		return typ
	}
}
