package mcpadapter

import (
	"fmt"
	"reflect"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

// plainParameter is all that there is to know of a parameter without its name: in the operations of an API a few of
// them come back thousands of times. Its keywords are those that scalars mostly have.
type plainParameter struct {
	typ        reflect.Type
	in         optable.Location
	deprecated bool
	types      optable.Types

	description, described, format, pattern, standard, example, minimum, maximum string

	minLength, maxLength int
}

// plain returns what there is to know of a parameter, and false if the schema has other keywords.
func plain(typ reflect.Type, p *optable.Parameter) (plainParameter, bool) {
	s := p.Schema
	known := plainParameter{
		typ: typ, in: p.In, deprecated: p.Deprecated, types: s.Types, description: p.Description, described: s.Description,
		format: s.Format, pattern: s.Pattern, standard: s.Default, example: s.Example, minimum: s.Minimum, maximum: s.Maximum,
		minLength: s.MinLength, maxLength: s.MaxLength,
	}
	s.Types, s.Description, s.Format, s.Pattern, s.Default, s.Example, s.Minimum, s.Maximum = 0, "", "", "", "", "", "", ""
	s.MinLength, s.MaxLength = 0, 0
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
	s, err := d.Schema(typ, &p.Schema)
	if err != nil && !t.engine.strict {
		s, err = d.factsAlone(&p.Schema)
	}
	if err != nil {
		return nil, fmt.Errorf("parameter %q: %w", p.Name, err)
	}
	c := *s
	c.Deprecated = c.Deprecated || p.Deprecated
	if p.Description != "" {
		c.Description = p.Description
	}
	if p.In != optable.InPath {
		return sendable(schema.NotNull(&c, typ)), nil
	}
	c.Types &^= optable.Null
	if c.Types.Has(optable.String) { // an empty segment addresses another resource
		c.NonEmpty = true
	} else if c.Types.Has(optable.Array) {
		c.MinItems = max(c.MinItems, 1)
	}
	return &c, nil
}

// sendable returns a schema that accepts no empty list or map, which on the wire equals an absent one.
func sendable(s *value.Schema) *value.Schema {
	switch c := *s; {
	case s.Types.Has(optable.Array):
		c.MinItems = max(c.MinItems, 1)
		return &c
	case s.Types.Has(optable.Object):
		c.MinProperties = max(c.MinProperties, 1)
		return &c
	}
	return s
}
