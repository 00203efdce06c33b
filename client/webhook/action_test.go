package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
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

func TestActionHasUserAndOrigin(t *testing.T) {
	t.Parallel()
	const from = `,"authentication_method":"Password","ip_address":"203.0.113.1","user_agent":"Mozilla/5.0",` +
		`"device_fingerprint":"f"`
	v := newActionVerifier(t)
	for _, part := range []string{from, ""} {
		body := `{"object":"authentication_action_context","id":"action_01","user":` + aUser + part + `}`
		a, err := v.Action([]byte(body), sign(body))
		if err != nil || a.Authentication == nil || a.Object != "authentication_action_context" {
			t.Fatalf("authentication: got %+v, %v", a, err)
		}
		wantClient(t, a.Authentication.ActionClient, part != "")
		body = `{"object":"user_registration_action_context","id":"action_02","user_data":{"email":"a@b"}` + part + `}`
		if a, err = v.Action([]byte(body), sign(body)); err != nil || a.UserRegistration == nil || a.ID != "action_02" {
			t.Fatalf("registration: got %+v, %v", a, err)
		}
		wantClient(t, a.UserRegistration.ActionClient, part != "")
		if a.UserRegistration.Invitation != nil || a.UserRegistration.UserData.Email != "a@b" {
			t.Errorf("registration: got %+v", a.UserRegistration)
		}
	}
}

func wantClient(t *testing.T, got webhook.ActionClient, known bool) {
	t.Helper()
	for want, field := range map[string]*string{
		"Password": got.AuthenticationMethod, "203.0.113.1": got.IPAddress, "Mozilla/5.0": got.UserAgent,
		"f": got.DeviceFingerprint,
	} {
		if known != (field != nil) || known && *field != want {
			t.Errorf("got %v, want %s if known: %t", field, want, known)
		}
	}
}

func TestActionDoesNotShareItsBytes(t *testing.T) {
	t.Parallel()
	body := []byte(aRegistration)
	a, err := newActionVerifier(t).Action(body, sign(aRegistration))
	if err != nil {
		t.Fatalf("Action: %v", err)
	}
	clear(body)
	if string(a.Raw) != aRegistration {
		t.Errorf("the action has changed with its source: %s", a.Raw)
	}
}

