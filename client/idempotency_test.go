package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// TestIdempotencyKeyDoesNotMakeTheTransportRepeatAPost watches net/http, which takes the header for leave to send a
// request again on a kept connection that broke.
func anEvent() gen.CreateAuditLogEvent {
	return gen.CreateAuditLogEvent{
		OrganizationID: "org_01", Event: gen.AuditLogEvent{Targets: []gen.AuditLogEventTarget{{ID: "team_1", Type: "team"}}},
	}
}

func TestIdempotencyKeyDoesNotMakeTheTransportRepeatAPost(t *testing.T) {
	var posts atomic.Int32
	base := serve(t, func(w http.ResponseWriter, req *http.Request) {
		if req.Method == http.MethodPost {
			_, _ = io.Copy(io.Discard, req.Body)
			posts.Add(1)
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, anOrg)
	})
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	c := newClient(t, testKey, client.WithBaseURL(base), client.WithHTTPClient(&http.Client{Transport: transport}), once())
	if _, err := c.Organizations.Get(t.Context(), "org_01"); err != nil { // leaves a connection behind
		t.Fatal(err)
	}
	_, err := c.Organizations.Create(t.Context(), gen.CreateOrganization{Name: "Acme"}, client.WithIdempotencyKey("k"))
	if err == nil || posts.Load() != 1 {
		t.Errorf("got %v after %d requests, want an error after one", err, posts.Load())
	}
}

func TestTwoCallsNeverShareAnIdempotencyKey(t *testing.T) {
	const calls = 200
	w := newWire(respondJSON(http.StatusOK, `{"success":true}`))
	first, second := newClient(t, testKey, w.option()), newClient(t, testKey, w.option())
	for i := range calls {
		c := first
		if i%2 == 1 {
			c = second
		}
		if _, err := c.AuditLogs.Events.Create(t.Context(), anEvent()); err != nil {
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
	w := newWire(respondJSON(http.StatusBadRequest, `{}`))
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
		w := newWire(respondJSON(http.StatusOK, `{}`))
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
	event := anEvent()
	w := newWire(respondJSON(http.StatusOK, `{"success":true}`))
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
	event := anEvent()
	synctest.Test(t, func(t *testing.T) {
		w := newWire(respondJSON(http.StatusServiceUnavailable, `{}`))
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

func TestAuditLogEventIsRepeatedWithOneKey(t *testing.T) {
	event := anEvent()
	for _, tt := range []struct {
		name string
		opts []client.Option
	}{
		{"a key of its own", nil},
		{"the caller's key", []client.Option{client.WithIdempotencyKey("my-key")}},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWire(respondInTurn(
				respondJSON(http.StatusInternalServerError, `{}`), httpmock.NewErrorResponder(errors.New("reset")),
				respondJSON(http.StatusOK, `{"success":true}`)))
			if _, err := newClient(t, testKey, w.option()).AuditLogs.Events.Create(t.Context(), event, tt.opts...); err != nil {
				t.Fatalf("%s: got %v, want success with the third request", tt.name, err)
			}
			first := w.sent[0].Header.Get("Idempotency-Key")
			if len(tt.opts) > 0 && first != "my-key" || len(first) == 0 {
				t.Errorf("%s: got %q", tt.name, first)
			}
			for i, req := range w.sent {
				if got := req.Header.Get("Idempotency-Key"); got != first {
					t.Errorf("%s: request %d has the key %q, the first one %q", tt.name, i+1, got, first)
				}
			}
		})
	}
}

func TestIdempotencyKeyThatIsIgnoredMakesNothingSafe(t *testing.T) {
	w := newWire(respondJSON(http.StatusInternalServerError, `{}`))
	_, err := newClient(t, testKey, w.option()).Organizations.
		Create(t.Context(), gen.CreateOrganization{Name: "Acme"}, client.WithIdempotencyKey("k"))
	if !errors.Is(err, client.ErrServer) || len(w.sent) != 1 {
		t.Errorf("got %v and %d requests, want ErrServer and one", err, len(w.sent))
	}
	if got := w.sent[0].Header.Get("Idempotency-Key"); got != "" {
		t.Errorf("Idempotency-Key: got %q, want none", got)
	}
}
