package optest_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/seed-f165d83c/workos/gen"
)

// description is the part of api.yaml that the operations table lacks.
type description struct {
	OpenAPI string `yaml:"openapi"`
	Tags    []struct {
		Name        string `yaml:"name"`
		Description string `yaml:"description"`
	} `yaml:"tags"`
	Paths      map[string]map[string]operation `yaml:"paths"`
	Components struct {
		Schemas    map[string]map[string]any `yaml:"schemas"`
		Parameters any                       `yaml:"parameters"`
		Responses  any                       `yaml:"responses"`
	} `yaml:"components"`
}

type operation struct {
	ID        string              `yaml:"operationId"`
	Tags      []string            `yaml:"tags"`
	Responses map[string]response `yaml:"responses"`
	Rest      map[string]any      `yaml:",inline"`
}

type response struct {
	Ref         string         `yaml:"$ref"`
	Description string         `yaml:"description"`
	Content     map[string]any `yaml:"content"`
}

func readDescription(t *testing.T) description {
	t.Helper()
	text, err := os.ReadFile(descriptionFile)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	var d description
	if err := yaml.Unmarshal(text, &d); err != nil {
		t.Fatalf("parse: %v", err)
	}
	return d
}

func TestDescriptionAndTableHaveTheSameOperations(t *testing.T) {
	t.Parallel()
	d := readDescription(t)
	if !strings.HasPrefix(d.OpenAPI, "3.1.") {
		t.Errorf("openapi: got %s, want 3.1", d.OpenAPI)
	}
	var got, want []string
	for path, item := range d.Paths {
		for method, op := range item {
			want = append(want, strings.Join([]string{strings.ToUpper(method), path, op.ID}, " "))
		}
	}
	for _, op := range gen.Operations.Operations {
		got = append(got, strings.Join([]string{op.Method, op.Path, op.ID}, " "))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("operations of the table: got %v, want %v", got, want)
	}
}

func TestEveryOperationHasOneToolset(t *testing.T) {
	t.Parallel()
	d := readDescription(t)
	used := map[string]bool{}
	for _, tag := range d.Tags {
		used[tag.Name] = false
		if tag.Description == "" {
			t.Errorf("toolset %s has no description", tag.Name)
		}
	}
	for _, item := range d.Paths {
		for _, op := range item {
			if len(op.Tags) != 1 {
				t.Errorf("%s: got the tags %v, want one", op.ID, op.Tags)
				continue
			}
			if _, declared := used[op.Tags[0]]; !declared {
				t.Errorf("%s: toolset %s is not declared", op.ID, op.Tags[0])
			}
			used[op.Tags[0]] = true
		}
	}
	for name, inUse := range used {
		if !inUse {
			t.Errorf("toolset %s has no operation", name)
		}
	}
}

func TestEveryOperationDescribesItsResponses(t *testing.T) {
	t.Parallel()
	for _, item := range readDescription(t).Paths {
		for _, op := range item {
			if op.Responses["default"].Ref != "#/components/responses/Error" {
				t.Errorf("%s: default response: got %q, want the error component", op.ID, op.Responses["default"].Ref)
			}
			for status, r := range op.Responses {
				if r.Ref == "" && r.Description == "" {
					t.Errorf("%s: response %s has no description", op.ID, status)
				}
				if len(r.Content) > 1 {
					t.Errorf("%s: response %s has %d media types, want at most one", op.ID, status, len(r.Content))
				}
			}
		}
	}
}

// TestEveryComponentIsUsed rejects components that neither an operation nor an event refers to.
func TestEveryComponentIsUsed(t *testing.T) {
	t.Parallel()
	d := readDescription(t)
	used := map[string]bool{}
	var follow func(any)
	follow = func(value any) {
		switch value := value.(type) {
		case map[string]any:
			for key, member := range value {
				name, _ := member.(string)
				if key == "$ref" {
					name = strings.TrimPrefix(name, "#/components/schemas/")
				}
				if schema := d.Components.Schemas[name]; schema != nil && !used[name] {
					used[name] = true
					follow(schema)
				}
				follow(member)
			}
		case []any:
			for _, member := range value {
				follow(member)
			}
		}
	}
	follow(d.Components.Parameters)
	follow(d.Components.Responses)
	for _, item := range d.Paths {
		for _, op := range item {
			follow(op.Rest)
			for _, r := range op.Responses {
				follow(r.Content)
			}
		}
	}
	for name := range d.Components.Schemas {
		if !used[name] {
			t.Errorf("component %s is used by no operation and no event", name)
		}
	}
}
