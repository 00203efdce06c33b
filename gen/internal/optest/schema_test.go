package optest_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/seed-f165d83c/workos/gen/internal/optest"
	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestPublishedSchemasSayWhatTheTableSays(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		want := map[string]bool{}
		for _, p := range f.op.Parameters {
			want[p.Name] = true
			f.samePublished(p.Name, parameterSchema(&p))
		}
		for name, s := range bodyArguments(f.op) {
			want[name] = true
			f.samePublished(name, s)
		}
		got := slices.Sorted(maps.Keys(f.schema.Properties))
		if names := slices.Sorted(maps.Keys(want)); !slices.Equal(got, names) {
			f.Errorf("arguments: got %v, want %v", got, names)
		}
		if !optest.IsClosed(f.schema) || len(f.schema.AnyOf)+len(f.schema.OneOf)+len(f.schema.AllOf) > 0 ||
			f.schema.Type != "object" {
			f.Errorf("root: got %s, want a closed object without alternatives", f.tool.InputSchema())
		}
	})
}

func TestPublishedSchemasRequireWhatTheTableRequires(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		var want []string
		for _, p := range f.op.Parameters {
			if p.Required {
				want = append(want, p.Name)
			}
		}
		switch {
		case f.op.Body == nil || !f.op.Body.Required:
		case optest.WholeBody(f.op) && optest.MayBeEmpty(f.op):
		case optest.WholeBody(f.op):
			want = append(want, "body")
		case optest.Component(f.op.Body.Schema).Composed().Discriminator != nil:
			want = append(want, requiredByAllVariants(optest.Component(f.op.Body.Schema))...)
		default:
			for _, name := range requiredNames(optest.Component(f.op.Body.Schema)) {
				want = append(want, optest.Argument(f.op, name))
			}
		}
		got := slices.Sorted(slices.Values(f.schema.Required))
		slices.Sort(want)
		if !slices.Equal(got, want) {
			f.Errorf("required: got %v, want %v", got, want)
		}
	})
}

// bodyArguments lists the schemas of the arguments that make the body; of a union's, those of the first variant that
// has them, with the types of all.
func bodyArguments(op *optable.Operation) map[string]*optable.Schema {
	arguments := map[string]*optable.Schema{}
	if op.Body == nil {
		return arguments
	}
	body := optest.Component(op.Body.Schema)
	if optest.WholeBody(op) {
		return map[string]*optable.Schema{"body": body}
	}
	owners := []*optable.Schema{body}
	for i := range body.Composed().OneOf {
		owners = append(owners, optest.Component(&body.Composed().OneOf[i]))
	}
	for _, owner := range owners {
		for i := range owner.Properties {
			name, s := optest.Argument(op, owner.Properties[i].Name), *owner.Properties[i].Schema
			if first := arguments[name]; first == nil {
				arguments[name] = &s
			} else {
				first.Types |= optest.Component(&s).Types
			}
		}
	}
	if body.Composed().Discriminator != nil {
		values := &optable.Schema{Types: optable.String}
		for _, m := range body.Composed().Discriminator.Mapping {
			values.Enum = append(values.Enum, fmt.Sprintf("%q", m.Value))
		}
		arguments[body.Composed().Discriminator.Property] = values
	}
	return arguments
}

// parameterSchema is the schema of a parameter with what its place adds: a query cannot hold an empty array or map.
func parameterSchema(p *optable.Parameter) *optable.Schema {
	s := *optest.Component(p.Schema)
	if p.In == optable.InQuery {
		limits := s.Constrained()
		if s.Types.Has(optable.Array) {
			limits.MinItems = max(1, limits.MinItems)
		}
		if s.Types.Has(optable.Object) {
			limits.MinProperties = max(1, limits.MinProperties)
		}
		s.Constraints = &limits
	}
	return &s
}

func requiredNames(s *optable.Schema) []string {
	var names []string
	for _, p := range s.Properties {
		if p.Required {
			names = append(names, p.Name)
		}
	}
	return names
}

