package mcpadapter

import (
	"context"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/search"
)

// keywords is the extension with words that people use for an operation.
const keywords = "x-keywords"

func newSearchIndex(tools []*tool, table *optable.Table) *search.Index {
	documents := make([]search.Document, len(tools))
	for i, t := range tools {
		var arguments strings.Builder
		for _, p := range t.input.root.Properties {
			arguments.WriteString(p.Name + " " + p.Schema.Described() + " ")
		}
		documents[i] = search.Document{
			Name: t.name, Summary: t.title, Keywords: t.operation.Extension(keywords),
			Description: t.operation.Description, Arguments: arguments.String(),
			Toolset: t.toolset + " " + descriptionOf(t.toolset, table.Toolsets),
			Reads:   t.annotations.ReadOnly, Destroys: t.risk.Has(RiskDestroys),
		}
	}
	limits := limitsOf(tools, table)
	notes := make([]search.Note, len(limits))
	for i, l := range limits {
		notes[i] = search.Note{Requests: l.limit.Requests}
	}
	return search.New(documents, table.Synonyms, notes...)
}

func descriptionOf(toolset string, sets []optable.Toolset) string {
	for _, set := range sets {
		if set.Name == toolset {
			return set.Description
		}
	}
	return ""
}

// Search returns the tools that best match a request in plain words, best first and at most limit. It omits tools that
// the filters of the context reject; use [Adapter.Narrow] to search toolsets.
//
// Words are ranked by BM25 on their stems, in names, summaries, descriptions, arguments and toolsets, and by the
// synonyms of the table and the extension x-keywords of an operation, whose words also count a little for operations on
// the same thing, and which teach the turns of phrase that an operation is asked for in. Questions lead to tools that
// read, and a tool that destroys comes first only for a request with a word that destroys, or if no other is found. The
// first search builds the index.
func (a *Adapter) Search(ctx context.Context, query string, limit int) []Tool {
	tools, _ := a.search(ctx, query, limit)
	return wrapped(tools)
}

// search also reports whether the best tool has little of what the query is about.
func (a *Adapter) search(ctx context.Context, query string, limit int) (tools []*tool, weak bool) {
	filters := a.engine.filtersIn(ctx)
	found := a.searchIndex().Search(query, func(i int) bool { return passes(filters, a.tools[i]) })
	best := found.Documents[:max(0, min(limit, len(found.Documents)))]
	tools = make([]*tool, len(best))
	for i, document := range best {
		tools[i] = a.tools[document]
	}
	return tools, found.Weak
}
