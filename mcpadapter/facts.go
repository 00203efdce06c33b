package mcpadapter

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// resolve returns what the table says of a value: the component that it refers to and the parts of allOf, overlaid by
// what stands beside the reference. The result may be the table's own, and is read-only like it.
func (d *deriver) resolve(facts *optable.Schema) *optable.Schema {
	switch {
	case facts == nil:
		return &optable.Schema{}
	case facts.Ref == "" && len(facts.AllOf) == 0:
		return facts
	}
	base := &optable.Schema{}
	if component := d.table.Schema(facts.Ref); component != nil {
		base = d.resolve(component)
	} else if facts.Ref != "" {
		d.missing = facts.Ref
	}
	own := *facts
	own.Ref, own.AllOf, own.Name = "", nil, base.Name
	for i := range facts.AllOf {
		base = overlay(base, d.resolve(&facts.AllOf[i]))
	}
	return overlay(base, &own)
}

// overlay returns base with every keyword that top has.
func overlay(base, top *optable.Schema) *optable.Schema {
	types, properties := base.Types|top.Types, base.Properties
	if len(top.Properties) > 0 {
		properties = slices.Concat(base.Properties, top.Properties)
	}
	if top.Types&^optable.Null != 0 {
		types = top.Types
	}
	both := *base
	b, t := reflect.ValueOf(&both).Elem(), reflect.ValueOf(top).Elem()
	for i := range t.NumField() {
		if f := t.Field(i); !f.IsZero() {
			b.Field(i).Set(f)
		}
	}
	both.Types, both.Properties = types, properties
	return &both
}

// common makes a schema with the keywords that are the same for every type.
func (d *deriver) common(f *optable.Schema) (*schema, error) {
	s := &schema{
		description: f.Description, idPrefixes: f.IDPrefixes, deprecated: f.Deprecated,
		enum: f.Enum, constant: f.Const, defaultValue: f.Default, example: f.Example,
		format: f.Format, minLength: f.MinLength, maxLength: f.MaxLength,
		minimum: f.Minimum, maximum: f.Maximum,
		exclusiveMinimum: f.ExclusiveMinimum, exclusiveMaximum: f.ExclusiveMaximum, multipleOf: f.MultipleOf,
		minItems: f.MinItems, maxItems: f.MaxItems, uniqueItems: f.UniqueItems,
		minProperties: f.MinProperties, maxProperties: f.MaxProperties,
	}
	if f.Pattern == "" {
		return s, nil
	}
	if d.patterns[f.Pattern] == nil {
		compiled, err := regexp.Compile(f.Pattern)
		if err != nil {
			return nil, fmt.Errorf("pattern: %w", err)
		}
		d.patterns[f.Pattern] = compiled
	}
	s.pattern = d.patterns[f.Pattern]
	return s, nil
}

// plain makes a schema of the table alone, for values that Go holds as any.
func (d *deriver) plain(facts *optable.Schema) (*schema, error) {
	f := d.resolve(facts)
	s, err := d.common(f)
	if err != nil {
		return nil, err
	}
	s.types, s.closed = f.Types, f.Closed
	if facts != nil && facts.Ref != "" {
		if outer := d.named[facts.Ref]; outer != nil {
			return &schema{types: f.Types, description: f.Description, within: outer}, nil
		}
		d.named[facts.Ref] = s
		defer delete(d.named, facts.Ref)
	}
	for _, nested := range []struct {
		from *optable.Schema
		to   **schema
	}{{f.Items, &s.items}, {f.Additional, &s.additional}, {f.PropertyNames, &s.propertyNames}} {
		if nested.from == nil {
			continue
		}
		if *nested.to, err = d.plain(nested.from); err != nil {
			return nil, err
		}
	}
	for i := range f.Properties {
		p := &f.Properties[i]
		inner, err := d.plain(&p.Schema)
		if err != nil {
			return nil, err
		}
		s.properties = append(s.properties, property{name: p.Name, required: p.Required, schema: inner})
	}
	for _, alternatives := range [][]optable.Schema{f.OneOf, f.AnyOf} {
		for i := range alternatives {
			alternative, err := d.plain(&alternatives[i])
			if err != nil {
				return nil, err
			}
			s.anyOf = append(s.anyOf, alternative)
		}
	}
	if s.types == optable.Null { // said beside the alternatives, it adds to them
		for _, a := range s.anyOf {
			if s.types |= a.types; a.types == 0 {
				s.types = anyType
				break
			}
		}
	}
	return s, nil
}

const anyType = optable.String | optable.Number | optable.Boolean | optable.Object | optable.Array | optable.Null

// isUnion recognizes the struct that oapi-codegen makes of a oneOf or anyOf.
func isUnion(t reflect.Type) bool {
	field, ok := t.FieldByName("union")
	return ok && field.Type == rawType
}

// union derives a union from its As… methods, each of which returns a variant. Without a discriminator only the table
// can tell the variants apart.
func (d *deriver) union(t reflect.Type, facts *optable.Schema) (*schema, error) {
	f := d.resolve(facts)
	if f.Discriminator == nil {
		return d.plain(facts)
	}
	s, err := d.common(f)
	if err != nil {
		return nil, err
	}
	if err := agree(t, optable.Object, f); err != nil {
		return nil, err
	}
	s.types = optable.Object
	s.union = &union{property: f.Discriminator.Property}
	for _, m := range f.Discriminator.Mapping {
		inner := variantOf(t, m.Ref)
		if inner == nil {
			return nil, fmt.Errorf("%s has no variant for %q", t, m.Ref)
		}
		v, err := d.schema(inner, &optable.Schema{Ref: m.Ref})
		if err != nil {
			return nil, err
		}
		s.union.variants = append(s.union.variants, variant{value: m.Value, schema: v})
	}
	return s, nil
}

// variantOf returns what the As… method for a component returns, or nil. How the component's name is cased in Go is a
// choice of the generator's configuration.
func variantOf(t reflect.Type, component string) reflect.Type {
	name := "As" + component
	method, ok := t.MethodByName(name)
	for i := 0; !ok && i < t.NumMethod(); i++ {
		method = t.Method(i)
		ok = fold(method.Name) == fold(name)
	}
	if !ok || method.Type.NumOut() != 2 {
		return nil
	}
	return method.Type.Out(0)
}
