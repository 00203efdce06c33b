package serve

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// config has the settings of a file. The zero value has none.
type config struct {
	name    string
	entries map[string]configEntry // by the name of the flag
}

type configEntry struct {
	line   int
	values []string
}

// place returns where the file has a setting, as file:line: name.
func (c config) place(setting string) string {
	return fmt.Sprintf("%s:%d: %s", c.name, c.entries[setting].line, setting)
}

// readConfig reads a file with one YAML mapping of names of flags to values; repeatable flags and lists have a sequence
// of them. An unknown name is an error, because a misspelt limit would limit nothing.
func readConfig(name string, known []string) (config, error) {
	text, err := readSmall(name)
	if err != nil {
		return config{}, err
	}
	c := config{name: name, entries: map[string]configEntry{}}
	root, err := parseConfig(text)
	if err != nil || root == nil {
		if err != nil {
			err = fmt.Errorf("%s: %w", name, err)
		}
		return c, err
	}
	if root.Kind != yaml.MappingNode {
		return c, fmt.Errorf("%s:%d: want a mapping of settings, such as %s: true", name, root.Line, readOnlyFlag)
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		at := fmt.Sprintf("%s:%d: ", name, key.Line)
		if key.Kind != yaml.ScalarNode || !slices.Contains(known, key.Value) {
			return c, errors.New(at + "unknown setting" + c.nearest(key, known))
		}
		if earlier, twice := c.entries[key.Value]; twice {
			return c, fmt.Errorf("%s%s is set already, in line %d", at, key.Value, earlier.line)
		}
		values, err := configValues(value)
		if err != nil {
			return c, fmt.Errorf("%s%s: %w", at, key.Value, err)
		}
		c.entries[key.Value] = configEntry{key.Line, values}
	}
	return c, nil
}

// nearest returns the key that is unknown, with the nearest name.
func (config) nearest(key *yaml.Node, known []string) string {
	if key.Kind != yaml.ScalarNode {
		return ": want the name of a flag"
	}
	near := nearest(key.Value, known)
	if near == "" {
		return fmt.Sprintf(" %.40q: want the name of a flag, without dashes, such as %s", key.Value, readOnlyFlag)
	}
	return fmt.Sprintf(" %.40q; did you mean %s?", key.Value, near)
}

// parseConfig returns the root of the only document, or nil if there is nothing.
func parseConfig(text string) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(text)))
	var document, more yaml.Node
	err := decoder.Decode(&document)
	switch {
	case errors.Is(err, io.EOF):
		return nil, nil //nolint:nilnil // an empty file sets nothing
	case err != nil:
		return nil, errors.New(strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, errors.New("want one document")
	}
	return document.Content[0], nil
}

// configValues returns the values of a setting.
func configValues(node *yaml.Node) ([]string, error) {
	const want = "want a value, or a list of values"
	switch node.Kind {
	case yaml.ScalarNode:
		if node.ShortTag() == "!!null" {
			return nil, errors.New("has no value")
		}
		return []string{node.Value}, nil
	case yaml.SequenceNode:
		values := make([]string, len(node.Content))
		for i, item := range node.Content {
			if item.Kind != yaml.ScalarNode || item.ShortTag() == "!!null" {
				return nil, errors.New(want)
			}
			values[i] = item.Value
		}
		if len(values) == 0 {
			return nil, errors.New("the list is empty")
		}
		return values, nil
	case yaml.DocumentNode, yaml.MappingNode, yaml.AliasNode:
	}
	return nil, errors.New(want)
}
