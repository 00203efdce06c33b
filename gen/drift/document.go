package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

type object = map[string]any

// document is an OpenAPI description as plain data, so that nothing in it is rejected.
type document struct {
	root  any
	depth int   // of schemas inside one another while one is resolved
	err   error // the first unresolved reference
}

// parseDocument reads YAML or JSON, which is YAML too.
func parseDocument(text []byte) (*document, error) {
	d := &document{}
	if err := yaml.Unmarshal(text, &d.root); err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	d.root = withTextKeys(d.root)
	if get(d.root, "openapi") == nil || get(d.root, "paths") == nil {
		return nil, errors.New("not an OpenAPI 3 description: openapi or paths is missing")
	}
	return d, nil
}

// withTextKeys turns keys such as 200 into strings.
func withTextKeys(value any) any {
	switch value := value.(type) {
	case object:
		for key, member := range value {
			value[key] = withTextKeys(member)
		}
	case []any:
		for i, member := range value {
			value[i] = withTextKeys(member)
		}
	case map[any]any:
		converted := object{}
		for key, member := range value {
			converted[fmt.Sprint(key)] = withTextKeys(member)
		}
		return converted
	}
	return value
}

// get returns the value at the end of a chain of keys, or nil.
func get(value any, keys ...string) any {
	for _, key := range keys {
		members, _ := value.(object)
		value = members[key]
	}
	return value
}

func objectAt(value any, keys ...string) object {
	members, _ := get(value, keys...).(object)
	return members
}

func listOf(value any) []any {
	list, _ := value.([]any)
	return list
}

func textOf(value any) string {
	text, _ := value.(string)
	return text
}

// textsOf returns the strings of a list, or one string as a list.
func textsOf(value any) []string {
	var texts []string
	for _, one := range listOf(value) {
		texts = append(texts, textOf(one))
	}
	if one := textOf(value); one != "" {
		texts = append(texts, one)
	}
	return texts
}

// literal writes a value as JSON, so that values can be compared and shown.
func literal(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}

// deref follows local references.
func (d *document) deref(value any) any {
	for range 16 {
		ref := textOf(get(value, "$ref"))
		if ref == "" {
			break
		}
		value = d.lookup(ref)
	}
	return value
}

func (d *document) lookup(ref string) any {
	pointer, local := strings.CutPrefix(ref, "#/")
	value := d.root
	for key := range strings.SplitSeq(pointer, "/") {
		value = get(value, strings.NewReplacer("~1", "/", "~0", "~", "%7B", "{", "%7D", "}").Replace(key))
	}
	if !local || value == nil {
		d.fail(fmt.Errorf("$ref %q does not exist", ref))
		return nil
	}
	return value
}

func (d *document) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// sortedKeys returns the keys of all maps, each once.
func sortedKeys[V any](list ...map[string]V) []string {
	all := map[string]bool{}
	for _, one := range list {
		for key := range one {
			all[key] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
