package mcpadapter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// Names of the tools of the dynamic mode.
const (
	searchTool   = "search_operations"
	describeTool = "describe_operations"
)

// Limits of one call of these tools.
const (
	maxQuery     = 500 // characters
	defaultFound = 5
	maxFound     = 20
	maxDescribed = 10
)

// dynamicTool is what a tool of the dynamic mode has instead of an operation.
type dynamicTool struct {
	adapter *Adapter
	schema  *value.Schema
	calls   Effect // of a tool that calls
	// respond runs the tool with checked arguments. nil: the tool calls operations.
	respond  func(ctx context.Context, args map[string]any) Result
	programs *programs // of the tool that runs programs; nil: it is another one
}

// DynamicTools returns the tools that replace all others in dynamic mode: one searches operations, one describes them,
// and one for each [Effect] calls them, so that its annotations are true of everything it calls. A call through them is
// subject to the checks, filters and confirmations of the operation.
//
// A tool that calls operations is omitted if the filters of [WithFilter] permit no operation of its effect.
// [Adapter.AllDynamicTools] includes it.
func (a *Adapter) DynamicTools() []Tool {
	return slices.DeleteFunc(a.AllDynamicTools(), func(t Tool) bool {
		return t.dynamic.isIdle(a.engine.filters)
	})
}

// AllDynamicTools is [Adapter.DynamicTools] with the tools that have nothing to call, for servers that explain why a
// call is rejected.
func (a *Adapter) AllDynamicTools() []Tool { return wrapped(a.dynamic()) }

func (a *Adapter) newDynamicTools() []*tool {
	tools := []*tool{
		{
			name: searchTool, title: "Search operations",
			description: "Finds operations by what you want to do: name({arguments}) // what it does, and " +
				"which tool calls it. `?` is optional; without a type it is a string.",
			risk:        RiskReads,
			annotations: Annotations{ReadOnly: true, Idempotent: true},
			dynamic:     &dynamicTool{schema: a.searchInput(), respond: a.answerSearch},
		},
		{
			name: describeTool, title: "Describe operations",
			description: "Full input schemas of operations, if their line leaves out (…) what you need.",
			risk:        RiskReads,
			annotations: Annotations{ReadOnly: true, Idempotent: true},
			dynamic:     &dynamicTool{schema: describeInput(), respond: a.answerDescribe},
		},
		a.caller(EffectRead, "Call to read", "Calls an operation that changes nothing."),
		a.caller(EffectWrite, "Call to write", "Calls an operation that adds or changes something."),
		a.caller(EffectDestructive, "Call to destroy",
			"Calls an operation that replaces or deletes something, or cannot be undone."),
	}
	for _, t := range tools {
		t.engine, t.confirmedFrom, t.dynamic.adapter = a.engine, never, a
		t.publish(t.dynamic.schema)
	}
	return tools
}

// caller returns the tool that calls the operations of an effect. What its risks and annotations say is true of each.
func (a *Adapter) caller(effect Effect, title, description string) *tool {
	t := &tool{
		name: callerOf(effect), title: title, description: description,
		annotations: Annotations{ReadOnly: effect == EffectRead, Idempotent: true},
		dynamic:     &dynamicTool{schema: callInput(), calls: effect},
	}
	for _, called := range a.tools {
		if called.risk.Effect() == effect {
			t.risk |= called.risk
			t.annotations.Destructive = t.annotations.Destructive || called.annotations.Destructive
			t.annotations.Idempotent = t.annotations.Idempotent && called.annotations.Idempotent
			t.annotations.OpenWorld = t.annotations.OpenWorld || called.annotations.OpenWorld
		}
	}
	return t
}

// callerOf returns the name of the tool that calls operations of an effect.
func callerOf(e Effect) string { return "call_" + e.String() + "_operation" }

// Caller returns the name of the tool of [Adapter.DynamicTools] that calls the operation; "" for those tools.
func (t Tool) Caller() string {
	if t.dynamic != nil {
		return ""
	}
	return callerOf(t.risk.Effect())
}

// isIdle reports whether the tool calls operations and the filters permit none of its effect.
func (d *dynamicTool) isIdle(filters []Filter) bool {
	return d.respond == nil && !slices.ContainsFunc(d.adapter.tools, func(t *tool) bool {
		return t.risk.Effect() == d.calls && passes(filters, t)
	})
}

func describeInput() *value.Schema {
	return &value.Schema{Types: optable.Object, Closed: true, Properties: []value.Property{{
		Name: "operations", Required: true, Schema: &value.Schema{
			Types: optable.Array, MinItems: 1, MaxItems: maxDescribed, Description: "Names of operations.",
			Items: &value.Schema{Types: optable.String},
		},
	}}}
}

func callInput() *value.Schema {
	return &value.Schema{Types: optable.Object, Closed: true, Properties: []value.Property{
		{
			Name: "operation", Required: true,
			Schema: &value.Schema{Types: optable.String, Description: "Name of the operation."},
		},
		{Name: wholeArguments, Schema: &value.Schema{Types: optable.Object}},
	}}
}

