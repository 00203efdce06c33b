package mcpadapter

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	asks    *question      // what the run stopped for
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
