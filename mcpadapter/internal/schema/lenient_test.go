package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

func TestATolerantSchemaKeepsNamesAndTypes(t *testing.T) {
	t.Parallel()
	s := &value.Schema{Types: optable.Object, Closed: true, Properties: []value.Property{
		{Name: "state", Required: true, Schema: &value.Schema{
			Types: optable.String, Description: "State.", Enum: []string{`"on"`, `"off"`}, MaxLength: 3,
		}},
		{Name: "at", Schema: &value.Schema{AnyOf: []*value.Schema{
			{Types: optable.String, Format: "date-time"}, {Types: optable.Integer},
		}}},
	}}
	const want = `{"type":["object","null"],"properties":{` +
		`"state":{"type":["string","null"],"description":"State. Known values: on, off."},` +
		`"at":{"type":["string","integer","null"]}}}`
	if got := string(schema.Append(nil, schema.Tolerant(s), schema.Style{})); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A choice whose forms lead to the same choice has a million ways to be merged. What is merged is tolerant in the end.
func TestMergingOfManyAlternativesEnds(t *testing.T) {
	t.Parallel()
	s := &value.Schema{Types: optable.Object, Properties: []value.Property{{Name: "end", Schema: &value.Schema{}}}}
	for range 30 {
		s = &value.Schema{AnyOf: []*value.Schema{s, {Types: optable.Array, Items: s}}}
	}
	root := &value.Schema{Types: optable.Object, Properties: []value.Property{
		{Name: "deep", Schema: s}, {Name: "plain", Schema: &value.Schema{Types: optable.String}},
	}}
	got := string(schema.Append(nil, schema.Tolerant(root), schema.Style{}))
	if len(got) > 20_000 || !json.Valid([]byte(got)) || !strings.Contains(got, `"plain":{`) {
		t.Errorf("got %d bytes: %.300s", len(got), got)
	}
}
