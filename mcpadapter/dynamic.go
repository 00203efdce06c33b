package mcpadapter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Names of the tools of the dynamic mode.
const (
	searchTool   = "search_operations"
	describeTool = "describe_operations"
)

// Bounds of what one call of these tools takes and gives.
const (
	maxQuery     = 500 // characters
	defaultFound = 5
	maxFound     = 20
	maxDescribed = 10
)

// DynamicTool is one of the few tools that stand in for all others in dynamic mode: one searches operations, one
// describes them, and one calls those of each [Effect], so that its hints are true of whatever it calls.
//
// A DynamicTool is immutable and safe for concurrent use, as far as the client is.
type DynamicTool struct {
	Name        string
	Title       string // a few words for people
	Description string // sentences for models
	Hints       Hints
	// InputSchema is a JSON Schema in the adapter's profile, whose root is an object.
	InputSchema json.RawMessage

	adapter *Adapter
	input   *schema
	calls   Effect // of a tool that calls
	// answer does what the tool is for, with checked arguments; nil: the tool calls operations.
	answer func(ctx context.Context, args map[string]any) Result
}

// DynamicTools returns the tools of the dynamic mode. Of those that call operations it leaves out the ones that have
// nothing to call, because the filters of [WithFilter] permit nothing of their effect.
func (a *Adapter) DynamicTools() []*DynamicTool {
	return slices.DeleteFunc(a.dynamicTools(), func(d *DynamicTool) bool {
		return d.answer == nil && !a.offers(a.config.filters, d.calls)
	})
}

func (a *Adapter) dynamicTools() []*DynamicTool {
	tools := []*DynamicTool{
		{
			Name: searchTool, Title: "Search operations",
			Description: "Finds API operations by what you want to do, best first. Call one with the tool in its `call_with`; " +
				"see its arguments with " + describeTool + " unless `required` tells enough.",
			Hints: Hints{ReadOnly: true, Idempotent: true}, input: a.searchInput(), answer: a.answerSearch,
		},
		{
			Name: describeTool, Title: "Describe operations",
			Description: "Gives the description and the full input schema of API operations.",
			Hints:       Hints{ReadOnly: true, Idempotent: true}, input: describeInput(), answer: a.answerDescribe,
		},
		{
			Name: callerOf(EffectRead), Title: "Call an operation that reads",
			Description: "Calls an API operation that changes nothing.",
			Hints:       Hints{ReadOnly: true, Idempotent: true, OpenWorld: true}, input: callInput(), calls: EffectRead,
		},
		{
			Name: callerOf(EffectWrite), Title: "Call an operation that writes",
			Description: "Calls an API operation that creates or changes something.",
			Hints:       Hints{OpenWorld: true}, input: callInput(), calls: EffectWrite,
		},
		{
			Name: callerOf(EffectDestructive), Title: "Call a destructive operation",
			Description: "Calls an API operation that deletes something or cannot be undone.",
			Hints:       Hints{Destructive: true, OpenWorld: true}, input: callInput(), calls: EffectDestructive,
		},
	}
	for _, d := range tools {
		d.adapter = a
		d.InputSchema = appendSchema(nil, d.input, words{profile: a.config.profile})
	}
	return tools
}

// callerOf is the name of the tool that calls the operations of an effect.
func callerOf(e Effect) string { return "call_" + e.String() + "_operation" }

// offers tells whether some operation of the effect passes the filters.
func (a *Adapter) offers(filters []Filter, e Effect) bool {
	return slices.ContainsFunc(a.tools, func(t *Tool) bool { return t.Hints.Effect() == e && passes(filters, t) })
}

func (a *Adapter) searchInput() *schema {
	properties := []property{
		{name: "query", required: true, schema: &schema{
			types: optable.String, minLength: 1, maxLength: maxQuery, description: "What you want to do, in plain words.",
		}},
		{name: "limit", schema: &schema{
			types: optable.Integer, minimum: "1", maximum: strconv.Itoa(maxFound), defaultValue: strconv.Itoa(defaultFound),
		}},
	}
	var toolsets []string
	for _, name := range toolsetsOf(a.Tools()) {
		if name != "" {
			text, _ := json.Marshal(name) //nolint:errchkjson // a string
			toolsets = append(toolsets, string(text))
		}
	}
	if toolsets != nil {
		properties = append(properties, property{name: "toolset", schema: &schema{
			types: optable.String, enum: toolsets, description: "Search only these operations.",
		}})
	}
	return &schema{types: optable.Object, closed: true, properties: properties}
}

func describeInput() *schema {
	return &schema{types: optable.Object, closed: true, properties: []property{{
		name: "operations", required: true, schema: &schema{
			types: optable.Array, minItems: 1, maxItems: maxDescribed, description: "Names of operations.",
			items: &schema{types: optable.String},
		},
	}}}
}

func callInput() *schema {
	return &schema{types: optable.Object, closed: true, properties: []property{
		{name: "operation", required: true, schema: &schema{types: optable.String, description: "Name of the operation."}},
		{name: wholeArguments, schema: &schema{types: optable.Object, description: "As its input schema says."}},
	}}
}

