package schema

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// IsUnion reports whether a type is a struct that oapi-codegen generated from a oneOf or anyOf.
func IsUnion(t reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	field, ok := t.FieldByName("union")
	return ok && field.Type == rawType
}

// union derives a union from its As… methods, each of which returns a variant. Without a discriminator only the table
// can distinguish the variants.
func (d *Deriver) union(t reflect.Type, facts *optable.Schema) (*value.Schema, error) {
	f := d.Resolve(facts)
	if f.Composed().Discriminator == nil {
		return d.Compile(facts)
	}
	s, err := d.Keywords(f)
	if err != nil {
		return nil, err
	}
	if err := agree(t, optable.Object, f); err != nil {
		return nil, err
	}
	s.Types = optable.Object
	s.Union = &value.Union{Property: f.Composed().Discriminator.Property}
	for _, m := range f.Composed().Discriminator.Mapping {
		inner := variantOf(t, m.Ref)
		if inner == nil {
			return nil, fmt.Errorf("%s has no variant for %q", t, m.Ref)
		}
		v, err := d.Schema(inner, &optable.Schema{Ref: m.Ref})
		if err != nil {
			return nil, err
		}
		s.Union.Variants = append(s.Union.Variants, value.Variant{Value: m.Value, Schema: v})
	}
	return s, nil
}

// variantOf returns the result type of the As… method for a component, or nil. It ignores case, because the case of the
// component's name in Go depends on the generator's configuration.
func variantOf(t reflect.Type, component string) reflect.Type {
	name := "As" + component
	method, ok := t.MethodByName(name)
	for i := 0; !ok && i < t.NumMethod(); i++ {
		method = t.Method(i)
		ok = Fold(method.Name) == Fold(name)
	}
	if !ok || method.Type.NumOut() != 2 {
		return nil
	}
	return method.Type.Out(0)
}

// Flatten lists the properties of all variants: the discriminator with all its values first, then the others in the
// order of their first variant, required if every variant requires them. The description of a property that some
// variants lack names the variants that have it.
func Flatten(u *value.Union) []value.Property {
	var (
		names  []string
		found  = map[string]*value.Property{}
		owners = map[string][]string{}
		always = map[string]int{}
	)
	for _, v := range u.Variants {
		for _, p := range v.Schema.Properties {
			if found[p.Name] == nil {
				names = append(names, p.Name)
				found[p.Name] = &value.Property{Name: p.Name, Schema: p.Schema}
			} else {
				found[p.Name].Schema = acceptedByBoth(found[p.Name].Schema, p.Schema)
			}
			owners[p.Name] = append(owners[p.Name], v.Value)
			if p.Required {
				always[p.Name]++
			}
		}
	}
	list := make([]value.Property, 0, len(names))
	for _, name := range names {
		p := *found[name]
		p.Required = always[name] == len(u.Variants)
		s := *p.Schema
		switch {
		case name == u.Property:
			s.Const, s.Enum = "", u.Values()
			s.Description = "Selects the form."
		case len(owners[name]) < len(u.Variants):
			s.Description = strings.TrimSpace(s.Description + " " + goesWith(u, owners[name]))
		}
		p.Schema = &s
		list = append(list, p)
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Name == u.Property && list[j].Name != u.Property })
	return list
}

// goesWith names the variants that have a property, or those that lack it if that is shorter.
func goesWith(u *value.Union, owners []string) string {
	if len(owners) <= len(u.Variants)/2 {
		return "Only with " + short(u, owners) + "."
	}
	var lacking []string
	for _, v := range u.Variants {
		if !slices.Contains(owners, v.Value) {
			lacking = append(lacking, v.Value)
		}
	}
	return "Not with " + short(u, lacking) + "."
}

// short joins the values of variants. URNs are shortened to the end that distinguishes them.
func short(u *value.Union, values []string) string {
	list := make([]string, len(values))
	for i, full := range values {
		list[i] = full
		for at := strings.LastIndexByte(full, ':'); at >= 0; at = strings.LastIndexByte(full[:at], ':') {
			end := full[at:]
			if !slices.ContainsFunc(u.Variants, func(v value.Variant) bool {
				return v.Value != full && strings.HasSuffix(v.Value, end)
			}) {
				list[i] = "…" + end
				break
			}
		}
	}
	return strings.Join(list, ", ")
}

// acceptedByBoth returns the schema of a property of two variants: the first if they differ only in
// descriptions, else only their types.
func acceptedByBoth(a, b *value.Schema) *value.Schema {
	x, y := *a, *b
	x.Description, y.Description, x.IDPrefixes, y.IDPrefixes = "", "", nil, nil
	switch {
	case bytes.Equal(Append(nil, &x, Style{}), Append(nil, &y, Style{})):
		return a
	case a.Types == 0 || b.Types == 0: // anything
		return &value.Schema{Description: a.Description}
	}
	return &value.Schema{Types: a.Types | b.Types, Description: a.Description}
}

// Fold returns the letters and digits of a name, in lower case.
func Fold(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + ('a' - 'A')
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		}
		return -1
	}, name)
}