func TestUnknownActionCanBeRespondedTo(t *testing.T) {
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

func TestActionsAreRefused(t *testing.T) {
	t.Parallel()
	signed := func(at time.Duration) string { return webhook.Sign([]byte(anAuthentication), secret, now.Add(at)) }
	const noAction = "malformed action: "
	for _, test := range []struct {
		name, body, header string
		status             int
		want               error
		says               string // a prefix
	}{
		{"no signature", anAuthentication, "", 400, webhook.ErrNoSignature, "no signature"},
		{"malformed signature", anAuthentication, "t=1,v1=0", 400, webhook.ErrMalformedSignature, "malformed signature: "},
		{"tampered", anAuthentication + " ", sign(anAuthentication), 401, webhook.ErrSignatureMismatch, "signature does not"},
		{
			"by another secret", anAuthentication, webhook.Sign([]byte(anAuthentication), "guess", now), 401,
			webhook.ErrSignatureMismatch, "signature does not match",
		},
		{
			"after 30 seconds", anAuthentication, signed(-30001 * time.Millisecond), 401, webhook.ErrTimestampTooOld,
			"timestamp is too old: signed 30.001s ago, tolerance 30s",
		},
		{
			"30 seconds ahead", anAuthentication, signed(30001 * time.Millisecond), 401, webhook.ErrTimestampInFuture,
			"timestamp is in the future: signed 30.001s ahead, tolerance 30s",
		},
		{"an event", anEvent, sign(anEvent), 400, webhook.ErrMalformedAction, noAction + "object is not the context of"},
		{"no JSON", "x", sign("x"), 400, webhook.ErrMalformedAction, noAction + "invalid character 'x'"},
		{"empty", "", sign(""), 400, webhook.ErrMalformedAction, noAction + "unexpected end of JSON input"},
		{"null", "null", sign("null"), 400, webhook.ErrMalformedAction, noAction + "object is not the context of"},
		{"ID of another shape", ofNoID, sign(ofNoID), 400, webhook.ErrMalformedAction, noAction + "json: cannot unmarshal"},
		{"user of another shape", ofNoUser, sign(ofNoUser), 400, webhook.ErrMalformedAction, noAction + "json: cannot"},
		{"data of another shape", ofNoData, sign(ofNoData), 400, webhook.ErrMalformedAction, noAction + "json: cannot"},
	} {
		v := newActionVerifier(t)
		a, err := v.Action([]byte(test.body), test.header)
		if a != nil || !errors.Is(err, test.want) || !strings.HasPrefix(err.Error(), "workos/webhook: "+test.says) {
			t.Errorf("%s: got %v, %v; want workos/webhook: %s …", test.name, a, err, test.says)
		}
		err = v.Verify([]byte(test.body), test.header)
		if malformed := errors.Is(test.want, webhook.ErrMalformedAction); malformed && err != nil ||
			!malformed && (!errors.Is(err, test.want) || !strings.HasPrefix(err.Error(), "workos/webhook: "+test.says)) {
			t.Errorf("%s: Verify: got %v, want the verdict on the signature alone", test.name, err)
		}
		w := post(t, undecided(t), test.body, test.header)
		if w.Code != test.status || !strings.HasPrefix(w.Body.String(), "workos/webhook: "+test.says) {
			t.Errorf("%s: got %d %s, want %d", test.name, w.Code, w.Body, test.status)
		}
	}
}

const (
	ofNoID   = `{"object":"authentication_action_context","id":7}`
	ofNoUser = `{"object":"authentication_action_context","id":"action_01","user":[]}`
	ofNoData = `{"object":"user_registration_action_context","id":"action_01","user_data":{"email":7}}`
)

func allow(_ context.Context, a *webhook.Action) (*webhook.ActionResponse, error) {
	return a.Allow(), nil
}

func TestUndecidedActionIsAFailure(t *testing.T) {
	t.Parallel()
	const none = "no response: use Allow or Deny of a verified Action"
	for name, test := range map[string]struct {
		answer func(*webhook.Action) *webhook.ActionResponse
		err    error
		says   string
	}{
		"error":            {(*webhook.Action).Allow, errFull, errFull.Error()},
		"error alone":      {func(*webhook.Action) *webhook.ActionResponse { return nil }, errFull, errFull.Error()},
		"no answer":        {func(*webhook.Action) *webhook.ActionResponse { return nil }, nil, none},
		"zero answer":      {func(*webhook.Action) *webhook.ActionResponse { return new(webhook.ActionResponse) }, nil, none},
		"answer to nobody": {func(*webhook.Action) *webhook.ActionResponse { return new(webhook.Action).Allow() }, nil, none},
	} {
		var failures []error
		handler, err := webhook.NewActionHandler(newActionVerifier(t),
			func(_ context.Context, a *webhook.Action) (*webhook.ActionResponse, error) {
				return test.answer(a), test.err
			},
			webhook.WithErrorFunc(func(_ *http.Request, err error) { failures = append(failures, err) }))
		if err != nil {
			t.Fatalf("NewActionHandler: %v", err)
		}
		w := post(t, handler, anAuthentication, sign(anAuthentication))
		if w.Code != 500 || w.Body.String() != "the event could not be handled\n" {
			t.Errorf("%s: got %d %s, want a bare 500", name, w.Code, w.Body)
		}
		want := `workos/webhook: decide on "action_01": ` + test.says
		if len(failures) != 1 || failures[0].Error() != want || test.err != nil && !errors.Is(failures[0], test.err) {
			t.Errorf("%s: got the errors %v, want %s", name, failures, want)
		}
	}
}

// slog.JSONHandler would write the request as received.
func TestActionIsLoggedWithoutItsContent(t *testing.T) {
	t.Parallel()
	const body = `{"id":"action_01","object":"user_registration_action_context","user_data":{"email":"ada@example.com"},` +
		`"invitation":{"id":"invitation_01","token":"t0ken"}}`
	a, err := newActionVerifier(t).Action([]byte(body), sign(body))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "action", a)
	text := out.String()
	if strings.Contains(text, "t0ken") || strings.Contains(text, "ada@") || !strings.Contains(text, "action_01") {
		t.Errorf("got %s, want the ID without the content", text)
	}
}
