package main

import (
	"bytes"
	"context"
	"log/slog"
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
			!strings.Contains(log.String(), test.logged) {
			t.Errorf("%s: got %d %s, logged %s; want %d, %q, %q",
				test.name, w.Code, w.Body, log.String(), test.status, test.answer, test.logged)
		}
	}
}

func TestProgramStopsWhenItIsTold(t *testing.T) {
	t.Setenv("WORKOS_WEBHOOK_SECRET", "new")
	t.Setenv("WORKOS_ACTION_SECRET", "action")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := run(ctx, "127.0.0.1:0"); err != nil {
		t.Errorf("run: %v", err)
	}
}

func TestProgramNeedsItsSecrets(t *testing.T) {
	t.Setenv("WORKOS_WEBHOOK_SECRET", "")
	if err := run(t.Context(), "127.0.0.1:0"); err == nil || !strings.Contains(err.Error(), "secret is empty") {
		t.Errorf("got %v, want an error that says so", err)
	}
}
