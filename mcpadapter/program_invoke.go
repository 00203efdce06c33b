package mcpadapter

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/excerpt"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// programApproval is how a person is asked about the calls of a program.
type programApproval struct {
	ask      Asker       // asks while the call waits; nil: by a token
	way      confirmedBy // without ask
	token    string      // of Resume
	declined bool        // with Resume
}

// programs returns what a tool that runs programs has; nil: it is another one.
func (t *tool) programs() *programs {
	if t.dynamic == nil {
		return nil
	}
	return t.dynamic.programs
}

// resume is invoke with the token of [Tool.Ask].
func (p *programs) resume(ctx context.Context, t *tool, arguments json.RawMessage, how programApproval) Result {
	if how.token == "" {
		return failed(&Failure{Code: CodeConfirmationInvalid, Message: "the confirmation is empty; nothing was sent"})
	}
	pending, result := p.invoke(ctx, t, arguments, how)
	if pending != nil { // the program comes to other calls now
		return failed(p.required(pending, true))
	}
	return result
}

// invoke runs the program of the arguments, a JSON object. It returns what a person has to confirm, or the result.
func (p *programs) invoke(
	ctx context.Context, t *tool, arguments json.RawMessage, how programApproval,
) (pending *PendingConfirmation, result Result) {
	defer func() {
		if recover() != nil {
			pending, result = nil, failed(p.adapter.engine.panicked(ctx, t.name))
		}
	}()
	e := p.adapter.engine
	var r repairer
	args, f := t.dynamic.read(&r, arguments)
	if f != nil {
		return nil, failed(f).limited(e.resultBytes(ctx))
	}
	request := programRequest{arguments: []byte("{}")}
	request.source, _ = args["program"].(string)
	if args[wholeArguments] != nil {
		request.arguments, _ = json.Marshal(args[wholeArguments]) //nolint:errchkjson // as parsed
	}
	if token, _ := args[confirmationArgument].(string); how.ask == nil && how.token == "" && how.way == toldPerson {
		how.token = token
	}
	pending, result = p.run(ctx, request, how)
	if pending != nil && how.way == toldPerson && how.ask == nil {
		pending, result = nil, failed(p.required(pending, false))
	}
	result.Repaired = r.repaired
	return pending, result.limited(e.resultBytes(ctx))
}

// required is the failure of a program that waits for a confirmation.
func (p *programs) required(pending *PendingConfirmation, again bool) *Failure {
	message := "a person has to confirm calls of this program, which were not sent"
	if again {
		message = "what the program reads has changed since the person was asked, and it comes to other calls, which were " +
			"not sent"
	}
	return &Failure{
		Code: CodeConfirmationRequired, Message: message, Confirmation: pending,
		Advice: fmt.Sprintf("Show the question to the person and wait for the answer. Only if they agree, run the same "+
			"program with the same arguments and %s set to the token; it is valid once, until %s.",
			confirmationArgument, pending.Expires.Format(time.RFC3339)),
	}
}

// run runs the program, and again after each question to which the person agrees while the call waits.
func (p *programs) run(
	ctx context.Context, request programRequest, how programApproval,
) (*PendingConfirmation, Result) {
	e := p.adapter.engine
	run := &programRun{adapter: p.adapter, replay: &journal{}}
	start := time.Now().UTC().Truncate(time.Millisecond)
	if how.token != "" {
		plan, use, f := e.openPlan(ctx, how.way, request, how.token)
		if f != nil {
			return nil, failed(f)
		}
		if how.declined {
			return nil, failed(cmp.Or(use(ctx), declined()))
		}
		if run.replay = p.journals.get(plan.journal); run.replay == nil {
			return nil, failed(&Failure{
				Code: CodeConfirmationInvalid,
				Message: "the program had changed something before the question, and this process does not remember what; " +
					"nothing was sent",
				Advice: "Look at what the first run changed, and write a program for the rest.",
			})
		}
		start = plan.start
		run.plan = &plan.approved
		run.use = func(ctx context.Context) *Failure {
			p.journals.forget(plan.journal)
			return use(ctx)
		}
	}
	for range maxProgramRounds {
		value, err := p.once(ctx, request, start, run)
		if run.failure != nil {
			return nil, failed(run.failure)
		}
		if run.asks == nil || !errors.Is(err, errUnconfirmed) {
			return nil, p.result(ctx, value, err, run.lines)
		}
		made, fits := run.journal()
		if !fits {
			return nil, failed(withCalls(&Failure{
				Code: CodeProgramOutput,
				Message: fmt.Sprintf("calls of the program need a confirmation and were not sent, and what it read before is "+
					"more than %d bytes", maxJournalBytes),
				Advice: "Look at what was changed, and write a program for the rest.",
			}, run.lines))
		}
		if run.changed > 0 {
			run.asks.text += "\n\nIt has already made these calls: " + strings.Join(run.lines, "; ") + "."
		}
		if how.ask == nil {
			pending, result := p.pend(ctx, request, how, planToken{approved: approved{run.asks.digest, start}}, made, run.asks)
			f := result.Failure
			if f == nil {
				f = p.required(pending, false)
			}
			run.unsent(ctx, f)
			return pending, result
		}
		if f := p.askNow(ctx, how.ask, run.asks); f != nil {
			run.unsent(ctx, f)
			return nil, failed(withCalls(f, run.lines))
		}
		run = &programRun{
			adapter: p.adapter, replay: made, plan: &approved{run.asks.digest, start},
			use: func(context.Context) *Failure { return nil },
		}
	}
	return nil, failed(withCalls(&Failure{
		Code:    CodeProgramCalls,
		Message: fmt.Sprintf("the program led to %d questions: gather calls with Promise.all", maxProgramRounds),
	}, run.lines))
}

