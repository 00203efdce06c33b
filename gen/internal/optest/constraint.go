package optest

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Flattened joins the forms of an operation's arguments into what a root without alternatives can say: the properties
// of all forms, required where all forms require them, and every value of the property that tells the forms apart.
func (d *Description) Flattened(tb testing.TB, id string) Keywords {
	tb.Helper()
	forms := d.formsOf(tb, id)
	if len(forms) == 1 {
		return forms[0].schema
	}
	properties := Keywords{}
	required := listOf(forms[0].schema["required"])
	for _, f := range forms {
		for name, p := range d.propertiesOf(f.schema) {
			if first, ok := properties[name].(Keywords); ok {
				p = joined(tb, first, p)
			}
			properties[name] = p
		}
		required = slices.DeleteFunc(slices.Clone(required), func(name any) bool {
			return !slices.Contains(listOf(f.schema["required"]), name)
		})
	}
	return Keywords{
		"type": "object", "properties": properties, "required": required, "additionalProperties": false,
	}
}

// joined makes one property of those of two forms. They may differ in their constant and in their types.
func joined(tb testing.TB, a, b Keywords) Keywords {
	tb.Helper()
	rest := func(s Keywords) Keywords {
		s = maps.Clone(s)
		maps.DeleteFunc(s, func(k string, _ any) bool {
			return silent(k) || k == "const" || k == "enum" || k == "type"
		})
		return s
	}
	if !reflect.DeepEqual(rest(a), rest(b)) {
		tb.Errorf("two variants describe a property as %v and %v: a root without alternatives has no room for it", a, b)
	}
	all := maps.Clone(a)
	types := slices.Concat(typeList(a), typeList(b))
	slices.Sort(types)
	list := []any{}
	for _, name := range slices.Compact(types) {
		list = append(list, name)
	}
	all["type"] = list
	if b["const"] != nil {
		members := listOf(a["enum"])
		if a["const"] != nil {
			members = []any{a["const"]}
		}
		all["enum"] = append(slices.Clip(members), b["const"])
		delete(all, "const")
	}
	return all
}

// silent reports whether a keyword says nothing about which values are valid, nor how they are read.
func silent(keyword string) bool {
	return strings.HasPrefix(keyword, "x-") ||
		slices.Contains([]string{"description", "title", "example", "examples", "discriminator"}, keyword)
}

// Missing lists the constraints of a schema of the description that a published one lacks, each with its place below
// at. An object whose properties
// are described accepts no others: those of the description have no need to say it.
func (d *Description) Missing(want, got Keywords, at string) []string {
	var losses []string
	lose := func(keyword string, want, got any) {
		text, _ := json.Marshal([]any{want, got}) //nolint:errchkjson // came from JSON
		losses = append(losses, at+": "+keyword+": want and got "+string(text))
	}
	if got == nil {
		lose("schema", "any", nil)
		return losses
	}
	for _, keyword := range slices.Sorted(maps.Keys(want)) {
		w, g := want[keyword], got[keyword]
		inner, _ := w.(Keywords)
		nested, _ := g.(Keywords)
		switch {
		case silent(keyword):
		case keyword == "properties":
			properties := d.propertiesOf(want)
			for _, name := range slices.Sorted(maps.Keys(properties)) {
				published, _ := nested[name].(Keywords)
				losses = append(losses, d.Missing(properties[name], published, at+"."+name)...)
			}
		case inner != nil && slices.Contains([]string{"items", "additionalProperties", "propertyNames"}, keyword):
			losses = append(losses, d.Missing(d.resolve(inner), nested, at+"/"+keyword)...)
		case keyword == "anyOf":
			list := listOf(g)
			if len(list) != len(listOf(w)) {
				lose(keyword, w, g)
				continue
			}
			for i, a := range d.alternatives(want) {
				published, _ := list[i].(Keywords)
				losses = append(losses, d.Missing(a, published, at+"/anyOf"+strconv.Itoa(i))...)
			}
		case keyword == "additionalProperties" && w == true: // as absent
			if g == false {
				lose(keyword, w, g)
			}
		case keyword == "enum" && g == nil && got["pattern"] != nil:
			pattern, _ := got["pattern"].(string)
			if texts, err := Language(pattern); err != nil || !sameSet(listOf(w), texts) {
				lose(keyword, w, pattern)
			}
		case !sameKeyword(keyword, want, got):
			lose(keyword, w, g)
		}
	}
	if want["properties"] != nil && want["additionalProperties"] == nil && got["additionalProperties"] != false {
		lose("additionalProperties", false, got["additionalProperties"])
	}
	return losses
}

// sameKeyword compares a keyword without nested schemas. The order of types, members and names has no meaning, and null
// must be a member where it is a type.
func sameKeyword(keyword string, want, got Keywords) bool {
	switch keyword {
	case "type":
		return sameSet(typesAsList(want), typesAsList(got))
	case "required":
		return sameSet(listOf(want[keyword]), listOf(got[keyword]))
	case "enum":
		members := listOf(want[keyword])
		if slices.Contains(typeList(want), "null") && !slices.Contains(members, nil) {
			members = append(slices.Clip(members), nil)
		}
		return sameSet(members, listOf(got[keyword]))
	}
	return reflect.DeepEqual(want[keyword], got[keyword])
}

func typesAsList(s Keywords) []any {
	var list []any
	for _, name := range typeList(s) {
		list = append(list, name)
	}
	return list
}

func sameSet(a, b []any) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(v any) bool { return !slices.Contains(b, v) })
}
