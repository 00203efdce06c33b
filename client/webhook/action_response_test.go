package webhook_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/webhook"
)

func TestActionResponsesHaveTheShapeTheAPIExpects(t *testing.T) {
	t.Parallel()
	const message = "<b>&\u2028\x01\x1f\n\x7f\"\\ é"
	const quoted = "\"<b>&\u2028\\u0001\\u001f\\n\x7f\\\"\\\\ é\"" // as JSON.stringify has it
	for _, test := range []struct {
		body, object, payload string
		decide                func(*webhook.Action) *webhook.ActionResponse
	}{
		{
			anAuthentication, "authentication_action_response", `{"timestamp":1767323045678,"verdict":"Allow"}`,
			(*webhook.Action).Allow,
		},
		{
			aRegistration, "user_registration_action_response", `{"timestamp":1767323045678,"verdict":"Deny"}`,
			func(a *webhook.Action) *webhook.ActionResponse { return a.Deny("") },
		},
		{
			aRegistration, "user_registration_action_response",
			`{"timestamp":1767323045678,"verdict":"Deny","error_message":` + quoted + `}`,
			func(a *webhook.Action) *webhook.ActionResponse { return a.Deny(message) },
		},
	} {
		handler, err := webhook.NewActionHandler(newActionVerifier(t),
			func(_ context.Context, a *webhook.Action) (*webhook.ActionResponse, error) {
				return test.decide(a), nil
			})
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

func TestActionResponseIsSignedWithTheSecretOfTheRequest(t *testing.T) {
	t.Parallel()
	const payload = `{"timestamp":1767323045678,"verdict":"Allow"}`
	v := newActionVerifier(t, webhook.WithPreviousSecret("old"))
	ms := millis(now)
	current, old := "v1="+signedBy(secret, ms, anAuthentication), "v1="+signedBy("old", ms, anAuthentication)
	for header, key := range map[string]string{
		"t=" + ms + "," + current: secret, "t=" + ms + "," + old: "old",
		// While the secret is changed the other side may sign with both; it knows the new one then.
		"t=" + ms + "," + current + "," + old: secret, "t=" + ms + "," + old + "," + current: secret,
	} {
		a, err := v.Action([]byte(anAuthentication), header)
		if err != nil {
			t.Fatalf("%s: %v", header, err)
		}
		answer, err := json.Marshal(a.Allow())
		if err != nil || !strings.Contains(string(answer), signedBy(key, ms, payload)) {
			t.Errorf("answer to %s: got %s, %v; want it signed with %s", header, answer, err, key)
		}
	}
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
	const want = "no response: use Allow or Deny of a verified Action"
	for _, answer := range []*webhook.ActionResponse{nil, {}, a.Allow(), answer} {
		if text, err := answer.MarshalJSON(); text != nil || err == nil || err.Error() != want {
			t.Errorf("answer %v: encoded as %s, %v; want %s", answer, text, err, want)
		}
		w := httptest.NewRecorder()
		answer.ServeHTTP(w, nil)
		if w.Code != 500 || w.Body.String() != want+"\n" {
			t.Errorf("answer %v: got %d %s, want 500 and that there is none", answer, w.Code, w.Body)
		}
	}
}

func TestVerifiedActionServesItsResponse(t *testing.T) {
	t.Parallel()
	a, err := newActionVerifier(t).Action([]byte(aRegistration), sign(aRegistration))
	if err != nil {
		t.Fatalf("Action: %v", err)
	}
	for _, answer := range []*webhook.ActionResponse{a.Allow(), a.Deny(""), a.Deny("No entry.")} {
		text, err := answer.MarshalJSON()
		w := httptest.NewRecorder()
		answer.ServeHTTP(w, nil)
		if err != nil || w.Code != 200 || len(text) == 0 || w.Body.String() != string(text) {
			t.Errorf("got %d %s, want 200 and what MarshalJSON gives: %s, %v", w.Code, w.Body, text, err)
		}
	}
	if allowed, denied := a.Allow(), a.Deny("No entry."); !allowed.Allowed() || allowed.Message() != "" ||
		denied.Allowed() || denied.Message() != "No entry." {
		t.Errorf("got %v and %v, want the verdicts", allowed, denied)
	}
}

// Every character that JSON escapes in one way or another, and the ones beside it.
func TestMessagesAreQuotedAsJSONStringifyDoes(t *testing.T) {
	t.Parallel()
	a, err := newActionVerifier(t).Action([]byte(aRegistration), sign(aRegistration))
	if err != nil {
		t.Fatalf("Action: %v", err)
	}
	short := map[rune]string{'\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`, '"': `\"`, '\\': `\\`}
	runes := []rune{'\u2027', '\u2028', '\u2029', '\u202a', '\ufffd', '\U0001f600'}
	for r := range rune(0x100) {
		runes = append(runes, r)
	}
	for _, r := range runes {
		want := string(r)
		if escaped, found := short[r]; found {
			want = escaped
		} else if r < ' ' {
			want = fmt.Sprintf(`\u%04x`, r)
		}
		text, err := a.Deny("a" + string(r) + "z").MarshalJSON()
		if want = `"error_message":"a` + want + `z"}`; err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%U: got %s, %v; want %s in it", r, text, err, want)
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
