package mcpadapter

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/media"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

// wholeBody is the argument for a body that cannot be flattened.
const wholeBody = "body"

// sortOrder is the usual name of a parameter for the order of a list.
const sortOrder = "order"

// inMediaType is the location of the argument that chooses the media type of the body.
const inMediaType optable.Location = "media type"

// deriver derives the input and the output of tools. It serves one New and is not safe for concurrent use.
type deriver struct {
	*schema.Deriver

	closed     *value.Compiler // for what no Go type describes; made when it is needed
	parameters map[plainParameter]*value.Schema
}

func newDeriver(table *optable.Table) *deriver {
	return &deriver{Deriver: schema.NewDeriver(table), parameters: map[plainParameter]*value.Schema{}}
}

// factsAlone returns a schema that the table alone describes: as strict about unknown properties as one of a Go type.
func (d *deriver) factsAlone(facts *optable.Schema) (*value.Schema, error) {
	if d.closed == nil {
		d.closed = value.NewClosedCompiler(d.Table())
		d.closed.KeepPatterns = d.KeepPatterns
	}
	s, err := d.closed.Compile(facts)
	if err == nil {
		err = d.closed.Err()
	}
	return s, err
}

// input describes the flat arguments of a tool and where they go.
type input struct {
	root        *value.Schema    // of the operation's arguments
	own         []value.Property // arguments of the adapter itself, which are never sent
	locations   map[string]optable.Location
	params      []paramField  // fields of the struct of parameters
	body        *value.Schema // in the default media type; nil: none
	contents    []content     // media types of the body, the default first
	chooser     string        // argument that chooses the media type; "": there is only one
	flat        bool          // the properties of the body are arguments beside the parameters
	required    bool          // the body must be given
	exclusive   []optable.Exclusive
	knownValues map[string]string // for arguments that are omitted
	paging      []string          // query parameters for the pages of a list
	wireNames   map[string]string // properties of a flat body, by arguments with other names
}

// paramField is a field of the struct of parameters.
type paramField struct {
	name     string // of the parameter
	argument string // of the tool
	in       optable.Location
	index    []int
	typ      reflect.Type
	always   bool // whether the client sends its zero value although the parameter is optional
}

// newInput returns an input without arguments.
func newInput(op *optable.Operation) *input {
	return &input{
		root:      &value.Schema{Types: optable.Object, Closed: true},
		locations: map[string]optable.Location{},
		exclusive: op.Exclusive,
	}
}

