package main

import (
	"encoding/json"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

func TestEveryToolHasATitleAndAllAnnotations(t *testing.T) {
	adapter := withoutEnvironment(t)
	for _, tool := range adapter.Tools() {
		text, err := json.Marshal(mcpgo.Definition(tool))
		if err != nil {
			t.Fatal(err)
		}
		var d struct {
			Title       string
			Annotations map[string]any
		}
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatal(err)
		}
		for _, hint := range []string{"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"} {
			if _, ok := d.Annotations[hint]; !ok {
				t.Errorf("%s has no %s", tool.Name(), hint)
			}
		}
		if d.Title == "" || d.Annotations["title"] != d.Title {
			t.Errorf("%s has the title %q, and %q as annotation", tool.Name(), d.Title, d.Annotations["title"])
		}
		if d.Annotations["readOnlyHint"] == true && d.Annotations["destructiveHint"] == true {
			t.Errorf("%s changes nothing and destroys", tool.Name())
		}
	}
}
