package mcpadapter

import (
	"context"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// maxLimits is how many limits a search returns.
const maxLimits = 2

// placedLimit is a limit with the tools that people try for it: one, or those of a toolset.
type placedLimit struct {
	limit *optable.Limit
	tools []*tool
}

// limitsOf returns what the API cannot do by any of the tools: first by operation, then by toolset.
func limitsOf(tools []*tool, table *optable.Table) []placedLimit {
	var list []placedLimit
	for _, t := range tools {
		for i := range t.operation.Limits {
			list = append(list, placedLimit{&t.operation.Limits[i], []*tool{t}})
		}
	}
	for i := range table.Toolsets {
		set := &table.Toolsets[i]
		if len(set.Limits) == 0 {
			continue
		}
		members := slices.DeleteFunc(slices.Clone(tools), func(t *tool) bool { return t.toolset != set.Name })
		for j := range set.Limits {
			list = append(list, placedLimit{&set.Limits[j], members})
		}
	}
	return list
}

// Limits returns what the API cannot do of a request in plain words, with what to do instead: the limits of operations
// and toolsets (x-limits) of which all words of a request are asked for. It omits those of tools that the filters of
// the context reject. There are at most two, the most exact first.
func (a *Adapter) Limits(ctx context.Context, query string) []string {
	filters := a.engine.filtersIn(ctx)
	var texts []string
	for _, i := range a.searchIndex().Search(query, func(int) bool { return false }).Notes {
		l := a.limits[i]
		permitted := slices.ContainsFunc(l.tools, func(t *tool) bool { return passes(filters, t) })
		if permitted && len(texts) < maxLimits && !slices.Contains(texts, l.limit.Text) {
			texts = append(texts, l.limit.Text)
		}
	}
	return texts
}

// Limits returns what people try with the operation and the API cannot do, with what to do instead (x-limits).
func (t Tool) Limits() []string {
	if t.operation == nil {
		return nil
	}
	return t.limits()
}

func (t *tool) limits() []string {
	texts := make([]string, len(t.operation.Limits))
	for i, l := range t.operation.Limits {
		texts[i] = l.Text
	}
	return texts
}

// adviseLimits returns the limits as advice, for a call that may have run into one.
func (t *tool) adviseLimits() string { return strings.Join(t.limits(), " ") }
