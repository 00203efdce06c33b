package mcpadapter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/conversation"
)

// takeToken removes the token from the arguments. null is no token, because models send null for arguments that they
// omit.
func (c *call) takeToken(args map[string]any) []Problem {
	name := c.tool.confirmationName
	v, given := args[name]
	if name == "" || !given {
		return nil
	}
	delete(args, name)
	token, ok := v.(string)
	if !ok && v != nil {
		return []Problem{{Argument: name, Message: "expected a string, got " + value.Describe(v)}}
	}
	c.token = token
	return nil
}

// approval decides whether a call that needs a confirmation may be sent. It returns nil if so.
type approval func(ctx context.Context, c *call) *Failure

// Asker asks a person the question and returns whether they agree. It returns an error if nobody could be asked, and
// must return when its context ends.
type Asker func(ctx context.Context, question string) (agreed bool, err error)

// approve is an approval that asks while the call waits.
func (ask Asker) approve(ctx context.Context, c *call) *Failure {
	ctx, cancel := context.WithTimeout(ctx, c.tool.engine.confirmation.Lifetime)
	defer cancel()
	id, _ := ctx.Value(conversationKey{}).(string)
	seat := c.tool.engine.conversations.Enter(id)
	defer seat.Leave()
	text, missing := c.question(ctx)
	if missing != nil {
		return missing
	}
	f, err := seat.Ask(ctx, conversation.Question[*Failure]{
		Text: text, Ask: ask.agreed,
		Panicked: func(ctx context.Context) *Failure {
			c.tool.engine.panicked(ctx, c.tool.name)
			return unconfirmed("the person could not be asked")
		},
	})
	if err != nil {
		return unasked(err)
	}
	return f
}

// agreed asks, and returns nil if the person agrees.
func (ask Asker) agreed(ctx context.Context, question string) *Failure {
	agreed, err := ask(ctx, question)
	switch {
	case err != nil:
		return unasked(err)
	case !agreed:
		return declined()
	}
	return nil
}

// unasked is the failure of a call whose person could not be asked.
func unasked(err error) *Failure {
	if errors.Is(err, context.DeadlineExceeded) {
		return unconfirmed("nobody responded in time")
	}
	return unconfirmed("the person could not be asked: " + phrase.Shorten(err.Error(), maxQuestionText))
}

// byToken is an approval that redeems the token of an earlier call, or else issues one.
func byToken(ctx context.Context, c *call) *Failure {
	if c.token != "" {
		return c.redeem(ctx, toldPerson, c.token)
	}
	pending, err := c.ask(ctx, toldPerson)
	if err != nil {
		return err
	}
	return &Failure{
		Code:         CodeConfirmationRequired,
		Message:      "nothing was sent yet, because a person has to confirm this call",
		Confirmation: pending,
		Advice: fmt.Sprintf("Show the question to the person and wait for the answer. Only if they agree, call the tool "+
			"again with the same arguments and %s set to the token; it is valid once, until %s.",
			c.tool.confirmationName, pending.Expires.Format(time.RFC3339)),
	}
}

// Ask begins a call for a client that asks its person between two requests. It checks the arguments; if the call needs
// a confirmation, it sends nothing and returns the question and the token for [Tool.Resume]. Otherwise pending is nil
// and the result is that of [Tool.Invoke].
func (t Tool) Ask(ctx context.Context, arguments json.RawMessage) (pending *PendingConfirmation, result Result) {
	if p := t.programs(); p != nil {
		return p.invoke(ctx, t.tool, arguments, programApproval{way: askedPerson})
	}
	result = t.invoke(ctx, arguments, func(ctx context.Context, c *call) (f *Failure) {
		if pending, f = c.ask(ctx, askedPerson); f == nil {
			f = unconfirmed("the person has to be asked first")
		}
		return f
	})
	return pending, result
}

// Resume is the second part of a call that [Tool.Ask] began: with the same arguments, the token, and whether the person
// agreed. It uses up the token in either case, so that a second response is rejected. If the call needs no
// confirmation, it is [Tool.Invoke].
func (t Tool) Resume(ctx context.Context, arguments json.RawMessage, token string, agreed bool) Result {
	if p := t.programs(); p != nil {
		return p.resume(ctx, t.tool, arguments, programApproval{way: askedPerson, token: token, declined: !agreed})
	}
	return t.invoke(ctx, arguments, func(ctx context.Context, c *call) *Failure {
		if f := c.redeem(ctx, askedPerson, token); f != nil {
			return f
		}
		if !agreed {
			return declined()
		}
		return nil
	})
}

// MCPClient is the client of a call as a binding to an MCP library knows it: how it asks its person for a confirmation,
// by elicitation. The zero value is a client that cannot ask, so that the model is asked to.
type MCPClient struct {
	// Name is the one in clientInfo, or else the User-Agent; see [Result.Declined].
	Name string
	// Ask asks by a request of the server while the call waits (MCP revisions up to 2025-11-25); nil: the client does
	// not ask in this way.
	Ask Asker
	// Conversation is the ID of the session in which Ask asks; see [InConversation].
	Conversation string
	// Between reports that the client asks between two calls, the first of which returns the question (since revision
	// 2026-07-28, multi-round-trip requests). Ask is not used then.
	Between bool
	// State is the request state of the second of these calls, the token of the first; "": this is the first.
	State string
	// Agreed reports whether the person agreed, according to the second call; see [Confirmed].
	Agreed bool
}

