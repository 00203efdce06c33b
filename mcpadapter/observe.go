package mcpadapter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Observation is a call of an operation that has ended, for logs, metrics and an audit.
type Observation struct {
	// Tool is the operation, also if one of the dynamic tools or a program called it.
	Tool Tool
	// Arguments are those of the caller, unchecked, with the token of a confirmation. They may contain secrets.
	Arguments json.RawMessage
	// Path has the path parameters by the names of their arguments; nil if the arguments are not valid.
	Path map[string]string
	// Confirmed reports whether the call had to be confirmed and was.
	Confirmed bool
	// Sent reports whether a request was sent to the API. It may have failed before it arrived.
	Sent bool
	// Result is what the caller gets.
	Result Result
}

// WithObserver sets a function that is called after each call of an operation, in the goroutine of the call and with
// its context, before the caller gets the result. It must be safe for concurrent use and must not change what it is
// given. A panic of it is logged and changes no result.
//
// A call of a program that waits for a confirmation is seen when the question is asked, and again when the call is
// made.
func WithObserver(observe func(ctx context.Context, o Observation)) Option {
	return func(o *options) error {
		if observe == nil {
			return errors.New("WithObserver: the function is nil")
		}
		o.observer = observe
		return nil
	}
}

// observe calls the observer, if there is one. A dynamic tool is none that it sees: the operation that it calls is.
func (e *engine) observe(ctx context.Context, c *call, arguments json.RawMessage, result Result) {
	if e.observer == nil || c.tool.dynamic != nil {
		return
	}
	defer func() { // a call of a program has a goroutine of its own, whose panic would end the process
		if recover() != nil {
			e.panicked(ctx, c.tool.name)
		}
	}()
	var path map[string]string
	for name, value := range c.request.path {
		if c.in == nil { // not checked
			break
		}
		if path == nil {
			path = make(map[string]string, len(c.request.path))
		}
		path[name] = fmt.Sprint(value)
	}
	e.observer(ctx, Observation{
		Tool: Tool{c.tool}, Arguments: arguments, Path: path,
		Confirmed: c.confirmed, Sent: c.sent, Result: result,
	})
}
