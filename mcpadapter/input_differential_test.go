package mcpadapter_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

var routes = optable.NewRouter(shop.Routes)

// The adapter's own check and the schema that it publishes must agree: what it sends is valid by the schema. Where the
// schema says all there is to say, what is valid is also sent.
func TestTheCheckAgreesWithThePublishedSchema(t *testing.T) {
	t.Parallel()
	// These have a union, an exclusive group, a format, a schema within itself or a Go type that holds less.
	looser := map[string]bool{
		"teas.list": true, "teas.create": true, "baskets.card.add": true, "payments.create": true, "blends.create": true,
		"menus.create": true, "tastings.create": true, "parcels.slip": true, "baskets.items.add": true, "days.get": true,
		"facts.note": true, "moods.replace": true, "surveys.create": true,
	}
	sent := 0
	a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) {
		sent++
		return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
	})
	for i, tool := range a.Tools() {
		schema := resolved(t, tool)
		accepted := 0
		g := generator{rand.New(rand.NewPCG(1, uint64(i)))} // the same in each run
		for range 1000 {
			v := g.value(schema.Schema(), 0)
			text, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			var instance any
			if err := json.Unmarshal(text, &instance); err != nil {
				t.Fatal(err)
			}
			invalid := schema.Validate(instance)
			sent = 0
			result := tool.Invoke(t.Context(), text)
			switch {
			case result.Failure != nil && sent > 0:
				t.Fatalf("%s: %s was sent and refused: %s", tool.Name(), text, result.Text())
			case sent > 0 && invalid != nil:
				t.Fatalf("%s: %s was sent, and the schema says %v", tool.Name(), text, invalid)
			case sent == 0 && invalid == nil && !looser[tool.Name()] && !emptySegment(tool.Name(), instance):
				t.Fatalf("%s: %s is valid by the schema, and got %s", tool.Name(), text, result.Text())
			}
			accepted += sent
		}
		if accepted == 0 {
			t.Errorf("%s: nothing of 1000 was sent, want some to compare", tool.Name())
		}
	}
}

// emptySegment finds an empty path value, which is refused everywhere and so not worth a keyword in each schema.
func emptySegment(name string, instance any) bool {
	arguments, _ := instance.(map[string]any)
	for _, op := range shop.Operations.Operations {
		for _, p := range op.Parameters {
			if op.ID == name && p.In == optable.InPath && arguments[p.Name] == "" {
				return true
			}
		}
	}
	return false
}

// generator makes values that a schema mostly accepts.
type generator struct{ *rand.Rand }

func (g generator) rarely() bool { return g.IntN(20) == 0 }

func (g generator) value(s *jsonschema.Schema, depth int) any {
	if s == nil || depth > 0 && g.rarely() {
		return g.anything(depth)
	}
	if len(s.AnyOf) > 0 {
		return g.value(s.AnyOf[g.IntN(len(s.AnyOf))], depth+1)
	}
	if len(s.Enum) > 0 {
		return s.Enum[g.IntN(len(s.Enum))]
	}
	if s.Const != nil {
		return *s.Const
	}
	kind := s.Type
	if len(s.Types) > 0 {
		kind = s.Types[g.IntN(len(s.Types))]
	}
	switch kind {
	case "object":
		return g.object(s, depth)
	case "array":
		list := make([]any, g.IntN(4))
		for i := range list {
			list[i] = g.value(s.Items, depth+1)
		}
		return list
	case "string":
		return g.text(s)
	case "integer":
		return json.Number([]string{"0", "1", "2", "7", "8", "39", "41", "99", "1.0", "1e1", "-3", "101"}[g.IntN(12)])
	case "number":
		return json.Number([]string{"0", "0.5", "2", "-1.25", "1e2", "999.5", "999.75"}[g.IntN(7)])
	case "boolean":
		return g.IntN(2) == 0
	case "null":
		return nil
	}
	return g.anything(depth)
}

func (g generator) object(s *jsonschema.Schema, depth int) map[string]any {
	object := map[string]any{}
	required := map[string]bool{}
	for _, name := range s.Required {
		required[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if required[name] && !g.rarely() || !required[name] && g.IntN(3) == 0 {
			object[name] = g.value(s.Properties[name], depth+1)
		}
	}
	closed := s.AdditionalProperties != nil && s.AdditionalProperties.Not != nil
	if !closed && g.IntN(2) == 0 || g.rarely() {
		for range g.IntN(4) {
			names := s.PropertyNames
			if names == nil {
				names = &jsonschema.Schema{}
			}
			var inner *jsonschema.Schema
			if !closed {
				inner = s.AdditionalProperties
			}
			name, ok := g.value(names, 0).(string)
			if !ok {
				name = g.text(names)
			}
			object[name] = g.value(inner, depth+1)
		}
	}
	return object
}

func (g generator) text(s *jsonschema.Schema) string {
	switch s.Format {
	case "uuid":
		return "6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10"
	case "date":
		return "2026-01-31"
	case "date-time":
		return "2026-01-31T12:00:00Z"
	case "email":
		return "a@b.example"
	case "uri":
		return "https://tea.example/"
	case "byte":
		return "aGk="
	}
	texts := []string{
		"a", "ab", "tea", "tea_1", "L001", "4242", "two words", "ÄÖÜ", "", "twelve chars", "more than twelve",
	}
	return texts[g.IntN(len(texts))]
}

func (g generator) anything(depth int) any {
	switch n := g.IntN(9); {
	case n == 0:
		return nil
	case n == 1:
		return true
	case n == 2:
		return json.Number("1.5")
	case n == 3:
		return json.Number("9007199254740993")
	case n == 4 && depth < 4:
		return []any{g.anything(depth + 1)}
	case n == 5 && depth < 4:
		return map[string]any{"k" + strconv.Itoa(g.IntN(3)): g.anything(depth + 1)}
	}
	return "text"
}
