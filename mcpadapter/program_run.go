package mcpadapter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// errUnconfirmed ends a run that cannot go on without a confirmation.
var errUnconfirmed = errors.New("calls need a confirmation")

// programRun is one run of a program.
type programRun struct {
	adapter *Adapter
	replay  *journal                       // what the run before it did; not written to
	plan    *approved                      // calls that may be made; nil: none
	use     func(context.Context) *Failure // uses up the confirmation of the plan

	last    int            // the ID of the last call
	round   int            // how often calls got results
	waiting []*programCall // calls that wait for a confirmation
	lines   []string       // of the calls that were made
	done    []doneCall     // in the order in which they were made
	changed int            // how many of done there were after the last that changes something
	asks    *planQuestion  // what the run stopped for
	failure *Failure       // why the confirmation does not count
}

// doneCall is a call that was made, for a journal.
type doneCall struct {
	id    int
	entry journalEntry
}

// step implements [ProgramStep].
func (r *programRun) step(ctx context.Context, made []ProgramCall) ([]ProgramResult, error) {
	var ready []*programCall
	for _, m := range made {
		if r.last++; m.ID != r.last {
			return nil, &ProgramError{Code: CodeProgramCrashed, Message: "the interpreter numbers calls wrongly"}
		}
		if r.last > maxProgramCalls {
			return nil, programCallsError()
		}
		c := r.adapter.prepare(ctx, m)
		if c.confirmed && c.refusal == nil {
			r.waiting = append(r.waiting, c)
		} else {
			ready = append(ready, c)
		}
	}
	if len(ready) > 0 {
		return r.make(ctx, ready)
	}
	if len(r.waiting) == 0 {
		return nil, &ProgramError{Code: CodeProgramCrashed, Message: "the interpreter waits for no call"}
	}
	return r.confirm(ctx)
}

// confirm makes the calls that wait if they are confirmed. Otherwise the run ends, to ask.
func (r *programRun) confirm(ctx context.Context) ([]ProgramResult, error) {
	waiting := r.waiting
	if replayed := r.replayed(); replayed != nil {
		return r.make(ctx, replayed)
	}
	if r.plan != nil && r.plan.covers(r.adapter.engine, waiting) {
		if r.failure = r.use(ctx); r.failure != nil {
			return nil, errUnconfirmed
		}
		r.plan, r.waiting = nil, nil
		return r.make(ctx, waiting)
	}
	asks, missing := r.adapter.ask(ctx, waiting)
	if len(missing) > 0 {
		r.waiting = slices.DeleteFunc(slices.Clone(waiting), func(c *programCall) bool { return c.refusal != nil })
		return r.make(ctx, missing)
	}
	asks.lines = r.lines
	r.asks = asks
	return nil, errUnconfirmed
}

// unsent reports that the calls that wait for a confirmation are not sent now.
func (r *programRun) unsent(ctx context.Context, why *Failure) {
	for _, c := range r.waiting {
		c.observe(ctx, failed(why))
	}
}

// replayed takes out of the calls that wait those that got their results together in the run before.
func (r *programRun) replayed() []*programCall {
	together := func(c *programCall) bool {
		e := r.replay.entries[c.id]
		return e != nil && e.round == r.round
	}
	if !slices.ContainsFunc(r.waiting, together) {
		return nil
	}
	var list []*programCall
	r.waiting = slices.DeleteFunc(r.waiting, func(c *programCall) bool {
		if together(c) {
			list = append(list, c)
			return true
		}
		return false
	})
	return list
}

// make makes calls, or takes their results from the journal.
func (r *programRun) make(ctx context.Context, calls []*programCall) ([]ProgramResult, error) {
	results := make([]ProgramResult, 0, len(calls))
	report := func(c *programCall, o outcome) {
		results = append(results, o.result)
		r.lines = append(r.lines, o.line)
		r.done = append(r.done, doneCall{c.id, journalEntry{c.operation, c.sent, o.result, o.line, r.round}})
		if !c.reads() {
			r.changed = len(r.done)
		}
	}
	for len(calls) > 0 {
		n := slices.IndexFunc(calls, func(c *programCall) bool { return r.replay.entries[c.id] != nil })
		if n != 0 {
			if n < 0 {
				n = len(calls)
			}
			deliverAll(ctx, calls[:n], report)
			calls = calls[n:]
			continue
		}
		c, e := calls[0], r.replay.entries[calls[0].id]
		if !c.same(e) {
			return nil, &ProgramError{
				Code: CodeProgramDiverged,
				Message: fmt.Sprintf("run again, its call %d is %s and was %s; nothing was sent again",
					c.id, c.operation, e.operation),
			}
		}
		report(c, outcome{e.result, e.line})
		calls = calls[1:]
	}
	r.round++
	return results, nil
}

// journal returns what the run did up to its last call that changes something, or false if that is too much.
func (r *programRun) journal() (*journal, bool) {
	j := &journal{entries: map[int]*journalEntry{}}
	for _, d := range r.done[:r.changed] {
		j.entries[d.id] = &d.entry
		j.bytes += len(d.entry.result.Value) + len(d.entry.sent)
	}
	return j, j.bytes <= maxJournalBytes
}

