package schema_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

func TestATerseStyleDropsWhatTheNamesSay(t *testing.T) {
	t.Parallel()
	text := func(description string) *value.Schema {
		return &value.Schema{Types: optable.String, Description: description}
	}
	s := &value.Schema{Types: optable.Object, Properties: []value.Property{
		{Name: "user_id", Schema: text("ID of the user.")}, {Name: "limit", Schema: text("Items in a page.")},
		{Name: "name", Schema: text("Display name.")},
	}}
	style := schema.Style{Terse: true, Common: []schema.Argument{{Name: "limit", Description: "Items in a page."}}}
	const want = `{"type":"object","properties":{"user_id":{"type":"string"},"limit":{"type":"string"},` +
		`"name":{"type":"string","description":"Display name."}}}`
	if got := string(schema.Append(nil, s, style.Under("users.get"))); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