// invoke checks the arguments, a JSON object, and runs the tool. A call of an operation runs the tool of the operation.
func (d *dynamicTool) invoke(ctx context.Context, arguments json.RawMessage, approve approval) Result {
	if d.respond == nil {
		to, f := d.readTarget(ctx, arguments)
		if f != nil {
			result := failed(f).limited(d.adapter.engine.resultBytes(ctx))
			if to.tool != nil { // a filter rejects the operation
				d.adapter.engine.observe(ctx, &call{tool: to.tool}, nil, result)
			}
			return result
		}
		result := to.tool.invoke(ctx, to.arguments, approve)
		result.Repaired = append(to.repaired, result.Repaired...)
		return result
	}
	var r repairer
	args, f := d.read(&r, arguments)
	if f != nil {
		return failed(f).limited(d.adapter.engine.resultBytes(ctx))
	}
	result := d.respond(ctx, args)
	result.Repaired = r.repaired
	return result
}

// read parses and checks the arguments of the tool itself.
func (d *dynamicTool) read(r *repairer, arguments json.RawMessage) (map[string]any, *Failure) {
	args, err := r.readArguments(arguments)
	if err != nil {
		return nil, invalidArguments("the arguments are unusable: "+err.Error(), nil)
	}
	r.inside(d.schema, args, "")
	var c checker
	c.value(d.schema, args, "")
	if len(c.problems) > 0 {
		return nil, invalidArguments("nothing was done", c.problems)
	}
	return args, nil
}

// describedOperation is an operation in the result of a description.
type describedOperation struct {
	Name        string `json:"name"`
	Summary     string `json:"summary,omitempty"`
	Description string `json:"description,omitempty"`
	CallWith    string `json:"call_with"`

	Toolset      string          `json:"toolset,omitempty"`
	Limits       []string        `json:"limits,omitempty"` // what people try with it in vain
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
		if f := t.filtered(ctx); f != nil {
			return failed(f)
		}
		input, differs := Tool{t}.InputSchemaIn(ctx)
		if !differs {
			input = Tool{t}.InputSchema()
		}
		list = append(list, describedOperation{
			Name: t.name, Summary: t.title, Description: t.description, CallWith: callerOf(t.risk.Effect()),
			Toolset: t.toolset, Limits: t.limits(), InputSchema: input, OutputSchema: Tool{t}.OutputSchema(),
		})
	}
	if len(problems) > 0 {
		return failed(invalidArguments("nothing was described", problems))
	}
	return a.operationsThatFit(ctx, list, nil, "")
}

// named returns the operation with a name in any style, or the problem of the argument with that name.
func (a *Adapter) named(name, at string) (*tool, Problem) {
	t, err := a.tool(name)
	if err == nil {
		return t, Problem{}
	}
	p := Problem{Argument: at, Message: fmt.Sprintf("unknown operation %q", phrase.Preview(name))}
	if unknown := (*UnknownToolError)(nil); errors.As(err, &unknown) {
		p.Nearest = unknown.Nearest
	}
	if p.Nearest == nil {
		p.Message += "; " + searchTool + " finds the existing ones"
	}
	return nil, p
}

// target is the operation that a call is for.
type target struct {
	tool      *tool
	arguments json.RawMessage // as they are to be given to the tool
	repaired  []string        // as in Result, of the arguments around them
}

// readTarget returns the operation that a call is for, and the arguments for it. Nothing is sent if it returns a
// failure.
func (d *dynamicTool) readTarget(ctx context.Context, arguments json.RawMessage) (target, *Failure) {
	var r repairer
	args, err := r.readArguments(arguments)
	if err != nil {
		return target{}, invalidArguments("the arguments are unusable: "+err.Error(), nil)
	}
	name, named := args["operation"].(string)
	var t *tool
	var problems []Problem
	if named {
		var problem Problem
		if t, problem = d.adapter.named(name, "operation"); t == nil {
			problems = append(problems, problem)
		}
	}
	if t != nil {
		if f := t.filtered(ctx); f != nil {
			return target{tool: t}, f
		}
		if effect := t.risk.Effect(); effect != d.calls {
			problems = append(problems, Problem{
				Argument: "operation",
				Message:  fmt.Sprintf("%s cannot be called with this tool: call it with %s", t.name, callerOf(effect)),
			})
		}
	}
	inner, err := json.Marshal(args[wholeArguments]) // null, if absent, means {} to the operation
	if err != nil {
		return target{}, invalidArguments("the arguments cannot be written as JSON", nil)
	}
	if _, isText := args[wholeArguments].(string); isText || args[wholeArguments] == nil {
		delete(args, wholeArguments) // the operation reads the object in the text
	}
	var c checker
	c.value(d.schema, args, "")
	if problems = append(problems, d.misplaced(t, c.problems)...); len(problems) > 0 {
		return target{}, d.refused(t, problems)
	}
	return target{t, inner, r.repaired}, nil
}

// misplaced rewrites the problems of arguments of the operation that stand beside its name.
func (*dynamicTool) misplaced(t *tool, problems []Problem) []Problem {
	for i, p := range problems {
		if t != nil && t.input().published().Property(p.Argument) != nil {
			problems[i] = Problem{Argument: p.Argument, Message: "belongs inside arguments"}
		}
	}
	return problems
}

// refused adds an example of valid arguments to the failure of a call that is not sent.
func (d *dynamicTool) refused(t *tool, problems []Problem) *Failure {
	f := invalidArguments("nothing was sent", problems)
	if t != nil && t.risk.Effect() == d.calls {
		f.Example, _ = json.Marshal(struct { //nolint:errchkjson // the example is JSON
			Operation string          `json:"operation"`
			Arguments json.RawMessage `json:"arguments,omitempty"`
		}{t.name, t.example(nil, problems)})
	}
	return f
}
