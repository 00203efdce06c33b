package main

import (
	"encoding/json"
	"fmt"
	"go/format"
	"go/token"
	"reflect"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// Example is a call of a method of a service, with what the operation requires.
type Example struct {
	Operation string
	Variables []string // path values that the call uses
	Result    string   // variable of the result; "": none but the error
	Body      bool     // whether it has a body with something in it
	Code      string   // the statement, formatted
}

// examples adds an example to each service: of the first method with a body that requires something, else of the first
// that does not delete, else that of the first service below it.
func (w *exampleWriter) examples(n *Node, path string) error {
	for _, c := range n.Children {
		if err := w.examples(c, path+c.Field+"."); err != nil {
			return err
		}
	}
	if len(n.Methods) == 0 {
		if n.Type != "" {
			n.Example = n.Children[0].Example
		}
		return nil
	}
	best := -1
	for _, m := range n.Methods {
		e, err := w.example(m, "c."+path+m.Name)
		if err != nil {
			return fmt.Errorf("%s: example: %w", m.Operation.ID, err)
		}
		rank := 0
		switch {
		case e.Body:
			rank = 2
		case m.Name != "Delete":
			rank = 1
		}
		if rank > best {
			n.Example, best = e, rank
		}
	}
	return nil
}

// exampleWriter writes calls with values that the schemas of a table accept.
type exampleWriter struct {
	table    *optable.Table
	compiler *value.Compiler
	literals literals
}

// AddExamples adds an example to each service of a tree.
func AddExamples(root *Node, table *optable.Table, models *Models) error {
	w := &exampleWriter{table, value.NewCompiler(table), literals{models}}
	return w.examples(root, "")
}

func (w *exampleWriter) example(m *Method, function string) (*Example, error) {
	e := &Example{Operation: m.Operation.ID}
	args := []string{"ctx"}
	for _, p := range m.Paths {
		e.Variables = append(e.Variables, p.Name)
		if p.Type != "string" {
			args = append(args, "workos."+p.Type+"("+p.Name+")")
		} else {
			args = append(args, p.Name)
		}
	}
	if m.Params != "" {
		params, err := w.params(m)
		if err != nil {
			return nil, err
		}
		args = append(args, params)
	}
	if m.Body != "" {
		body, err := w.body(m)
		if err != nil {
			return nil, err
		}
		e.Body = body != nilLiteral && !strings.Contains(body, emptyLiteral)
		args = append(args, body)
	}
	results := "err"
	switch m.Kind {
	case Returns:
		e.Result = variable(m.Result)
	case Lists:
		e.Result = "page"
	case Redirects:
		e.Result = "redirect"
	case Nothing:
	}
	if e.Result != "" {
		results = e.Result + ", err"
	}
	var err error
	e.Code, err = statement(results+" := "+function, args)
	return e, err
}

// Literals of nil and of a struct without fields, and how long the lines of an example may be, in characters.
const (
	nilLiteral     = "nil"
	emptyLiteral   = "{\n}"
	maxExampleLine = 100
)

// statement formats a call: on one line if it fits, else with the last argument over several lines, else with all of
// them on lines of their own.
func statement(call string, args []string) (string, error) {
	code := call + "(" + strings.Join(args, ", ") + ")"
	flat := strings.NewReplacer("{\n", "{", ",\n}", "}", ",\n", ", ").Replace(code)
	first, _, _ := strings.Cut(code, "\n")
	last := len(args) - 1
	switch {
	case len(flat) <= maxExampleLine:
		code = flat
	case len(first) > maxExampleLine && len(first) == len(code):
		code = call + "(\n" + strings.Join(args, ", ") + ",\n)"
	case len(first) > maxExampleLine && last > 0:
		code = call + "(\n" + strings.Join(args[:last], ", ") + ",\n" + args[last] + ",\n)"
	}
	formatted, err := format.Source([]byte(code))
	if err != nil {
		return "", fmt.Errorf("format %s: %w", code, err)
	}
	return string(formatted), nil
}

// variable names a variable by the last word of its type: organization for Organization, contact for ITContact.
func variable(typ string) string {
	typ = lastWord(typ)
	n := 0
	for n < len(typ) && isUpper(typ[n]) {
		n++
	}
	if n > 1 && n < len(typ) { // the last of several upper-case letters begins a word
		n--
	}
	name := strings.ToLower(typ[:n]) + typ[n:]
	if token.IsKeyword(name) || name == "error" {
		return "result"
	}
	return name
}

func (w *exampleWriter) params(m *Method) (string, error) {
	required := slices.Clip(m.Required)
	for _, group := range m.Operation.Exclusive {
		if !group.Optional {
			required = append(required, group.Variants[0].Fields...)
		}
	}
	if len(required) == 0 {
		return nilLiteral, nil
	}
	values := map[string]json.RawMessage{}
	for i := range m.Operation.Parameters {
		p := &m.Operation.Parameters[i]
		if !slices.Contains(required, p.Name) {
			continue
		}
		s, err := w.compiler.Compile(p.Schema)
		if err != nil {
			return "", err
		}
		values[p.Name] = sampler(nil).Sample(s, value.Step{Name: p.Name})
	}
	text, err := json.Marshal(values)
	if err != nil {
		return "", err //nolint:wrapcheck // of a package of ours
	}
	params := reflect.New(m.Inputs.Params)
	if err := json.Unmarshal(text, params.Interface()); err != nil {
		return "", fmt.Errorf("parameters %s: %w", text, err)
	}
	literal, err := w.literals.of(params.Elem())
	return "&" + strings.Replace(literal, m.Inputs.Params.Name(), m.Params, 1), err
}

func (w *exampleWriter) body(m *Method) (string, error) {
	if m.Optional {
		return nilLiteral, nil
	}
	typ, facts := m.Inputs.Body, m.Operation.Body.Schema
	if facts.Ref == "" {
		return "", fmt.Errorf("the body %s is no component", typ)
	}
	if typ.Kind() == reflect.Map { // any object
		return typeText(typ) + emptyLiteral, nil
	}
	component := w.table.Schema(facts.Ref)
	if d := component.Composed().Discriminator; d != nil {
		variant := d.Mapping[0].Ref
		from, ok := reflect.PointerTo(typ).MethodByName("From" + variant)
		if !ok {
			return "", fmt.Errorf("%s has no variant %s", typ, variant)
		}
		literal, err := w.sampled(from.Type.In(1), w.table.Schema(variant))
		return "workos." + typ.Name() + "From(" + literal + ")", err
	}
	made, err := constructors(w.table, m)
	if err != nil {
		return "", err
	}
	for _, c := range made {
		if !c.Optional {
			return w.constructed(&c, component)
		}
	}
	return w.sampled(typ, component)
}

// sampled returns the literal of a value of a component, with what it requires.
func (w *exampleWriter) sampled(typ reflect.Type, component *optable.Schema) (string, error) {
	v, err := w.sample(typ, component, nil)
	if err != nil {
		return "", err
	}
	return w.literals.of(v)
}

func (w *exampleWriter) sample(typ reflect.Type, component *optable.Schema, fields []string) (reflect.Value, error) {
	s, err := w.compiler.Compile(&optable.Schema{Ref: component.Name})
	if err != nil {
		return reflect.Value{}, err
	}
	text := sampler(fields).Sample(s)
	v := reflect.New(typ)
	if err := json.Unmarshal(text, v.Interface()); err != nil {
		return reflect.Value{}, fmt.Errorf("%s as %s: %w", text, typ, err)
	}
	for _, p := range component.Properties {
		if field, ok := fieldOf(typ, p.Name); ok && p.Schema.Const != "" { // set by the client
			v.Elem().FieldByIndex(field.Index).SetZero()
		}
	}
	return v.Elem(), nil
}

// constructed returns a call of a constructor.
func (w *exampleWriter) constructed(c *Constructor, component *optable.Schema) (string, error) {
	v, err := w.sample(c.Body, component, c.Variant)
	if err != nil {
		return "", err
	}
	args := make([]string, len(c.Fields))
	for i, f := range c.Fields {
		field := v.FieldByName(f.Go)
		switch f.Optional {
		case "Ptr":
			field = field.Elem()
		case "Value":
			field = field.MapIndex(reflect.ValueOf(true))
		}
		if args[i], err = w.literals.of(field); err != nil {
			return "", err
		}
	}
	return "workos." + c.Name + "(" + strings.Join(args, ", ") + ")", nil
}

// sampler makes values with what is required and with the given fields.
func sampler(fields []string) *value.Sampler {
	return &value.Sampler{
		Include: func(at value.Path, p *value.Property) value.Inclusion {
			if p.Required || len(at) == 1 && slices.Contains(fields, p.Name) {
				return value.Always
			}
			return value.IfNeeded
		},
		Scalar: func(at value.Path, s *value.Schema) any {
			if s.Types.Has(optable.String) && len(s.IDPrefixes) == 0 && len(s.Enum) == 0 && len(at) > 0 {
				return sampleText(at[len(at)-1].Name)
			}
			return nil
		},
	}
}

// sampleText returns a text for a property, or nil if the sampler knows a better one, such as that of a URL.
func sampleText(name string) any {
	switch name {
	case "":
		return nil
	case "name":
		return "Acme"
	case "email":
		return "ada@example.com"
	case "code":
		return "123456"
	case "range_start":
		return "2026-01-01T00:00:00Z"
	case "range_end":
		return "2026-02-01T00:00:00Z"
	}
	for _, ending := range []string{"url", "uri", "origin", "domain", "number", "address"} {
		if strings.HasSuffix(name, ending) {
			return nil
		}
	}
	return name
}
