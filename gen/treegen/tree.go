package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Node is a service: the operations whose IDs share a prefix.
type Node struct {
	Field    string // in the parent, such as Invitations
	Type     string // such as UserManagementInvitationsService
	Path     string // such as user_management.invitations
	Children []*Node
	Methods  []*Method
}

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
}

// Parameter is a query parameter.
type Parameter struct {
	Name     string
	Field    string // of the struct of parameters
	Writer   string // function of package client that encodes it
	Limits   string // minimum and maximum for addLimit, which takes no name; "" for other writers
	Required bool
}

// Constant is a required body field with a single value.
type Constant struct{ Field, Value string }

// Argument is a path parameter.
type Argument struct{ Name, Type string }

const methodExtension = "x-go-method"

// Plant builds the tree of a table's operations with the types of a generated client.
func Plant(table *optable.Table, client reflect.Type) (*Node, error) {
	names := map[string]reflect.Method{}
	for method := range client.Methods() {
		if name, ok := strings.CutSuffix(method.Name, "WithResponse"); ok &&
			!strings.HasSuffix(name, "WithBody") {
			names[strings.ToLower(name)] = method
		}
	}
	root := &Node{}
	for i := range table.Operations {
		op := &table.Operations[i]
		method, ok := names[strings.NewReplacer(".", "", "_", "").Replace(op.ID)]
		if !ok {
			return nil, fmt.Errorf("%s: the client has no method for it", op.ID)
		}
		m, err := newMethod(op, method)
		if err == nil {
			err = errors.Join(m.constants(table, method), root.add(m))
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", op.ID, err)
		}
	}
	return root, nil
}

// add adds a method at the place that its operation's ID determines.
func (n *Node) add(m *Method) error {
	op := m.Operation
	segments := strings.Split(op.ID, ".")
	words := split(m.GoName, segments)
	last := len(words) - 1
	segments, words, m.Name = segments[:last], words[:last], words[last]
	if given := op.Extension(methodExtension); given != "" {
		if err := json.Unmarshal([]byte(given), &m.Name); err != nil || !token.IsExported(m.Name) {
			return fmt.Errorf("%s is %s: want an exported name", methodExtension, given)
		}
		segments, words = segments[:last-1], words[:last-1]
	}
	at := n
	for i := range words {
		at = at.child(words[i], strings.Join(segments[:i+1], "."), strings.Join(words[:i+1], "")+"Service")
	}
	for _, other := range at.Methods {
		if other.Name == m.Name {
			return fmt.Errorf("%s has the method %s already, of %s", at.Type, m.Name, other.Operation.ID)
		}
	}
	at.Methods = append(at.Methods, m)
	return nil
}

func (n *Node) child(field, path, typ string) *Node {
	for _, c := range n.Children {
		if c.Field == field {
			return c
		}
	}
	c := &Node{Field: field, Path: path, Type: typ}
	n.Children = append(n.Children, c)
	return c
}

// split divides a Go name into the segments of an operation's ID. They differ only in case.
func split(name string, segments []string) []string {
	words := make([]string, len(segments))
	for i, segment := range segments {
		length := len(strings.ReplaceAll(segment, "_", ""))
		words[i], name = name[:length], name[length:]
	}
	return words
}

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

// parameters reads the struct of parameters, unless its only field is an idempotency key, which is an option.
func (m *Method) parameters(op *optable.Operation, in *[]reflect.Type) error {
	isKey := func(p optable.Parameter) bool { return strings.EqualFold(p.Name, "Idempotency-Key") }
	others := slices.DeleteFunc(slices.Clone(op.Parameters), func(p optable.Parameter) bool {
		return p.In == optable.InPath || isKey(p)
	})
	if len(others) == 0 {
		if slices.ContainsFunc(op.Parameters, isKey) {
			*in = (*in)[1:]
		}
		return nil
	}
	params := (*in)[0].Elem()
	m.Params, *in = m.use(params), (*in)[1:]
	for _, p := range others {
		if p.In != optable.InQuery {
			return fmt.Errorf("unsupported %s parameter %s", p.In, p.Name)
		}
		field, ok := fieldOf(params, p.Name)
		if !ok {
			return fmt.Errorf("%s has no field for %s", params, p.Name)
		}
		writer, err := writerOf(p, field.Type)
		if err != nil {
			return err
		}
		query := Parameter{Name: p.Name, Field: field.Name, Writer: writer, Required: p.Required}
		if writer == "addInt" && p.Schema.Minimum != "" && p.Schema.Maximum != "" {
			if p.Name != "limit" {
				return fmt.Errorf("unsupported minimum and maximum of parameter %s", p.Name)
			}
			query.Writer, query.Limits = "addLimit", p.Schema.Minimum+", "+p.Schema.Maximum
		}
		m.Query = append(m.Query, query)
		if p.Required {
			m.Required = append(m.Required, p.Name)
		}
	}
	return nil
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

func fieldOf(params reflect.Type, name string) (reflect.StructField, bool) {
	for f := range params.Fields() {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// isEnum reports whether a type knows its values.
func isEnum(typ reflect.Type) bool {
	return typ.Implements(reflect.TypeFor[interface{ Valid() bool }]())
}

// writerOf returns the function that encodes a parameter of this style and Go type.
func writerOf(p optable.Parameter, typ reflect.Type) (string, error) {
	deep, joined := p.Style == "deepObject", p.Style == "" && p.Explode == "false"
	switch {
	case typ == reflect.TypeFor[*time.Time]():
		return "addTime", nil
	case typ == reflect.TypeFor[*int]():
		return "addInt", nil
	case typ == reflect.TypeFor[*bool]():
		return "addBool", nil
	case typ == reflect.TypeFor[map[string]string]() && deep:
		return "addMap", nil
	case typ.Kind() == reflect.Slice && typ.Elem().Kind() == reflect.String && joined && isEnum(typ.Elem()):
		return "addEnums", nil
	case typ.Kind() == reflect.Pointer && typ.Elem().Kind() == reflect.String && isEnum(typ.Elem()):
		return "addEnum", nil
	case typ.Kind() == reflect.Slice && typ.Elem().Kind() == reflect.String && joined:
		return "addList", nil
	case typ.Kind() == reflect.String:
		return "addText", nil
	case typ.Kind() == reflect.Pointer && typ.Elem().Kind() == reflect.String:
		return "addOptional", nil
	}
	return "", fmt.Errorf("unsupported parameter %s of type %s and style %q", p.Name, typ, p.Style)
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

// pathParameters returns the parameter names of a path template, in order.
func pathParameters(template string) []string {
	names := strings.Split(template, "{")[1:]
	for i, part := range names {
		names[i], _, _ = strings.Cut(part, "}")
	}
	return names
}

// goName converts the name of a path parameter, in snake or camel case, to that of a Go argument.
func goName(name string) string {
	var b strings.Builder
	for i, word := range words(name) {
		switch {
		case word == "id" && i > 0:
			word = "ID"
		case i > 0:
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		b.WriteString(word)
	}
	switch arg := b.String(); {
	case arg == "type":
		return "typ"
	case token.IsKeyword(arg):
		return arg + "Value"
	default:
		return arg
	}
}

func words(name string) []string {
	var b strings.Builder
	for _, r := range name {
		if 'A' <= r && r <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return strings.Split(strings.ToLower(b.String()), "_")
}
