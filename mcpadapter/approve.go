package mcpadapter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// takeToken takes the token out of the arguments. null is none: it is what models send for an argument that they leave
// out.
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

// approval decides whether a call that needs a confirmation may be sent; nil: it may.
type approval func(ctx context.Context, c *call) *Failure

// Asker asks a person the question and returns whether they agree. An error says that nobody could be asked. It must
// end with its context.
type Asker func(ctx context.Context, question string) (agreed bool, err error)

// approve is an approval that asks in the course of the call.
func (ask Asker) approve(ctx context.Context, c *call) *Failure {
	ctx, cancel := context.WithTimeout(ctx, c.tool.engine.confirmation.Lifetime)
	defer cancel()
	question, missing := c.question(ctx)
	if missing != nil {
		return missing
	}
	agreed, err := ask(ctx, question)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return unconfirmed("nobody answered in time")
	case err != nil:
		return unconfirmed("the person could not be asked: " + phrase.Shorten(err.Error(), maxQuestionText))
	case !agreed:
		return declined()
	}
	return nil
}

// byToken takes the token of an earlier call, or else gives one.
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

// Ask begins a call whose client asks its person between two requests. It checks the arguments; if the call needs a
// confirmation, it returns the question and the token with which [Tool.Resume] goes on, and nothing was sent. Otherwise
// pending is nil and the result is that of [Tool.Invoke].
func (t Tool) Ask(ctx context.Context, arguments json.RawMessage) (pending *PendingConfirmation, result Result) {
	result = t.invoke(ctx, arguments, func(ctx context.Context, c *call) (f *Failure) {
		if pending, f = c.ask(ctx, askedPerson); f == nil {
			f = unconfirmed("the person has to be asked first")
		}
		return f
	})
	return pending, result
}

// Resume is the second part of a call that [Tool.Ask] began: with the same arguments, the token and whether the person
// agreed. The token is used up whatever they said, so that another response comes too late. Where the call needs no
// confirmation, it is that of [Tool.Invoke].
func (t Tool) Resume(ctx context.Context, arguments json.RawMessage, token string, agreed bool) Result {
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

// Codes of failures of calls that were not confirmed. Nothing was sent.
const (
	CodeConfirmationRequired = "confirmation_required" // call again with the token
	CodeConfirmationInvalid  = "confirmation_invalid"  // the token is not for this call, expired, or used
	CodeNotConfirmed         = "not_confirmed"         // the person did not agree, or was not there to
)

func unconfirmed(why string) *Failure {
	return &Failure{Code: CodeNotConfirmed, Message: why + "; nothing was sent"}
}

func declined() *Failure {
	f := unconfirmed("the person did not agree")
	f.Advice = "Do not call it again unless they ask for it."
	return f
}

// PendingConfirmation is a call that waits for a person.
type PendingConfirmation struct {
	Question string    `json:"question"` // what would be done to what, for the person; parts of it come from third parties
	Token    string    `json:"token"`    // sealed
	Expires  time.Time `json:"expires"`
}

// confirmedBy is the way in which a person is asked. A token of one way is not valid for the other.
type confirmedBy byte

const (
	toldPerson  confirmedBy = 't' // the model was told to; the token stands among the arguments
	askedPerson confirmedBy = 'a' // the client asked; the token is its state, beside the person's response
)

// bound returns the hash of all that a confirmation is for: how it was asked, by whom the call is made, and exactly
// what would be sent.
func (c *call) fingerprint(ctx context.Context, way confirmedBy) ([]byte, error) {
	sent, err := json.Marshal([]any{c.request.path, c.request.params, c.request.body, c.request.given})
	if err != nil {
		return nil, fmt.Errorf("write what would be sent: %w", err)
	}
	e := c.tool.engine
	return e.sealer.Bind(byte(way), []byte(c.tool.name), sent, []byte(e.confirmation.Caller(ctx))), nil
}

// ask makes the question and its token.
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

// redeem uses up a token, if it is one for this call. What fails leaves nothing sent.
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
	first, err := c.tool.engine.confirmation.Used.Use(ctx, id, expires)
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
