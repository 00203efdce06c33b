package webhook_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/state"
	"github.com/seed-f165d83c/workos/client/webhook"
	"github.com/seed-f165d83c/workos/gen"
)

func TestPayloadThatDoesNotFitGoesToTheDeadLetter(t *testing.T) {
	t.Parallel()
	misfit := strings.Replace(anEvent, `"email_verified":true`, `"email_verified":"yes"`, 1)
	for _, test := range []struct {
		name, body   string
		status       int // of the option
		letter       error
		want, buried int
	}{
		{"200", misfit, 200, nil, 200, 1},
		{"204", misfit, 204, nil, 204, 1},
		{"503", misfit, 503, nil, 503, 1},
		{"a dead letter that fails", misfit, 200, errFull, 500, 1},
		{"another failure", anEvent, 200, nil, 500, 0},
	} {
		buried := 0
		var failures []error
		handle, err := events.Route(events.UserCreated.Do(func(context.Context, *events.Event, *gen.User) error {
			return errFull
		}))
		if err != nil {
			t.Fatal(err)
		}
		endpoint, err := webhook.NewHandler(newVerifier(t), handle,
			webhook.WithErrorFunc(func(_ *http.Request, err error) { failures = append(failures, err) }),
			webhook.WithDeadLetter(test.status, func(_ context.Context, e *events.Event, err error) error {
				buried++
				if e.ID != "event_01" || !errors.Is(err, events.ErrMalformedData) {
					t.Errorf("%s: got %s, %v; want the event and why it does not fit", test.name, e.ID, err)
				}
				return test.letter
			}))
		if err != nil {
			t.Fatal(err)
		}
		w := post(t, endpoint, test.body, sign(test.body))
		if w.Code != test.want || buried != test.buried || len(failures) != 1 {
			t.Errorf("%s: got %d, %d dead letters, failures %v; want %d and %d", test.name, w.Code, buried, failures,
				test.want, test.buried)
		}
		if test.letter != nil && !errors.Is(failures[0], test.letter) {
			t.Errorf("%s: got %v, want the failure of the dead letter too", test.name, failures[0])
		}
	}
}

// A panic of the program's function responds to nothing, and the delivery that comes again is handled.
func TestDeliveryAfterAPanicIsHandled(t *testing.T) {
	t.Parallel()
	misfit := strings.Replace(anEvent, `"email_verified":true`, `"email_verified":"yes"`, 1)
	for name, body := range map[string]string{"handler": anEvent, "dead letter": misfit} {
		faulty, store := true, &recorder{Store: new(state.Memory)}
		handled := 0
		may := func() {
			if faulty {
				panic("faulty " + name)
			}
			handled++
		}
		route, err := events.Route(events.UserCreated.Do(func(context.Context, *events.Event, *gen.User) error {
			may()
			return nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		handle, err := webhook.Once{Store: store}.Handler(route)
		if err != nil {
			t.Fatal(err)
		}
		endpoint, err := webhook.NewHandler(newVerifier(t), handle, webhook.WithReplayCheck(store),
			webhook.WithDeadLetter(200, func(context.Context, *events.Event, error) error {
				may()
				return nil
			}))
		if err != nil {
			t.Fatal(err)
		}
		deliver := func() (w *httptest.ResponseRecorder, recovered any) {
			defer func() { recovered = recover() }()
			w = httptest.NewRecorder()
			req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
			req.Header.Set(webhook.HeaderName, sign(body))
			endpoint.ServeHTTP(w, req)
			return w, nil
		}
		if w, recovered := deliver(); recovered != "faulty "+name || w.Body.Len() > 0 || len(w.Header()) > 0 {
			t.Errorf("%s: got %v and %d %q, want the panic and no response", name, recovered, w.Code, w.Body)
		}
		faulty = false
		if w, recovered := deliver(); recovered != nil || w.Code != http.StatusOK || handled != 1 {
			t.Errorf("%s, then: got %d, %v, handled %d times; want 200 and once", name, w.Code, recovered, handled)
		}
	}
}

func TestDeadLetterIsChecked(t *testing.T) {
	t.Parallel()
	f := func(context.Context, *events.Event, error) error { return nil }
	for name, opt := range map[string]webhook.HandlerOption{
		"no function": webhook.WithDeadLetter(200, nil), "199": webhook.WithDeadLetter(199, f),
		"302": webhook.WithDeadLetter(302, f), "404": webhook.WithDeadLetter(404, f), "600": webhook.WithDeadLetter(600, f),
	} {
		if h, err := webhook.NewHandler(newVerifier(t), func(context.Context, *events.Event) error { return nil }, opt); h != nil ||
			err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}
