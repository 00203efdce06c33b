package schema

import (
	"cmp"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// Deriver derives schemas from Go types and completes them from a table. It is not safe for concurrent use.
type Deriver struct {
	*value.Compiler

	// KeepNull accepts null wherever the table does, for bodies that are sent as given: also in fields that encoding/json
	// omits when they are nil, and in those whose types have no nil.
	KeepNull bool

	done map[component]*value.Schema
	held map[reflect.Type]*value.Schema // structs being derived, where recursion ends
}

// component is a struct that is derived once for a component of the table. Which operations were derived before makes
// no difference to another one that has a struct for several components.
type component struct {
	typ  reflect.Type
	name string // "": the table has it in place
}

// NewDeriver returns a deriver for one table, which must not change.
func NewDeriver(table *optable.Table) *Deriver {
	return &Deriver{
		Compiler: value.NewCompiler(table), done: map[component]*value.Schema{}, held: map[reflect.Type]*value.Schema{},
	}
}

var (
	timeType      = reflect.TypeFor[time.Time]()
	rawType       = reflect.TypeFor[json.RawMessage]()
	unmarshaler   = reflect.TypeFor[json.Unmarshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// Schema derives the schema of a type, completed from its schema in the table, which may be nil. If the type accepts
// any value, the table alone decides. Schema fails if the type cannot represent what the table describes.
func (d *Deriver) Schema(t reflect.Type, facts *optable.Schema) (*value.Schema, error) {
	s, err := d.derive(t, facts)
	if err == nil && facts != nil && d.KeepNull && s.Types != 0 && d.Resolve(facts).Types.Has(optable.Null) {
		s = orNull(s)
	}
	return s, err
}

func (d *Deriver) derive(t reflect.Type, facts *optable.Schema) (*value.Schema, error) {
	if inner, ok := nullableOf(t); ok {
		s, err := d.Schema(inner, facts)
		return orNull(s), err
	}
	switch {
	case t.Kind() == reflect.Pointer:
		return d.Schema(t.Elem(), facts)
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
	case IsUnion(t):
		return d.union(t, facts)
	case t.Kind() == reflect.Struct && !opaque(t):
		return d.object(t, facts)
	}
	if format := formatOf(t); format != "" && d.Resolve(facts).Types == 0 {
		s, err := d.scalar(t, optable.String, facts)
		if err == nil {
			s.Format = cmp.Or(s.Format, format)
		}
		return s, err
	}
	return d.Compile(facts)
}

// formatOf returns the format of a type of oapi-codegen that is written as a string, or "": UUID and Date, which are
// recognized by their shape and name, so that any copy of them will do.
func formatOf(t reflect.Type) string {
	switch {
	case t.Kind() == reflect.Array && t.Len() == 16 && t.Name() == "UUID" && t.Implements(textMarshaler):
		return "uuid"
	case t.Kind() == reflect.Struct && t.Name() == "Date" && t.NumField() == 1 && t.Field(0).Type == timeType:
		return "date"
	}
	return ""
}

// nullableOf returns T of a nullable.Nullable[T], which is recognized by its shape and name, so that this package
// works with any copy of it.
func nullableOf(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() == reflect.Map && t.Key().Kind() == reflect.Bool && strings.HasPrefix(t.Name(), "Nullable[") {
		return t.Elem(), true
	}
	return nil, false
}

// opaque reports whether a struct marshals itself.
func opaque(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	_, extended := t.FieldByName("AdditionalProperties")
	return !extended && (p.Implements(unmarshaler) || p.Implements(textMarshaler))
}

func isBytes(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 && t != rawType
}

func orNull(s *value.Schema) *value.Schema {
	if s == nil || s.Nullable() {
		return s
	}
	c := *s
	c.Types |= optable.Null
	return &c
}

// scalar checks that the type can represent what the table describes and adds the table's restrictions.
func (d *Deriver) scalar(t reflect.Type, can optable.Types, facts *optable.Schema) (*value.Schema, error) {
	s, f, err := d.begin(t, can, facts)
	if err != nil {
		return nil, err
	}
	if s.Types = f.Types & can; s.Types == 0 {
		s.Types = can
	}
	if t == timeType && s.Format == "" {
		s.Format = "date-time"
	}
	if isBytes(t) {
		s.Format = "byte"
	}
	return s, nil
}

// begin resolves the table's schema of a type, checks that the type can represent it, and returns a schema with the
// keywords that every type has, and the resolved one.
func (d *Deriver) begin(
	t reflect.Type, can optable.Types, facts *optable.Schema,
) (*value.Schema, *optable.Schema, error) {
	f := d.Resolve(facts)
	if err := agree(t, can, f); err != nil {
		return nil, nil, err
	}
	s, err := d.Keywords(f)
	return s, f, err
}

// agree checks that a Go type can represent what the table describes.
func agree(t reflect.Type, can optable.Types, f *optable.Schema) error {
	if said := f.Types &^ optable.Null; said != 0 && !can.Has(said) {
		return fmt.Errorf("the table says %s, the Go type is %s", strings.Join(said.Names(), " or "), t)
	}
	return nil
}

func (d *Deriver) array(t reflect.Type, facts *optable.Schema) (*value.Schema, error) {
	s, f, err := d.begin(t, optable.Array, facts)
	if err != nil {
		return nil, err
	}
	s.Types = optable.Array
	s.Items, err = d.Schema(t.Elem(), f.Items)
	if HoldsNil(t.Elem()) && d.Resolve(f.Items).Types.Has(optable.Null) {
		s.Items = orNull(s.Items)
	}
	return s, err
}

func (d *Deriver) mapping(t reflect.Type, facts *optable.Schema) (*value.Schema, error) {
	s, f, err := d.begin(t, optable.Object, facts)
	if err != nil {
		return nil, err
	}
	if t.Elem().Kind() == reflect.Interface && len(f.Properties)+len(f.Required) > 0 { // which the type does not have
		return d.Compile(facts)
	}
	s.Types = optable.Object
	if f.PropertyNames != nil {
		if s.PropertyNames, err = d.Compile(f.PropertyNames); err != nil {
			return nil, err
		}
	}
	s.Additional, err = d.Schema(t.Elem(), f.Additional)
	if t.Elem().Kind() == reflect.Pointer {
		s.Additional = orNull(s.Additional)
	}
	if s.Additional != nil && s.Additional.Types == 0 && s.Additional.AnyOf == nil {
		s.Additional = nil
	}
	return s, err
}

// object derives a struct. Only its JSON fields can be sent, so its schema accepts no other properties.
func (d *Deriver) object(t reflect.Type, facts *optable.Schema) (*value.Schema, error) {
	f := d.Resolve(facts)
	if outer := d.held[t]; outer != nil {
		return &value.Schema{Types: optable.Object, Description: f.Description, Deprecated: f.Deprecated, Within: outer}, nil
	}
	if err := agree(t, optable.Object, f); err != nil {
		return nil, err
	}
	s, err := d.Keywords(f)
	if err != nil {
		return nil, err
	}
	s.Types = optable.Object
	if done := d.done[component{t, f.Name}]; done != nil && t.Name() != "" { // anonymous structs may be equal by chance
		s.Properties, s.Closed, s.Additional = done.Properties, done.Closed, done.Additional
		return s, nil
	}
	d.held[t] = s
	defer delete(d.held, t)
	if err := d.fields(s, t, f); err != nil {
		return nil, err
	}
	d.done[component{t, f.Name}] = s
	return s, nil
}

// fields adds the fields of a struct to its schema.
func (d *Deriver) fields(s *value.Schema, t reflect.Type, f *optable.Schema) error {
	s.Closed = true
	s.Properties = make([]value.Property, 0, t.NumField())
	for field := range t.Fields() {
		name, omitted := JSONName(field)
		if name == "" {
			if field.Name == "AdditionalProperties" && field.Type.Kind() == reflect.Map {
				var err error
				s.Closed = false
				if s.Additional, err = d.Schema(field.Type.Elem(), f.Additional); err != nil {
					return err
				}
			}
			continue
		}
		p, err := d.field(field, name, omitted, f)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", t.Name(), field.Name, err)
		}
		s.Properties = append(s.Properties, p)
	}
	for _, p := range f.Properties {
		if s.Property(p.Name) == nil {
			return fmt.Errorf("the table has a property %q that %s lacks", p.Name, t)
		}
	}
	d.order(s, f)
	return nil
}

// field derives one property. A field that is always written must be required in the table. A field that is omitted
// when it is empty cannot be null.
func (d *Deriver) field(
	field reflect.StructField, name string, omitted bool, owner *optable.Schema,
) (value.Property, error) {
	var facts *optable.Schema
	required := !omitted
	if p := owner.Property(name); p != nil {
		facts = p.Schema
		if required && !p.Required {
			return value.Property{}, errors.New("optional in the table, but the Go type cannot leave it out")
		}
		required = d.Requires(p)
	} else if len(owner.Properties) > 0 {
		return value.Property{}, fmt.Errorf("the table knows no property %q", name)
	}
	s, err := d.Schema(field.Type, facts)
	if err != nil {
		return value.Property{}, err
	}
	switch {
	case omitted && !d.KeepNull:
		s = NotNull(s, field.Type)
	case HoldsNil(field.Type) && d.Resolve(facts).Types.Has(optable.Null):
		s = orNull(s)
	}
	return value.Property{Name: name, Required: required, Schema: s}, nil
}

// NotNull returns a schema without null, unless the type is a Nullable or raw JSON: encoding/json omits an empty field
// of any other type.
func NotNull(s *value.Schema, t reflect.Type) *value.Schema {
	if _, keeps := nullableOf(t); keeps || t == rawType || !s.Types.Has(optable.Null) {
		return s
	}
	c := *s
	c.Types &^= optable.Null
	return &c
}

// HoldsNil reports whether the type is a pointer, a slice or a map.
func HoldsNil(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map
}

// JSONName returns the name under which encoding/json writes a field, or "" if it does not, and whether the field is
// omitted when it is empty.
func JSONName(field reflect.StructField) (name string, omitted bool) {
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

// order sorts the properties in the order of the document, required ones first.
func (d *Deriver) order(s *value.Schema, f *optable.Schema) {
	if len(f.Properties) != len(s.Properties) {
		return
	}
	ordered := make([]value.Property, 0, len(s.Properties))
	for _, required := range []bool{true, false} {
		for _, p := range f.Properties {
			if own := s.Property(p.Name); own.Required == required {
				ordered = append(ordered, *own)
			}
		}
	}
	s.Properties = ordered
}
