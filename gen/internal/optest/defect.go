package optest

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Class is what is wrong with arguments.
type Class string

// The classes: Valid is that of arguments with nothing wrong.
const (
	Valid           Class = "nothing"
	missingName     Class = "a required name is missing"
	otherSpelling   Class = "an argument is spelt with other signs between its words"
	unknownName     Class = "a name is unknown"
	otherType       Class = "a value has another type"
	nullValue       Class = "null is not accepted"
	outOfRange      Class = "a number, length or count is out of range"
	noMember        Class = "a value is no member"
	noMatch         Class = "a text does not match its pattern"
	otherFormat     Class = "a text is not of its format"
	otherName       Class = "a name in a map is not allowed"
	variantMissing  Class = "a name is missing that only this variant requires"
	variantName     Class = "a name belongs to another variant"
	variantNull     Class = "null is accepted by another variant"
	groupMissing    Class = "none of an exclusive group is given"
	groupIncomplete Class = "a part of an exclusive group is missing"
	groupBoth       Class = "two of an exclusive group are given"
	emptySegment    Class = "a path value is empty"
	dotSegment      Class = "a path value addresses something else"
)

// Classes lists all of them.
func Classes() []Class {
	return slices.Concat([]Class{
		Valid, otherSpelling, missingName, unknownName, otherType, nullValue, outOfRange, noMember, noMatch, otherFormat,
		otherName,
	}, CheckedOnly())
}

// CheckedOnly lists the defects that the published schema accepts and the check alone refuses: what a root without
// alternatives cannot say, as clients refuse those, and what would cost a keyword on every path value.
func CheckedOnly() []Class {
	return []Class{
		variantMissing, variantName, variantNull, groupMissing, groupIncomplete, groupBoth, emptySegment, dotSegment,
	}
}

// Accepted reports whether the check accepts arguments of a class: valid ones, and those under another spelling, which
// the schema has no place for.
func Accepted(c Class) bool { return c == Valid || c == otherSpelling }

// Named reports whether a class is of a name that does not belong where it is.
func Named(c Class) bool { return c == unknownName || c == otherSpelling }

type defect struct {
	class Class
	value any
}

// defects lists values that are wrong in one way each. None can be read as what the schema wants, not even a text that
// is taken for the JSON of it.
func (m maker) defects(s Keywords) []defect {
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
			if s["exclusiveMinimum"] != nil {
				list = append(list, defect{outOfRange, limit(s, "exclusiveMinimum", 0)}, defect{outOfRange, -1000000})
			}
			if s["maximum"] != nil {
				list = append(list, defect{outOfRange, limit(s, "maximum", 0) + 1}, defect{outOfRange, 1000000000})
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
func (m maker) otherTypes(s Keywords) []defect {
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

func textDefects(s Keywords) []defect {
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
func (m maker) mapDefects(s Keywords) []defect {
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
