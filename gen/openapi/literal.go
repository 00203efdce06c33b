package openapi

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// maxLiteral limits one value, such as an example, in bytes of JSON.
const maxLiteral = 64 << 10

// literal returns a value as JSON; "" with a problem where it is none or too long. A scalar becomes one of the types
// where it can mean that: the text of a date or of the number 1.10 where a string is expected, and the number in a
// text where a number is. No types are any.
func (c *converter) literal(n *node, types optable.Types) string {
	if coerced, ok := coerced(n, types); ok {
		return coerced
	}
	var b strings.Builder
	if !c.write(&b, n, 0) {
		c.problemf(n, "shorten or remove it", "the value is too long or no JSON; it is left out")
		return ""
	}
	if c.literals += b.Len(); c.literals > maxLiterals {
		panic(tooLarge{"its examples are too long once aliases are followed"})
	}
	return b.String()
}

// coerced returns a scalar in another type than it is written in, if the types lack that and permit the other.
func coerced(n *node, types optable.Types) (string, bool) {
	switch {
	case types&^optable.Null == 0:
	case n.kind == number && !types.Has(optable.Number|optable.Integer) && types.Has(optable.String),
		n.kind == boolean && !types.Has(optable.Boolean) && types.Has(optable.String):
		return quote(n.text), true
	case n.kind == null && n.text != "" && !types.Has(optable.Null) && types.Has(optable.String) && n.text != "~":
		return quote(n.text), true
	case n.kind == text && !types.Has(optable.String):
		if value := decimal(n.text); value != "" && types.Has(optable.Number|optable.Integer) {
			return value, true
		}
		if value, known := truths[n.text]; known && types.Has(optable.Boolean) {
			if value {
				return "true", true
			}
			return "false", true
		}
	}
	return "", false
}

// write appends a value as JSON; false where it is none or longer than a literal may be.
func (c *converter) write(b *strings.Builder, n *node, depth int) bool {
	if b.Len() > maxLiteral || depth > maxDepth {
		return false
	}
	switch n.kind {
	case null:
		b.WriteString("null")
	case boolean:
		if truths[n.text] {
			b.WriteString("true")
		} else {
			b.WriteString("false")
		}
	case number:
		value := decimal(n.text)
		b.WriteString(value)
		return value != ""
	case text:
		b.WriteString(quote(n.text))
	case object, array:
		open, end := byte('{'), byte('}')
		if n.kind == array {
			open, end = '[', ']'
		}
		b.WriteByte(open)
		for i, m := range n.sorted() {
			if i > 0 {
				b.WriteByte(',')
			}
			if n.kind == object {
				b.WriteString(quote(m.key))
				b.WriteByte(':')
			}
			if !c.write(b, m.value, depth+1) {
				return false
			}
		}
		b.WriteByte(end)
	}
	return b.Len() <= maxLiteral
}

// sorted returns the members in the order in which JSON is written: of an object by their keys.
func (n *node) sorted() []member {
	if n.kind == array {
		return n.members
	}
	return slices.SortedFunc(slices.Values(n.members), func(a, b member) int { return strings.Compare(a.key, b.key) })
}

func quote(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(data)
}

// coerce reads the values among the keywords of a schema, whose types are known by now.
func (c *converter) coerce(s *optable.Schema, n *node) {
	if v := get(n, "enum"); v != nil && c.counts(n, "enum") {
		for member := range c.items(v) {
			if value := c.literal(member, s.Types); value != "" {
				s.Enum = append(s.Enum, value)
			}
		}
	}
	if v := get(n, "const"); v != nil && c.counts(n, "const") {
		s.Const = c.literal(v, s.Types)
	}
	if v := get(n, "default"); v != nil {
		s.Default = c.literal(v, s.Types)
	}
	if v := get(n, "examples"); v != nil && c.counts(n, "examples") && len(v.members) > 0 {
		switch first := v.members[0].value; v.kind {
		case array:
			s.Example = c.literal(first, s.Types)
		case null, boolean, number, text: // no examples
		case object: // as at a parameter
			if value := get(first, "value"); value != nil {
				first = value
			}
			s.Example = c.literal(first, s.Types)
		}
	}
	if v := get(n, "example"); v != nil {
		s.Example = c.literal(v, s.Types)
	}
}

// counts reports whether a keyword of the schema is not one beside a $ref of OpenAPI 3.0.
func (c *converter) counts(n *node, key string) bool {
	return c.minor != "0" || beside[key] || get(n, "$ref") == nil
}
