package mcpadapter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"runtime/debug"
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/budget"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// Result is the outcome of a call.
type Result struct {
	// JSON is one compact JSON object: the response, or {"error": …} with the failure. See the package documentation for
	// responses that are not JSON objects.
	JSON json.RawMessage
	// Content is what the response has beside the JSON: an image, audio or a file. It is nil for other responses.
	Content []Content
	// Failure is nil if the call succeeded.
	Failure *Failure
	// Repaired lists the paths of the arguments that came as a string and were read as the JSON in it. "arguments" is
	// all of them together.
	Repaired []string
	// Renamed lists the arguments that were accepted under other names than their own.
	Renamed []Renamed
}

// Text returns the result as text: the JSON of a response, or the sentences of a failure.
func (r Result) Text() string {
	if r.Failure != nil {
		return r.Failure.String()
	}
	return string(r.JSON)
}

// Invoke checks the arguments, a JSON object, and calls the operation. It sends nothing unless they are valid. Empty
// arguments and null mean {}. It does not panic; every problem is a failure in the result.
//
// Where the schema accepts no string, a string that is exactly the JSON of an accepted object, array, number or boolean
// is read as that value and reported in [Result.Repaired]. An argument whose name is another spelling of one that is
// not given, such as userId or user_id for the id of a user, is accepted as that one and reported in [Result.Renamed].
// Nothing else is guessed. An ID with the prefix of another kind of ID (x-id-prefix) is refused.
//
// A call that needs a confirmation is not sent unless its arguments have the token of an earlier call; see
// [Confirmation].
func (t Tool) Invoke(ctx context.Context, arguments json.RawMessage) Result {
	if p := t.programs(); p != nil {
		_, result := p.invoke(ctx, t.tool, arguments, programApproval{way: toldPerson})
		return result
	}
	return t.invoke(ctx, arguments, byToken)
}

// InvokeAsking is Invoke for a caller that can ask a person: a call that needs a confirmation is sent if the person
// agrees. A token in the arguments is ignored.
func (t Tool) InvokeAsking(ctx context.Context, arguments json.RawMessage, ask Asker) Result {
	if p := t.programs(); p != nil {
		_, result := p.invoke(ctx, t.tool, arguments, programApproval{ask: ask})
		return result
	}
	return t.invoke(ctx, arguments, ask.approve)
}

func (t *tool) invoke(ctx context.Context, arguments json.RawMessage, approve approval) (result Result) {
	c := call{tool: t}
	defer func() {
		if recover() != nil {
			repaired, renamed := result.Repaired, result.Renamed
			result = failed(t.engine.panicked(ctx, t.name))
			result.Repaired, result.Renamed = repaired, renamed
		}
		t.engine.observe(ctx, &c, arguments, result)
	}()
	if t.dynamic != nil {
		return t.dynamic.invoke(ctx, arguments, approve)
	}
	defer func() { result.Repaired, result.Renamed = c.repaired, c.renamed }()
	limit := t.engine.resultBytes(ctx)
	if f := c.check(ctx, arguments); f != nil {
		return failed(f).limited(limit)
	}
	if t.needsConfirmation(ctx) {
		if f := approve(ctx, &c); f != nil {
			return failed(f).limited(limit)
		}
		c.confirmed = true
	}
	return c.deliver(ctx)
}

// panicked reports a recovered panic. It logs the stack but not the panic value, which may contain arguments.
func (e *engine) panicked(ctx context.Context, tool string) *Failure {
	e.logger.LogAttrs(ctx, slog.LevelError, "panic in a tool call",
		slog.String("tool", tool), slog.String("stack", string(debug.Stack())))
	return &Failure{
		Code: CodeInternal, Message: "the call failed inside the server; it may or may not have been sent",
	}
}

// call is one call of a tool: checked, then confirmed if necessary, then sent.
type call struct {
	tool     *tool
	token    string          // confirmation token; "": none
	shaping  shaping         // the part of the response to return
	request  request         // what will be sent
	in       []reflect.Value // arguments of the method; the first is the context, set by send
	repaired []string        // as in Result
	renamed  []Renamed       // as in Result
	status   int             // of the last response; 0: there was none
	memory   *budget.Account // of its responses
	working  bool            // on a large response, in its turn

	confirmed, sent bool // as in Observation
}

