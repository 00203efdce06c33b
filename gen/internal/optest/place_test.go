package optest_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/seed-f165d83c/workos/gen/internal/optest"
)

func TestPlacesAreFoundAtEveryDepth(t *testing.T) {
	t.Parallel()
	var s *jsonschema.Schema
	err := json.Unmarshal([]byte(`{"type":"object","required":["id"],"properties":{"id":{"type":"string"},
		"list":{"type":"array","items":{"type":"object","required":["a"],"properties":{"a":{"type":["boolean","null"]}}}},
		"map":{"type":"object","additionalProperties":{"type":"string"}}}}`), &s)
	if err != nil {
		t.Fatalf("read the schema: %v", err)
	}
	var got []string
	for _, p := range optest.Places(s, optest.Sample(s, "root"), "") {
		name := p.Argument
		if p.Required {
			name += " required"
		}
		got = append(got, name)
	}
	slices.Sort(got)
	want := []string{
		"id required", "list", "list[0]", "list[0].a required", "list[1]", "list[1].a required",
		"map", "map.key_0", "map.key_1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
