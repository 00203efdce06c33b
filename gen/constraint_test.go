package gen_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestPublishedSchemasHaveEveryConstraintOfTheDescription(t *testing.T) {
	t.Parallel()
	d := readDescription(t)
	eachOperation(t, func(f *fixture) {
		var published keywords
		if err := json.Unmarshal(f.tool.InputSchema, &published); err != nil {
			f.Fatalf("read the schema: %v", err)
		}
		want := d.flattened(f.T, d.forms(d.operation(f.T, f.op.ID)))
		for _, loss := range d.missing(want, published, "") {
			f.Error(loss)
		}
	})
}

// flattened joins the forms of an operation into what a root without alternatives can say: the properties of all, those
// required that all require, and of the property that tells the forms apart all its values.
func (d *description) flattened(t *testing.T, forms []form) keywords {
	t.Helper()
	if len(forms) == 1 {
		return forms[0].schema
	}
	properties := keywords{}
	required := listOf(forms[0].schema["required"])
	for _, f := range forms {
		for name, p := range d.propertiesOf(f.schema) {
			if first, ok := properties[name].(keywords); ok {
				p = joined(t, first, p)
			}
			properties[name] = p
		}
		required = slices.DeleteFunc(slices.Clone(required), func(name any) bool {
			return !slices.Contains(listOf(f.schema["required"]), name)
		})
	}
	return keywords{
		"type": "object", "properties": properties, "required": required, "additionalProperties": false,
	}
}

// joined makes one property of those of two forms. They may differ in their constant and in their types.
func joined(t *testing.T, a, b keywords) keywords {
	t.Helper()
	rest := func(s keywords) keywords {
		s = maps.Clone(s)
		maps.DeleteFunc(s, func(k string, _ any) bool {
			return silent(k) || k == "const" || k == "enum" || k == "type"
		})
		return s
	}
	if !reflect.DeepEqual(rest(a), rest(b)) {
		t.Errorf("two variants describe a property as %v and %v: a root without alternatives has no room for it", a, b)
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

// silent tells whether a keyword says nothing about which values are valid, nor how they are read.
func silent(keyword string) bool {
	return strings.HasPrefix(keyword, "x-") ||
		slices.Contains([]string{"description", "title", "example", "examples", "discriminator"}, keyword)
}

// missing lists the constraints of a schema of the description that a published one lacks. An object whose properties
// are described accepts no others: those of the description have no need to say it.
func (d *description) missing(want, got keywords, at string) []string {
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
		inner, _ := w.(keywords)
		nested, _ := g.(keywords)
		switch {
		case silent(keyword):
		case keyword == "properties":
			properties := d.propertiesOf(want)
			for _, name := range slices.Sorted(maps.Keys(properties)) {
				published, _ := nested[name].(keywords)
				losses = append(losses, d.missing(properties[name], published, at+"."+name)...)
			}
		case inner != nil && slices.Contains([]string{"items", "additionalProperties", "propertyNames"}, keyword):
			losses = append(losses, d.missing(d.resolve(inner), nested, at+"/"+keyword)...)
		case keyword == "anyOf":
			list := listOf(g)
			if len(list) != len(listOf(w)) {
				lose(keyword, w, g)
				continue
			}
			for i, a := range d.alternatives(want) {
				published, _ := list[i].(keywords)
				losses = append(losses, d.missing(a, published, at+"/anyOf"+strconv.Itoa(i))...)
			}
		case keyword == "additionalProperties" && w == true: // as absent
			if g == false {
				lose(keyword, w, g)
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
func sameKeyword(keyword string, want, got keywords) bool {
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

func typesAsList(s keywords) []any {
	var list []any
	for _, name := range typeList(s) {
		list = append(list, name)
	}
	return list
}

func sameSet(a, b []any) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(v any) bool { return !slices.Contains(b, v) })
}

func TestMissingConstraintIsFound(t *testing.T) {
	t.Parallel()
	const whole = `{"type":"object","required":["a"],"additionalProperties":false,"properties":{
		"a":{"type":["string","null"],"enum":["x","y",null],"default":"x"},
		"b":{"type":"string","format":"uri","pattern":"^x","minLength":1,"maxLength":2,"deprecated":true},
		"c":{"type":"integer","minimum":1,"maximum":2,"exclusiveMinimum":0,"exclusiveMaximum":3,"multipleOf":1},
		"d":{"type":"array","minItems":1,"maxItems":2,"uniqueItems":true,"items":{"const":7}},
		"e":{"type":"object","minProperties":1,"maxProperties":2,"propertyNames":{"maxLength":3},
			"additionalProperties":{"anyOf":[{"type":"boolean"},{"type":"string","maxLength":4}]}}}}`
	read := func() keywords {
		var s keywords
		if err := json.Unmarshal([]byte(whole), &s); err != nil {
			t.Fatalf("read: %v", err)
		}
		return s
	}
	d := &description{}
	if got := d.missing(read(), read(), ""); got != nil {
		t.Errorf("nothing is missing: got %q", got)
	}
	published := read()
	for _, place := range schemasWithin(published) {
		for _, keyword := range slices.Sorted(maps.Keys(place)) {
			value := place[keyword]
			delete(place, keyword)
			if got := d.missing(read(), published, ""); len(got) == 0 {
				t.Errorf("%s is missing in %v: got no loss", keyword, place)
			}
			place[keyword] = value
		}
	}
}

// schemasWithin lists a schema and those that it holds, at any depth.
func schemasWithin(s keywords) []keywords {
	list := []keywords{s}
	properties, _ := s["properties"].(keywords)
	for _, keyword := range []string{"items", "additionalProperties", "propertyNames"} {
		if inner, ok := s[keyword].(keywords); ok {
			list = append(list, schemasWithin(inner)...)
		}
	}
	for _, p := range properties {
		inner, _ := p.(keywords)
		list = append(list, schemasWithin(inner)...)
	}
	for _, a := range listOf(s["anyOf"]) {
		inner, _ := a.(keywords)
		list = append(list, schemasWithin(inner)...)
	}
	return list
}