// check checks that the tool may be called, and reads and checks the arguments. Nothing is sent if it returns a
// failure.
func (c *call) check(ctx context.Context, arguments json.RawMessage) *Failure {
	t := c.tool
	if f := t.filtered(ctx); f != nil {
		return f
	}
	if f := t.losesSecret(ctx); f != nil {
		return f
	}
	var r repairer
	args, err := r.readArguments(arguments)
	if err != nil {
		return t.refused(nil, invalidArguments("the arguments are unusable: "+err.Error(), nil))
	}
	if problems := c.takeToken(args); problems != nil {
		return t.refused(args, invalidArguments("nothing was sent", problems))
	}
	shaping, problems := t.takeShaping(&r, args)
	c.shaping = shaping
	c.renamed = t.respell(&r, args)
	r.properties(t.input(), args)
	c.repaired = r.repaired
	if r.tooBig {
		return t.refused(nil, invalidArguments(
			fmt.Sprintf("the arguments are unusable: more than %d JSON values, with those in text", maxValues), nil))
	}
	return c.checkParsed(args, problems...)
}

// checkParsed checks parsed arguments. It reports the problems that were found before together with its own.
func (c *call) checkParsed(args map[string]any, before ...Problem) *Failure {
	t := c.tool
	split, problems := t.input().split(args)
	c.request = split
	problems = append(append(problems, t.checkKinds(args)...), before...)
	if len(problems) > 0 {
		t.pair(problems, args)
		return t.refused(args, invalidArguments("nothing was sent", problems))
	}
	if problem, astray := t.misrouted(c.request.path); astray {
		return t.refused(args, invalidArguments("nothing was sent", []Problem{problem}))
	}
	var err error
	if c.in, err = t.goArguments(c.request); err != nil {
		return t.refused(args, invalidArguments("nothing was sent: "+err.Error(), nil))
	}
	return nil
}

// errTimeout is the cause of a context that ended because the call took too long.
var errTimeout = errors.New("the call took too long")

// deliver calls the operation and shapes the result: it hides secrets, then selects, then limits the size.
func (c *call) deliver(ctx context.Context) Result {
	return c.deliverWithin(ctx, c.tool.engine.resultBytes(ctx))
}

// deliverWithin is deliver with a limit of its own for the size; 0: none.
func (c *call) deliverWithin(ctx context.Context, limit int) Result {
	t, s := c.tool, c.shaping
	most := limit
	if t.risk.Has(RiskShowsOnce) {
		limit = 0 // what is cut off would be lost
	}
	ctx, cancel := context.WithTimeoutCause(ctx, t.engine.timeout, errTimeout)
	defer cancel()
	defer c.hold()()
	result := c.send(ctx)
	switch {
	case result.Failure != nil:
		return result.limited(most)
	case !s.allPages && s.fields == nil && s.program == nil && !s.table && (limit == 0 || len(result.JSON) <= limit):
		return result
	}
	l := t.engine.listOf(t.operation)
	p, isPage := l.Read(result.JSON)
	if isPage && s.allPages {
		p = c.gather(ctx, p)
		result.JSON = p.JSON()
	}
	if s.program != nil {
		c.pause() // programs have turns of their own
		return t.runProgram(ctx, s.program, result.JSON, p, limit)
	}
	result.JSON = s.fields.Append(nil, result.JSON)
	if selected, ok := l.Read(result.JSON); ok && isPage {
		whole := p.Elements
		p.Members, p.Elements = selected.Members, selected.Elements
		return Result{JSON: t.formatted(s, l, t.fitPage(l, p, whole, limit), limit)}
	}
	if p.Rest.Reasons != nil { // and no elements were selected
		root := jsontext.Members(result.JSON)
		result.JSON = p.Rest.AppendTo(root, t.unusedName(root, "left_out"), p.Continuation())
	}
	if limit > 0 && len(result.JSON) > limit {
		result.JSON = t.tooLarge(result.JSON, limit)
	}
	return result
}

