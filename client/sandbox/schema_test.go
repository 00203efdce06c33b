package sandbox_test

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// checkAnswer compares an answer with its schema.
func checkAnswer(t *testing.T, s *optable.Schema, text string) {
	t.Helper()
	c := converter{}
	root := c.convert(s)
	root.Defs = c
	resolved, err := root.Resolve(nil)
	if err != nil {
		t.Fatalf("resolve: %v", err)
	}
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("answer is no JSON: %v\n%s", err, text)
	}
	if err := resolved.Validate(value); err != nil {
		t.Errorf("answer does not fit its schema: %v\n%s", err, text)
	}
}

// converter turns schemas of the table into JSON Schemas. It holds the components met so far.
type converter map[string]*jsonschema.Schema

func (c converter) convert(s *optable.Schema) *jsonschema.Schema {
	if s.Ref != "" {
		if _, met := c[s.Ref]; !met {
			c[s.Ref] = nil
			c[s.Ref] = c.convert(gen.Operations.Schema(s.Ref))
		}
		ref := &jsonschema.Schema{Ref: "#/$defs/" + s.Ref}
		if s.Types == optable.Null {
			return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{ref, {Type: "null"}}}
		}
		return ref
	}
	j := &jsonschema.Schema{Types: s.Types.Names(), Pattern: s.Constrained().Pattern}
	for _, e := range s.Enum {
		j.Enum = append(j.Enum, value(e))
	}
	if s.Const != "" {
		c := value(s.Const)
		j.Const = &c
	}
	if s.Types.Has(optable.Null) && len(s.Enum) > 0 {
		j.Enum = append(j.Enum, nil)
	}
	j.MinLength, j.MaxLength = bound(s.Constrained().MinLength), bound(s.Constrained().MaxLength)
	j.MinItems, j.MaxItems = bound(s.Constrained().MinItems), bound(s.Constrained().MaxItems)
	j.Minimum, j.Maximum = limit(s.Constrained().Minimum), limit(s.Constrained().Maximum)
	if s.Items != nil {
		j.Items = c.convert(s.Items)
	}
	if len(s.Properties) > 0 {
		j.Properties = map[string]*jsonschema.Schema{}
		j.AdditionalProperties = &jsonschema.Schema{Not: &jsonschema.Schema{}} // nothing undocumented is answered
	}
	for i := range s.Properties {
		p := &s.Properties[i]
		j.Properties[p.Name] = c.convert(p.Schema)
		if p.Required {
			j.Required = append(j.Required, p.Name)
		}
	}
	if s.Additional != nil {
		j.AdditionalProperties = c.convert(s.Additional)
	}
	for i := range s.Composed().OneOf {
		j.OneOf = append(j.OneOf, c.convert(&s.Composed().OneOf[i]))
	}
	for i := range s.Composed().AnyOf {
		j.AnyOf = append(j.AnyOf, c.convert(&s.Composed().AnyOf[i]))
	}
	return j
}

func value(text string) any {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		panic(err)
	}
	return v
}

func bound(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

func limit(text string) *float64 {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil
	}
	return &f
}
