package mcpadapter

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// IDForms returns the prefixes of IDs (x-id-prefix) that the parameters of operations have most often, at most so many
// and the most frequent first. Each has the component that it identifies, as in "org_ (Organization)", unless the
// prefix says it already.
func (a *Adapter) IDForms(most int) []string {
	table := a.engine.table
	uses := map[string]int{}
	for _, op := range table.Operations {
		for _, p := range op.Parameters {
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
		if s == nil || s.Property("id") == nil {
			continue
		}
		for _, prefix := range s.Property("id").Schema.IDPrefixes {
			owners[prefix] = s.Name
		}
	}
	return owners
}
