package mcpadapter

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// idPrefixes returns what IDs of the table begin with (x-id-prefix), the longest first.
func idPrefixes(table *optable.Table) []string {
	found := map[string]bool{}
	for i := range table.Operations {
		op := &table.Operations[i]
		for j := range op.Parameters {
			addPrefixes(found, op.Parameters[j].Schema)
		}
		if op.Body != nil {
			addPrefixes(found, op.Body.Schema)
		}
	}
	for i := range table.Schemas {
		addPrefixes(found, &table.Schemas[i])
	}
	prefixes := make([]string, 0, len(found))
	for prefix := range found {
		prefixes = append(prefixes, prefix)
	}
	slices.SortFunc(prefixes, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	return prefixes
}

// addPrefixes adds the prefixes of a schema and of those within it. Components come by themselves.
func addPrefixes(found map[string]bool, s *optable.Schema) {
	if s == nil {
		return
	}
	for _, prefix := range s.IDPrefixes {
		found[prefix] = true
	}
	addPrefixes(found, s.Items)
	addPrefixes(found, s.Additional)
	for i := range s.Properties {
		addPrefixes(found, s.Properties[i].Schema)
	}
	for _, parts := range [][]optable.Schema{s.Composed().AllOf, s.Composed().OneOf, s.Composed().AnyOf} {
		for i := range parts {
			addPrefixes(found, &parts[i])
		}
	}
}

// kindOf returns the longest prefix of IDs that a text begins with, or "". The rest must be as of an ID: without
// spaces and not empty.
func (e *engine) kindOf(text string) string {
	for _, prefix := range e.prefixes() {
		if rest, found := strings.CutPrefix(text, prefix); found && rest != "" && !strings.ContainsAny(rest, " \t\n") {
			return prefix
		}
	}
	return ""
}

// checkKinds reports IDs of one kind where the table has the prefix of another. A text that begins like no ID at all
// is left to the API, which may know older forms.
func (c *checker) checkKinds(e *engine, s *value.Schema, v any, at string) {
	switch v := v.(type) {
	case string:
		c.checkKind(e, s, v, at)
	case []any:
		for i := range v {
			if s.Items != nil {
				c.checkKinds(e, s.Items, v[i], at+"["+strconv.Itoa(i)+"]")
			}
		}
	case map[string]any:
		if s.Union != nil {
			if s = s.Union.Variant(v[s.Union.Property]); s == nil {
				return
			}
		}
		for _, name := range value.SortedNames(v) {
			if p := s.Property(name); p != nil {
				c.checkKinds(e, p.Schema, v[name], jsontext.Join(at, name))
			}
		}
	}
}

func (c *checker) checkKind(e *engine, s *value.Schema, text, at string) {
	if len(s.IDPrefixes) == 0 {
		return
	}
	kind := e.kindOf(text)
	if kind == "" || slices.Contains(s.IDPrefixes, kind) {
		return
	}
	c.failf(at, "expected an ID that begins with %s, got one that begins with %s",
		strings.Join(s.IDPrefixes, " or "), kind)
}

// checkKinds reports the arguments that are IDs of a wrong kind, with the tool that lists those of the right one.
func (t *tool) checkKinds(args map[string]any) []Problem {
	var c checker
	for _, name := range value.SortedNames(args) {
		p := t.input().argument(name, args)
		if p == nil {
			continue
		}
		before := len(c.problems)
		c.checkKinds(t.engine, p.Schema, args[name], name)
		if len(c.problems) == before {
			continue
		}
		if list := t.engine.neighbours().finder(t, name); list != nil && list != t {
			c.problems[before].Message += "; " + list.name + " finds it"
		}
	}
	return c.problems
}

// pair adds to the problems of unknown arguments the missing ones that they may mean: the only missing ID, or the one
// whose prefix the value has.
func (t *tool) pair(problems []Problem, args map[string]any) {
	var missing []*value.Property
	for i := range t.input().root.Properties {
		p := &t.input().root.Properties[i]
		words := phrase.Words(p.Name)
		isID := len(p.Schema.IDPrefixes) > 0 || len(words) > 0 && words[len(words)-1] == "id"
		if _, given := args[p.Name]; !given && p.Required && isID {
			missing = append(missing, p)
		}
	}
	for i := range problems {
		p := &problems[i]
		v, given := args[p.Argument]
		if !given || t.input().root.Property(p.Argument) != nil {
			continue
		}
		text, _ := v.(string)
		kind := t.engine.kindOf(text)
		var fitting []string
		for _, m := range missing {
			if kind == "" && len(missing) == 1 && namesID(p.Argument) ||
				kind != "" && slices.Contains(m.Schema.IDPrefixes, kind) {
				fitting = append(fitting, m.Name)
			}
		}
		if len(fitting) == 1 {
			p.Message, p.Nearest = "is unknown", fitting
		}
	}
}

// namesID reports whether an argument is called as an ID may be.
func namesID(name string) bool {
	words := phrase.Words(name)
	return len(words) > 0 && slices.Contains([]string{"id", "ids", "identifier", "uid", "uuid"}, words[len(words)-1])
}

// IDForms returns the prefixes of IDs (x-id-prefix) that the parameters of operations have most often, at most so many
// and the most frequent first. Each has the component that it identifies, as in "org_ (Organization)", unless the
// prefix says it already.
func (a *Adapter) IDForms(most int) []string {
	table := a.engine.table
	uses := map[string]int{}
	for _, op := range table.Operations {
		for _, p := range op.Parameters {
			if p.Schema == nil {
				continue
			}
			for _, prefix := range p.Schema.IDPrefixes {
				uses[prefix]++
			}
		}
	}
	forms := slices.SortedFunc(maps.Keys(uses), func(a, b string) int {
		return cmp.Or(cmp.Compare(uses[b], uses[a]), cmp.Compare(a, b))
	})
	forms = forms[:min(most, len(forms))]
	owners := idOwners(table)
	for i, prefix := range forms {
		if owner := owners[prefix]; owner != "" && !strings.EqualFold(owner, strings.ReplaceAll(prefix, "_", "")) {
			forms[i] += " (" + owner + ")"
		}
	}
	return forms
}

// idOwners returns the components that operations get by ID, by the prefix of the ID.
func idOwners(table *optable.Table) map[string]string {
	owners := map[string]string{}
	for _, op := range table.Operations {
		byID := op.Method == http.MethodGet && strings.HasSuffix(op.Path, "}")
		if !byID || len(op.Responses) == 0 || op.Responses[0].Schema == nil {
			continue
		}
		s := table.Schema(op.Responses[0].Schema.Ref)
		if s == nil {
			continue
		}
		if p := s.Property("id"); p != nil && p.Schema != nil {
			for _, prefix := range p.Schema.IDPrefixes {
				owners[prefix] = s.Name
			}
		}
	}
	return owners
}