// input derives the input of a tool whose method is bound.
func (d *deriver) input(t *tool) (*input, error) {
	in := newInput(t.operation)
	in.root.Properties = make([]value.Property, 0, len(t.operation.Parameters)+1)
	in.paging = []string{t.engine.cursors.After, t.engine.cursors.Before, t.engine.cursors.Limit, sortOrder}
	if err := d.pathInput(in, t); err != nil {
		return nil, err
	}
	if err := d.paramsInput(in, t); err != nil {
		return nil, err
	}
	if err := d.bodyInput(in, t); err != nil {
		return nil, err
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	if err := in.checkExclusive(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(in.root.Properties, func(a, b value.Property) int {
		switch {
		case a.Required == b.Required:
			return 0
		case a.Required:
			return -1
		}
		return 1
	})
	return in, nil
}

func (d *deriver) pathInput(in *input, t *tool) error {
	for i := range t.call.paths {
		p := &t.call.paths[i]
		facts := pathParameterOf(t.operation, p.name)
		if facts == nil {
			return fmt.Errorf("the table does not describe the path parameter %q", p.name)
		}
		s, err := d.parameter(t, p.typ, facts)
		if err != nil {
			return err
		}
		p.argument = in.unusedName(t.operation, facts)
		if err := in.add(value.Property{Name: p.argument, Required: true, Schema: s}, optable.InPath); err != nil {
			return err
		}
	}
	return nil
}

func (d *deriver) paramsInput(in *input, t *tool) error {
	if t.call.paramsType == nil {
		return nil
	}
	fields := map[string]reflect.StructField{}
	for field := range t.call.paramsType.Fields() {
		if name := parameterName(field); name != "" {
			fields[name] = field
		}
	}
	for i := range t.operation.Parameters {
		p := &t.operation.Parameters[i]
		if p.In == optable.InPath {
			continue
		}
		field, ok := fields[p.Name]
		if !ok {
			return fmt.Errorf("%s has no field for the parameter %q", t.call.paramsType, p.Name)
		}
		delete(fields, p.Name)
		if err := d.paramInput(in, t, p, field); err != nil {
			return err
		}
	}
	for name := range fields {
		return fmt.Errorf("the table does not describe the parameter %q of %s", name, t.call.paramsType)
	}
	return nil
}

// paramInput adds the argument for one field of the struct of parameters.
func (d *deriver) paramInput(in *input, t *tool, p *optable.Parameter, field reflect.StructField) error {
	f := paramField{name: p.Name, argument: in.unusedName(t.operation, p), in: p.In, index: field.Index, typ: field.Type}
	f.always = !p.Required && !leavesOut(field.Type)
	if f.always && (!f.removable() || t.call.editorType == nil || t.engine.strict) {
		return unfit(
			fmt.Errorf("parameter %q: optional in the table, but the Go type cannot leave it out", p.Name),
			"generate the client without prefer-skip-optional-pointer or x-go-type-skip-optional-pointer for it",
		)
	}
	s, err := d.parameter(t, field.Type, p)
	if err != nil {
		return err
	}
	in.params = append(in.params, f)
	return in.add(value.Property{Name: f.argument, Required: p.Required, Schema: s}, p.In)
}

// parameterName returns the wire name of a field of a struct of parameters, or "".
func parameterName(field reflect.StructField) string {
	if name, _ := schema.JSONName(field); name != "" {
		return name
	}
	name, _, _ := strings.Cut(field.Tag.Get("form"), ",")
	return name
}

// leavesOut reports whether a parameter of that type can be omitted. Others are always sent, with their zero value.
func leavesOut(t reflect.Type) bool { return schema.HoldsNil(t) || t.Kind() == reflect.Interface }

func (in *input) add(p value.Property, where optable.Location) error {
	if in.root.Property(p.Name) != nil {
		return fmt.Errorf("two parameters are called %q", p.Name)
	}
	in.root.Properties = append(in.root.Properties, p)
	if where != "" {
		in.locations[p.Name] = where
	}
	return nil
}

func (d *deriver) bodyInput(in *input, t *tool) error {
	if t.operation.Body == nil {
		return nil
	}
	var err error
	if in.contents, err = d.contents(t); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	s := in.contents[0].schema
	in.body, in.required = s, t.operation.Body.Required || t.engine.impliesBody(t.operation, s)
	in.renameCollisions(t)
	s = in.body
	properties := s.Properties
	if s.Union != nil {
		properties = schema.Flatten(s.Union)
	}
	in.flat = s.IsClosedObject() && len(properties) > 0 && len(s.AnyOf) == 0 && in.oneSchema()
	for _, p := range properties {
		if _, taken := in.locations[p.Name]; taken || p.Name == wholeBody && len(properties) > 1 {
			in.flat = false
		}
	}
	if _, taken := in.locations[wholeBody]; taken && !in.flat {
		return unfit(fmt.Errorf("a parameter is called %q, which the body needs", wholeBody), "rename the parameter")
	}
	if err := in.addChooser(); err != nil {
		return err
	}
	if !in.flat {
		required := in.required && !in.mayBeEmpty()
		return in.add(value.Property{Name: wholeBody, Required: required, Schema: in.anyContent()}, "")
	}
	for _, p := range properties {
		p.Required = p.Required && in.required
		if err := in.add(p, ""); err != nil {
			return err
		}
	}
	return nil
}

// mayBeEmpty reports whether {} is a body, which is sent in place of one that is omitted.
func (in *input) mayBeEmpty() bool {
	first := &in.contents[0]
	return first.kind == media.JSON && first.schema.Types == optable.Object && first.schema.Union == nil &&
		value.Valid(first.schema, map[string]any{})
}

// checkExclusive checks that exclusive fields are arguments; otherwise no call could satisfy them.
func (in *input) checkExclusive() error {
	for _, e := range in.exclusive {
		if len(e.Variants) == 0 {
			return fmt.Errorf("exclusive group %q has no variants", e.Name)
		}
		for _, v := range e.Variants {
			if len(v.Fields) == 0 {
				return fmt.Errorf("exclusive group %q: variant %q has no fields", e.Name, v.Name)
			}
			for _, name := range v.Fields {
				if in.root.Property(name) == nil && (in.body == nil || in.body.Property(name) == nil) {
					return fmt.Errorf("exclusive group %q: unknown argument %q", e.Name, name)
				}
			}
		}
	}
	return nil
}

// published returns the schema of the arguments for clients.
func (in *input) published() *value.Schema {
	if len(in.own) == 0 {
		return in.root
	}
	s := *in.root
	s.Properties = slices.Concat(in.root.Properties, in.own)
	return &s
}

// pathParameterOf returns the path parameter of a name, which another parameter may have, too.
func pathParameterOf(op *optable.Operation, name string) *optable.Parameter {
	for i := range op.Parameters {
		if p := &op.Parameters[i]; p.In == optable.InPath && p.Name == name {
			return p
		}
	}
	return nil
}

func parameterOf(op *optable.Operation, name string) *optable.Parameter {
	for i := range op.Parameters {
		if op.Parameters[i].Name == name {
			return &op.Parameters[i]
		}
	}
	return nil
}

// knownValueError is a value of [WithKnown] that an argument does not accept: a fault of the program.
type knownValueError struct{ error }

func (e knownValueError) Unwrap() error { return e.error }

// fill makes the arguments optional whose values the program knows.
func (in *input) fill(op *optable.Operation, known func(*optable.Operation, string) (string, bool)) error {
	if known == nil {
		return nil
	}
	for i, p := range in.root.Properties {
		text, ok := known(op, p.Name)
		if !ok || !p.Schema.Types.Has(optable.String) {
			continue
		}
		var c checker
		if c.value(p.Schema, text, p.Name); len(c.problems) > 0 {
			return fmt.Errorf("known value: %s", c.problems[0])
		}
		if in.knownValues == nil {
			in.knownValues = map[string]string{}
		}
		in.knownValues[p.Name] = text
		s := *p.Schema
		s.Description = strings.TrimSpace(s.Description + " Filled in if left out.")
		in.root.Properties[i] = value.Property{Name: p.Name, Schema: &s}
	}
	return nil
}

// takes reports whether a known value goes with the arguments: in a union, whether the chosen variant has it.
func (in *input) takes(name string, args map[string]any) bool {
	if in.locations[name] != "" || !in.flat || in.body.Union == nil {
		return true
	}
	chosen := in.body.Union.Variant(args[in.body.Union.Property])
	return chosen != nil && chosen.Property(name) != nil
}
