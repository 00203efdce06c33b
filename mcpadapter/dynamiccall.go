package mcpadapter

import (
	"context"
	"encoding/json"
	"fmt"
)

// target is what a call of an operation is for.
type target struct {
	tool      *tool
	arguments json.RawMessage // as they are to be given to the tool
	repaired  []string        // as in Result, of the arguments around them
}

// target reads which operation a call is for, and the arguments of that. Nothing is sent where it returns a failure.
func (d *dynamicTool) target(ctx context.Context, arguments json.RawMessage) (target, *Failure) {
	var r repairer
	args, err := r.arguments(arguments)
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
			return target{}, f
		}
		if effect := t.annotations.Effect(); effect != d.calls {
			problems = append(problems, Problem{
				Argument: "operation", Message: fmt.Sprintf("%s is not of this tool: call it with %s", t.name, callerOf(effect)),
			})
		}
	}
	inner, err := json.Marshal(args[wholeArguments]) // null, for none, is {} to the operation
	if err != nil {
		return target{}, invalidArguments("the arguments cannot be written as JSON", nil)
	}
	if _, isText := args[wholeArguments].(string); isText || args[wholeArguments] == nil {
		delete(args, wholeArguments) // the operation reads the object in the text
	}
	var c checker
	c.value(d.input, args, "")
	if problems = append(problems, d.misplaced(t, c.problems)...); len(problems) > 0 {
		return target{}, d.refused(t, problems)
	}
	return target{t, inner, r.paths}, nil
}

// misplaced tells of arguments of the operation that stand beside its name where they belong.
func (*dynamicTool) misplaced(t *tool, problems []Problem) []Problem {
	for i, p := range problems {
		if t != nil && t.input.published().Property(p.Argument) != nil {
			problems[i] = Problem{Argument: p.Argument, Message: "belongs inside of arguments"}
		}
	}
	return problems
}

// refused is the failure of a call that is not sent, with an example of one for the same operation.
func (d *dynamicTool) refused(t *tool, problems []Problem) *Failure {
	f := invalidArguments("nothing was sent", problems)
	if t != nil && t.annotations.Effect() == d.calls {
		f.Example, _ = json.Marshal(struct { //nolint:errchkjson // the example is JSON
			Operation string          `json:"operation"`
			Arguments json.RawMessage `json:"arguments,omitempty"`
		}{t.name, t.example(nil, nil)})
	}
	return f
}
