package bindtest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

const (
	withForms = `{"elicitation":{}}`
	deletion  = `{"tea_id":"1"}`
)

// reply is what a client returns for the form.
type reply struct {
	text   string
	agreed bool
	// valid is whether it fits the schema of the form. Libraries may refuse another reply with their own words.
	valid bool
}

const yes = `{"action":"accept","content":{"confirm":true}}`

func replies() []reply {
	return []reply{
		{yes, true, true},
		{`{"action":"accept","content":{"confirm":false}}`, false, true},
		{`{"action":"accept","content":{"confirm":"true"}}`, false, false},
		{`{"action":"accept","content":{}}`, false, false},
		{`{"action":"accept"}`, false, true},
		{`{"action":"decline"}`, false, true},
		{`{"action":"cancel"}`, false, true},
		{`{"action":"decline","content":{"confirm":true}}`, false, true},
	}
}

// asking is a client with sessions that returns a reply for each form, and remembers the questions.
func asking(tb testing.TB, url, text string, questions *[]string) *client {
	tb.Helper()
	c := &client{url: url, name: "claude-code", capabilities: withForms}
	c.answer = func(method string, params json.RawMessage) any {
		var asked struct {
			Mode    string          `json:"mode"`
			Message string          `json:"message"`
			Schema  json.RawMessage `json:"requestedSchema"`
		}
		if err := json.Unmarshal(params, &asked); err != nil || method != "elicitation/create" || asked.Mode != "form" {
			tb.Errorf("got %s %s, want a form", method, params)
		}
		form, err := json.Marshal(mcpadapter.ConfirmationForm())
		if err != nil {
			tb.Error(err)
		}
		if got, want := canonical(tb, asked.Schema), canonical(tb, form); got != want {
			tb.Errorf("got the form %s, want %s", got, want)
		}
		*questions = append(*questions, asked.Message)
		return json.RawMessage(text)
	}
	return c.connect(tb)
}

func testAskedInCall(t *testing.T, b Binding) {
	t.Helper()
	t.Parallel()
	for _, reply := range replies() {
		a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
		var questions []string
		c := asking(t, serve(t, b, a, Setup{}), reply.text, &questions)
		r := c.call(t, "teas.delete", deletion)
		if len(questions) != 1 {
			t.Fatalf("%s: asked %d times, want once; got %s", reply.text, len(questions), r.text())
		}
		shoptest.WantParts(t, reply.text, questions[0], "Remove a tea?", `tea_id: "1"`)
		wantAgreed(t, reply, r, wire)
		if !reply.agreed && reply.valid {
			shoptest.WantParts(t, reply.text, r.text(), "not_confirmed: the person did not agree; nothing was sent",
				"If this is claude -p, the client declined by itself")
		}
	}
}

// wantAgreed checks that a call was sent exactly if the reply means yes.
func wantAgreed(tb testing.TB, reply reply, r result, wire *shoptest.Server) {
	tb.Helper()
	if sent := len(wire.Changes()); sent == 1 != reply.agreed || sent > 1 || r.IsError == reply.agreed {
		tb.Errorf("%s: got %d requests and %s, want sent: %t", reply.text, sent, r.text(), reply.agreed)
	}
	if !reply.agreed {
		shoptest.WantParts(tb, reply.text, r.text(), "not_confirmed")
	}
}

// wantNothingChanged checks that nothing but the reads for a question was sent.
func wantNothingChanged(tb testing.TB, wire *shoptest.Server, what string) {
	tb.Helper()
	if sent := wire.Changes(); len(sent) != 0 {
		tb.Errorf("%s: got the requests %v, want none", what, sent)
	}
}

// stateless is a client of the first revision without sessions.
func stateless(url, capabilities string) *client {
	return &client{url: url, revision: withoutSessions, name: "claude-code", capabilities: capabilities}
}

