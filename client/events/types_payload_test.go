package events_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestPayloadsAcceptWhatTheOfficialDescriptionAllows compares the payloads of events, which no operation returns, with
// the official description: whatever that allows as the data of an event must decode, and no field may be lost. Ours
// may be wider, because one component serves several types. .ci/run names the file.
func TestPayloadsAcceptWhatTheOfficialDescriptionAllows(t *testing.T) {
	t.Parallel()
	file := os.Getenv("WORKOS_OFFICIAL_DESCRIPTION")
	if file == "" {
		t.Skip("WORKOS_OFFICIAL_DESCRIPTION is not set")
	}
	theirs, ours := readSchemas(t, file), readSchemas(t, filepath.Join("..", "..", "api.yaml"))
	payloads, _ := ours.all["Event"].(map[string]any)["x-event-payloads"].(map[string]any)

	found := map[string]bool{}
	for _, event := range theirs.events() {
		properties, _ := event["properties"].(map[string]any)
		name, _ := at(properties, "event", "const").(string)
		found[name] = true
		component, _ := payloads[name].(string)
		if component == "" {
			t.Errorf("event type %s has no payload in api.yaml", name)
			continue
		}
		c := comparison{theirs: theirs, ours: ours, at: name}
		c.schema(properties["data"], ours.all[component])
		for _, difference := range c.found {
			t.Error(difference)
		}
	}
	for name := range payloads {
		if !found[name] {
			t.Errorf("event type %s of api.yaml is not in the official description", name)
		}
	}
	t.Logf("%d event types compared", len(found))
}

// schemas are the components of a description.
type schemas struct{ all map[string]any }

func readSchemas(t *testing.T, file string) schemas {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	var document struct {
		Components struct {
			Schemas map[string]any `yaml:"schemas"`
		} `yaml:"components"`
	}
	if err := yaml.Unmarshal(text, &document); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return schemas{document.Components.Schemas}
}

// events are all schemas with a property event of one value and a property data.
func (s schemas) events() []map[string]any {
	var found []map[string]any
	var walk func(any)
	walk = func(value any) {
		switch value := value.(type) {
		case map[string]any:
			if at(value, "properties", "event", "const") != nil && at(value, "properties", "data") != nil {
				found = append(found, value)
				return
			}
			for _, member := range value {
				walk(member)
			}
		case []any:
			for _, member := range value {
				walk(member)
			}
		}
	}
	walk(s.all)
	return found
}

// shape is a schema without references, and with null apart.
type shape struct {
	typ      string
	nullable bool
	node     map[string]any
	variants []any // of a union of several
}

func (s schemas) shape(schema any) shape {
	node, _ := schema.(map[string]any)
	if ref, ok := node["$ref"].(string); ok {
		return s.shape(s.all[strings.TrimPrefix(ref, "#/components/schemas/")])
	}
	got := shape{node: node}
	switch typ := node["type"].(type) {
	case string:
		got.typ = typ
	case []any:
		for _, one := range typ {
			if one == "null" {
				got.nullable = true
			} else {
				got.typ, _ = one.(string)
			}
		}
	}
	union, _ := node["oneOf"].([]any)
	for _, one := range union {
		variant := s.shape(one)
		switch {
		case variant.typ == "null" || variant.node["const"] == "null":
			got.nullable = true
		case variant.typ == "" && len(variant.variants) == 0: // null in a union of its own
			got.nullable = got.nullable || variant.nullable
		default:
			got.nullable = got.nullable || variant.nullable
			got.variants = append(got.variants, one)
		}
	}
	if len(got.variants) == 1 {
		only := s.shape(got.variants[0])
		only.nullable = only.nullable || got.nullable
		return only
	}
	return got
}

// comparison collects what theirs allows and ours rejects.
type comparison struct {
	theirs, ours schemas
	at           string
	found        []string
}

func (c *comparison) reportf(format string, args ...any) {
	c.found = append(c.found, c.at+": "+fmt.Sprintf(format, args...))
}

// in compares a part.
func (c *comparison) in(part string, theirs, ours any) {
	outer := c.at
	c.at += part
	c.schema(theirs, ours)
	c.at = outer
}

func (c *comparison) schema(theirs, ours any) {
	want, got := c.theirs.shape(theirs), c.ours.shape(ours)
	if len(want.variants) > 0 {
		for i := range want.variants {
			c.in(fmt.Sprintf("(%d)", i), want.variants[i], ours)
		}
		return
	}
	if want.typ != got.typ {
		c.reportf("got type %q, want %q", got.typ, want.typ)
		return
	}
	if got.node["format"] == "date-time" && want.node["format"] != "date-time" && !strings.HasSuffix(c.at, "_at") {
		c.reportf("got a date-time, want any string")
	}
	if missing := without(members(want.node), members(got.node)); len(members(got.node)) > 0 && len(missing) > 0 {
		c.reportf("lacks the members %v", missing)
	}
	switch want.typ {
	case "array":
		c.in("[]", want.node["items"], got.node["items"])
	case "object":
		c.object(want.node, got.node)
	}
}

func (c *comparison) object(theirs, ours map[string]any) {
	want, _ := theirs["properties"].(map[string]any)
	got, _ := ours["properties"].(map[string]any)
	needed, _ := ours["required"].([]any)
	given, _ := theirs["required"].([]any)
	for name := range want {
		if got[name] == nil {
			c.reportf("%s is lost", name)
			continue
		}
		if c.theirs.shape(want[name]).nullable && slices.Contains(needed, any(name)) && !c.ours.shape(got[name]).nullable {
			c.reportf("%s may be null, which ours rejects", name)
		}
		c.in("."+name, want[name], got[name])
	}
	if missing := without(needed, given); len(missing) > 0 {
		c.reportf("%v may be absent, which ours does not say", missing)
	}
}

func members(node map[string]any) []any {
	if value, ok := node["const"]; ok {
		return []any{value}
	}
	enum, _ := node["enum"].([]any)
	return enum
}

func without(all, known []any) []any {
	return slices.DeleteFunc(slices.Clone(all), func(one any) bool { return slices.Contains(known, one) })
}

func at(value any, keys ...string) any {
	for _, key := range keys {
		node, _ := value.(map[string]any)
		value = node[key]
	}
	return value
}
