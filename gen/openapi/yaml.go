package openapi

import (
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// readYAML reads the first document of a stream.
func (c *converter) readYAML(data []byte) (*node, error) {
	var file yaml.Node
	if err := yaml.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("neither YAML nor JSON: %w", err)
	}
	if len(file.Content) == 0 {
		return nil, errors.New("the document is empty")
	}
	r := &yamlReader{c: c, done: map[*yaml.Node]*node{}, open: map[*yaml.Node]bool{}}
	return r.node(file.Content[0], 0), nil
}

// yamlReader turns nodes of YAML into nodes: without aliases, merge keys and tags.
type yamlReader struct {
	c     *converter
	done  map[*yaml.Node]*node // what anchors stand for
	open  map[*yaml.Node]bool  // anchors whose value is being read
	nodes int
}

func (r *yamlReader) spend(nodes int) {
	if r.nodes += nodes; r.nodes > maxNodes {
		panic(tooLarge{"it has too many values"})
	}
}

func (r *yamlReader) node(from *yaml.Node, depth int) *node {
	if depth > maxDepth {
		panic(tooLarge{"its values are nested too deeply"})
	}
	r.spend(1)
	if from.Kind == yaml.AliasNode {
		if r.open[from.Alias] {
			n := &node{line: int32(from.Line)} //nolint:gosec // at most MaxBytes
			r.c.problemf(n, "write the value in full", "the alias %q is part of what it stands for; it is null", from.Value)
			return n
		}
		from = from.Alias
	}
	if from.Anchor == "" {
		return r.plain(from, depth)
	}
	if n := r.done[from]; n != nil {
		return n
	}
	r.open[from] = true
	n := r.plain(from, depth)
	delete(r.open, from)
	r.done[from] = n
	return n
}

func (r *yamlReader) plain(from *yaml.Node, depth int) *node {
	n := &node{line: int32(from.Line), text: from.Value} //nolint:gosec // at most MaxBytes
	switch from.Kind {
	case yaml.MappingNode:
		n.kind, n.text = object, ""
		r.mapping(n, from, depth)
	case yaml.SequenceNode:
		n.kind, n.text = array, ""
		for _, item := range from.Content {
			n.members = append(n.members, member{value: r.node(item, depth+1)})
		}
	default:
		n.kind = kindOf(from)
	}
	return n
}

// kindOf returns the kind of a scalar. Dates are strings, as JSON has none, and so is what has a tag of its own.
func kindOf(n *yaml.Node) kind {
	switch n.ShortTag() {
	case "!!null":
		return null
	case "!!bool":
		return boolean
	case "!!int", "!!float":
		return number
	default:
		return text
	}
}

// mapping reads the members of a mapping. Those of merge keys come last, in the order in which they count.
func (r *yamlReader) mapping(n *node, from *yaml.Node, depth int) {
	var merged []*node
	for i := 0; i+1 < len(from.Content); i += 2 {
		key := from.Content[i]
		for key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		value := r.node(from.Content[i+1], depth+1)
		switch {
		case key.ShortTag() == "!!merge":
			merged = append(merged, r.merges(value)...)
		case key.Kind != yaml.ScalarNode:
			r.c.problemf(value, "write a string as the key", "a key is no string; it is ignored")
		default:
			n.members = append(n.members, member{key.Value, value})
		}
	}
	n.members = r.c.unique(n.members)
	if len(merged) == 0 {
		return
	}
	has := make(map[string]bool, len(n.members))
	for _, m := range n.members {
		has[m.key] = true
	}
	for _, source := range merged {
		r.spend(len(source.members))
		for _, m := range source.members {
			if !has[m.key] {
				has[m.key] = true
				n.members = append(n.members, m)
			}
		}
	}
}

// merges lists the mappings that a merge key names.
func (r *yamlReader) merges(n *node) []*node {
	switch n.kind {
	case object:
		return []*node{n}
	case array:
		var list []*node
		for _, m := range n.members {
			if m.value.kind == object {
				list = append(list, m.value)
				continue
			}
			r.c.problemf(m.value, "merge mappings", "a merge key names %s; it is ignored", m.value.describe())
		}
		return list
	default:
		r.c.problemf(n, "merge mappings", "a merge key names %s; it is ignored", n.describe())
		return nil
	}
}
