package sandbox_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// shownResource is the type of resource that a schema shows, and the component that says what it belongs to.
func shownResource(s *optable.Schema) (typ string, parents []optable.Parent, stated bool) {
	for s != nil && s.Ref != "" {
		s = gen.Operations.Schema(s.Ref)
	}
	if s == nil {
		return "", nil, false
	}
	if typ = s.Extended().Resource; typ == "" {
		if p := s.Property("object"); p != nil {
			typ = strings.Trim(p.Schema.Const, `"`)
		}
	}
	return typ, s.Extended().Parents, s.Extended().Parents != nil
}

// entryOf is the schema of the items of a list, or the schema itself.
func entryOf(s *optable.Schema) (entry *optable.Schema, list bool) {
	for s.Ref != "" {
		s = gen.Operations.Schema(s.Ref)
	}
	if data := s.Property("data"); data != nil && data.Schema.Items != nil {
		return data.Schema.Items, true
	}
	if s.Items != nil {
		return s.Items, true
	}
	return s, false
}

// An operation that makes or lists resources returns a component of a type that says what its things belong to, or
// that they belong to nothing: the sandbox derives neither from names.
func TestWhatIsMadeOrListedSaysWhatItBelongsTo(t *testing.T) {
	t.Parallel()
	stated := map[string][]optable.Parent{}
	for i := range gen.Operations.Schemas {
		s := &gen.Operations.Schemas[i]
		typ, parents, ok := shownResource(s)
		if !ok {
			continue
		}
		if old, twice := stated[typ]; twice && !slices.Equal(old, parents) {
			t.Errorf("%s: %s belongs to %v, and to %v by another component", s.Name, typ, parents, old)
		}
		stated[typ] = parents
	}
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		for _, r := range op.Responses {
			if r.Schema == nil || r.Status == 0 || r.Status >= http.StatusBadRequest {
				continue
			}
			entry, list := entryOf(r.Schema)
			typ, _, _ := shownResource(entry)
			if _, ok := stated[typ]; typ != "" && typ != "list" && !ok && (list || op.Method == http.MethodPost) {
				t.Errorf("%s: no component of the type %q has x-parent", op.ID, typ)
			}
		}
	}
	for typ, parents := range stated {
		for _, p := range parents {
			if _, ok := stated[p.Type]; !ok {
				t.Errorf("%s: belongs to the unknown type %q", typ, p.Type)
			}
		}
	}
}

// named are parameters of paths that find nothing which the sandbox keeps under them.
var unnamed = []string{"sso.jwks.get clientId", "radar.lists.create type", "radar.lists.create action",
	"radar.lists.delete type", "radar.lists.delete action"}

// A path parameter identifies a resource by an ID, whose prefix gives the type, or by x-names.
func TestParametersOfPathsSayWhatTheyFind(t *testing.T) {
	t.Parallel()
	types := map[string]bool{}
	for i := range gen.Operations.Schemas {
		typ, _, _ := shownResource(&gen.Operations.Schemas[i])
		types[typ] = true
	}
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		for _, p := range op.Parameters {
			typ, property, named := strings.Cut(p.Names, ".")
			switch {
			case p.In != optable.InPath:
			case named && (!types[typ] || property == ""):
				t.Errorf("%s: {%s} names the unknown %q", op.ID, p.Name, p.Names)
			case !named && len(p.Schema.IDPrefixes) == 0 && !slices.Contains(unnamed, op.ID+" "+p.Name):
				t.Errorf("%s: {%s} has neither x-names nor x-id-prefix", op.ID, p.Name)
			}
		}
	}
}

// A parameter of a list is that of a page, the name of a property of the items, or has x-filter.
func TestParametersOfListsSayWhatTheyCompare(t *testing.T) {
	t.Parallel()
	paging := []string{"before", "after", "limit", "order"}
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		if op.Method != http.MethodGet || len(op.Responses) == 0 || op.Responses[0].Schema == nil {
			continue
		}
		entry, list := entryOf(op.Responses[0].Schema)
		for entry.Ref != "" {
			entry = gen.Operations.Schema(entry.Ref)
		}
		for _, p := range op.Parameters {
			if !list || p.In != optable.InQuery || slices.Contains(paging, p.Name) {
				continue
			}
			if p.Filter == nil && entry.Property(p.Name) == nil {
				t.Errorf("%s: %s has no x-filter, and %s no property of that name", op.ID, p.Name, entry.Name)
			}
		}
	}
}
