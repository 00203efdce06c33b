package webhook_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/state"
	"github.com/seed-f165d83c/workos/client/webhook"
)

const (
	secret  = "wh_secret_a"
	aUser   = `{"object":"user","id":"user_01","email":"ada@example.com","email_verified":true,` + someUser
	anEvent = `{"id":"event_01","event":"user.created","data":` + aUser + `,"created_at":"2026-01-02T03:04:05.678Z"}`

	someUser = `"first_name":"Ada","last_name":null,"profile_picture_url":null,"external_id":null,` +
		`"last_sign_in_at":null,"created_at":"2026-01-02T03:04:05.678Z","updated_at":"2026-01-02T03:04:05.678Z"}`
	anAuthentication = `{"object":"authentication_action_context","id":"action_01","user":` + aUser +
		`,"ip_address":"203.0.113.1","user_agent":"Mozilla/5.0","device_fingerprint":null,"issuer":"test"}`
	aRegistration = `{"object":"user_registration_action_context","id":"action_02","user_data":{"object":"user_data",` +
		`"email":"ada@example.com","first_name":"Ada","last_name":"Lovelace"},"ip_address":"203.0.113.1"}`
)

// now is the time of the tests' clock, with milliseconds as in a header.
var now = time.UnixMilli(1_767_323_045_678)

func clock() webhook.Option { return webhook.WithClock(func() time.Time { return now }) }

func newVerifier(tb testing.TB, opts ...webhook.Option) *webhook.Verifier {
	tb.Helper()
	v, err := webhook.NewVerifier(secret, append([]webhook.Option{clock()}, opts...)...)
	if err != nil {
		tb.Fatalf("NewVerifier: %v", err)
	}
	return v
}

func newActionVerifier(tb testing.TB, opts ...webhook.Option) *webhook.ActionVerifier {
	tb.Helper()
	v, err := webhook.NewActionVerifier(secret, append([]webhook.Option{clock()}, opts...)...)
	if err != nil {
		tb.Fatalf("NewActionVerifier: %v", err)
	}
	return v
}

// wantNothingDone has both kinds of endpoint refuse a request, and fails where one of them calls its function all the
// same, answers as if it had, or keeps what a later request would be held to.
func wantNothingDone(t *testing.T, name, body, header string) {
	t.Helper()
	store := &recorder{Store: new(state.Memory)}
	receive, err := webhook.NewHandler(newVerifier(t), func(_ context.Context, e *events.Event) error {
		t.Errorf("%s: the handler was called for %s", name, e.Raw)
		return nil
	}, webhook.WithReplayCheck(store))
	if err != nil {
		t.Fatalf("NewHandler: %v", err)
	}
	decide := func(_ context.Context, a *webhook.Action) (*webhook.ActionResponse, error) {
		t.Errorf("%s: a decision was asked for on %s", name, a.Raw)
		return a.Allow(), nil
	}
	judge, err := webhook.NewActionHandler(newActionVerifier(t), decide, webhook.WithReplayCheck(store))
	if err != nil {
		t.Fatalf("NewActionHandler: %v", err)
	}
	for kind, handler := range map[string]http.Handler{"webhook": receive, "action": judge} {
		for range 2 { // the second time, a signature that was remembered would be a replay
			w := post(t, handler, body, header)
			if w.Code < 400 || w.Code > 499 || strings.Contains(w.Body.String(), "verdict") ||
				strings.Contains(w.Body.String(), "replayed") {
				t.Errorf("%s: the %s endpoint answers %d %s, want a refusal", name, kind, w.Code, w.Body)
			}
			for _, shown := range []string{secret, signedBy(secret, millis(now), body)} {
				if strings.Contains(w.Body.String(), shown) {
					t.Errorf("%s: the %s endpoint shows the secret or the signature: %s", name, kind, w.Body)
				}
			}
		}
	}
	if len(store.added) > 0 {
		t.Errorf("%s: a refused request was stored: %q", name, store.added)
	}
}
