package mcpadapter

import (
	"context"
	"encoding/json"
	"net/http"
)

// CodeProgramFailed is the code of a failure of the caller's jq program, after the operation succeeded.
const CodeProgramFailed = "jq_failed"

// deliver calls the operation and makes the result that was asked for: first what hides, then what selects, then what
// bounds.
func (c *call) deliver(ctx context.Context) Result {
	t, s := c.tool, c.shaping
	most := t.config.resultBytes(ctx)
	result := c.send(ctx)
	switch {
	case result.Failure != nil:
		return result.bounded(most)
	case !s.allPages && s.fields == nil && s.program == nil && (most == 0 || len(result.JSON) <= most):
		return result
	}
	l := t.config.list(t.operation)
	p, isPage := t.config.page(l, result.JSON)
	if isPage && s.allPages {
		p = c.gather(ctx, p)
		result.JSON = p.json(l)
	}
	if s.program != nil {
		return t.runProgram(ctx, s.program, result.JSON, p, most)
	}
	result.JSON = s.fields.apply(nil, result.JSON)
	if selected, ok := t.config.page(l, result.JSON); ok && isPage {
		whole := p.elements
		p.root, p.elements = selected.root, selected.elements
		return Result{JSON: t.fitPage(l, p, whole, most)}
	}
	if most > 0 && len(result.JSON) > most {
		result.JSON = t.tooLarge(result.JSON, most)
	}
	return result
}

func (t *Tool) runProgram(ctx context.Context, program *program, answer json.RawMessage, p page, most int) Result {
	outputs, rest, err := t.config.runInTurn(ctx, program, answer)
	if err != nil {
		f := &Failure{
			Status: http.StatusOK, Code: CodeProgramFailed,
			Message: "the call succeeded, but the jq program failed: " + err.Error(),
			Advice:  "Details show what the answer is made of. Correct the program and call again.",
			Details: appendShape(nil, answer, maxShapeDepth),
		}
		if !t.Hints.ReadOnly {
			f.Advice = "The call took effect: do not repeat it. Details show what its answer is made of."
		}
		return failed(f).bounded(most)
	}
	rest.more = rest.more || p.rest.more
	rest.reasons = append(p.rest.reasons, rest.reasons...)
	var carryOn json.RawMessage
	if cursor := p.next(t.config, t.config.list(t.operation)); cursor != "" && p.rest.more {
		carryOn = t.config.after(cursor)
	}
	return Result{JSON: t.fitOutputs(outputs, rest, carryOn, most)}
}

// runInTurn runs a program when it is its turn: no more run at once than there are processors, as each takes one, and
// memory.
func (c *config) runInTurn(
	ctx context.Context, program *program, answer json.RawMessage,
) (outputs []json.RawMessage, rest leftOut, err error) {
	select {
	case c.programs <- struct{}{}:
		defer func() { <-c.programs }()
	case <-ctx.Done():
		return nil, rest, errCallEnded
	}
	return program.run(ctx, answer)
}

// after writes the argument that goes on from a cursor.
func (c *config) after(cursor string) json.RawMessage {
	return append(appendMember([]byte{'{'}, c.cursors.After, string(appendText(nil, cursor))), '}')
}

// bounded shortens a failure that is larger than a result may be: first its details go, then most of its message.
func (r Result) bounded(most int) Result {
	if most == 0 || r.Failure == nil || len(r.JSON) <= most {
		return r
	}
	f := *r.Failure
	if f.Details != nil {
		f.Details = appendText(nil, "left out, for their size")
		if short := failed(&f); len(short.JSON) <= most {
			return short
		}
	}
	f.Message, f.Code = preview(f.Message), preview(f.Code)
	f.Example, f.RequestID = nil, preview(f.RequestID)
	return failed(&f)
}
