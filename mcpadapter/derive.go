package mcpadapter

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// deriver makes schemas of Go types, completed from a table. It serves one New and is not safe for concurrent use.
type deriver struct {
	table    *optable.Table
	done     map[reflect.Type]*schema // structs that are components
	open     map[reflect.Type]*schema // structs being derived: one that holds itself ends there
	named    map[string]*schema       // likewise components that Go holds as any
	missing  string                   // a component that the table refers to and lacks
	patterns map[string]*regexp.Regexp
}

func newDeriver(table *optable.Table) *deriver {
	return &deriver{
		table: table, done: map[reflect.Type]*schema{}, open: map[reflect.Type]*schema{},
		named:    map[string]*schema{},
		patterns: map[string]*regexp.Regexp{},
	}
}

var (
	timeType      = reflect.TypeFor[time.Time]()
	rawType       = reflect.TypeFor[json.RawMessage]()
	unmarshaler   = reflect.TypeFor[json.Unmarshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// schema derives the schema of a type. Where the type leaves the value open, the table alone decides.
func (d *deriver) schema(t reflect.Type, facts *optable.Schema) (*schema, error) {
	if inner, ok := nullableOf(t); ok {
		s, err := d.schema(inner, facts)
		return orNull(s), err
	}
	switch {
	case t.Kind() == reflect.Pointer:
		return d.schema(t.Elem(), facts)
	case t == timeType, t.Kind() == reflect.String, isBytes(t):
		return d.scalar(t, optable.String, facts)
	case t.Kind() == reflect.Bool:
		return d.scalar(t, optable.Boolean, facts)
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64:
		return d.scalar(t, optable.Integer, facts)
	case t.Kind() == reflect.Float32 || t.Kind() == reflect.Float64:
		return d.scalar(t, optable.Number|optable.Integer, facts)
	case t.Kind() == reflect.Slice && t != rawType:
		return d.array(t, facts)
	case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String:
		return d.mapping(t, facts)
	case t.Kind() == reflect.Struct && isUnion(t):
		return d.union(t, facts)
	case t.Kind() == reflect.Struct && !opaque(t):
		return d.object(t, facts)
	}
	return d.plain(facts)
}

// nullableOf returns T of a nullable.Nullable[T], which is recognized by its shape and name, so that this package
// works with any copy of it.
func nullableOf(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() == reflect.Map && t.Key().Kind() == reflect.Bool && strings.HasPrefix(t.Name(), "Nullable[") {
		return t.Elem(), true
	}
	return nil, false
}

// opaque tells whether a struct decides itself how it is written.
func opaque(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	_, extended := t.FieldByName("AdditionalProperties")
	return !extended && (p.Implements(unmarshaler) || p.Implements(textMarshaler))
}

func isBytes(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 && t != rawType
}

func orNull(s *schema) *schema {
	if s == nil || s.nullable() {
		return s
	}
	c := *s
	c.types |= optable.Null
	return &c
}

// scalar checks that the type can hold what the table says and takes the table's narrower word.
func (d *deriver) scalar(t reflect.Type, can optable.Types, facts *optable.Schema) (*schema, error) {
	s, f, err := d.begin(t, can, facts)
	if err != nil {
		return nil, err
	}
	if s.types = f.Types & can; s.types == 0 {
		s.types = can
	}
	if t == timeType && s.format == "" {
		s.format = "date-time"
	}
	if isBytes(t) {
		s.format = "byte"
	}
	return s, nil
}

// begin resolves what the table says of a type, checks that the type can hold it, and makes a schema of what is the
// same for every type.
func (d *deriver) begin(t reflect.Type, can optable.Types, facts *optable.Schema) (*schema, *optable.Schema, error) {
	f := d.resolve(facts)
	if err := agree(t, can, f); err != nil {
		return nil, nil, err
	}
	s, err := d.common(f)
	return s, f, err
}

// agree checks that a Go type can hold what the table says.
func agree(t reflect.Type, can optable.Types, f *optable.Schema) error {
	if said := f.Types &^ optable.Null; said != 0 && !can.Has(said) {
		return fmt.Errorf("the table says %s, the Go type is %s", strings.Join(said.Names(), " or "), t)
	}
	return nil
}

func (d *deriver) array(t reflect.Type, facts *optable.Schema) (*schema, error) {
	s, f, err := d.begin(t, optable.Array, facts)
	if err != nil {
		return nil, err
	}
	s.types = optable.Array
	s.items, err = d.schema(t.Elem(), f.Items)
	if holdsNil(t.Elem()) && d.resolve(f.Items).Types.Has(optable.Null) {
		s.items = orNull(s.items)
	}
	return s, err
}

func (d *deriver) mapping(t reflect.Type, facts *optable.Schema) (*schema, error) {
	s, f, err := d.begin(t, optable.Object, facts)
	if err != nil {
		return nil, err
	}
	s.types = optable.Object
	if f.PropertyNames != nil {
		if s.propertyNames, err = d.plain(f.PropertyNames); err != nil {
			return nil, err
		}
	}
	s.additional, err = d.schema(t.Elem(), f.Additional)
	if t.Elem().Kind() == reflect.Pointer {
		s.additional = orNull(s.additional)
	}
	if s.additional != nil && s.additional.types == 0 && s.additional.anyOf == nil {
		s.additional = nil
	}
	return s, err
}

// object derives a struct. Only its JSON fields can be sent, so it takes no others.
func (d *deriver) object(t reflect.Type, facts *optable.Schema) (*schema, error) {
	f := d.resolve(facts)
	if outer := d.open[t]; outer != nil {
		return &schema{types: optable.Object, description: f.Description, deprecated: f.Deprecated, within: outer}, nil
	}
	if err := agree(t, optable.Object, f); err != nil {
		return nil, err
	}
	s, err := d.common(f)
	if err != nil {
		return nil, err
	}
	s.types = optable.Object
	if done := d.done[t]; done != nil && t.Name() != "" { // anonymous ones may be equal by chance
		s.properties, s.closed, s.additional = done.properties, done.closed, done.additional
		return s, nil
	}
	d.open[t] = s
	defer delete(d.open, t)
	if err := d.fields(s, t, f); err != nil {
		return nil, err
	}
	d.done[t] = s
	return s, nil
}

// fields adds the fields of a struct to its schema.
func (d *deriver) fields(s *schema, t reflect.Type, f *optable.Schema) error {
	s.closed = true
	found := map[string]bool{}
	for i := range t.NumField() {
		field := t.Field(i)
		name, omitted := jsonName(field)
		if name == "" {
			if field.Name == "AdditionalProperties" && field.Type.Kind() == reflect.Map {
				var err error
				s.closed = false
				if s.additional, err = d.schema(field.Type.Elem(), f.Additional); err != nil {
					return err
				}
			}
			continue
		}
		p, err := d.field(field, name, omitted, f)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", t.Name(), field.Name, err)
		}
		found[name] = true
		s.properties = append(s.properties, p)
	}
	for _, p := range f.Properties {
		if !found[p.Name] {
			return fmt.Errorf("the table has a property %q that %s lacks", p.Name, t)
		}
	}
	d.order(s, f)
	return nil
}

// field derives one property. A field that is always written cannot be left out; a field that is left out when it is
// empty cannot be null.
func (d *deriver) field(field reflect.StructField, name string, omitted bool, owner *optable.Schema) (property, error) {
	var facts *optable.Schema
	required := !omitted
	if p := owner.Property(name); p != nil {
		facts = &p.Schema
		if required && !p.Required {
			return property{}, errors.New("optional in the table, but the Go type cannot leave it out")
		}
		required = p.Required
	} else if len(owner.Properties) > 0 {
		return property{}, fmt.Errorf("the table knows no property %q", name)
	}
	s, err := d.schema(field.Type, facts)
	if err != nil {
		return property{}, err
	}
	switch {
	case omitted:
		s = notNull(s, field.Type)
	case holdsNil(field.Type) && d.resolve(facts).Types.Has(optable.Null):
		s = orNull(s)
	}
	return property{name: name, required: required, schema: s}, nil
}

// notNull rules out null where Go would leave the field out instead. A Nullable and raw JSON keep it.
func notNull(s *schema, t reflect.Type) *schema {
	if _, keeps := nullableOf(t); keeps || t == rawType || !s.types.Has(optable.Null) {
		return s
	}
	c := *s
	c.types &^= optable.Null
	return &c
}

func holdsNil(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map
}

// jsonName returns the name under which encoding/json writes a field ("": not at all) and whether it leaves the field
// out when it is empty.
func jsonName(field reflect.StructField) (name string, omitted bool) {
	tag, ok := field.Tag.Lookup("json")
	if !ok || !field.IsExported() || tag == "-" {
		return "", false
	}
	name, options, _ := strings.Cut(tag, ",")
	if name == "" {
		name = field.Name
	}
	return name, strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
}

// order puts the properties in the order of the document, which is the author's, required ones first.
func (d *deriver) order(s *schema, f *optable.Schema) {
	byName := make(map[string]property, len(s.properties))
	for _, p := range s.properties {
		byName[p.name] = p
	}
	if len(f.Properties) != len(s.properties) {
		return
	}
	s.properties = s.properties[:0]
	for _, required := range []bool{true, false} {
		for _, p := range f.Properties {
			if p.Required == required {
				s.properties = append(s.properties, byName[p.Name])
			}
		}
	}
}
