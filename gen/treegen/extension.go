package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// extensions finds the results that have all fields of the result of Get, or else of List, of the same service, and
// more: a created user is a user with the ID of a Radar attempt.
func extensions(root *Node) (map[reflect.Type]reflect.Type, error) {
	embeds := map[reflect.Type]reflect.Type{}
	var walk func(n *Node) error
	walk = func(n *Node) error {
		base := plainResult(n)
		for _, m := range n.Methods {
			if m.Kind == Returns && base != nil && extends(m.Returned, base) {
				if other := embeds[m.Returned]; other != nil && other != base {
					return fmt.Errorf("%s extends both %s and %s", m.Returned, other, base)
				}
				embeds[m.Returned] = base
			}
		}
		for _, c := range n.Children {
			if err := walk(c); err != nil {
				return err
			}
		}
		return nil
	}
	return embeds, walk(root)
}

// plainResult returns the result of a service's Get, else the item of its List.
func plainResult(n *Node) reflect.Type {
	for _, name := range []string{"Get", "List"} {
		for _, m := range n.Methods {
			if m.Name == name && m.Returned != nil && m.Returned.Kind() == reflect.Struct {
				return m.Returned
			}
		}
	}
	return nil
}

// extends reports whether typ has all fields of base, with the same types and tags, and more. Types with an encoding of
// their own are excluded, because an embedding type would inherit it.
func extends(typ, base reflect.Type) bool {
	if typ == base || typ.Kind() != reflect.Struct || typ.NumField() <= base.NumField() || decodesItself(typ) ||
		decodesItself(base) {
		return false
	}
	for field := range base.Fields() {
		own, ok := typ.FieldByName(field.Name)
		if !ok || own.Type != field.Type || own.Tag.Get("json") != field.Tag.Get("json") {
			return false
		}
	}
	return true
}

func decodesItself(typ reflect.Type) bool {
	return reflect.PointerTo(typ).Implements(reflect.TypeFor[json.Unmarshaler]())
}

// hidesSecrets reports whether values of a type are printed without their secrets.
func hidesSecrets(typ reflect.Type) bool { return typ.Implements(reflect.TypeFor[fmt.Formatter]()) }

// extension writes a struct that embeds base and has the other fields of typ. If typ hides secrets, so does the struct:
// it would inherit from base to print that alone.
func extension(b *bytes.Buffer, typ, base reflect.Type, models *Models) {
	fmt.Fprintf(b, "type %s struct {\n%s\n\n", typ.Name(), base.Name())
	for field := range typ.Fields() {
		if _, ok := base.FieldByName(field.Name); !ok {
			for line := range strings.Lines(models.fields[typ.Name()+"."+field.Name]) {
				b.WriteString("// " + line)
			}
			fmt.Fprintf(b, "%s %s `json:%q`\n", field.Name, strings.ReplaceAll(field.Type.String(), "gen.", ""),
				field.Tag.Get("json"))
		}
	}
	b.WriteString("}\n")
	if !hidesSecrets(typ) {
		return
	}
	fmt.Fprintf(b, `
// Format prints the value with its secrets replaced by [redacted].
func (v %[1]s) Format(state fmt.State, verb rune) { v.whole().Format(state, verb) }

// LogValue is the value with its secrets replaced by [redacted].
func (v %[1]s) LogValue() slog.Value { return v.whole().LogValue() }

func (v %[1]s) whole() gen.%[1]s {
	return gen.%[1]s{
`, typ.Name())
	for field := range typ.Fields() {
		fmt.Fprintf(b, "%[1]s: v.%[1]s,\n", field.Name)
	}
	b.WriteString("}\n}\n")
}
