package main

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/webhook"
)

func secrets(name string) string {
	return map[string]string{
		"WORKOS_WEBHOOK_SECRET": "new", "WORKOS_WEBHOOK_PREVIOUS_SECRET": "old", "WORKOS_ACTION_SECRET": "action",
	}[name]
}

const (
	ofUser  = `{"id":"event_02","event":"user.created","data":{"id":"user_01"}}`
	ofGroup = `{"id":"event_03","event":"dsync.group.user_added","data":{"user":{"id":"u"},"group":{"name":"Engineers"}}}`
)

const registration = `{"object":"user_registration_action_context","user_data":{"email":"ada@EXAMPLE"}}`

func TestEndpointsAnswerWhatIsSigned(t *testing.T) {
	var log bytes.Buffer
	handler, err := newHandler(slog.New(slog.NewTextHandler(&log, nil)), secrets)
	if err != nil {
		t.Fatal(err)
	}
	const event = `{"id":"event_01","event":"group.created","data":{"id":"group_01"}}`
	for _, test := range []struct {
		name, path, body, secret string
		status                   int
		answer, logged           string
	}{
		{"event", "/webhooks/workos", event, "new", 200, "", "event.type=group.created"},
		{"signed with the old secret", "/webhooks/workos", event, "old", 200, "", "event.id=event_01"},
		{"welcome", "/webhooks/workos", ofUser, "new", 200, "", "msg=welcome user=user_01"},
		{"group", "/webhooks/workos", ofGroup, "new", 200, "", "msg=joined user=u group=Engineers"},
		{"forged action", "/actions/workos", registration, "guess", 401, "does not match", "request refused"},
		{"action at the other endpoint", "/webhooks/workos", registration, "new", 400, "malformed event", "request refused"},
		{"event at the other endpoint", "/actions/workos", event, "action", 400, "malformed action", "request refused"},
		{"no endpoint", "/", event, "new", 404, "not found", ""},
		{"forged", "/webhooks/workos", event, "guess", 401, "does not match", "request refused"},
		{"secret of the other endpoint", "/webhooks/workos", event, "action", 401, "does not match", "request refused"},
		{
			"registration", "/actions/workos", strings.Replace(registration, "EXAMPLE", "example.com", 1), "action",
			200, `"verdict":"Allow"`, "",
		},
		{
			"registration with a throw-away address", "/actions/workos",
			strings.Replace(registration, "EXAMPLE", "Mailinator.com", 1), "action", 200, `"verdict":"Deny"`, "",
		},
	} {
		log.Reset()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, test.path, strings.NewReader(test.body))
		r.Header.Set(webhook.HeaderName, webhook.Sign([]byte(test.body), test.secret, time.Now()))
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.answer) ||
			!strings.Contains(log.String(), test.logged) || test.logged == "" && log.Len() > 0 ||
			test.status != 200 && (strings.Contains(log.String(), "INFO") || strings.Contains(w.Body.String(), "verdict")) {
			t.Errorf("%s: got %d %s, logged %s; want %d, %q, %q",
				test.name, w.Code, w.Body, log.String(), test.status, test.answer, test.logged)
		}
	}
}

// address is one that is free, for a moment at least.
func address(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

func TestProgramServesUntilItIsTold(t *testing.T) {
	t.Setenv("WORKOS_WEBHOOK_SECRET", "new")
	t.Setenv("WORKOS_ACTION_SECRET", "action")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // which only ends a hang
	defer cancel()
	addr := address(t)
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, addr) }()
	body := strings.Replace(registration, "EXAMPLE", "example.com", 1)
	for served := false; !served; {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/actions/workos", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set(webhook.HeaderName, webhook.Sign([]byte(body), "action", time.Now()))
		answer, err := http.DefaultClient.Do(r)
		switch {
		case err == nil:
			served = true
			if closed := answer.Body.Close(); closed != nil || answer.StatusCode != http.StatusOK {
				t.Errorf("got %s, %v; want 200", answer.Status, closed)
			}
		case ctx.Err() != nil:
			t.Fatalf("no answer: %v", err)
		}
		select {
		case err := <-ended:
			t.Fatalf("the program has ended: %v", err)
		default:
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("run: %v", err)
	}
}

func TestProgramThatIsStoppedAtOnceHasNotFailed(t *testing.T) {
	t.Setenv("WORKOS_WEBHOOK_SECRET", "new")
	t.Setenv("WORKOS_ACTION_SECRET", "action")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := run(ctx, "127.0.0.1:0"); err != nil {
		t.Errorf("run: %v", err)
	}
}

func TestAddressInUseIsReported(t *testing.T) {
	t.Setenv("WORKOS_WEBHOOK_SECRET", "new")
	t.Setenv("WORKOS_ACTION_SECRET", "action")
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := run(ctx, l.Addr().String()); err == nil || !strings.HasPrefix(err.Error(), "serve: listen tcp ") {
		t.Errorf("got %v, want that the address is in use", err)
	}
}

func TestProgramNeedsItsSecrets(t *testing.T) {
	for missing, want := range map[string]string{
		"WORKOS_WEBHOOK_SECRET": "workos/webhook: secret is empty", "WORKOS_ACTION_SECRET": "workos/webhook: secret is empty",
	} {
		t.Setenv("WORKOS_WEBHOOK_SECRET", "new")
		t.Setenv("WORKOS_ACTION_SECRET", "action")
		t.Setenv(missing, "")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := run(ctx, "127.0.0.1:0"); err == nil || err.Error() != want {
			t.Errorf("without %s: got %v, want %s", missing, err, want)
		}
	}
	odd := func(name string) string {
		if name == "WORKOS_WEBHOOK_PREVIOUS_SECRET" {
			return "old "
		}
		return "new"
	}
	if handler, err := newHandler(slog.Default(), odd); handler != nil || err == nil ||
		!strings.HasPrefix(err.Error(), "workos/webhook: previous secret ") {
		t.Errorf("previous secret with a space: got %v, %v; want an error", handler, err)
	}
}
