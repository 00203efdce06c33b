package main

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Kind is the result of a method.
type Kind int

// Kinds of methods.
const (
	Returns   Kind = iota // (*T, error)
	Lists                 // (*Page[T], error)
	Redirects             // (*Redirect, error)
	Nothing               // error
)

// Method is the method of an operation.
type Method struct {
	Name      string // such as Revoke
	Operation *optable.Operation
	GoName    string // of the generated method, without its suffixes
	Kind      Kind
	Result    string // T
	Paths     []Argument
	Params    string // type of the parameters; "": none
	Query     []Parameter
	Required  []string // names of required parameters
	Body      string   // type of the body; "": none
	Optional  bool     // whether the body is optional
	Constants []Constant
	MayBeNil  bool           // whether the response may have no body
	Types     []reflect.Type // of parameters, body and result
	Returned  reflect.Type   // Result; nil if none
	Inputs    Inputs
}

// Inputs are the types of the parameters and of the body; nil: none.
type Inputs struct{ Params, Body reflect.Type }

// Constant is a required body field with a single value.
type Constant struct{ Field, Value string }

// Argument is a path parameter.
type Argument struct{ Name, Type string }

// newMethod reads the types of a generated method,
//
//	func(receiver, ctx, path values, [*Params], [body], ...RequestEditorFn) (*XResponse, error)
func newMethod(op *optable.Operation, generated reflect.Method) (*Method, error) {
	m := &Method{Operation: op, GoName: strings.TrimSuffix(generated.Name, "WithResponse")}
	var in []reflect.Type
	for i := 2; i < generated.Type.NumIn()-1; i++ {
		in = append(in, generated.Type.In(i))
	}
	for _, name := range pathParameters(op.Path) {
		m.Paths, in = append(m.Paths, Argument{goName(name), m.use(in[0])}), in[1:]
	}
	if err := m.parameters(op, &in); err != nil {
		return nil, err
	}
	if op.Body != nil {
		m.Inputs.Body = in[0]
		m.Body, m.Optional, in = m.use(in[0]), !op.Body.Required, in[1:]
	}
	if len(in) > 0 {
		return nil, fmt.Errorf("argument of type %s is not in the table", in[0])
	}
	return m, m.returns(op, generated.Type.Out(0).Elem())
}

// use records a type of the signature and returns its name in package client, which has an alias for each type of
// package gen.
func (m *Method) use(typ reflect.Type) string {
	m.Types = append(m.Types, typ)
	return strings.ReplaceAll(typ.String(), "gen.", "")
}

// constants finds the body fields that callers may omit. Those of a union's variants are set with the variant.
func (m *Method) constants(table *optable.Table, generated reflect.Method) error {
	if m.Body == "" || m.Operation.Body.Schema.Ref == "" {
		return nil
	}
	body := generated.Type.In(generated.Type.NumIn() - 2)
	for _, p := range table.Schema(m.Operation.Body.Schema.Ref).Properties {
		if p.Schema.Const == "" || !p.Required {
			continue
		}
		field, ok := fieldOf(body, p.Name)
		if !ok || field.Type.Kind() != reflect.String || m.Optional {
			return fmt.Errorf("%s has no string field for the constant %s", body, p.Name)
		}
		m.Constants = append(m.Constants, Constant{field.Name, p.Schema.Const})
	}
	return nil
}

// returns determines the result: a list if the verb is list, else the documented JSON.
func (m *Method) returns(op *optable.Operation, response reflect.Type) error {
	m.Kind = Nothing
	for _, a := range op.Responses {
		if a.Status/100 == http.StatusFound/100 {
			m.Kind = Redirects
			return nil
		}
	}
	for f := range response.Fields() {
		if !strings.HasPrefix(f.Name, "JSON2") ||
			slices.Contains([]reflect.Kind{reflect.Map, reflect.Interface}, f.Type.Elem().Kind()) {
			continue // untyped
		}
		if m.Kind != Nothing {
			return errors.New("several response types")
		}
		m.Kind, m.Returned = Returns, f.Type.Elem()
		if strings.HasSuffix(op.ID, ".list") {
			m.Kind = Lists
			return m.lists(f.Type.Elem())
		}
		m.Result = m.use(m.Returned)
	}
	for _, a := range op.Responses {
		m.MayBeNil = m.MayBeNil || a.Status != 0 && a.MediaType == ""
	}
	return nil
}

func (m *Method) lists(list reflect.Type) error {
	if list.Kind() == reflect.Struct {
		data, ok := list.FieldByName("Data")
		if !ok {
			return fmt.Errorf("%s has no data", list)
		}
		list = data.Type
	}
	if list.Kind() != reflect.Slice {
		return fmt.Errorf("%s is not a list", list)
	}
	m.Returned = list.Elem()
	m.Result = m.use(m.Returned)
	return nil
}