// once runs the program once, within the time that a call may take.
func (p *programs) once(
	ctx context.Context, request programRequest, start time.Time, run *programRun,
) (ProgramValue, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, p.adapter.engine.timeout, errTimeout)
	defer cancel()
	value, err := p.engine.Run(ctx, Program{
		Source: request.source, Arguments: request.arguments, Start: start, Calls: maxProgramCalls,
	}, run.step)
	if err != nil && errors.Is(context.Cause(ctx), errTimeout) && !errors.Is(err, errUnconfirmed) {
		err = &ProgramError{
			Code: CodeTimeout, Message: fmt.Sprintf("it took more than %s with its calls", p.adapter.engine.timeout),
		}
	}
	return value, err
}

// askNow asks while the call waits. It returns nil if the person agrees.
func (p *programs) askNow(ctx context.Context, ask Asker, asks *planQuestion) *Failure {
	ctx, cancel := context.WithTimeout(ctx, p.adapter.engine.confirmation.Lifetime)
	defer cancel()
	return ask.agreed(ctx, asks.text)
}

// pend returns the question with its token, and remembers what the program has done.
func (p *programs) pend(
	ctx context.Context, request programRequest, how programApproval, t planToken, made *journal, asks *planQuestion,
) (*PendingConfirmation, Result) {
	e := p.adapter.engine
	expires := time.Now().Add(e.confirmation.Lifetime).UTC().Truncate(time.Second)
	var ok bool
	if t.journal, ok = p.journals.put(made, expires); !ok {
		return nil, failed(withCalls(&Failure{
			Code: CodeNotConfirmed,
			Message: "calls of the program need a confirmation and were not sent, and too many other programs wait for " +
				"one already",
		}, asks.lines))
	}
	return &PendingConfirmation{
		Question: asks.text, Token: e.sealPlan(ctx, how.way, request, t, expires), Expires: expires,
	}, Result{}
}

// result returns what a program returned, or why it failed.
func (p *programs) result(ctx context.Context, value ProgramValue, err error, lines []string) Result {
	if err == nil {
		return p.shaped(ctx, value, lines)
	}
	f := &Failure{Code: CodeInternal, Message: "the program could not be run"}
	failure := (*ProgramError)(nil)
	switch {
	case errors.As(err, &failure):
		f.Code, f.Message = failure.Code, "the program failed: "+phrase.Shorten(failure.Message, maxQuestionText)
		if f.Code == CodeProgramThrew && strings.Contains(failure.Message, "ReferenceError: ") {
			f.Advice = "Beside JavaScript itself a program has api, args and console: operations are members of api."
		}
	case ctx.Err() != nil:
		f.Code, f.Message = CodeCanceled, "the program was canceled"
	default:
		p.adapter.engine.logger.ErrorContext(ctx, "run a program", "error", err)
	}
	if len(value.Log) > 0 {
		f.Message += "; it wrote: " + phrase.Shorten(strings.Join(value.Log, " | "), maxQuestionText)
	}
	return failed(withCalls(f, lines))
}

// maxFailureLines is how many calls a failure lists.
const maxFailureLines = 40

// withCalls adds the calls that were made to a failure.
func withCalls(f *Failure, lines []string) *Failure {
	if len(lines) == 0 {
		f.Message += "; it made no calls"
		return f
	}
	left := ""
	if n := len(lines) - maxFailureLines; n > 0 {
		left = fmt.Sprintf("%d calls; ", n)
		lines = lines[n:]
	}
	f.Message += "; calls made: " + left + strings.Join(lines, "; ")
	return f
}

// shaped returns the value of a program with a line for each call, within the limit for results.
func (p *programs) shaped(ctx context.Context, value ProgramValue, lines []string) Result {
	limit := p.adapter.engine.resultBytes(ctx)
	rest := []jsontext.Member{{Name: "calls", Value: stringsJSON(lines)}}
	if len(value.Log) > 0 {
		rest = append(rest, jsontext.Member{Name: "log", Value: stringsJSON(value.Log)})
	}
	write := func(text json.RawMessage, left *excerpt.LeftOut) json.RawMessage {
		root := append([]jsontext.Member{{Name: "value", Value: text}}, rest...)
		if left == nil {
			return jsontext.AppendObject(nil, root)
		}
		return left.AppendTo(root, "left_out", nil)
	}
	whole := jsontext.Escape(value.JSON)
	text := write(whole, nil)
	if limit == 0 || len(text) <= limit {
		return Result{JSON: text}
	}
	if len(lines) > maxFailureLines {
		rest[0].Value = stringsJSON(append(slices.Clone(lines[:maxFailureLines]),
			fmt.Sprintf("and %d more", len(lines)-maxFailureLines)))
	}
	if parts := jsontext.Elements(whole); parts != nil {
		text, fits := excerpt.Fit(parts, limit, func(given int) json.RawMessage {
			left := &excerpt.LeftOut{Missing: len(parts) - given}
			left.AddReasonf("Cut to fit into %d bytes. Return less.", limit)
			return write(jsontext.AppendArray(nil, parts[:given]), left)
		})
		if fits {
			return Result{JSON: text}
		}
	}
	left := &excerpt.LeftOut{}
	left.AddReasonf("The value has %d bytes, more than fit into %d; this is its shape. Return less.", len(whole), limit)
	for depth := excerpt.MaxDepth; depth >= 0; depth-- {
		if text = write(excerpt.AppendShape(nil, whole, depth), left); len(text) <= limit {
			break
		}
	}
	return Result{JSON: text}
}

func stringsJSON(list []string) json.RawMessage {
	parts := make([]json.RawMessage, len(list))
	for i, text := range list {
		parts[i] = jsontext.AppendString(nil, text)
	}
	return jsontext.AppendArray(nil, parts)
}
