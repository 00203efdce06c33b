package mcpadapter

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/search"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/typescript"
)

// keywords is the extension with words that people use for an operation.
const keywords = "x-keywords"

func newSearchIndex(tools []*tool, table *optable.Table) *search.Index {
	documents := make([]search.Document, len(tools))
	for i, t := range tools {
		var arguments strings.Builder
		for _, p := range t.derive().root.Properties { // which the index does not need again
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

func (a *Adapter) searchInput() *value.Schema {
	properties := []value.Property{
		{Name: "query", Required: true, Schema: &value.Schema{
			Types: optable.String, MinLength: 1, MaxLength: maxQuery, Description: "What you want to do, in plain words.",
		}},
		{Name: "limit", Schema: &value.Schema{
			Types: optable.Integer, Minimum: "1", Maximum: strconv.Itoa(maxFound), Default: strconv.Itoa(defaultFound),
		}},
	}
	var toolsets []string
	for _, name := range toolsetsOf(a.permitted(a.engine.filters)) {
		if name != "" {
			text, _ := json.Marshal(name) //nolint:errchkjson // a string
			toolsets = append(toolsets, string(text))
		}
	}
	if toolsets != nil {
		properties = append(properties, value.Property{Name: "toolset", Schema: &value.Schema{
			Types: optable.String, Enum: toolsets, Description: "Search only these operations.",
		}})
	}
	return &value.Schema{Types: optable.Object, Closed: true, Properties: properties}
}

func (a *Adapter) answerSearch(ctx context.Context, args map[string]any) Result {
	return a.found(ctx, args, func(t *tool) string { return t.signature() + " [" + callerOf(t.risk.Effect()) + "]" })
}

// found returns a line for each operation that a search finds.
func (a *Adapter) found(ctx context.Context, args map[string]any, line func(*tool) string) Result {
	ctx, limit, f := a.searchSettings(ctx, args, defaultFound)
	if f != nil {
		return failed(f)
	}
	query, _ := args["query"].(string)
	tools, weak := a.search(ctx, query, limit)
	list := make([]any, len(tools))
	for i, t := range tools {
		list[i] = line(t)
	}
	limits := a.Limits(ctx, query)
	return a.operationsThatFit(ctx, list, limits, a.engine.adviceFor(len(list), weak && limits == nil))
}

// searchSettings returns the context of a search, narrowed to its toolset, and how many operations it may find.
func (a *Adapter) searchSettings(
	ctx context.Context, args map[string]any, limit int,
) (context.Context, int, *Failure) {
	if toolset, ok := args["toolset"].(string); ok {
		narrowed, err := a.Narrow(ctx, Filter{Toolsets: []string{toolset}})
		if err != nil {
			return ctx, 0, invalidArguments(err.Error(), nil)
		}
		ctx = narrowed
	}
	if number, ok := args["limit"].(json.Number); ok {
		limit, _ = strconv.Atoi(string(number))
	}
	return ctx, limit, nil
}

// adviceFor returns what to try after a search that found nothing, or little of what it is about.
func (e *engine) adviceFor(found int, weak bool) string {
	try := "a verb and the thing in the words of the API, such as \"list webhooks\", another toolset, or read " +
		e.catalogueURI() + "."
	switch {
	case found == 0:
		return "No operation that is permitted has any of these words. Try " + try
	case weak:
		return "These match few of the words. If none is right, try " + try
	}
	return ""
}

// operationsThatFit returns a result with as many of the operations as its limit allows.
func (a *Adapter) operationsThatFit(ctx context.Context, list []any, limits []string, advice string) Result {
	limit := a.engine.resultBytes(ctx)
	for given := len(list); ; given-- {
		if given < len(list) {
			advice = fmt.Sprintf("%s left out to fit into %d bytes. Ask for fewer at once.",
				phrase.Plural(len(list)-given, "operation"), limit)
		}
		result := objectResult(struct {
			Operations []any    `json:"operations"`
			Limits     []string `json:"limits,omitempty"` // what the API cannot do
			Advice     string   `json:"advice,omitempty"`
		}{list[:given], limits, advice})
		if limit == 0 || len(result.JSON) <= limit || given == 0 {
			return result
		}
	}
}

// programSearchInput is the input of the search in code mode: a query, or names of operations.
func (a *Adapter) programSearchInput() *value.Schema {
	s := *a.searchInput()
	s.Properties = append([]value.Property(nil), s.Properties...)
	query := *s.Properties[0].Schema
	query.Description = "What you want to do, in plain words, with a line for each thing."
	s.Properties[0] = value.Property{Name: s.Properties[0].Name, Schema: &query}
	s.Properties = append(s.Properties, value.Property{Name: "operations", Schema: &value.Schema{
		Types: optable.Array, MinItems: 1, MaxItems: maxDescribed, Items: &value.Schema{Types: optable.String},
		Description: "Names, in place of a query.",
	}})
	return &s
}

func (a *Adapter) answerProgramSearch(ctx context.Context, args map[string]any) Result {
	query, searches := args["query"].(string)
	names, declares := args["operations"].([]any)
	switch {
	case searches == declares:
		return failed(invalidArguments("nothing was done",
			[]Problem{{Argument: "query", Message: "expected either a query or operations"}}))
	case declares:
		return a.answerDeclarations(ctx, names)
	}
	var wants []string
	for want := range strings.Lines(query) {
		if want = strings.TrimSpace(want); want != "" {
			wants = append(wants, want)
		}
	}
	if len(wants) <= 1 {
		return a.found(ctx, args, (*tool).programSignature)
	}
	return a.foundForEach(ctx, args, wants)
}

// foundForEach returns what [Adapter.found] does for each of several queries, each operation once. The limit is that of
// one of them.
func (a *Adapter) foundForEach(ctx context.Context, args map[string]any, wants []string) Result {
	ctx, limit, f := a.searchSettings(ctx, args, fewFound)
	if f != nil {
		return failed(f)
	}
	var list []any
	var limits []string
	seen := map[*tool]bool{}
	for _, want := range wants {
		tools, _ := a.search(ctx, want, limit)
		for _, t := range tools {
			if !seen[t] {
				list, seen[t] = append(list, t.programSignature()), true
			}
		}
		for _, text := range a.Limits(ctx, want) {
			if !slices.Contains(limits, text) {
				limits = append(limits, text)
			}
		}
	}
	return a.operationsThatFit(ctx, list, limits, a.engine.adviceFor(len(list), false))
}

// fewFound is how many operations each of several queries finds.
const fewFound = 2

// answerDeclarations returns the declarations of operations.
func (a *Adapter) answerDeclarations(ctx context.Context, names []any) Result {
	list := make([]any, 0, len(names))
	var problems []Problem
	for i, name := range names {
		text, _ := name.(string)
		if a.byName[text] == nil {
			text = typescript.Operation(text)
		}
		t, problem := a.named(text, "operations["+strconv.Itoa(i)+"]")
		if t == nil {
			problems = append(problems, problem)
			continue
		}
		if f := t.filtered(ctx); f != nil {
			return failed(f)
		}
		list = append(list, strings.TrimSpace(t.declaration(a.engine.responseCompiler())))
	}
	if len(problems) > 0 {
		return failed(invalidArguments("nothing was described", problems))
	}
	return a.operationsThatFit(ctx, list, nil, "")
}

// programSignature is the signature of a tool for programs, with the members of its result.
func (t *tool) programSignature() string {
	result := "any"
	if s := t.engine.responseCompiler().of(t.operation); s != nil {
		if text := typescript.Signature(s); text != "" {
			result = text
		}
	}
	line := typescript.Callee(t.name) + "(" + typescript.Signature(t.input().root) + "): " + result
	if t.title != "" {
		line += " // " + t.title
	}
	return line
}

// responses compiles the schemas of responses.
type responses struct{ compiler *value.Compiler }

func (e *engine) responseCompiler() responses { return responses{value.NewCompiler(e.table)} }

// of returns the schema of the result of a successful call, or nil if the table describes none.
func (r responses) of(op *optable.Operation) *value.Schema {
	var redirect *value.Schema
	for i := range op.Responses {
		a := &op.Responses[i]
		switch shape := resultShape(a); {
		case a.Status/100 == http.StatusMultipleChoices/100:
			redirect = shape
			continue
		case shape != nil:
			return shape
		case a.Status/100 != http.StatusOK/100 || a.Schema == nil:
			continue
		}
		s, err := r.compiler.Compile(a.Schema)
		if err != nil || s == nil {
			return nil
		}
		return inResult(s)
	}
	return redirect
}

// inResult returns the schema of the result for a JSON value: an object as it is, and any other value as the member of
// one.
func inResult(s *value.Schema) *value.Schema {
	if len(s.AnyOf) > 0 {
		each := *s
		each.AnyOf = make([]*value.Schema, len(s.AnyOf))
		for i, alternative := range s.AnyOf {
			each.AnyOf[i] = inResult(alternative)
		}
		return &each
	}
	name := valueMember
	switch {
	case s.Within != nil, s.Types == 0, s.Types.Has(optable.Object):
		return s
	case s.Types.Has(optable.Array):
		name = dataMember
	}
	return objectOf(value.Property{Name: name, Required: true, Schema: s})
}
