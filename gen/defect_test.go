package gen_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// class is what is wrong with arguments.
type class string

const (
	valid           class = "nothing"
	missingName     class = "a required name is missing"
	unknownName     class = "a name is unknown"
	otherType       class = "a value has another type"
	nullValue       class = "null is not accepted"
	outOfRange      class = "a number, length or count is out of range"
	noMember        class = "a value is no member"
	noMatch         class = "a text does not match its pattern"
	otherFormat     class = "a text is not of its format"
	otherName       class = "a name in a map is not allowed"
	variantMissing  class = "a name is missing that only this variant requires"
	variantName     class = "a name belongs to another variant"
	variantNull     class = "null is accepted by another variant"
	groupMissing    class = "none of an exclusive group is given"
	groupIncomplete class = "a part of an exclusive group is missing"
	groupBoth       class = "two of an exclusive group are given"
	emptySegment    class = "a path value is empty"
	dotSegment      class = "a path value addresses something else"
)

// classes lists all of them.
func classes() []class {
	return slices.Concat([]class{
		valid, missingName, unknownName, otherType, nullValue, outOfRange, noMember, noMatch, otherFormat, otherName,
	}, checkedOnly())
}

// checkedOnly lists the defects that the published schema accepts and the check alone refuses: what a root without
// alternatives cannot say, as clients refuse those, and what would cost a keyword on every path value.
func checkedOnly() []class {
	return []class{
		variantMissing, variantName, variantNull, groupMissing, groupIncomplete, groupBoth, emptySegment, dotSegment,
	}
}

type defect struct {
	class class
	value any
}

// defects lists values that are wrong in one way each. None can be read as what the schema wants, not even a text that
// is taken for the JSON of it.
func (m maker) defects(s keywords) []defect {
	list := m.otherTypes(s)
	for _, member := range append(slices.Clone(listOf(s["enum"])), s["const"]) {
		if text, ok := member.(string); ok {
			list = append(list, defect{noMember, text + "_"}, defect{noMember, strings.ToUpper(text) + " "})
		}
	}
	if s["const"] != nil || s["enum"] != nil {
		return append(list, defect{noMember, "no_such_member"}, defect{noMember, ""})
	}
	for _, a := range m.d.alternatives(s) {
		list = append(list, slices.DeleteFunc(m.defects(a), func(d defect) bool {
			return d.class == otherType || d.class == nullValue // another alternative may accept it
		})...)
	}
	for _, typ := range typeList(s) {
		switch typ {
		case "string":
			list = append(list, textDefects(s)...)
		case "integer", "number":
			if s["minimum"] != nil {
				list = append(list, defect{outOfRange, limit(s, "minimum", 0) - 1}, defect{outOfRange, -1000000})
			}
			if s["maximum"] != nil {
				list = append(list, defect{outOfRange, limit(s, "maximum", 0) + 1}, defect{outOfRange, 1000000})
			}
		case "array":
			if least := limit(s, "minItems", 0); least > 0 {
				list = append(list, defect{outOfRange, m.array(s, least-1)})
			}
			if most := limit(s, "maxItems", 0); most > 0 {
				item := m.value(m.d.nested(s, "items"))
				list = append(list, defect{outOfRange, slices.Repeat([]any{item}, most+1)})
			}
		case "object":
			list = append(list, m.mapDefects(s)...)
		}
	}
	return list
}

// otherTypes lists values of every type that a schema does not accept.
func (m maker) otherTypes(s keywords) []defect {
	types := typeList(s)
	for _, a := range m.d.alternatives(s) {
		types = append(types, typeList(a)...)
	}
	if len(types) == 0 {
		return nil
	}
	if slices.Contains(types, "number") {
		types = append(types, "integer")
	}
	values := map[string][]any{
		"string": {"x", "seven"}, "integer": {7}, "number": {12.5}, "boolean": {true},
		"array": {[]any{}, []any{"x"}}, "object": {map[string]any{}, map[string]any{"x": 1}}, "null": {nil},
	}
	var list []defect
	for _, typ := range slices.Sorted(maps.Keys(values)) {
		if slices.Contains(types, typ) {
			continue
		}
		for _, v := range values[typ] {
			d := defect{otherType, v}
			if v == nil {
				d.class = nullValue
			}
			list = append(list, d)
		}
	}
	return list
}

func textDefects(s keywords) []defect {
	var list []defect
	if least := limit(s, "minLength", 0); least > 0 {
		list = append(list, defect{outOfRange, strings.Repeat("x", least-1)})
	}
	if s["maxLength"] != nil {
		list = append(list, defect{outOfRange, strings.Repeat("x", limit(s, "maxLength", 0)+1)})
	}
	if pattern, ok := s["pattern"].(string); ok {
		for _, text := range []string{"ü", "a✓b", " ü ", strings.Repeat("ü", 3)} {
			if !regexp.MustCompile(pattern).MatchString(text) {
				list = append(list, defect{noMatch, text})
			}
		}
	}
	if name, ok := s["format"].(string); ok {
		for _, text := range formatted(name).invalid {
			list = append(list, defect{otherFormat, text})
		}
	}
	return list
}

// mapDefects lists what is wrong with an object of arbitrary names. Objects of described ones are walked instead.
func (m maker) mapDefects(s keywords) []defect {
	var list []defect
	object := func(n int) map[string]any {
		o := map[string]any{}
		for range n {
			m.grow(s, o)
		}
		return o
	}
	if least := limit(s, "minProperties", 0); least > 0 {
		list = append(list, defect{outOfRange, object(least - 1)})
	}
	if most := limit(s, "maxProperties", 0); most > 0 {
		list = append(list, defect{outOfRange, object(most + 1)})
	}
	names := m.d.nested(s, "propertyNames")
	if names == nil {
		return list
	}
	for _, wrong := range textDefects(names) {
		name, _ := wrong.value.(string)
		o := object(1)
		o[name] = m.value(m.d.nested(s, "additionalProperties"))
		list = append(list, defect{otherName, o})
	}
	return list
}
