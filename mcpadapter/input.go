package mcpadapter

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

// wholeBody is the argument for a body that cannot be flattened.
const wholeBody = "body"

// deriver derives the input and the output of tools. It serves one New and is not safe for concurrent use.
type deriver struct{ *schema.Deriver }

// input describes the flat arguments of a tool and where they go.
type input struct {
	root        *value.Schema    // of the operation's arguments
	own         []value.Property // arguments of the adapter itself, which are never sent
	locations   map[string]optable.Location
	body        *value.Schema // nil: none
	flat        bool          // the properties of the body are arguments beside the parameters
	required    bool          // the body must be given
	exclusive   []optable.Exclusive
	knownValues map[string]string // for arguments that are omitted
}

// input derives the input of a tool whose method is bound.
func (d *deriver) input(t *tool) (*input, error) {
	in := &input{
		root:      &value.Schema{Types: optable.Object, Closed: true},
		locations: map[string]optable.Location{},
		exclusive: t.operation.Exclusive,
	}
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
	for _, p := range t.paths {
		facts := parameterOf(t.operation, p.name)
		if facts == nil || facts.In != optable.InPath {
			return fmt.Errorf("the table does not describe the path parameter %q", p.name)
		}
		s, err := d.parameter(p.typ, facts)
		if err != nil {
			return err
		}
		s.Types &^= optable.Null
		switch { // an empty segment addresses another resource
		case s.Types.Has(optable.String):
			s.NonEmpty = true
		case s.Types.Has(optable.Array):
			s.MinItems = max(s.MinItems, 1)
		}
		if err := in.add(value.Property{Name: p.name, Required: true, Schema: s}, optable.InPath); err != nil {
			return err
		}
	}
	return nil
}

func (d *deriver) paramsInput(in *input, t *tool) error {
	if t.paramsType == nil {
		return nil
	}
	fields := map[string]reflect.StructField{}
	for field := range t.paramsType.Fields() {
		if name, _ := schema.JSONName(field); name != "" {
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
			return fmt.Errorf("%s has no field for the parameter %q", t.paramsType, p.Name)
		}
		delete(fields, p.Name)
		if !p.Required && !leavesOut(field.Type) {
			return fmt.Errorf("parameter %q: optional in the table, but the Go type cannot leave it out", p.Name)
		}
		s, err := d.parameter(field.Type, p)
		if err != nil {
			return err
		}
		s = schema.NotNull(s, field.Type)
		// On the wire an empty list or map equals an absent one.
		switch {
		case s.Types.Has(optable.Array):
			s.MinItems = max(s.MinItems, 1)
		case s.Types.Has(optable.Object):
			s.MinProperties = max(s.MinProperties, 1)
		}
		if err := in.add(value.Property{Name: p.Name, Required: p.Required, Schema: s}, p.In); err != nil {
			return err
		}
	}
	for name := range fields {
		return fmt.Errorf("the table does not describe the parameter %q of %s", name, t.paramsType)
	}
	return nil
}

func (d *deriver) parameter(t reflect.Type, p *optable.Parameter) (*value.Schema, error) {
	s, err := d.Schema(t, &p.Schema)
	if err != nil {
		return nil, fmt.Errorf("parameter %q: %w", p.Name, err)
	}
	c := *s
	c.Deprecated = c.Deprecated || p.Deprecated
	if p.Description != "" {
		c.Description = p.Description
	}
	return &c, nil
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
	if t.bodyType == nil {
		return nil
	}
	s, err := d.Schema(t.bodyType, &t.operation.Body.Schema)
	if err != nil {
		return fmt.Errorf("body: %w", err)
	}
	in.body, in.required = s, t.operation.Body.Required
	properties := s.Properties
	if s.Union != nil {
		properties = schema.Flatten(s.Union)
	}
	in.flat = s.IsClosedObject() && len(properties) > 0
	for _, p := range properties {
		if _, taken := in.locations[p.Name]; taken || p.Name == wholeBody && len(properties) > 1 {
			in.flat = false
		}
	}
	if _, taken := in.locations[wholeBody]; taken && !in.flat {
		return fmt.Errorf("a parameter is called %q, which the body needs", wholeBody)
	}
	if !in.flat {
		return in.add(value.Property{Name: wholeBody, Required: in.required, Schema: s}, "")
	}
	for _, p := range properties {
		p.Required = p.Required && in.required
		if err := in.add(p, ""); err != nil {
			return err
		}
	}
	return nil
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

func parameterOf(op *optable.Operation, name string) *optable.Parameter {
	for i := range op.Parameters {
		if op.Parameters[i].Name == name {
			return &op.Parameters[i]
		}
	}
	return nil
}

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
