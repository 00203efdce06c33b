package mcpadapter

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/naming"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

// plainParameter is all that there is to know of a parameter without its name: in the operations of an API a few of
// them come back thousands of times. Its keywords are those that scalars mostly have.
type plainParameter struct {
	typ        reflect.Type
	in         optable.Location
	deprecated bool
	types      optable.Types

	description, described, format, standard, example string

	constraints optable.Constraints
}

// plain returns what there is to know of a parameter, and false if the schema has other keywords.
func plain(typ reflect.Type, p *optable.Parameter) (plainParameter, bool) {
	var s optable.Schema
	if p.Schema != nil {
		s = *p.Schema
	}
	known := plainParameter{
		typ: typ, in: p.In, deprecated: p.Deprecated, types: s.Types, description: p.Description, described: s.Description,
		format: s.Format, standard: s.Default, example: s.Example, constraints: s.Constrained(),
	}
	s.Types, s.Description, s.Format, s.Default, s.Example, s.Constraints = 0, "", "", "", "", nil
	return known, reflect.ValueOf(&s).Elem().IsZero()
}

// parameter derives the schema of a parameter. Callers must not change it, as parameters that are alike have one.
func (d *deriver) parameter(t *tool, typ reflect.Type, p *optable.Parameter) (*value.Schema, error) {
	key, isPlain := plain(typ, p)
	if isPlain {
		if s := d.parameters[key]; s != nil {
			return s, nil
		}
	}
	s, err := d.newParameter(t, typ, p)
	if err == nil && isPlain {
		d.parameters[key] = s
	}
	return s, err
}

// newParameter derives the schema of a parameter. Where its Go type disagrees with the table, the table decides what is
// valid, and the Go type what of it can be sent.
func (d *deriver) newParameter(t *tool, typ reflect.Type, p *optable.Parameter) (*value.Schema, error) {
	var s *value.Schema
	var err error
	if typ == anyType {
		s, err = d.factsAlone(p.Schema)
	} else {
		s, err = d.Schema(typ, p.Schema)
	}
	if err != nil && !t.engine.strict {
		s, err = d.factsAlone(p.Schema)
	}
	if err != nil {
		return nil, fmt.Errorf("parameter %q: %w", p.Name, err)
	}
	c := *s
	c.Deprecated = c.Deprecated || p.Deprecated
	if p.Description != "" {
		c.Description = p.Description
	}
	if c.Types == 0 && !c.HasAlternatives() && len(c.Members()) == 0 {
		c.Types = value.AnyType
	}
	if p.In != optable.InPath {
		return schema.NotNull(sendable(&c), typ), nil
	}
	c.Types &^= optable.Null
	c.NonEmpty = true // an empty segment addresses another resource
	return sendable(&c), nil
}

// sendable makes a schema accept no empty list or map, which on the wire equals an absent one.
func sendable(s *value.Schema) *value.Schema {
	if s.Types.Has(optable.Array) {
		s.MinItems = max(s.MinItems, 1)
	}
	if s.Types.Has(optable.Object) {
		s.MinProperties = max(s.MinProperties, 1)
	}
	return s
}

func (d *deriver) pathInput(in *input, t *tool) error {
	for i := range t.bound.paths {
		p := &t.bound.paths[i]
		facts := pathParameterOf(t.operation, p.name)
		if facts == nil {
			return fmt.Errorf("the table does not describe the path parameter %q", p.name)
		}
		s, err := d.parameter(t, p.typ, facts)
		if err != nil {
			return err
		}
		p.argument = in.unusedName(t.operation, facts)
		if facts.Style != "" && facts.Style != "simple" {
			in.style(p.argument, facts)
		}
		if err := in.add(value.Property{Name: p.argument, Required: true, Schema: s}, optable.InPath); err != nil {
			return err
		}
	}
	return nil
}

// fieldKey names a field of the struct of parameters. Those of package untyped have their location in a tag, as a query
// and a header can share a name; others have none.
type fieldKey struct {
	name string
	in   optable.Location
}

func (d *deriver) paramsInput(in *input, t *tool) error {
	if t.bound.paramsType == nil {
		return nil
	}
	fields := make(map[fieldKey]int, t.bound.paramsType.NumField())
	for i := range t.bound.paramsType.NumField() {
		field := t.bound.paramsType.Field(i)
		if name := parameterName(field); name != "" {
			fields[fieldKey{name, optable.Location(field.Tag.Get("in"))}] = i
		}
	}
	for i := range t.operation.Parameters {
		p := &t.operation.Parameters[i]
		if p.In == optable.InPath {
			continue
		}
		key := fieldKey{p.Name, p.In}
		field, ok := fields[key]
		if !ok {
			key.in = ""
			field, ok = fields[key]
		}
		if !ok {
			return fmt.Errorf("%s has no field for the parameter %q", t.bound.paramsType, p.Name)
		}
		delete(fields, key)
		if err := d.paramInput(in, t, p, t.bound.paramsType.Field(field)); err != nil {
			return err
		}
	}
	for key := range fields {
		return fmt.Errorf("the table does not describe the parameter %q of %s", key.name, t.bound.paramsType)
	}
	return nil
}

