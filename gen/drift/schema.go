package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// schema is a list of alternatives (oneOf, anyOf), each of which applies as a whole (allOf, $ref).
type schema []*alternative

type alternative struct {
	types       []string // nil: any
	closed      bool     // values are the only ones
	values      []string // of enum or const, without null
	keywords    map[string]string
	required    map[string]bool
	properties  map[string]schema
	items, rest schema
}

const maxDepth = 12 // of fields inside one another; it ends recursion at the same field in both descriptions

// constraints are the keywords that limit values.
var constraints = strings.Fields( //nolint:gochecknoglobals // constant
	`minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength
	pattern minItems maxItems uniqueItems minProperties maxProperties additionalProperties propertyNames.pattern
	propertyNames.minLength propertyNames.maxLength propertyNames.enum`)

func newAlternative() *alternative {
	return &alternative{
		keywords: map[string]string{}, required: map[string]bool{}, properties: map[string]schema{},
	}
}

// schema resolves a schema that is written inside so many fields.
func (d *document) schema(written any, depth int) schema {
	if depth > maxDepth {
		return schema{newAlternative()}
	}
	if d.depth++; d.depth > 200 {
		d.fail(errors.New("a schema consists of itself"))
		return nil
	}
	defer func() { d.depth-- }()
	s := schema{d.own(objectAt(written), depth+1)}
	if ref := textOf(get(written, "$ref")); ref != "" {
		s = both(s, d.schema(d.lookup(ref), depth))
	}
	for _, part := range listOf(get(written, "allOf")) {
		s = both(s, d.schema(part, depth))
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		var union schema
		for _, one := range listOf(get(written, keyword)) {
			union = append(union, d.schema(one, depth)...)
		}
		s = both(s, union)
	}
	if get(written, factNullable) == true && get(written, factType) == nil {
		s = append(s, &alternative{types: []string{typeNull}})
	}
	return s
}

// own reads the keywords that stand in the schema itself.
func (d *document) own(m object, inner int) *alternative {
	a := newAlternative()
	a.readValues(m)
	for _, keyword := range slices.Concat(constraints, []string{factFormat, factDefault, factDeprecated}) {
		value := get(m, strings.Split(keyword, ".")...)
		switch {
		case keyword == keywordRest && len(objectAt(value)) > 0:
			a.rest = d.schema(value, inner)
		case keyword == keywordRest && value != false || value == nil:
		case value != false || keyword == factDefault || keyword == keywordRest:
			a.keywords[keyword] = literal(value)
		}
	}
	patterns := objectAt(m["patternProperties"]) // equivalent to additionalProperties with propertyNames
	for _, pattern := range sortedKeys(patterns) {
		a.keywords["propertyNames.pattern"] += literal(pattern)
		a.rest = append(a.rest, d.schema(patterns[pattern], inner)...)
		delete(a.keywords, keywordRest)
	}
	for _, name := range textsOf(m[factRequired]) {
		a.required[name] = true
	}
	for name, property := range objectAt(m["properties"]) {
		a.properties[name] = d.schema(property, inner)
	}
	if m["items"] != nil {
		a.items = d.schema(m["items"], inner)
	}
	return a
}

// readValues reads type, enum and const, with null among the types.
func (a *alternative) readValues(m object) {
	a.types = textsOf(m[factType])
	values := listOf(m[factEnum])
	if constant, ok := m[factConst]; ok {
		values = []any{constant}
	}
	names := map[string]string{"string": "string", "bool": "boolean", "int": "integer", "float64": "number"}
	null := m[factNullable] == true
	for _, value := range values {
		if value == nil {
			null = true
		} else if a.closed = true; !slices.Contains(a.values, literal(value)) {
			a.values = append(a.values, literal(value))
		}
		if name := names[fmt.Sprintf("%T", value)]; m[factType] == nil && name != "" {
			a.types = append(a.types, name)
		}
	}
	if null && a.types != nil && !slices.Contains(a.types, typeNull) {
		a.types = append(a.types, typeNull)
	}
}

// both merges every alternative of a with every one of b, except impossible pairs.
func both(a, b schema) schema {
	if a == nil || b == nil {
		return append(a, b...)
	}
	var merged schema
	for _, x := range a {
		for _, y := range b {
			m := newAlternative()
			m.types = common(x.types, y.types, x.types != nil, y.types != nil)
			m.values = common(x.values, y.values, x.closed, y.closed)
			m.closed = x.closed || y.closed
			m.items, m.rest = both(x.items, y.items), both(x.rest, y.rest)
			for _, z := range []*alternative{y, x} { // the outer value of a keyword wins
				maps.Copy(m.keywords, z.keywords)
				maps.Copy(m.required, z.required)
				for name, property := range z.properties {
					m.properties[name] = both(m.properties[name], property)
				}
			}
			if (m.types == nil || len(m.types) > 0) && (!m.closed || len(m.values) > 0) {
				merged = append(merged, m)
			}
		}
	}
	if merged == nil {
		merged = schema{{types: []string{"never"}}}
	}
	return merged
}

// common intersects two lists; one that is no limit does not count.
func common(a, b []string, limitA, limitB bool) []string {
	if !limitA {
		return b
	} else if !limitB {
		return a
	}
	return slices.DeleteFunc(slices.Clone(a), func(one string) bool { return !slices.Contains(b, one) })
}

// is returns the types of an alternative, of which one that names none may still speak.
func (a *alternative) is() []string {
	switch {
	case a.types != nil:
		return a.types
	case len(a.properties)+len(a.required)+len(a.rest) > 0 || a.keywords[keywordRest] != "":
		return []string{"object"}
	case a.items != nil:
		return []string{"array"}
	}
	return []string{"any"}
}

// values returns the enum and const values of all alternatives. It is open if there are others, and fixed if every
// alternative has one at most.
func (s schema) values() (all []string, open, fixed bool) {
	found := map[string]bool{}
	fixed = true
	for _, a := range s {
		for _, value := range a.values {
			found[value] = true
		}
		open = open || !a.closed && !slices.Equal(a.is(), []string{typeNull})
		fixed = fixed && len(a.values) < 2
	}
	return sortedKeys(found), open, fixed
}

// variants finds the property that distinguishes the alternatives: the one with most values.
func (s schema) variants() (property string, best map[string]schema) {
	for _, name := range sortedKeys(s[0].properties) {
		groups, distinct := map[string]schema{}, false
		for _, a := range s {
			values, open, _ := a.properties[name].values()
			if open || len(values) == 0 {
				groups = nil
				break
			}
			for _, value := range values {
				groups[value] = append(groups[value], a)
			}
		}
		for _, group := range groups {
			distinct = distinct || len(group) < len(s)
		}
		if distinct && len(groups) > len(best) {
			property, best = name, groups
		}
	}
	return property, best
}

// shapes lists the combinations of those properties that are not the same in every alternative.
func (s schema) shapes() []string {
	all, found := map[string]schema{}, map[string]bool{}
	for _, a := range s {
		maps.Copy(all, a.properties)
	}
	for _, a := range s {
		var names []string
		for _, name := range sortedKeys(all) {
			if slices.ContainsFunc(s, func(b *alternative) bool { return a.has(name) != b.has(name) }) && a.has(name) != "" {
				names = append(names, a.has(name))
			}
		}
		found["("+strings.Join(names, " ")+")"] = true
	}
	return sortedKeys(found)
}

func (a *alternative) has(name string) string {
	if a.required[name] {
		return name
	} else if a.properties[name] != nil {
		return name + "?"
	}
	return ""
}