// Invoke checks the arguments, a JSON object, and does what the tool is for. A call of an operation is one of
// [Tool.Invoke], with all its checks, filters and confirmations. It does not panic, and every problem is a failure in
// the result.
func (d *DynamicTool) Invoke(ctx context.Context, arguments json.RawMessage) (result Result) {
	defer func() {
		if recover() != nil {
			result = failed(d.adapter.config.panicked(ctx, d.Name))
		}
	}()
	if d.answer == nil {
		to, f := d.target(ctx, arguments)
		if f != nil {
			return failed(f).bounded(d.adapter.config.resultBytes(ctx))
		}
		result = to.tool.Invoke(ctx, to.arguments)
		result.Repaired = append(to.repaired, result.Repaired...)
		return result
	}
	var r repairer
	args, f := d.read(&r, arguments)
	if f != nil {
		return failed(f).bounded(d.adapter.config.resultBytes(ctx))
	}
	result = d.answer(ctx, args)
	result.Repaired = r.paths
	return result
}

// read reads and checks the tool's own arguments.
func (d *DynamicTool) read(r *repairer, arguments json.RawMessage) (map[string]any, *Failure) {
	args, err := r.arguments(arguments)
	if err != nil {
		return nil, invalidArguments("the arguments are unusable: "+err.Error(), nil)
	}
	r.inside(d.input, args, "")
	var c checker
	c.value(d.input, args, "")
	if len(c.problems) > 0 {
		return nil, invalidArguments("nothing was done", c.problems)
	}
	return args, nil
}

// foundOperation is an operation as a search tells it.
type foundOperation struct {
	Name        string   `json:"name"`
	Summary     string   `json:"summary,omitempty"`
	Description string   `json:"description,omitempty"`
	CallWith    string   `json:"call_with"`
	Required    []string `json:"required,omitempty"`
}

func (a *Adapter) answerSearch(ctx context.Context, args map[string]any) Result {
	query, _ := args["query"].(string)
	if toolset, ok := args["toolset"].(string); ok {
		var err error
		if ctx, err = a.Narrow(ctx, Filter{Toolsets: []string{toolset}}); err != nil {
			return failed(invalidArguments(err.Error(), nil))
		}
	}
	limit := defaultFound
	if number, ok := args["limit"].(json.Number); ok {
		limit, _ = strconv.Atoi(string(number))
	}
	list := []any{}
	for _, t := range a.Search(ctx, query, limit) {
		f := foundOperation{
			Name: t.Name, Summary: t.Title, Description: t.operation.Description, CallWith: callerOf(t.Hints.Effect()),
		}
		for _, p := range t.input.root.properties {
			if p.required {
				f.Required = append(f.Required, p.name)
			}
		}
		list = append(list, f)
	}
	advice := ""
	if len(list) == 0 {
		advice = "No operation that is permitted has any of these words. Use others, another toolset, or read " +
			CatalogueURI + "."
	}
	return a.told(ctx, list, advice)
}

// told answers with as many of the operations as fit.
func (a *Adapter) told(ctx context.Context, list []any, advice string) Result {
	most := a.config.resultBytes(ctx)
	for given := len(list); ; given-- {
		if given < len(list) {
			advice = fmt.Sprintf("%s left out to fit into %d bytes. Ask for fewer at once.",
				plural(len(list)-given, "operation"), most)
		}
		result := object(struct {
			Operations []any  `json:"operations"`
			Advice     string `json:"advice,omitempty"`
		}{list[:given], advice})
		if most == 0 || len(result.JSON) <= most || given == 0 {
			return result
		}
	}
}

// describedOperation is an operation in full.
type describedOperation struct {
	foundOperation

	Toolset      string          `json:"toolset,omitempty"`
	InputSchema  json.RawMessage `json:"input_schema"`
	OutputSchema json.RawMessage `json:"output_schema,omitempty"`
}

func (a *Adapter) answerDescribe(ctx context.Context, args map[string]any) Result {
	names, _ := args["operations"].([]any)
	list := make([]any, 0, len(names))
	var problems []Problem
	for i, name := range names {
		text, _ := name.(string)
		t, problem := a.named(text, "operations["+strconv.Itoa(i)+"]")
		if t == nil {
			problems = append(problems, problem)
			continue
		}
		if f := t.Filtered(ctx); f != nil {
			return failed(f)
		}
		list = append(list, describedOperation{
			foundOperation: foundOperation{
				Name: t.Name, Summary: t.Title, Description: t.Description, CallWith: callerOf(t.Hints.Effect()),
			},
			Toolset: t.Toolset, InputSchema: t.schemaIn(ctx), OutputSchema: t.OutputSchema,
		})
	}
	if len(problems) > 0 {
		return failed(invalidArguments("nothing was described", problems))
	}
	return a.told(ctx, list, "")
}

// named returns the operation of a name in any style, or else what is wrong with the argument at that place.
func (a *Adapter) named(name, at string) (*Tool, Problem) {
	t, err := a.Tool(name)
	if err == nil {
		return t, Problem{}
	}
	p := Problem{Argument: at, Message: fmt.Sprintf("there is no operation %q", preview(name))}
	if unknown := (*UnknownToolError)(nil); errors.As(err, &unknown) {
		p.Nearest = unknown.Nearest
	}
	if p.Nearest == nil {
		p.Message += "; " + searchTool + " finds those that there are"
	}
	return nil, p
}
