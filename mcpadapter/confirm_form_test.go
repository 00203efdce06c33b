package mcpadapter_test

import (
	"encoding/json"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestOnlyATickedBoxConfirms(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(mcpadapter.ConfirmationForm())
	if err != nil {
		t.Fatal(err)
	}
	var schema jsonschema.Schema
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	form, err := schema.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		action           string
		content          map[string]any
		valid, confirmed bool
	}{
		{"accept", map[string]any{"confirm": true}, true, true},
		{"accept", map[string]any{"confirm": false}, true, false},
		{"accept", map[string]any{"confirm": "true"}, false, false},
		{"accept", map[string]any{}, false, false},
		{"accept", nil, false, false},
		{"decline", map[string]any{"confirm": true}, true, false},
		{"cancel", map[string]any{"confirm": true}, true, false},
		{"", map[string]any{"confirm": true}, true, false},
		{"Accept", map[string]any{"confirm": true}, true, false},
	} {
		if got := mcpadapter.Confirmed(c.action, c.content); got != c.confirmed {
			t.Errorf("%s %v: got %t, want %t", c.action, c.content, got, c.confirmed)
		}
		if err := form.Validate(c.content); (err == nil) != c.valid {
			t.Errorf("%v: got %v from the schema, want valid: %t", c.content, err, c.valid)
		}
	}
	mcpadapter.ConfirmationForm()["type"] = "string"
	if got := mcpadapter.ConfirmationForm()["type"]; got != "object" {
		t.Errorf("got %v, want a form of one's own", got)
	}
}
