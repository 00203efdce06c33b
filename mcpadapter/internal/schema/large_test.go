package schema_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

// TestWhatALargeDocumentSharesIsWrittenOnce has types to which a million paths lead.
func TestWhatALargeDocumentSharesIsWrittenOnce(t *testing.T) {
	t.Parallel()
	inner := object("Level0")
	for i := range 10 {
		inner.Properties = append(inner.Properties, value.Property{
			Name: "p" + strconv.Itoa(i), Schema: &value.Schema{Types: optable.String},
		})
	}
	for i := 1; i <= 20; i++ {
		inner = object("Level"+strconv.Itoa(i), value.Property{Name: "a", Schema: inner}, value.Property{Name: "b", Schema: inner})
	}
	root := object("", value.Property{Name: "top", Schema: inner})
	for _, dialect := range []schema.Dialect{schema.Standard, schema.OpenAI, schema.Gemini} {
		got := schema.AppendRoot(nil, root, schema.Style{Dialect: dialect})
		if len(got) > 8_000 || !json.Valid(got) || strings.Count(string(got), `"p9"`) != 1 {
			t.Errorf("%v: got %d bytes, want each type once: %.500s", dialect, len(got), got)
		}
		if refers := strings.Contains(string(got), `"$ref":"#/$defs/Level0"`); refers != (dialect == schema.Standard) {
			t.Errorf("%v: got %s", dialect, got)
		}
	}
	if got := schema.AppendRoot(nil, schema.Tolerant(root), schema.Style{}); len(got) > 8_000 {
		t.Errorf("got %d bytes of a tolerant schema, want each type once", len(got))
	}
}

// Uses of a type are copies, which share its properties and may have descriptions of their own.
func TestUsesOfATypeAreOneDefinition(t *testing.T) {
	t.Parallel()
	address := object("Address")
	for i := range 10 {
		address.Properties = append(address.Properties, value.Property{
			Name: "line" + strconv.Itoa(i), Schema: &value.Schema{Types: optable.String},
		})
	}
	root := func(uses int) *value.Schema {
		all := object("")
		for i := range uses {
			use := *address
			if i%3 == 1 {
				use.Description = "Use " + strconv.Itoa(i) + "."
			}
			if i == 2 {
				use.Types |= optable.Null // another schema
			}
			all.Properties = append(all.Properties, value.Property{Name: "use" + strconv.Itoa(i), Schema: &use})
		}
		return all
	}
	got := string(schema.AppendRoot(nil, root(40), schema.Style{}))
	for _, want := range []string{
		`"use0":{"$ref":"#/$defs/Address"}`, `"use1":{"$ref":"#/$defs/Address","description":"Use 1."}`,
		`"use2":{"type":["object","null"],"properties":{"line0"`, `"$defs":{"Address":{"type":"object","properties":{"line0"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want %s in it", got, want)
		}
	}
	if n := strings.Count(got, `"line9"`); n != 2 || !json.Valid([]byte(got)) {
		t.Errorf("got the properties %d times in %s, want them twice", n, got)
	}
	if got := string(schema.AppendRoot(nil, root(20), schema.Style{})); strings.Contains(got, "$ref") {
		t.Errorf("got %s, want a small document without references", got)
	}
	if got := string(schema.AppendRoot(nil, root(40), schema.Style{Dialect: schema.Gemini})); strings.Count(got, `"line9"`) != 40 {
		t.Errorf("got %s, want each use whole where there are no references", got)
	}
}
