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
		}
	}
	return search.New(documents, table.Synonyms)
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
// synonyms of the table and the extension x-keywords of an operation. The first search builds the index.
func (a *Adapter) Search(ctx context.Context, query string, limit int) []Tool {
	filters := a.engine.filtersIn(ctx)
	tools := []Tool{}
	for _, i := range a.searchIndex().Search(query) {
		if len(tools) >= limit {
			break
		}
		if t := a.tools[i]; passes(filters, t) {
			tools = append(tools, Tool{t})
		}
	}
	return tools
}
