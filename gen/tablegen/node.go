package main

import (
	"encoding/json"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// fault is an error at a place of the document; it travels as a panic within Convert alone.
type fault struct{ err error }

func fail(n *yaml.Node, format string, args ...any) {
	line := 0
	if n != nil {
		line = n.Line
	}
	panic(fault{fmt.Errorf("line %d: "+format, append([]any{line}, args...)...)})
}

// pairs yields the keys and values of a mapping in document order.
func pairs(n *yaml.Node) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		if n == nil {
			return
		}
		if n.Kind == yaml.AliasNode {
			n = n.Alias
		}
		if n.Kind != yaml.MappingNode {
			fail(n, "expected a mapping")
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i].Value, n.Content[i+1]) {
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
		fail(n, "expected a scalar")
	}
	return n.Value
}

// sentence is a text on one line.
func sentence(n *yaml.Node) string { return strings.Join(strings.Fields(text(n)), " ") }

func truth(n *yaml.Node) bool {
	if n == nil {
		return false
	}
	b, err := strconv.ParseBool(n.Value)
	if err != nil {
		fail(n, "expected true or false, got %q", n.Value)
	}
	return b
}

func count(n *yaml.Node) int {
	i, err := strconv.Atoi(text(n))
	if err != nil || i < 0 {
		fail(n, "expected a whole number from 0, got %q", n.Value)
	}
	return i
}

func items(n *yaml.Node) []*yaml.Node {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		fail(n, "expected a list")
	}
	return n.Content
}

func texts(n *yaml.Node) []string {
	var list []string
	for _, item := range items(n) {
		list = append(list, text(item))
	}
	return list
}

// literal is a value as JSON text; numbers keep their digits.
func literal(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode && (n.Tag == "!!int" || n.Tag == "!!float") && json.Valid([]byte(n.Value)) {
		return n.Value
	}
	var v any
	if err := n.Decode(&v); err != nil {
		fail(n, "%v", err)
	}
	data, err := json.Marshal(v)
	if err != nil {
		fail(n, "%v", err)
	}
	return string(data)
}

// reference is the name of a local component of that kind.
func reference(n *yaml.Node, kind string) string {
	name, ok := strings.CutPrefix(text(n), "#/components/"+kind+"/")
	if !ok {
		fail(n, "$ref %q is not under #/components/%s", n.Value, kind)
	}
	return name
}
