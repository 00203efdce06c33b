package main

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Constructor is a function that returns a body with the fields of one variant of an exclusive group, so that callers
// neither mix variants nor forget a part of one.
type Constructor struct {
	Name     string
	Body     reflect.Type
	Variant  []string // fields of the variant by their names on the wire
	Optional bool     // whether the group may be left out
	Fields   []Field  // those that the body and the variant require, in the order of the body
}

// Field is a field of a body that a constructor sets.
type Field struct {
	Name     string // on the wire
	Go       string
	Type     reflect.Type // of the argument
	Optional string       // function that makes it the field's type: Ptr, Value or none
}

// maxArguments is how many arguments a constructor has at most. With more, a literal with the names of the fields reads
// better.
const maxArguments = 3

// constructors returns the constructors of a body: for each variant of a group of which one is required, and for those
// of an optional group that consist of several fields. What is left is as short as a literal.
func constructors(table *optable.Table, m *Method) ([]Constructor, error) {
	if m.Inputs.Body == nil || m.Operation.Body.Schema.Ref == "" {
		return nil, nil
	}
	schema := table.Schema(m.Operation.Body.Schema.Ref)
	var list []Constructor
	for _, group := range m.Operation.Exclusive {
		for _, variant := range group.Variants {
			required := slices.DeleteFunc(slices.Clone(variant.Fields), func(name string) bool {
				return slices.Contains(variant.Optional, name)
			})
			if group.Optional && len(required) < 2 {
				continue
			}
			body := m.Inputs.Body
			c := Constructor{Name: body.Name(), Body: body, Variant: required, Optional: group.Optional}
			if group.Optional {
				c.Name += "With" + exported(group.Name)
			}
			c.Name += exported(variant.Name)
			for _, p := range schema.Properties {
				if slices.Contains(required, p.Name) || p.Required && p.Schema.Const == "" {
					f, err := constructorField(body, p.Name)
					if err != nil {
						return nil, err
					}
					c.Fields = append(c.Fields, f)
				}
			}
			if len(c.Fields) <= maxArguments {
				list = append(list, c)
			}
		}
	}
	return list, nil
}

func constructorField(body reflect.Type, name string) (Field, error) {
	field, ok := fieldOf(body, name)
	if !ok {
		return Field{}, fmt.Errorf("%s has no field for %s", body, name)
	}
	f := Field{Name: name, Go: field.Name, Type: field.Type}
	switch {
	case field.Type.Kind() == reflect.Pointer:
		f.Type, f.Optional = field.Type.Elem(), "Ptr"
	case field.Type.Kind() == reflect.Map && field.Type.Key().Kind() == reflect.Bool: // a Nullable
		f.Type, f.Optional = field.Type.Elem(), "Value"
	}
	return f, nil
}

// exported converts a name in snake case to a Go name.
func exported(name string) string {
	var b strings.Builder
	for _, word := range words(name) {
		if word == "id" || word == "saml" || word == "oidc" {
			b.WriteString(strings.ToUpper(word))
			continue
		}
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

func (c *Constructor) print(b *bytes.Buffer) {
	body := c.Body.Name()
	text := fmt.Sprintf("%s returns the [%s] with %s and what else is required. Optional fields can be set afterwards.",
		c.Name, body, strings.Join(c.Variant, " and "))
	b.WriteByte('\n')
	for _, line := range wrap(text) {
		b.WriteString("// " + line + "\n")
	}
	args, values := make([]string, len(c.Fields)), make([]string, len(c.Fields))
	for i, f := range c.Fields {
		arg := goName(f.Name)
		args[i] = arg + " " + strings.ReplaceAll(f.Type.String(), "gen.", "")
		if i+1 < len(c.Fields) && c.Fields[i+1].Type == f.Type {
			args[i] = arg
		}
		if f.Optional != "" {
			arg = f.Optional + "(" + arg + ")"
		}
		values[i] = f.Go + ": " + arg
	}
	fmt.Fprintf(b, "func %s(%s) %s {\nreturn %s{%s}\n}\n", c.Name, strings.Join(args, ", "), body, body,
		strings.Join(values, ", "))
}

// isUnion reports whether a type is a union: it has methods that set it to a variant.
func isUnion(typ reflect.Type) bool { return len(variantsOf(typ)) > 0 }

// variantsOf returns the variants of a union, none for another type.
func variantsOf(typ reflect.Type) []reflect.Type {
	var variants []reflect.Type
	for method := range reflect.PointerTo(typ).Methods() {
		name, ok := strings.CutPrefix(method.Name, "From")
		if ok && method.Type.NumIn() == 2 && method.Type.In(1).Name() == name {
			variants = append(variants, method.Type.In(1))
		}
	}
	return variants
}

// union writes a function that makes a union of any of its variants.
func union(b *bytes.Buffer, typ reflect.Type) error {
	var variants []string
	for _, v := range variantsOf(typ) {
		if !encodes(v) {
			return fmt.Errorf("%s may have values without an encoding, so that it needs a constructor with an error", v)
		}
		variants = append(variants, v.Name())
	}
	fmt.Fprintf(b, "\n// %sFrom returns the [%s] that is the given variant.\n", typ.Name(), typ.Name())
	fmt.Fprintf(b, "func %sFrom[V %s](variant V) %s {\nvar (\nu %s\nerr error\n)\nswitch v := any(variant).(type) {\n",
		typ.Name(), strings.Join(variants, " | "), typ.Name(), typ.Name())
	for _, v := range variants {
		fmt.Fprintf(b, "case %s:\nerr = u.From%s(v)\n", v, v)
	}
	b.WriteString("}\nif err != nil {\npanic(err) // no variant has a value without an encoding\n}\nreturn u\n}\n")
	return nil
}

// encodes reports whether all values of a type have an encoding as JSON.
func encodes(typ reflect.Type) bool {
	switch typ.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64:
		return true
	case reflect.Pointer, reflect.Slice:
		return encodes(typ.Elem())
	case reflect.Map:
		return encodes(typ.Elem()) && (typ.Key().Kind() == reflect.String || typ.Key().Kind() == reflect.Bool)
	case reflect.Struct:
		if typ == reflect.TypeFor[time.Time]() { // years beyond 9999 have none
			return false
		}
		for field := range typ.Fields() {
			if !encodes(field.Type) {
				return false
			}
		}
		return true
	default:
		return false
	}
}