// programCall is one call of a program.
type programCall struct {
	id        int
	operation string // as the program names it
	arguments json.RawMessage
	each      bool
	call      call
	refusal   *Failure // why nothing is to be sent; nil: it is
	confirmed bool     // whether it needs a confirmation
	sent      []byte   // what would be sent, as in a fingerprint
}

// prepare checks a call of a program. Nothing is sent.
func (a *Adapter) prepare(ctx context.Context, made ProgramCall) *programCall {
	p := &programCall{id: made.ID, operation: made.Operation, arguments: made.Arguments, each: made.Each}
	t, err := a.tool(made.Operation)
	if err != nil {
		p.refusal = &Failure{Code: CodeInvalidArguments, Message: err.Error() + "; nothing was sent"}
		return p
	}
	p.operation, p.call.tool = t.name, t
	if p.refusal = p.call.check(ctx, made.Arguments); p.refusal != nil {
		return p
	}
	if p.each {
		if p.refusal = p.wholePages(); p.refusal != nil {
			return p
		}
	}
	p.confirmed = t.needsConfirmation(ctx)
	if p.sent, err = p.call.sentJSON(); err != nil {
		p.refusal = &Failure{Code: CodeInternal, Message: "the call cannot be written as JSON; nothing was sent"}
	}
	return p
}

// wholePages asks for pages as large as possible, unless the program sets their size.
func (p *programCall) wholePages() *Failure {
	e := p.call.tool.engine
	l := e.listOf(p.call.tool.operation)
	if _, given := p.call.request.params[e.cursors.Limit]; given || l.Metadata == "" || l.Limit == 0 {
		return nil
	}
	p.call.request.params[e.cursors.Limit] = json.Number(strconv.Itoa(l.Limit))
	var err error
	if p.call.in, err = p.call.tool.goArguments(p.call.request); err != nil {
		return invalidArguments("nothing was sent: "+err.Error(), nil)
	}
	return nil
}

// reads reports whether the call changes nothing.
func (p *programCall) reads() bool {
	return p.refusal != nil || p.call.tool.risk.Effect() == EffectRead && !p.confirmed
}

// same reports whether an entry of a journal is this call.
func (p *programCall) same(e *journalEntry) bool {
	return e.operation == p.operation && bytes.Equal(e.sent, p.sent)
}

// outcome is a call that was made.
type outcome struct {
	result ProgramResult
	line   string
}

// deliver makes the call, or returns why it is not made.
func (p *programCall) deliver(ctx context.Context) (o outcome) {
	if p.refusal != nil {
		p.observe(ctx, failed(p.refusal))
		return outcome{failedProgramCall(p.id, p.refusal), p.operation + " " + p.refusal.Code + ", not sent"}
	}
	since := time.Now()
	p.call.confirmed = p.confirmed
	var result Result
	defer func() {
		if recover() != nil {
			f := p.call.tool.engine.panicked(ctx, p.operation)
			result, o = failed(f), outcome{failedProgramCall(p.id, f), p.operation + " " + f.Code}
		}
		p.observe(ctx, result)
	}()
	result = p.call.deliverWithin(ctx, 0)
	line := p.operation + " " + strconv.Itoa(p.call.status)
	if f := result.Failure; f != nil {
		line = p.operation + " " + jsontext.OneLine(f.Code)
		if f.Status != 0 {
			line = fmt.Sprintf("%s %d %s", p.operation, f.Status, jsontext.OneLine(f.Code))
		}
	}
	o.line = fmt.Sprintf("%s %d ms", line, time.Since(since).Milliseconds())
	if result.Failure != nil {
		o.result = failedProgramCall(p.id, result.Failure)
		return o
	}
	o.result = ProgramResult{ID: p.id, Value: result.JSON}
	if p.each {
		e := p.call.tool.engine
		l := e.listOf(p.call.tool.operation)
		if page, ok := l.Read(result.JSON); ok {
			o.result.Items = l.Items
			if cursor := page.Next(); cursor != "" {
				o.result.Next = l.Continue(cursor)
			}
		}
	}
	return o
}

// observe reports the end of the call, unless there is no such operation.
func (p *programCall) observe(ctx context.Context, result Result) {
	if t := p.call.tool; t != nil {
		t.engine.observe(ctx, &p.call, p.arguments, result)
	}
}

func failedProgramCall(id int, f *Failure) ProgramResult {
	return ProgramResult{ID: id, Failure: f, Text: f.String()}
}

// deliverAll makes calls in their order. Calls that read and follow each other run at once; all others alone.
func deliverAll(ctx context.Context, calls []*programCall, report func(*programCall, outcome)) {
	for len(calls) > 0 {
		n := 0
		for n < len(calls) && n < programReads && calls[n].reads() {
			n++
		}
		n = max(n, 1)
		outcomes := make([]outcome, n)
		var group sync.WaitGroup
		for i, c := range calls[:n] {
			group.Go(func() { outcomes[i] = c.deliver(ctx) })
		}
		group.Wait()
		for i, c := range calls[:n] {
			report(c, outcomes[i])
		}
		calls = calls[n:]
	}
}
