package main

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// fault is an error at a place of the document; it travels as a panic within Convert alone.
type fault struct{ err error }

func failf(n *yaml.Node, format string, args ...any) {
	line := 0
	if n != nil {
		line = n.Line
	}
	panic(fault{fmt.Errorf("line %d: "+format, append([]any{line}, args...)...)})
}

// follow returns the node that an alias stands for.
func follow(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// plainDates turns timestamps (YAML 1.1) into strings, because JSON has no timestamps.
func plainDates(n *yaml.Node) {
	if n.Tag == "!!timestamp" {
		n.Tag = "!!str"
	}
	for _, inner := range n.Content {
		plainDates(inner)
	}
}

// pairs yields the keys and values of a mapping in document order.
func pairs(n *yaml.Node) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		if n == nil {
			return
		}
		if n.Kind != yaml.MappingNode {
			failf(n, "expected a mapping")
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := follow(n.Content[i])
			if key.Tag == "!!merge" {
				failf(key, "merge keys are not supported")
			}
			if !yield(key.Value, follow(n.Content[i+1])) {
				return
			}
		}
	}
}

// get follows keys through mappings; nil where one is missing.
func get(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		var found *yaml.Node
		if n != nil {
			for k, v := range pairs(n) {
				if k == key {
					found = v
				}
			}
		}
		n = found
	}
	return n
}

func text(n *yaml.Node) string {
	if n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode {
		failf(n, "expected a scalar")
	}
	return n.Value
}

// sentence is a text on one line.
func sentence(n *yaml.Node) string { return strings.Join(strings.Fields(text(n)), " ") }

func truth(n *yaml.Node) bool {
	if n == nil {
		return false
	}
	if n.Kind != yaml.ScalarNode || n.Value != "true" && n.Value != "false" {
		failf(n, "expected true or false, got %q", n.Value)
	}
	return n.Value == "true"
}

func count(n *yaml.Node) int {
	i, err := strconv.Atoi(text(n))
	if err != nil || i < 0 {
		failf(n, "expected a whole number from 0, got %q", n.Value)
	}
	return i
}

// most is a limit; the table cannot represent one of 0, which stands for none there.
func most(n *yaml.Node) int {
	i := count(n)
	if i == 0 {
		failf(n, "the table cannot represent a limit of 0")
	}
	return i
}

func items(n *yaml.Node) []*yaml.Node {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		failf(n, "expected a list")
	}
	list := slices.Clone(n.Content)
	for i := range list {
		list[i] = follow(list[i])
	}
	return list
}

func texts(n *yaml.Node) []string {
	if n == nil {
		return nil
	}
	list := make([]string, 0, len(items(n)))
	for _, item := range items(n) {
		list = append(list, text(item))
	}
	return list
}

// oneOrMore returns a text or the items of a list of them.
func oneOrMore(n *yaml.Node) []string {
	if n.Kind == yaml.SequenceNode {
		return texts(n)
	}
	return []string{text(n)}
}

// literal is a value as JSON text; numbers keep their digits.
func literal(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode && (n.Tag == "!!int" || n.Tag == "!!float") && json.Valid([]byte(n.Value)) {
		return n.Value
	}
	var v any
	if err := n.Decode(&v); err != nil {
		failf(n, "%v", err)
	}
	data, err := json.Marshal(v)
	if err != nil {
		failf(n, "%v", err)
	}
	return string(data)
}

// number is a literal that is a number.
func number(n *yaml.Node) string {
	value := literal(n)
	var f float64
	if err := json.Unmarshal([]byte(value), &f); err != nil || value == "null" {
		failf(n, "expected a number, got %s", value)
	}
	return value
}

// reference is the name of a local component of that kind.
func reference(n *yaml.Node, kind string) string {
	name, ok := strings.CutPrefix(text(n), "#/components/"+kind+"/")
	if !ok {
		failf(n, "$ref %q is not under #/components/%s", n.Value, kind)
	}
	return name
}
