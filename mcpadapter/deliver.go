package mcpadapter

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jq"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// CodeProgramFailed is the code of a failure of the caller's jq program, after the operation succeeded.
const CodeProgramFailed = "jq_failed"

// errTimeout is the cause of a context that ended because the call took too long.
var errTimeout = errors.New("the call took too long")

// deliver calls the operation and makes the result that was asked for: first what hides, then what selects, then what
// bounds.
func (c *call) deliver(ctx context.Context) Result {
	t, s := c.tool, c.shaping
	most := t.engine.resultBytes(ctx)
	ctx, cancel := context.WithTimeoutCause(ctx, t.engine.timeout, errTimeout)
	defer cancel()
	result := c.send(ctx)
	switch {
	case result.Failure != nil:
		return result.bounded(most)
	case !s.allPages && s.fields == nil && s.program == nil && (most == 0 || len(result.JSON) <= most):
		return result
	}
	l := t.engine.list(t.operation)
	p, isPage := t.engine.page(l, result.JSON)
	if isPage && s.allPages {
		p = c.gather(ctx, p)
		result.JSON = p.json(l)
	}
	if s.program != nil {
		return t.runProgram(ctx, s.program, result.JSON, p, most)
	}
	result.JSON = s.fields.apply(nil, result.JSON)
	if selected, ok := t.engine.page(l, result.JSON); ok && isPage {
		whole := p.elements
		p.root, p.elements = selected.root, selected.elements
		return Result{JSON: t.fitPage(l, p, whole, most)}
	}
	if p.rest.reasons != nil { // and no elements were selected
		root := jsontext.Members(result.JSON)
		result.JSON = p.rest.noted(root, t.free(root, "left_out"), t.engine.carryOn(l, p))
	}
	if most > 0 && len(result.JSON) > most {
		result.JSON = t.tooLarge(result.JSON, most)
	}
	return result
}

func (t *tool) runProgram(ctx context.Context, program *jq.Program, response json.RawMessage, p page, most int) Result {
	outputs, err := t.engine.runInTurn(ctx, program, response)
	if err != nil {
		f := &Failure{
			Status: http.StatusOK, Code: CodeProgramFailed,
			Message: "the call succeeded, but the jq program failed: " + err.Error(),
			Advice:  "Details show what the answer is made of. Correct the program and call again.",
			Details: appendShape(nil, response, maxShapeDepth),
		}
		if errors.Is(err, errProgramsBusy) {
			f.Advice = "Call again in a moment, or without jq."
		}
		if !t.annotations.ReadOnly {
			f.Advice = "The call took effect: do not repeat it. Details show what its answer is made of."
		}
		return failed(f).bounded(most)
	}
	rest := leftOut{more: p.rest.more || outputs.Limit != "", reasons: p.rest.reasons}
	if outputs.Limit != "" {
		rest.reasons = append(slices.Clip(rest.reasons), outputs.Limit)
	}
	return Result{JSON: t.fitOutputs(outputs.Values, rest, t.engine.carryOn(t.engine.list(t.operation), p), most)}
}

// maxProgramWait is how long a program waits for its turn.
const maxProgramWait = 2 * time.Second

var errProgramsBusy = errors.New("too many other programs are running")

// runInTurn runs a program when it is its turn: no more run at once than there are processors, as each takes one, and
// memory.
func (e *engine) runInTurn(ctx context.Context, program *jq.Program, response json.RawMessage) (jq.Outputs, error) {
	wait := time.NewTimer(maxProgramWait)
	defer wait.Stop()
	select {
	case e.programs <- struct{}{}:
		defer func() { <-e.programs }()
	case <-ctx.Done():
		return jq.Outputs{}, jq.ErrCanceled
	case <-wait.C:
		return jq.Outputs{}, errProgramsBusy
	}
	return program.Run(ctx, response)
}

// carryOn writes the argument that goes on from where reading pages ended early, if it did.
func (e *engine) carryOn(l list, p page) json.RawMessage {
	if cursor := p.next(e, l); cursor != "" && p.rest.more {
		return e.after(cursor)
	}
	return nil
}

// after writes the argument that goes on from a cursor.
func (e *engine) after(cursor string) json.RawMessage {
	return append(jsontext.AppendMember([]byte{'{'}, e.cursors.After, string(jsontext.AppendString(nil, cursor))), '}')
}

// maxShortProblem is how many characters of an argument's path, and of what is wrong with it, a bounded failure keeps.
const maxShortProblem = 200

// bounded shortens a failure that is larger than a result may be: first its details go, then most of its message, then
// its example and as many problems as must. The question of a confirmation stays whole.
func (r Result) bounded(most int) Result {
	if most == 0 || r.Failure == nil || len(r.JSON) <= most || r.Failure.Confirmation != nil {
		return r
	}
	f := *r.Failure
	if f.Details != nil {
		f.Details = jsontext.AppendString(nil, "left out, for their size")
		if short := failed(&f); len(short.JSON) <= most {
			return short
		}
	}
	f.Message, f.Code, f.RequestID = phrase.Preview(f.Message), phrase.Preview(f.Code), phrase.Preview(f.RequestID)
	f.Arguments = slices.Clone(f.Arguments)
	for i := range f.Arguments {
		p := &f.Arguments[i]
		p.Argument, p.Message = phrase.Shorten(p.Argument, maxShortProblem), phrase.Shorten(p.Message, maxShortProblem)
	}
	short := failed(&f)
	if len(short.JSON) > most {
		f.Example = nil
		short = failed(&f)
	}
	for n := len(f.Arguments); n > 1 && len(short.JSON) > most; n-- {
		f.Arguments = f.Arguments[:n-1]
		short = failed(&f)
	}
	return short
}
