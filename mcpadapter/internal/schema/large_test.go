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
