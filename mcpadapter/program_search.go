package mcpadapter

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

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
		t, problem := a.named(strings.TrimPrefix(text, "api."), "operations["+strconv.Itoa(i)+"]")
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
		if text := objectType(s, maxSignature); text != "" {
			result = text
		}
	}
	line := "api." + t.name + "(" + objectType(t.input.root, maxSignature) + "): " + result
	if t.title != "" {
		line += " // " + t.title
	}
	return line
}

// responses compiles the schemas of responses.
type responses struct{ compiler *value.Compiler }

func (e *engine) responseCompiler() responses { return responses{value.NewCompiler(e.table)} }

// of returns the schema of a successful response, or nil if the table describes none that is an object.
func (r responses) of(op *optable.Operation) *value.Schema {
	for i := range op.Responses {
		a := &op.Responses[i]
		if a.Status/100 != 2 || a.Schema == nil { //nolint:mnd // success, RFC 9110 section 15.3
			continue
		}
		s, err := r.compiler.Compile(a.Schema)
		if err != nil || s == nil {
			return nil
		}
		if s.Types.Has(optable.Array) && !s.Types.Has(optable.Object) {
			s = &value.Schema{
				Types: optable.Object, Properties: []value.Property{{Name: dataMember, Required: true, Schema: s}},
			}
		}
		return s
	}
	return nil
}