// Serve serves a call of an MCP client, which asks its person in the way that it has. If pending is not nil, nothing
// was sent: the client gets the question, to be asked by [ConfirmationForm] under the name [ConfirmationField], with
// the token as its request state. Otherwise it gets the result.
func (t Tool) Serve(
	ctx context.Context, arguments json.RawMessage, client MCPClient,
) (pending *PendingConfirmation, result Result) {
	switch {
	case client.Between && client.State == "":
		return t.Ask(ctx, arguments)
	case client.Between:
		return nil, t.Resume(ctx, arguments, client.State, client.Agreed).Declined(client.Name)
	case client.Ask != nil:
		ctx = InConversation(ctx, client.Conversation)
		return nil, t.InvokeAsking(ctx, arguments, client.Ask).Declined(client.Name)
	}
	return nil, t.Invoke(ctx, arguments)
}

// Codes of failures of calls that were not confirmed. Nothing was sent.
const (
	CodeConfirmationRequired = "confirmation_required" // call again with the token
	CodeConfirmationInvalid  = "confirmation_invalid"  // the token is for another call, has expired or was used
	CodeNotConfirmed         = "not_confirmed"         // the person did not agree or could not be asked
)

func unconfirmed(why string) *Failure {
	return &Failure{Code: CodeNotConfirmed, Message: why + "; nothing was sent"}
}

func declined() *Failure {
	f := unconfirmed("the person did not agree")
	f.Advice = "Do not call it again unless they ask for it."
	return f
}

// PendingConfirmation is a call that waits for a person to confirm it.
type PendingConfirmation struct {
	Question string    `json:"question"` // for the person; parts of it may come from third parties
	Token    string    `json:"token"`    // sealed
	Expires  time.Time `json:"expires"`
}

// confirmedBy is the way in which a person is asked. A token for one way is not valid for the other.
type confirmedBy byte

const (
	toldPerson  confirmedBy = 't' // the model was asked to; the token is an argument
	askedPerson confirmedBy = 'a' // the client asked; the token is its request state
)

// sentJSON returns exactly what would be sent, as JSON.
func (c *call) sentJSON() ([]byte, error) {
	request := []any{c.request.path, c.request.params, c.request.body, c.request.given}
	if c.request.chosen != "" { // without it tokens are as before there was a choice
		request = append(request, c.request.chosen)
	}
	sent, err := json.Marshal(request)
	if err != nil {
		return nil, fmt.Errorf("write what would be sent: %w", err)
	}
	return sent, nil
}

// fingerprint returns a hash of what a confirmation is for: how the person was asked, the caller, and exactly what
// would be sent.
func (c *call) fingerprint(ctx context.Context, way confirmedBy) ([]byte, error) {
	sent, err := c.sentJSON()
	if err != nil {
		return nil, err
	}
	e := c.tool.engine
	return e.sealer.Bind(byte(way), []byte(c.tool.name), sent, []byte(e.confirmation.Caller(ctx))), nil
}

// ask returns the question and its token.
func (c *call) ask(ctx context.Context, way confirmedBy) (*PendingConfirmation, *Failure) {
	settings := &c.tool.engine.confirmation
	question, missing := c.question(ctx)
	if missing != nil {
		return nil, missing
	}
	expires := time.Now().Add(settings.Lifetime).UTC().Truncate(time.Second)
	bound, err := c.fingerprint(ctx, way)
	if err != nil {
		return nil, &Failure{Code: CodeInternal, Message: "the confirmation could not be made; nothing was sent"}
	}
	return &PendingConfirmation{
		Question: question, Token: c.tool.engine.sealer.Seal(expires, bound), Expires: expires,
	}, nil
}

// redeem uses up a token if it is valid for this call. Nothing is sent if it returns a failure.
func (c *call) redeem(ctx context.Context, way confirmedBy, token string) *Failure {
	f := &Failure{
		Code:   CodeConfirmationInvalid,
		Advice: "Call the tool without " + c.tool.confirmationName + " to ask the person again.",
	}
	bound, err := c.fingerprint(ctx, way)
	if err != nil {
		f.Message = "the confirmation could not be checked; nothing was sent"
		return f
	}
	id, expires, ok := c.tool.engine.sealer.Open(token, bound)
	if !ok {
		f.Message = "the confirmation is not for this call: it was made for another tool, for other arguments or for " +
			"other credentials, or is not complete; nothing was sent"
		return f
	}
	if !time.Now().Before(expires) {
		f.Message = "the confirmation has expired; nothing was sent"
		return f
	}
	return c.tool.engine.use(ctx, id, expires, f)
}

// use uses up a token. It returns f, with what is wrong, if the token was used before or that is unknown.
func (e *engine) use(ctx context.Context, id string, expires time.Time, f *Failure) *Failure {
	first, err := e.confirmation.Used.Use(ctx, id, expires)
	switch {
	case err != nil:
		why := phrase.Shorten(err.Error(), maxQuestionText)
		f.Message = "could not check whether the confirmation was used before: " + why + "; nothing was sent"
	case !first:
		f.Message = "the confirmation was used already; nothing was sent again"
		f.Advice = "Look whether the first call took effect. " + f.Advice
	default:
		return nil
	}
	return f
}

type conversationKey struct{}

// InConversation returns a context whose calls belong to a conversation with one person. Calls of [Tool.InvokeAsking]
// that need a confirmation at the same time are then one question, to be answered for all of them: a question waits for
// the calls that are being checked, and those that come in while it is open are the next one. The ID says whose
// conversation it is, such as the ID of an MCP session; "": none, and each call is a question of its own.
func InConversation(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, conversationKey{}, id)
}
