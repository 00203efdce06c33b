package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/webhook"
	"github.com/seed-f165d83c/workos/gen"
)

func post(t *testing.T, handler http.Handler, body, header string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/webhooks", strings.NewReader(body))
	if header != "" {
		r.Header.Set("WorkOS-Signature", header)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

func sign(body string) string { return webhook.Sign([]byte(body), secret, now) }

func TestHandlerRespondsSoThatOnlyFailuresAreRedelivered(t *testing.T) {
	t.Parallel()
	const failing = `{"id":"event_02","event":"user.deleted","data":{}}`
	misfit := strings.Replace(anEvent, `"email_verified":true`, `"email_verified":"yes"`, 1)
	large := `{"id":"event_03","event":"x","data":{"pad":"` + strings.Repeat("x", 2000) + `"}}`
	for _, test := range []struct {
		name, body, header string
		status             int
		handled            string
		failure            error
	}{
		{"known type", anEvent, sign(anEvent), 200, "event_01", nil},
		{"type without a branch", strings.Replace(anEvent, "user.created", "a.b", 1), "", 200, "", nil},
		{"failure of the handler", failing, sign(failing), 500, "", errFull},
		{"payload that does not fit", misfit, sign(misfit), 500, "", events.ErrMalformedData},
		{"no event", "{}", sign("{}"), 400, "", events.ErrMalformedEvent},
		{"no signature", anEvent, "none", 400, "", webhook.ErrNoSignature},
		{"malformed signature", anEvent, "t=1", 400, "", webhook.ErrMalformedSignature},
		{"another's signature", anEvent, sign("x"), 401, "", webhook.ErrSignatureMismatch},
		{
			"expired", anEvent, webhook.Sign([]byte(anEvent), secret, now.Add(-time.Hour)), 401, "",
			webhook.ErrTimestampTooOld,
		},
		{
			"in the future", anEvent, webhook.Sign([]byte(anEvent), secret, now.Add(time.Hour)), 401, "",
			webhook.ErrTimestampInFuture,
		},
		{"too large", large, sign(large), 413, "", &http.MaxBytesError{}},
	} {
		switch test.header {
		case "":
			test.header = sign(test.body)
		case "none":
			test.header = ""
		}
		handled, failures := "", []error{}
		route, err := events.Route(
			events.UserCreated.Do(func(_ context.Context, e *events.Event, user *gen.User) error {
				if user.Email != "ada@example.com" {
					t.Errorf("%s: got the email %q", test.name, user.Email)
				}
				handled = e.ID
				return nil
			}),
			events.UserDeleted.Do(func(context.Context, *events.Event, *gen.User) error {
				return errFull
			}),
		)
		if err != nil {
			t.Fatalf("Route: %v", err)
		}
		handler, err := webhook.NewHandler(newVerifier(t), route, webhook.WithMaxBodyBytes(1000),
			webhook.WithErrorFunc(func(_ *http.Request, err error) { failures = append(failures, err) }))
		if err != nil {
			t.Fatalf("NewHandler: %v", err)
		}
		answer := post(t, handler, test.body, test.header)
		if answer.Code != test.status || handled != test.handled {
			t.Errorf("%s: got status %d, handled %q; want %d, %q", test.name, answer.Code, handled, test.status, test.handled)
		}
		if strings.Contains(answer.Body.String(), errFull.Error()) {
			t.Errorf("%s: the answer tells of the failure inside: %s", test.name, answer.Body)
		}
		var tooLarge *http.MaxBytesError
		switch {
		case test.failure == nil && len(failures) == 0:
		case len(failures) != 1:
			t.Errorf("%s: got the errors %v, want one", test.name, failures)
		case test.status == http.StatusRequestEntityTooLarge && errors.As(failures[0], &tooLarge):
		case !errors.Is(failures[0], test.failure):
			t.Errorf("%s: got the error %v, want %v", test.name, failures[0], test.failure)
		}
	}
}

var errFull = errors.New("the database at db.internal is full")

func TestHandlerServesConcurrently(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(accepting(t))
	defer server.Close()
	results := make(chan error, 16)
	for range cap(results) {
		go func() {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader(anEvent))
			if err != nil {
				results <- err
				return
			}
			r.Header.Set(webhook.HeaderName, sign(anEvent))
			answer, err := http.DefaultClient.Do(r)
			if err == nil {
				err = answer.Body.Close()
				if answer.StatusCode != http.StatusOK {
					err = errors.New(answer.Status)
				}
			}
			results <- err
		}()
	}
	for range cap(results) {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func accepting(t *testing.T, opts ...webhook.HandlerOption) http.Handler {
	t.Helper()
	handler, err := webhook.NewHandler(newVerifier(t), func(_ context.Context, e *events.Event) error {
		if !bytes.Equal(e.Raw, []byte(anEvent)) {
			return errFull
		}
		return nil
	}, opts...)
	if err != nil {
		t.Fatalf("NewHandler: %v", err)
	}
	return handler
}