func requiredByAllVariants(union *optable.Schema) []string {
	names := requiredNames(optest.Component(&union.Composed().OneOf[0]))
	for i := range union.Composed().OneOf {
		also := requiredNames(optest.Component(&union.Composed().OneOf[i]))
		names = slices.DeleteFunc(names, func(n string) bool { return !slices.Contains(also, n) })
	}
	return names
}

func (f *fixture) samePublished(name string, want *optable.Schema) {
	f.Helper()
	got := f.schema.Properties[name]
	if got == nil {
		f.Errorf("argument %s is not published", name)
		return
	}
	sameSchema(f.T, name, got, want)
}

// sameSchema checks that a published schema allows what one of the table does.
func sameSchema(t *testing.T, at string, got *jsonschema.Schema, want *optable.Schema) {
	t.Helper()
	facts := *optest.Component(want)
	facts.Types |= want.Types
	for _, keyword := range []struct {
		name      string
		got, want any
	}{
		{"type", optest.TypesOf(got), facts.Types.Names()},
		{"format", got.Format, facts.Format},
		{"pattern", got.Pattern, facts.Constrained().Pattern},
		{"maxLength", deref(got.MaxLength), facts.Constrained().MaxLength},
		{"minItems", deref(got.MinItems), facts.Constrained().MinItems},
		{"maxItems", deref(got.MaxItems), facts.Constrained().MaxItems},
		{"minProperties", deref(got.MinProperties), facts.Constrained().MinProperties},
		{"maxProperties", deref(got.MaxProperties), facts.Constrained().MaxProperties},
		{"minimum", bound(got.Minimum), facts.Constrained().Minimum},
		{"maximum", bound(got.Maximum), facts.Constrained().Maximum},
		{"exclusiveMinimum", bound(got.ExclusiveMinimum), facts.Constrained().ExclusiveMinimum},
		{"enum", members(t, got.Enum), facts.Enum},
		{"required", slices.Sorted(slices.Values(got.Required)), slices.Sorted(slices.Values(requiredNames(&facts)))},
		{"anyOf", len(got.AnyOf), len(facts.Composed().AnyOf)},
		{"closed", optest.IsClosed(got), len(facts.Properties) > 0},
	} {
		if g, w := fmt.Sprint(keyword.got), fmt.Sprint(keyword.want); g != w {
			t.Errorf("%s: %s: got %s, want %s", at, keyword.name, g, w)
		}
	}
	if facts.Items != nil {
		sameSchema(t, at+"[]", got.Items, facts.Items)
	}
	if facts.Additional != nil && got.AdditionalProperties != nil {
		sameSchema(t, at+".*", got.AdditionalProperties, facts.Additional)
	}
	for i := range facts.Properties {
		p := &facts.Properties[i]
		sameSchema(t, at+"."+p.Name, got.Properties[p.Name], p.Schema)
	}
}

func deref(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

func bound(n *float64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatFloat(*n, 'f', -1, 64)
}

// members are the texts of an enum without null, which the table keeps among the types.
func members(t *testing.T, enum []any) []string {
	t.Helper()
	var texts []string
	for _, member := range enum {
		if member != nil {
			texts = append(texts, string(optest.Encode(t, member)))
		}
	}
	return texts
}

// Variants by URNs are told by what their ends have of their own, which is enough to find them among the members.
func TestVariantsAreDistinguishedByTheEndsOfTheirURNs(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		for argument, want := range map[string]map[string]string{
			"user_management.authenticate.create": {
				"code_verifier":          "Only with authorization_code.",
				"device_code":            "Only with …:device_code.",
				"radar_challenge_id":     "Only with …:radar-email-challenge:code.",
				"email_completion_token": "Only with …:email-completion.",
			},
			"sso.token.create": {"code": "Only with authorization_code.", "subject_token": "Only with …:token-exchange."},
		}[f.op.ID] {
			if got := f.schema.Properties[argument].Description; !strings.Contains(got, want) {
				f.Errorf("%s: got the description %q, want %q in it", argument, got, want)
			}
		}
	})
}
