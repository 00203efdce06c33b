package main

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// limits returns a sentence with the values that a schema, or that of a parameter, accepts and its default, as Go types
// state neither: " 1 to 100, default 10.". It leaves out what the description has in words already.
func limits(n *yaml.Node, description string) string {
	schema := n
	if get(n, "in") != nil {
		schema = get(n, "schema")
	}
	var facts []string
	for _, r := range []struct{ least, most, unit string }{
		{"minimum", "maximum", ""}, {"minLength", "maxLength", "characters"}, {"minItems", "maxItems", "items"},
	} {
		fact := span(scalar(schema, r.least), scalar(schema, r.most), r.unit)
		if fact != "" && !states(description, scalar(schema, r.most), scalar(schema, r.least)) {
			facts = append(facts, fact)
		}
	}
	if value := scalar(schema, "default"); value != "" && !strings.Contains(strings.ToLower(description), "default") {
		if get(schema, "default").Tag == "!!str" {
			value = "`" + value + "`"
		}
		facts = append(facts, "default "+value)
	}
	if len(facts) == 0 {
		return ""
	}
	sentence := strings.Join(facts, ", ")
	return " " + strings.ToUpper(sentence[:1]) + sentence[1:] + "."
}

// span writes a range; "" if it excludes next to nothing.
func span(least, most, unit string) string {
	switch {
	case most == "" && (least == "" || unit != "" && least <= "1"):
		return ""
	case most == "":
		return strings.TrimSpace("at least " + least + " " + unit)
	case least == "" || unit != "" && least <= "1":
		return strings.TrimSpace("at most " + most + " " + unit)
	}
	return strings.TrimSpace(least + " to " + most + " " + unit)
}

// states reports whether a description has one of the numbers.
func states(description string, numbers ...string) bool {
	for _, word := range strings.FieldsFunc(description, func(r rune) bool { return r < '0' || r > '9' }) {
		if slices.Contains(numbers, word) {
			return true
		}
	}
	return false
}

// scalar returns the text of a member, or "" if it is absent or no scalar.
func scalar(n *yaml.Node, key string) string {
	if v := get(n, key); v != nil && v.Kind == yaml.ScalarNode {
		return v.Value
	}
	return ""
}