func testAskedBetween(t *testing.T, b Binding) {
	t.Helper()
	t.Parallel()
	for _, reply := range replies() {
		a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
		c := stateless(serve(t, b, a, Setup{Stateless: true}), withForms)
		first := c.call(t, "teas.delete", deletion)
		question := first.Requests[mcpadapter.ConfirmationField]
		if first.Type != "input_required" || first.State == "" || question.Params.Mode != "form" {
			t.Fatalf("%s: got %+v, want a request for input", reply.text, first)
		}
		shoptest.WantParts(t, reply.text, question.Params.Message, "Remove a tea?", `tea_id: "1"`)
		wantNothingChanged(t, wire, reply.text)
		wantAgreed(t, reply, c.round(t, "teas.delete", deletion, first.State, json.RawMessage(reply.text)), wire)
		// Whatever the reply was, there is no second one.
		again := c.round(t, "teas.delete", deletion, first.State, json.RawMessage(yes))
		if n := len(wire.Changes()); !again.IsError || n != 0 {
			t.Errorf("%s, then accepted: got %s and %d requests, want none", reply.text, again.text(), n)
		}
	}
}

func testForeignRounds(t *testing.T, b Binding) {
	t.Helper()
	t.Parallel()
	a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
	url := serve(t, b, a, Setup{Stateless: true})
	asks, tells := stateless(url, withForms), stateless(url, `{}`)
	state := asks.call(t, "teas.delete", deletion).State
	told := tells.call(t, "teas.delete", deletion).pending(t).Token
	agreed := json.RawMessage(yes)
	for _, c := range []struct {
		name            string
		client          *client
		state           string
		answer          any
		tool, arguments string
	}{
		{"a reply without a question", asks, "", agreed, "teas.delete", deletion},
		{"a made-up state", asks, "yes", agreed, "teas.delete", deletion},
		{"another argument", asks, state, agreed, "teas.delete", `{"tea_id":"2"}`},
		{"another tool", asks, state, agreed, "recalls.create", `{"tea":"1"}`},
		{"the token of two calls as the state", asks, told, agreed, "teas.delete", deletion},
		{"the state as the token of two calls", tells, "", nil, "teas.delete", withToken(state)},
		{"the state without a client that asks", tells, state, agreed, "teas.delete", deletion},
		{"the token of two calls where the client asks", asks, "", nil, "teas.delete", withToken(told)},
	} {
		c.client.round(t, c.tool, c.arguments, c.state, c.answer)
		if sent := wire.Changes(); len(sent) > 0 {
			t.Errorf("%s: got %v, want nothing sent", c.name, sent)
		}
	}
	r := asks.round(t, "teas.delete", deletion, state, agreed)
	if sent := wire.Changes(); r.IsError || len(sent) != 1 {
		t.Errorf("after all that: got %s and %v, want it sent", r.text(), sent)
	}
}

// withToken is deletion with a token.
func withToken(token string) string {
	return fmt.Sprintf(`%s,"confirmation":%q}`, strings.TrimSuffix(deletion, "}"), token)
}

// testTokens is about clients that cannot ask.
func testTokens(t *testing.T, b Binding) {
	t.Helper()
	t.Parallel()
	a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
	sessions, none := serve(t, b, a, Setup{}), serve(t, b, a, Setup{Stateless: true})
	for name, c := range map[string]*client{
		"a session":                      (&client{url: sessions}).connect(t),
		"a session with URLs alone":      (&client{url: sessions, capabilities: `{"elicitation":{"url":{}}}`}).connect(t),
		"no session":                     {url: none},
		"no session, the last revision":  stateless(none, `{}`),
		"no session, URLs alone":         stateless(none, `{"elicitation":{"url":{}}}`),
		"no session, though it had said": (&client{url: none, capabilities: withForms}).connect(t),
	} {
		pending := c.call(t, "teas.delete", deletion).pending(t)
		wantNothingChanged(t, wire, name)
		r := c.call(t, "teas.delete", withToken(pending.Token))
		if sent := wire.Changes(); r.IsError || len(sent) != 1 {
			t.Errorf("%s: got %s and %v, want it sent", name, r.text(), sent)
		}
		again := c.call(t, "teas.delete", withToken(pending.Token))
		if sent := wire.Changes(); !again.IsError || len(sent) != 0 {
			t.Errorf("%s, again: got %s and %v, want nothing sent", name, again.text(), sent)
		}
	}
}
