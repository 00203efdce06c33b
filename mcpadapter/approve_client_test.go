package mcpadapter_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

const deletion = `{"tea_id":"1"}`

// replies is an [mcpadapter.Asker] that counts its questions.
func replies(asked *int, agreed bool, err error) mcpadapter.Asker {
	return func(context.Context, string) (bool, error) {
		*asked++
		return agreed, err
	}
}

func TestEachMCPClientAsksInItsWay(t *testing.T) {
	t.Parallel()
	unasked := 0
	never := replies(&unasked, true, nil)
	for name, c := range map[string]struct {
		client mcpadapter.MCPClient
		code   string // of the failure; "": the call was sent
		part   string // of the result's text
		asked  bool
	}{
		"cannot ask":        {client: mcpadapter.MCPClient{}, code: mcpadapter.CodeConfirmationRequired, part: "Show the question"},
		"cannot ask, named": {client: mcpadapter.MCPClient{Name: "codex"}, code: mcpadapter.CodeConfirmationRequired},
		"has a state without asking": {
			client: mcpadapter.MCPClient{State: "x", Agreed: true}, code: mcpadapter.CodeConfirmationRequired,
		},
		"made-up state": {
			client: mcpadapter.MCPClient{Between: true, State: "x", Agreed: true}, code: mcpadapter.CodeConfirmationInvalid,
		},
		"asks between two calls alone": {client: mcpadapter.MCPClient{Between: true, Ask: never}, asked: true},
	} {
		a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
		pending, r := shoptest.Tool(t, a, "teas.delete").Serve(t.Context(), json.RawMessage(deletion), c.client)
		if (pending != nil) != c.asked || len(wire.Changes()) > 0 || unasked > 0 {
			t.Errorf("%s: got %v and %d questions, want a pending question: %t and nothing sent", name, pending, unasked, c.asked)
		}
		if c.code != "" {
			shoptest.WantFailure(t, r, c.code, 0)
			shoptest.WantParts(t, name, r.Text(), c.part)
		}
		if strings.Contains(r.Text(), "codex exec") {
			t.Errorf("%s: got %s, want nothing of a client that declined", name, r.Text())
		}
	}
}

func TestAClientThatAsksInTheCallIsHeard(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		agreed bool
		err    error
		parts  []string
	}{
		"yes":    {agreed: true},
		"no":     {parts: []string{mcpadapter.CodeNotConfirmed, "did not agree", "codex exec"}},
		"nobody": {err: errors.New("gone"), parts: []string{mcpadapter.CodeNotConfirmed, "could not be asked: gone"}},
	} {
		a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
		asked := 0
		pending, r := shoptest.Tool(t, a, "teas.delete").Serve(t.Context(), json.RawMessage(deletion), mcpadapter.MCPClient{
			Name: "codex-mcp-client", Ask: replies(&asked, c.agreed, c.err), Conversation: "s",
		})
		if sent := len(wire.Changes()); pending != nil || asked != 1 || sent == 1 != c.agreed || sent > 1 {
			t.Errorf("%s: got %v, %d questions and %d requests", name, pending, asked, sent)
		}
		shoptest.WantParts(t, name, r.Text(), c.parts...)
	}
}

func TestAClientThatAsksBetweenTwoCallsIsHeardOnce(t *testing.T) {
	t.Parallel()
	for _, agreed := range []bool{true, false} {
		a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
		remove := shoptest.Tool(t, a, "teas.delete")
		client := mcpadapter.MCPClient{Name: "claude-code", Between: true, Agreed: true} // not of the first call
		pending, _ := remove.Serve(t.Context(), json.RawMessage(deletion), client)
		if pending == nil || len(wire.Changes()) > 0 {
			t.Fatalf("got %v, want a question and nothing sent", pending)
		}
		shoptest.WantParts(t, "question", pending.Question, "Remove a tea?")
		client.State, client.Agreed = pending.Token, agreed
		again, r := remove.Serve(t.Context(), json.RawMessage(deletion), client)
		if sent := len(wire.Changes()); again != nil || sent == 1 != agreed || sent > 1 || r.Failure == nil != agreed {
			t.Errorf("agreed: %t: got %v, %s and %d requests", agreed, again, r.Text(), sent)
		}
		if !agreed {
			shoptest.WantParts(t, "refusal", r.Text(), mcpadapter.CodeNotConfirmed, "claude -p")
		}
		client.Agreed = true
		_, r = remove.Serve(t.Context(), json.RawMessage(deletion), client)
		if sent := len(wire.Changes()); r.Failure == nil || sent > 0 {
			t.Errorf("the state again: got %s and %d requests, want none", r.Text(), sent)
		}
	}
}

// Calls that a session makes at once are one question, and those without a session are one each.
func TestCallsOfASessionAreOneQuestion(t *testing.T) {
	t.Parallel()
	for conversation, want := range map[string]string{"s": "3", "": "1 1 1"} {
		synctest.Test(t, func(t *testing.T) {
			s := newShift(t)
			for _, tea := range []string{"1", "2", "3"} {
				go func() {
					_, r := s.remove.Serve(t.Context(), json.RawMessage(`{"tea_id":"`+tea+`"}`),
						mcpadapter.MCPClient{Ask: s.ask, Conversation: conversation})
					s.results <- r
				}()
			}
			synctest.Wait()
			close(s.reads)
			synctest.Wait()
			if got := s.asked(); got != want {
				t.Errorf("session %q: got questions about %s calls, want %s", conversation, got, want)
			}
			for range strings.FieldsSeq(want) {
				s.answer <- true
			}
			if done, codes := s.finish(3); done != 3 {
				t.Errorf("session %q: got %d done and %v, want 3", conversation, done, codes)
			}
		})
	}
}
