package webhook_test

import (
	"testing"
	"time"

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
var now = time.UnixMilli(1_767_323_045_678) //nolint:gochecknoglobals // Go has no constant times

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
