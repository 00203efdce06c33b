package webhook_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/webhook"
)

func TestActionsAreDecoded(t *testing.T) {
	t.Parallel()
	v := newActionVerifier(t)
	a, err := v.Action([]byte(anAuthentication), sign(anAuthentication))
	if err != nil {
		t.Fatalf("authentication: %v", err)
	}
	if a.ID != "action_01" || a.Authentication == nil || a.UserRegistration != nil {
		t.Fatalf("authentication: got %+v", a)
	}
	in := a.Authentication
	if in.User.Email != "ada@example.com" || in.Organization != nil || *in.IPAddress != "203.0.113.1" ||
		in.DeviceFingerprint != nil || *in.Issuer != "test" {
		t.Errorf("authentication: got %+v", in)
	}

	a, err = v.Action([]byte(aRegistration), sign(aRegistration))
	if err != nil {
		t.Fatalf("registration: %v", err)
	}
	if a.Authentication != nil || a.UserRegistration == nil || *a.UserRegistration.UserData.LastName != "Lovelace" {
		t.Errorf("registration: got %+v", a)
	}
	if string(a.Raw) != aRegistration {
		t.Errorf("raw: got %s, want %s", a.Raw, aRegistration)
	}
}

func TestUnknownActionCanBeAnswered(t *testing.T) {
	t.Parallel()
	const body = `{"object":"impersonation_action_context","id":"action_03","what":1}`
	a, err := newActionVerifier(t).Action([]byte(body), sign(body))
	if err != nil {
		t.Fatalf("Action: %v", err)
	}
	if a.Authentication != nil || a.UserRegistration != nil || string(a.Raw) != body {
		t.Errorf("got %+v, want the raw action alone", a)
	}
	answer, err := json.Marshal(a.Allow())
	if err != nil || !strings.Contains(string(answer), `"object":"impersonation_action_response"`) {
		t.Errorf("answer: got %s, %v", answer, err)
	}
}

func TestActionAnswersHaveTheShapeTheAPIExpects(t *testing.T) {
	t.Parallel()
	const message = "<b>&\u2028\x01\x1f\n\x7f\"\\ é"
	const quoted = "\"<b>&\u2028\\u0001\\u001f\\n\x7f\\\"\\\\ é\"" // as JSON.stringify has it
	for _, test := range []struct {
		body, object, payload string
		decide                func(*webhook.Action) *webhook.ActionAnswer
	}{
		{
			anAuthentication, "authentication_action_response", `{"timestamp":1767323045678,"verdict":"Allow"}`,
			(*webhook.Action).Allow,
		},
		{
			aRegistration, "user_registration_action_response", `{"timestamp":1767323045678,"verdict":"Deny"}`,
			func(a *webhook.Action) *webhook.ActionAnswer { return a.Deny("") },
		},
		{
			aRegistration, "user_registration_action_response",
			`{"timestamp":1767323045678,"verdict":"Deny","error_message":` + quoted + `}`,
			func(a *webhook.Action) *webhook.ActionAnswer { return a.Deny(message) },
		},
	} {
		handler, err := webhook.NewActionHandler(newActionVerifier(t),
			func(_ context.Context, a *webhook.Action) (*webhook.ActionAnswer, error) { return test.decide(a), nil })
		if err != nil {
			t.Fatalf("NewActionHandler: %v", err)
		}
		w := post(t, handler, test.body, sign(test.body))
		want := `{"object":"` + test.object + `","payload":` + test.payload + `,"signature":"` +
			signedBy(secret, millis(now), test.payload) + `"}`
		if got := w.Body.String(); w.Code != 200 || got != want {
			t.Errorf("got %d %s, want 200 %s", w.Code, got, want)
		}
		if got := w.Header().Get("Content-Type"); got != "application/json" {
			t.Errorf("content type: got %q", got)
		}
	}
}

func TestActionAnswerIsSignedWithTheSecretOfTheRequest(t *testing.T) {
	t.Parallel()
	const payload = `{"timestamp":1767323045678,"verdict":"Allow"}`
	v := newActionVerifier(t, webhook.WithPreviousSecret("old"))
	for _, key := range []string{secret, "old"} {
		a, err := v.Action([]byte(anAuthentication), webhook.Sign([]byte(anAuthentication), key, now))
		if err != nil {
			t.Fatalf("signed with %s: %v", key, err)
		}
		answer, err := json.Marshal(a.Allow())
		if err != nil || !strings.Contains(string(answer), signedBy(key, millis(now), payload)) {
			t.Errorf("answer to a request signed with %s: got %s, %v", key, answer, err)
		}
	}
}

func TestActionsAreRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body, header string
		status             int
		want               error
	}{
		{"no signature", anAuthentication, "", 400, webhook.ErrNoSignature},
		{"malformed signature", anAuthentication, "t=1,v1=0", 400, webhook.ErrMalformedSignature},
		{"tampered", anAuthentication + " ", sign(anAuthentication), 401, webhook.ErrSignatureMismatch},
		{
			"after 30 seconds", anAuthentication,
			webhook.Sign([]byte(anAuthentication), secret, now.Add(-30001*time.Millisecond)), 401, webhook.ErrTimestampTooOld,
		},
		{
			"30 seconds ahead", anAuthentication,
			webhook.Sign([]byte(anAuthentication), secret, now.Add(30001*time.Millisecond)), 401, webhook.ErrTimestampInFuture,
		},
		{"an event", anEvent, sign(anEvent), 400, webhook.ErrMalformedAction},
		{"no JSON", "x", sign("x"), 400, webhook.ErrMalformedAction},
		{"user of another shape", ofNoUser, sign(ofNoUser), 400, webhook.ErrMalformedAction},
	} {
		v := newActionVerifier(t)
		a, err := v.Action([]byte(test.body), test.header)
		if a != nil || !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, %v; want %v", test.name, a, err, test.want)
		}
		handler, err := webhook.NewActionHandler(v, allow)
		if err != nil {
			t.Fatalf("NewActionHandler: %v", err)
		}
		w := post(t, handler, test.body, test.header)
		if w.Code != test.status || strings.Contains(w.Body.String(), "Allow") {
			t.Errorf("%s: got %d %s, want %d", test.name, w.Code, w.Body, test.status)
		}
	}
}

const ofNoUser = `{"object":"authentication_action_context","id":"action_01","user":[]}`

func allow(_ context.Context, a *webhook.Action) (*webhook.ActionAnswer, error) {
	return a.Allow(), nil
}

func TestActionMadeByHandIsDecidedButNotSigned(t *testing.T) {
	t.Parallel()
	a := &webhook.Action{UserRegistration: &webhook.UserRegistrationAction{}}
	if answer := a.Allow(); !answer.Allowed() || answer.Message() != "" {
		t.Errorf("Allow: got %t, %q", answer.Allowed(), answer.Message())
	}
	answer := a.Deny("No entry.")
	if answer.Allowed() || answer.Message() != "No entry." {
		t.Errorf("Deny: got %t, %q", answer.Allowed(), answer.Message())
	}
	if text, err := json.Marshal(answer); err == nil {
		t.Errorf("the answer to nobody is encoded as %s, want an error", text)
	}
	for _, answer := range []*webhook.ActionAnswer{nil, {}, answer} {
		w := httptest.NewRecorder()
		answer.ServeHTTP(w, nil)
		if w.Code != 500 {
			t.Errorf("answer %v: got status %d, want 500", answer, w.Code)
		}
	}
}

func TestReplayedActionIsRefused(t *testing.T) {
	t.Parallel()
	v := newActionVerifier(t, webhook.WithReplayCheck())
	if err := v.Verify([]byte(anAuthentication), sign(anAuthentication)); err != nil {
		t.Fatalf("first: %v", err)
	}
	if _, err := v.Action([]byte(anAuthentication), sign(anAuthentication)); !errors.Is(err, webhook.ErrReplayed) {
		t.Errorf("again: got %v, want ErrReplayed", err)
	}
}

func TestUndecidedActionIsAFailure(t *testing.T) {
	t.Parallel()
	for name, decide := range map[string]func(context.Context, *webhook.Action) (*webhook.ActionAnswer, error){
		"error":     func(_ context.Context, a *webhook.Action) (*webhook.ActionAnswer, error) { return a.Allow(), errFull },
		"no answer": func(context.Context, *webhook.Action) (*webhook.ActionAnswer, error) { return nil, nil },
		"zero answer": func(context.Context, *webhook.Action) (*webhook.ActionAnswer, error) {
			return new(webhook.ActionAnswer), nil
		},
	} {
		handler, err := webhook.NewActionHandler(newActionVerifier(t), decide)
		if err != nil {
			t.Fatalf("NewActionHandler: %v", err)
		}
		w := post(t, handler, anAuthentication, sign(anAuthentication))
		if w.Code != 500 || strings.Contains(w.Body.String(), "Allow") || strings.Contains(w.Body.String(), "db.internal") {
			t.Errorf("%s: got %d %s, want a bare 500", name, w.Code, w.Body)
		}
	}
}

func FuzzAction(f *testing.F) {
	f.Add([]byte(anAuthentication), "denied")
	f.Add([]byte(aRegistration), "\u2028<>&\x00\xff")
	f.Add([]byte(`{"object":"_action_context"}`), "")
	v, err := webhook.NewActionVerifier(secret, clock())
	if err != nil {
		f.Fatalf("NewActionVerifier: %v", err)
	}
	f.Fuzz(func(t *testing.T, body []byte, message string) {
		if len(body) > 1<<12 || len(message) > 1<<12 {
			t.Skip("too large")
		}
		a, err := v.Action(body, webhook.Sign(body, secret, now))
		if err != nil {
			return
		}
		answer, err := a.Deny(message).MarshalJSON()
		if err != nil {
			t.Fatalf("answer: %v", err)
		}
		var got struct {
			Payload struct {
				Message string `json:"error_message"`
			} `json:"payload"`
		}
		if err := json.Unmarshal(answer, &got); err != nil || got.Payload.Message != strings.ToValidUTF8(message, "\ufffd") {
			t.Errorf("message %q: got %s, %v", message, answer, err)
		}
	})
}
