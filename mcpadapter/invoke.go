package mcpadapter

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"runtime/debug"
)

// Result is the outcome of a call.
type Result struct {
	// JSON is one compact JSON object: the answer, or {"error": …} with the failure.
	JSON json.RawMessage
	// Failure is nil if the call succeeded.
	Failure *Failure
	// Repaired lists the arguments, by their paths, that came as a string and were read as the JSON in it; "arguments"
	// stands for all of them together.
	Repaired []string
}

// Text is the result as text: the JSON of an answer, the sentences of a failure.
func (r Result) Text() string {
	if r.Failure != nil {
		return r.Failure.String()
	}
	return string(r.JSON)
}

// Invoke checks the arguments, a JSON object, and calls the operation with them. Nothing is sent unless they are
// valid. Empty arguments and null mean {}. It does not panic, and every problem is a failure in the result.
//
// An object, array, number or boolean that came as a string of exactly its JSON is read as that where no string is
// accepted, and told in [Result.Repaired]. Nothing else is guessed.
func (t *Tool) Invoke(ctx context.Context, arguments json.RawMessage) (result Result) {
	var r repairer
	defer func() {
		if v := recover(); v != nil {
			// The value may hold arguments, so only the stack is told, and only to the log.
			t.config.logger.LogAttrs(ctx, slog.LevelError, "panic in a tool call",
				slog.String("tool", t.Name), slog.String("stack", string(debug.Stack())))
			result = failed(&Failure{
				Code: CodeInternal, Message: "the call failed inside the server; it may or may not have been sent",
			})
		}
		result.Repaired = r.paths
	}()
	args, err := r.arguments(arguments)
	if err != nil {
		return t.refused(ctx, nil, invalidArguments("the arguments are unusable: "+err.Error(), nil))
	}
	r.input(t.input, args)
	split, problems := t.input.split(args)
	if len(problems) > 0 {
		return t.refused(ctx, args, invalidArguments("nothing was sent", problems))
	}
	if problem, astray := t.misrouted(split.path); astray {
		return t.refused(ctx, args, invalidArguments("nothing was sent", []Problem{problem}))
	}
	in, err := t.arguments(ctx, split)
	if err != nil {
		return t.refused(ctx, args, invalidArguments("nothing was sent: "+err.Error(), nil))
	}
	resp, err := t.call(in) //nolint:bodyclose // answer closes it
	if err != nil {
		return failed(t.config.describe(ctx, err))
	}
	return t.answer(ctx, resp)
}

func (t *Tool) call(in []reflect.Value) (*http.Response, error) {
	out := t.method.Call(in)
	if err, failed := reflect.TypeAssert[error](out[1]); failed && err != nil {
		return nil, err
	}
	resp, _ := reflect.TypeAssert[*http.Response](out[0])
	if resp == nil {
		return nil, errors.New("the client returned neither an answer nor an error")
	}
	return resp, nil
}

// refused is the failure of a call whose arguments are not valid, with an example of some that are.
func (t *Tool) refused(ctx context.Context, args map[string]any, f *Failure) Result {
	f.Example = t.example(ctx, args, f.Arguments)
	return failed(f)
}

func failed(f *Failure) Result {
	f.advise()
	text, err := json.Marshal(struct {
		Error *Failure `json:"error"`
	}{f})
	if err != nil { // Details that are no JSON
		f.Details = nil
		return failed(f)
	}
	return Result{JSON: text, Failure: f}
}

// describe turns an error of the client into a failure.
func (c *config) describe(ctx context.Context, err error) *Failure {
	if c.failure != nil {
		if f, ok := c.failure(err); ok && f != nil {
			own := *f // to add to
			return &own
		}
	}
	if answered := AnswerError(nil); errors.As(err, &answered) {
		return answerFailure(answered)
	}
	if ctx.Err() != nil {
		return &Failure{Code: CodeCanceled, Message: "the call was canceled or ran out of time; it may have been sent"}
	}
	// The text of a url.Error has the whole URL, whose query may hold a secret.
	if u := new(url.Error); errors.As(err, &u) {
		err = u.Err
	}
	return &Failure{Code: CodeRequestFailed, Message: err.Error()}
}
