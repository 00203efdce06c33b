package mcpadapter

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

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
	l := e.listingOf(p.call.tool.operation)
	if _, given := p.call.request.params[e.cursors.Limit]; given || l.metadata == "" || l.limit == 0 {
		return nil
	}
	p.call.request.params[e.cursors.Limit] = json.Number(strconv.Itoa(l.limit))
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
		l := e.listingOf(p.call.tool.operation)
		if page, ok := e.readPage(l, result.JSON); ok {
			o.result.Items = l.items
			if cursor := page.next(e, l); cursor != "" {
				o.result.Next = e.after(cursor)
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
