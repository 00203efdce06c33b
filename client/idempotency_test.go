package client_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

func TestTwoCallsNeverShareAnIdempotencyKey(t *testing.T) {
	const calls = 200
	w := newWire(answerJSON(http.StatusOK, `{"success":true}`))
	first, second := newClient(t, testKey, w.option()), newClient(t, testKey, w.option())
	for i := range calls {
		c := first
		if i%2 == 1 {
			c = second
		}
		if _, err := c.AuditLogs.Events.Create(t.Context(), gen.CreateAuditLogEvent{OrganizationID: "org_01"}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.API().AuditLogsEventsCreateWithResponse(t.Context(), nil, gen.CreateAuditLogEvent{}); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	for i, req := range w.sent {
		keys := req.Header["Idempotency-Key"]
		if len(keys) != 1 || len(keys[0]) < 22 || seen[keys[0]] { // 128 bits or more
			t.Fatalf("request %d: got the keys %q, want one of its own", i+1, keys)
		}
		seen[keys[0]] = true
	}
	if len(seen) != 2*calls {
		t.Errorf("got %d keys, want %d", len(seen), 2*calls)
	}
}

func TestIdempotencyKeyIsSentOnlyWhereItIsHonoured(t *testing.T) {
	w := newWire(answerJSON(http.StatusBadRequest, `{}`))
	ctx := client.WithCredentials(t.Context(), client.Credentials{
		APIKey: testKey, AccessToken: testToken, PlatformToken: testPlatformToken,
	})
	for i := range gen.Routes {
		route := &gen.Routes[i]
		w.sent = nil
		req := handBuilt(t, route.Method, "https://api.workos.com"+route.Path, "").WithContext(ctx)
		req.Header["Idempotency-Key"], req.Header["X-Idempotency-Key"] = []string{"mine"}, []string{"mine too"}
		_, _ = handMade(newClient(t, testKey, w.option()), req)
		if len(w.sent) != 1 {
			t.Fatalf("%s: sent %d requests, want one", route.ID, len(w.sent))
		}
		key, other := w.sent[0].Header.Get("Idempotency-Key"), w.sent[0].Header.Get("X-Idempotency-Key")
		if honoured := route.ID == "audit_logs.events.create"; honoured && key != "mine" || !honoured && key+other != "" {
			t.Errorf("%s: sent %q and %q", route.ID, key, other)
		}
		if len(req.Header["Idempotency-Key"]) != 1 || len(req.Header["X-Idempotency-Key"]) != 1 {
			t.Errorf("%s: the caller's request was changed", route.ID)
		}
	}
}

func TestIdempotencyKeyOfARequestByHandIsItsOwn(t *testing.T) {
	for _, url := range []string{"https://api.workos.com/new/thing", "https://elsewhere.example/audit_logs/events"} {
		w := newWire(answerJSON(http.StatusOK, `{}`))
		for _, key := range []string{"", "mine"} {
			w.sent = nil
			req := handBuilt(t, http.MethodPost, url, "")
			if key != "" {
				req.Header.Set("Idempotency-Key", key)
			}
			if _, err := handMade(newClient(t, testKey, w.option()), req); err != nil {
				t.Fatal(err)
			}
			if got := w.sent[0].Header.Get("Idempotency-Key"); got != key {
				t.Errorf("%s: sent %q, want %q", url, got, key)
			}
		}
	}
}

func TestIdempotencyKeyOfTheCallGoesBeforeOthers(t *testing.T) {
	event := gen.CreateAuditLogEvent{OrganizationID: "org_01"}
	w := newWire(answerJSON(http.StatusOK, `{"success":true}`))
	c := newClient(t, testKey, w.option())
	create := func(opts ...client.Option) string {
		t.Helper()
		w.sent = nil
		if _, err := c.AuditLogs.Events.Create(t.Context(), event, opts...); err != nil {
			t.Fatal(err)
		}
		return w.sent[0].Header.Get("Idempotency-Key")
	}
	if got := create(client.WithIdempotencyKey("first"), client.WithIdempotencyKey("second")); got != "second" {
		t.Errorf("of two options: sent %q, want the second", got)
	}
	if got := create(); got == "first" || got == "second" || got == "" {
		t.Errorf("the next call: sent %q, want a key of its own", got)
	}
	w.sent = nil
	edit := func(_ context.Context, req *http.Request) error {
		req.Header.Set("Idempotency-Key", "edited")
		return nil
	}
	if _, err := c.API().AuditLogsEventsCreateWithResponse(t.Context(), nil, event, edit); err != nil {
		t.Fatal(err)
	}
	if got := w.sent[0].Header["Idempotency-Key"]; len(got) != 1 || got[0] != "edited" {
		t.Errorf("an editor's: sent %q, want it", got)
	}
}

func TestIdempotencyKeyIsKeptOverAttempts(t *testing.T) {
	event := gen.CreateAuditLogEvent{OrganizationID: "org_01"}
	synctest.Test(t, func(t *testing.T) {
		w := newWire(answerJSON(http.StatusServiceUnavailable, `{}`))
		c := newClient(t, testKey, w.option(), client.WithRetry(client.RetryPolicy{MaxAttempts: 4}))
		for range 3 {
			_, _ = c.AuditLogs.Events.Create(t.Context(), event)
		}
		if len(w.sent) != 12 {
			t.Fatalf("sent %d requests, want 12", len(w.sent))
		}
		for i, req := range w.sent {
			first := w.sent[i/4*4].Header.Get("Idempotency-Key")
			if got := req.Header.Get("Idempotency-Key"); got != first || got == "" {
				t.Errorf("request %d: sent %q, want %q as the first of its call", i+1, got, first)
			}
			if i >= 4 && first == w.sent[i-4].Header.Get("Idempotency-Key") {
				t.Errorf("request %d: its call has the key of the one before", i+1)
			}
		}
	})
}
