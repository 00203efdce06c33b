package schema_test

import (
	"strings"
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
	s := &value.Schema{Types: optable.Object, Closed: true, Properties: []value.Property{
		{Name: "user_id", Schema: text("ID of the user.")}, {Name: "limit", Schema: text("Items in a page.")},
		{Name: "name", Schema: text("Display name.")},
	}}
	style := schema.Style{Terse: true, Common: []schema.Argument{{Name: "limit", Description: "Items in a page."}}}
	const want = `{"type":"object","properties":{"user_id":{"type":"string"},"limit":{"type":"string"},` +
		`"name":{"type":"string","description":"Display name."}}}`
	const open = `,"additionalProperties":true}`
	if got := string(schema.Append(nil, s, style.Under("users.get"))); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	s.Closed = false
	if got := string(schema.Append(nil, s, style.Under("users.get"))); got != strings.TrimSuffix(want, "}")+open {
		t.Errorf("open: got  %s\nwant %s%s", got, want, open)
	}
}

// A default goes with a description that stands elsewhere, and the prefix of an ID says nothing new.
func TestATerseStyleDropsDefaultsAndPrefixes(t *testing.T) {
	t.Parallel()
	limit := &value.Schema{Types: optable.Integer, Description: "Items in a page.", Default: "10"}
	owner := &value.Schema{Types: optable.String, Description: "Payer.", IDPrefixes: []string{"user_"}}
	s := &value.Schema{Types: optable.Object, Closed: true, Properties: []value.Property{
		{Name: "limit", Schema: limit}, {Name: "owner", Schema: owner},
	}}
	common := schema.Argument{Name: "limit", Description: "Items in a page.", Default: "10"}
	if got := common.Described(); got != "Items in a page. Default 10." {
		t.Errorf("got %q", got)
	}
	for _, c := range []struct {
		style schema.Style
		want  string
	}{
		{schema.Style{Terse: true, Common: []schema.Argument{common}}, `{"limit":{"type":"integer"},"owner":{"type":"string","description":"Payer."}}`},
		{schema.Style{Terse: true}, `{"limit":{"type":"integer","description":"Items in a page.","default":10},"owner":{"type":"string","description":"Payer."}}`},
		{schema.Style{}, `{"limit":{"type":"integer","description":"Items in a page.","default":10},"owner":{"type":"string","description":"Payer. ` + "`user_…`" + `."}}`},
	} {
		got := string(schema.Append(nil, s, c.style))
		if !strings.Contains(got, `"properties":`+c.want) {
			t.Errorf("got  %s\nwant %s in it", got, c.want)
		}
	}
}
