package docs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// What GitHub shows to people who open an issue: a form that does not fit is left out without a word.
func TestIssueForms(t *testing.T) {
	for _, name := range []string{"bug.yml", "feature.yml"} {
		text, err := os.ReadFile(filepath.Join(root, ".github", "ISSUE_TEMPLATE", name))
		if err != nil {
			t.Fatal(err)
		}
		var form struct {
			Name, Description string
			Body              []struct {
				Type, ID   string
				Attributes struct {
					Label, Value string
					Options      []string
				}
			}
		}
		if err := yaml.Unmarshal(text, &form); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if form.Name == "" || form.Description == "" || len(form.Body) == 0 {
			t.Errorf("%s has no name, description or body", name)
		}
		seen := map[string]bool{}
		for _, field := range form.Body {
			ok := field.ID != "" && !seen[field.ID] && field.Attributes.Label != ""
			switch field.Type {
			case "markdown":
				ok = field.Attributes.Value != ""
			case "dropdown":
				ok = ok && len(field.Attributes.Options) > 1
			case "textarea", "input":
			default:
				ok = false
			}
			if !ok {
				t.Errorf("%s: GitHub rejects the field %+v", name, field)
			}
			seen[field.ID] = true
		}
		if !strings.Contains(string(text), "workos-mcp doctor") {
			t.Errorf("%s does not ask for the output of workos-mcp doctor", name)
		}
	}
}