// send calls the client with checked arguments and converts the response to one JSON object, without secrets if they
// are hidden.
func (c *call) send(ctx context.Context) Result {
	sending := context.WithValue(ctx, operationKey{}, c.tool.operation)
	c.in[0] = reflect.ValueOf(context.WithValue(sending, memoryKey{}, c.memory))
	earlier := c.sent
	c.sent = true
	c.pause() // others may work while this waits for the API
	resp, err := c.tool.callMethod(c.in)
	if unsent := UnsentError(nil); errors.As(err, &unsent) {
		c.sent = earlier
		return c.requestFailed(ctx, unsent.Failure())
	}
	if err != nil {
		return c.requestFailed(ctx, c.tool.engine.clientFailure(ctx, err))
	}
	c.status = resp.StatusCode
	result := c.readResponse(ctx, resp)
	if result.Failure != nil {
		return c.requestFailed(ctx, result.Failure)
	}
	if e := c.tool.engine; e.hides(ctx) {
		described := e.responseForms(c.tool.operation)
		result.JSON = e.hider().Append(make([]byte, 0, len(result.JSON)), result.JSON, described)
	}
	return result
}

// requestFailed returns the result of a request that failed, as a timeout if the call took too long to get a whole
// response.
func (c *call) requestFailed(ctx context.Context, f *Failure) Result {
	incomplete := f.Status == 0 || f.Code == CodeRequestFailed || f.Code == CodeCanceled
	if incomplete && errors.Is(context.Cause(ctx), errTimeout) {
		f = &Failure{
			Status: f.Status, Code: CodeTimeout,
			Message: fmt.Sprintf("no complete response within %s; the request may have been carried out", c.tool.engine.timeout),
		}
	}
	return failed(c.advise(ctx, f))
}

type operationKey struct{}

// OperationOf returns the operation that a request is for, of the context that the client is called with, or nil. It is
// for transports that treat operations differently, such as those that add credentials. The operation must not be
// changed.
func OperationOf(ctx context.Context) *optable.Operation {
	op, _ := ctx.Value(operationKey{}).(*optable.Operation)
	return op
}

func (t *tool) callMethod(in []reflect.Value) (*http.Response, error) {
	call := t.bound.method.Call
	if t.bound.editorsType != nil {
		call = t.bound.method.CallSlice
	}
	out := call(in)
	if err, failed := reflect.TypeAssert[error](out[1]); failed {
		return nil, err
	}
	resp, _ := reflect.TypeAssert[*http.Response](out[0])
	if resp == nil {
		return nil, errors.New("the client returned neither a response nor an error")
	}
	return resp, nil
}

// refused adds an example of valid arguments to a failure, and what the API cannot do if an argument is unknown.
func (t *tool) refused(args map[string]any, f *Failure) *Failure {
	f.Example = t.example(args, f.Arguments)
	if slices.ContainsFunc(f.Arguments, func(p Problem) bool {
		_, given := args[p.Argument]
		return given && t.input().published().Property(p.Argument) == nil
	}) {
		f.Advice = t.adviseLimits()
	}
	return f
}

// Observation is a call of an operation that has ended, for logs, metrics and an audit.
type Observation struct {
	// Tool is the operation, also if one of the dynamic tools or a program called it.
	Tool Tool
	// Arguments are those of the caller, unchecked, with the token of a confirmation. They may contain secrets.
	Arguments json.RawMessage
	// Confirmed reports whether the call had to be confirmed and was.
	Confirmed bool
	// Sent reports whether a request was sent to the API. It may have failed before it arrived.
	Sent bool
	// Result is what the caller gets.
	Result Result

	path map[string]any
}

// Path returns the path parameters by the names of their arguments, or nil if the arguments are not valid. The map is
// the caller's.
func (o Observation) Path() map[string]string {
	if len(o.path) == 0 {
		return nil
	}
	path := make(map[string]string, len(o.path))
	for name, value := range o.path {
		path[name] = fmt.Sprint(value)
	}
	return path
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
	o := Observation{
		Tool: Tool{c.tool}, Arguments: arguments, Confirmed: c.confirmed, Sent: c.sent, Result: result,
	}
	if c.in != nil { // checked
		o.path = c.request.path
	}
	e.observer(ctx, o)
}
