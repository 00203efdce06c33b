package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Services is what an OpenAPI document states about the services: the product that each tag is a part of, and what each
// service is for.
type Services struct {
	products map[string]string // x-product, by tag
	purposes map[string]string // x-services: predicates of doc comments, by path
}

// document is the part of an OpenAPI document that counts here.
type document struct {
	Tags []struct {
		Name    string `yaml:"name"`
		Product string `yaml:"x-product"` //nolint:tagliatelle // how extensions are named
	} `yaml:"tags"`
	Services map[string]string `yaml:"x-services"` //nolint:tagliatelle // how extensions are named
}

// ReadServices reads them from a document.
func ReadServices(data []byte) (*Services, error) {
	var d document
	if err := yaml.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("parse YAML: %w", err)
	}
	s := &Services{products: map[string]string{}, purposes: d.Services}
	for _, tag := range d.Tags {
		if tag.Product == "" {
			return nil, fmt.Errorf("the tag %s has no x-product", tag.Name)
		}
		s.products[tag.Name] = tag.Product
	}
	return s, nil
}

// Describe sets the product and the purpose of each service of a tree. The document must state both for each, and
// nothing about services that the tree does not have.
func (s *Services) Describe(root *Node) error {
	unused := maps.Clone(s.purposes)
	var describe func(n *Node) error
	describe = func(n *Node) error {
		delete(unused, n.Path)
		toolsets := n.toolsets()
		if len(toolsets) != 1 {
			return fmt.Errorf("%s: want operations of one tag, got %q", n.Path, toolsets)
		}
		if n.Product = s.products[toolsets[0]]; n.Product == "" {
			return fmt.Errorf("%s: unknown tag %q", n.Path, toolsets[0])
		}
		if n.Purpose = s.purposes[n.Path]; n.Purpose == "" {
			return fmt.Errorf("x-services has no line for %s", n.Path)
		}
		for _, c := range n.Children {
			if err := describe(c); err != nil {
				return err
			}
		}
		return nil
	}
	for _, c := range root.Children {
		if err := describe(c); err != nil {
			return err
		}
	}
	if len(unused) > 0 {
		return errors.New("x-services has a line for " + slices.Sorted(maps.Keys(unused))[0] + ", which is no service")
	}
	return nil
}

// toolsets returns the tags of a service's operations, or else of those below it.
func (n *Node) toolsets() []string {
	var tags []string
	for _, m := range n.Methods {
		tags = append(tags, m.Operation.Toolset)
	}
	if len(tags) == 0 {
		for _, c := range n.Children {
			tags = append(tags, c.toolsets()...)
		}
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}