// paramInput adds the argument for one field of the struct of parameters.
func (d *deriver) paramInput(in *input, t *tool, p *optable.Parameter, field reflect.StructField) error {
	f := paramField{name: p.Name, argument: in.unusedName(t.operation, p), in: p.In, index: field.Index, typ: field.Type}
	leftOut := leavesOut(field.Type) || t.bound.leavesOutNil && field.Type.Kind() == reflect.Interface
	f.always = !p.Required && !leftOut
	if f.always && (!f.removable() || t.bound.editorsType == nil || t.engine.strict) {
		return unfit(
			fmt.Errorf("parameter %q: optional in the table, but the Go type cannot leave it out", p.Name),
			"generate the client without prefer-skip-optional-pointer or x-go-type-skip-optional-pointer for it",
		)
	}
	unwritable := unwritableByClient(p, field.Type)
	switch {
	case t.engine.recorded: // the table has no styles
	case f.always && field.Type.Kind() == reflect.Interface && p.In == optable.InQuery:
		f.written = p // for every value, as the client must write something in its place
	case unwritable == nil:
	case p.Required || f.always || t.engine.strict:
		return unwritable
	case t.bound.editorsType == nil:
		in.leftOut = append(in.leftOut, unwritable)
		return nil
	default:
		f.written = p
	}
	typ := field.Type
	if f.written != nil {
		typ = anyType // the field has no say
	}
	s, err := d.parameter(t, typ, p)
	if err != nil {
		return err
	}
	in.params = append(in.params, f)
	if (p.In == optable.InHeader || p.In == optable.InCookie) && p.MediaType == "" {
		in.style(f.argument, p)
	}
	in.spaced = in.spaced || p.Style == "spaceDelimited"
	return in.add(value.Property{Name: f.argument, Required: p.Required, Schema: s}, p.In)
}

// unwritableByClient returns why a generated client fails with some or all values of a query parameter, or nil. The
// runtime of oapi-codegen writes deepObject for what is exploded alone, as OpenAPI defines no other form (3.1,
// Parameter Object, "Style Examples"), of the delimited styles those of lists, and of the others no list or object in
// another. A choice is a type without a method that makes one. A client that takes any value decides by itself.
func unwritableByClient(p *optable.Parameter, typ reflect.Type) error {
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	list, object := typ.Kind() == reflect.Slice, typ.Kind() == reflect.Struct || typ.Kind() == reflect.Map
	refused := func(what, cure string) error {
		return unfit(fmt.Errorf("parameter %q: the client cannot write %s in the style %s", p.Name, what,
			cmp.Or(p.Style, "form")), cure+", and generate the client again")
	}
	const asJSON = "describe it by content with application/json, if the server reads that"
	switch {
	case p.In != optable.InQuery || typ.Kind() == reflect.Interface:
	case schema.IsUnion(typ):
		return refused("a choice", "describe it by the one schema that the server prefers")
	case p.MediaType != "":
	case p.Style == deepObject && p.Explode == "false":
		return refused("what is not exploded", "write explode: true, as servers read it")
	case p.Style == deepObject && !list && !object:
		return refused("a single value", "remove the style")
	case (p.Style == "spaceDelimited" || p.Style == "pipeDelimited") && !list:
		return refused("anything but a list", "write the style that the server reads, such as deepObject for an object")
	case p.Style != deepObject && nests(typ):
		return refused("what is nested", asJSON)
	}
	return nil
}

// nests reports whether a list, a map or a struct can have others in it.
func nests(t reflect.Type) bool {
	composite := func(t reflect.Type) bool {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch t.Kind() {
		case reflect.Interface, reflect.Map, reflect.Struct:
			return !marshalsItself(t)
		case reflect.Slice:
			return t.Elem().Kind() != reflect.Uint8
		default:
			return false
		}
	}
	switch {
	case marshalsItself(t):
	case t.Kind() == reflect.Slice, t.Kind() == reflect.Map:
		return composite(t.Elem())
	case t.Kind() == reflect.Struct:
		for field := range t.Fields() {
			if composite(field.Type) {
				return true
			}
		}
	}
	return false
}

// marshalsItself reports whether a type is written as its methods say, as times and dates are.
func marshalsItself(t reflect.Type) bool {
	extended := false
	if t.Kind() == reflect.Struct {
		_, extended = t.FieldByName("AdditionalProperties")
	}
	return t.Implements(textMarshaler) || t.Implements(jsonMarshaler) && !extended
}

// deepObject is a style of query parameters.
const deepObject = "deepObject"

// leaveOut logs that an optional parameter is left out of the arguments, why, and how to change that.
func (e *engine) leaveOut(op *optable.Operation, err error) {
	e.logger.LogAttrs(context.Background(), slog.LevelWarn, "parameter is not an argument",
		slog.String("operation", op.ID), slog.String("method", op.Method), slog.String("path", op.Path),
		slog.String("reason", err.Error()), slog.String("cure", cureOf(err)))
}

// style records the parameter of an argument whose text is checked, as how it is written has a meaning.
func (in *input) style(argument string, p *optable.Parameter) {
	if in.styled == nil {
		in.styled = map[string]*optable.Parameter{}
	}
	in.styled[argument] = p
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
func leavesOut(t reflect.Type) bool { return schema.HoldsNil(t) }

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

// unusedName returns the name of a parameter of an operation as an argument: with its location in front if another
// parameter has the name.
func (in *input) unusedName(op *optable.Operation, p *optable.Parameter) string {
	name := naming.Argument(p.Name)
	if name == p.Name && p.In == optable.InPath { // they are first
		return name
	}
	if in.root.Property(name) != nil || name != p.Name && parameterOf(op, name) != nil {
		name = string(p.In) + "_" + name
	}
	base := name
	for n := 2; naming.Argument(p.Name) != p.Name && in.root.Property(name) != nil; n++ {
		name = base + "_" + strconv.Itoa(n)
	}
	return name
}
