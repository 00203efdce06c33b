package main

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

const schemas = "#/components/schemas/"

// holdsSecret reports whether values of a schema have a secret in them, however deep.
func (w *writer) holdsSecret(n *yaml.Node, seen map[string]bool) bool {
	if n.Kind == yaml.MappingNode {
		if scalar(n, "x-secret") == yamlTrue || scalar(n, "format") == "password" {
			return true
		}
		if name, ok := strings.CutPrefix(scalar(n, "$ref"), schemas); ok && !seen[name] {
			seen[name] = true
			if target := get(w.schemas, name); target != nil && w.holdsSecret(target, seen) {
				return true
			}
		}
	}
	for _, inner := range n.Content {
		if w.holdsSecret(inner, seen) {
			return true
		}
	}
	return false
}
