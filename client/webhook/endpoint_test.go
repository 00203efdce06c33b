package webhook_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/webhook"
)

// The status is written, as what stands around a handler may log it.
type statusWriter struct {
	*httptest.ResponseRecorder

	written []int
}

func (w *statusWriter) WriteHeader(status int) {
	w.written = append(w.written, status)
	w.ResponseRecorder.WriteHeader(status)
}

func TestHandlerConfirmsWithItsStatus(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/webhooks", strings.NewReader(anEvent))
	r.Header.Set(webhook.HeaderName, sign(anEvent))
	w := &statusWriter{ResponseRecorder: httptest.NewRecorder()}
	accepting(t).ServeHTTP(w, r)
	if len(w.written) != 1 || w.written[0] != 200 || w.Body.Len() != 0 {
		t.Errorf("got the statuses %v and the body %q, want 200 alone", w.written, w.Body)
	}
}

func TestHandlerAcceptsOnlyPost(t *testing.T) {
	t.Parallel()
	for _, method := range []string{
		http.MethodGet, http.MethodPut, http.MethodHead, http.MethodPatch, http.MethodDelete, http.MethodOptions, "post", "X",
	} {
		var failures []error
		report := webhook.WithErrorFunc(func(_ *http.Request, err error) { failures = append(failures, err) })
		for kind, handler := range map[string]http.Handler{"webhook": untouched(t, report), "action": undecided(t, report)} {
			failures = nil
			w := httptest.NewRecorder()
			r := httptest.NewRequestWithContext(t.Context(), method, "/webhooks", strings.NewReader(anEvent))
			r.Header.Set(webhook.HeaderName, sign(anEvent))
			handler.ServeHTTP(w, r)
			const want = "workos/webhook: method is not POST"
			if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != http.MethodPost ||
				w.Body.String() != want+"\n" {
				t.Errorf("%s, %s: got %d %s, Allow %q; want 405 and POST", kind, method, w.Code, w.Body, w.Header().Get("Allow"))
			}
			if len(failures) != 1 || failures[0].Error() != want {
				t.Errorf("%s, %s: got the errors %v, want %s", kind, method, failures, want)
			}
		}
	}
}

// untouched is an endpoint whose handler must not be called.
func untouched(t *testing.T, opts ...webhook.HandlerOption) http.Handler {
	t.Helper()
	handler, err := webhook.NewHandler(newVerifier(t), func(_ context.Context, e *events.Event) error {
		t.Errorf("the handler was called for %s", e.Raw)
		return nil
	}, opts...)
	if err != nil {
		t.Fatalf("NewHandler: %v", err)
	}
	return handler
}

func undecided(t *testing.T, opts ...webhook.HandlerOption) http.Handler {
	t.Helper()
	decide := func(_ context.Context, a *webhook.Action) (*webhook.ActionResponse, error) {
		t.Errorf("a decision was asked for on %s", a.Raw)
		return a.Allow(), nil
	}
	handler, err := webhook.NewActionHandler(newActionVerifier(t), decide, opts...)
	if err != nil {
		t.Fatalf("NewActionHandler: %v", err)
	}
	return handler
}

func TestSecondSignatureHeaderCannotHideBehindTheFirst(t *testing.T) {
	t.Parallel()
	good, other := sign(anEvent), webhook.Sign([]byte(anEvent), "other", now)
	timestamp, mac, _ := strings.Cut(good, ", ")
	for _, test := range []struct {
		lines  []string
		status int
	}{
		{[]string{good, other}, 400},
		{[]string{other, good}, 400},
		{[]string{good, good}, 400},
		{[]string{good, ""}, 400},
		{[]string{"", good}, 400},
		{[]string{""}, 400},
		{nil, 400},
		{[]string{timestamp}, 400},
		{[]string{mac}, 400},
		{[]string{good}, 200},
		{[]string{timestamp, mac}, 200}, // the lines of one header, RFC 9110 section 5.3
		{[]string{mac, timestamp}, 200},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/webhooks", strings.NewReader(anEvent))
		for _, line := range test.lines {
			r.Header.Add(webhook.HeaderName, line)
		}
		w := httptest.NewRecorder()
		handler := accepting(t)
		if test.status != 200 {
			handler = untouched(t)
		}
		handler.ServeHTTP(w, r)
		if w.Code != test.status {
			t.Errorf("%q: got %d %s, want %d", test.lines, w.Code, w.Body, test.status)
		}
	}
}

func TestBodiesAreReadUpToTheirLimit(t *testing.T) {
	t.Parallel()
	event := func(size int) string {
		const begin, end = `{"id":"event_01","event":"x","data":{"pad":"`, `"}}`
		return begin + strings.Repeat("x", size-len(begin)-len(end)) + end
	}
	for _, limit := range []int{0, 100, 1000, 1<<20 + 7} {
		var opts []webhook.HandlerOption
		most := 1 << 20 // unless set
		if limit > 0 {
			most = limit
			opts = append(opts, webhook.WithMaxBodyBytes(int64(limit)))
		}
		for size, status := range map[int]int{most - 1: 200, most: 200, most + 1: 413, 2 * most: 413} {
			handled := 0
			handler, err := webhook.NewHandler(newVerifier(t), func(context.Context, *events.Event) error {
				handled++
				return nil
			}, opts...)
			if err != nil {
				t.Fatalf("NewHandler: %v", err)
			}
			body := event(size)
			w := post(t, handler, body, sign(body))
			if w.Code != status || (handled == 1) != (status == 200) {
				t.Errorf("%d bytes of %d: got %d %.60s, handled %d times; want %d", size, most, w.Code, w.Body, handled, status)
			}
			const want = "workos/webhook: read the body: http: request body too large\n"
			if status == 413 && w.Body.String() != want {
				t.Errorf("%d bytes of %d: got %q, want %q", size, most, w.Body, want)
			}
		}
	}
	for body, status := range map[string]int{"": 400, "x": 400, "xx": 413} { // the least limit there is
		if w := post(t, untouched(t, webhook.WithMaxBodyBytes(1)), body, sign(body)); w.Code != status {
			t.Errorf("%d bytes of 1: got %d %s, want %d", len(body), w.Code, w.Body, status)
		}
	}
}

func TestHandlerRefusesABodyThatIsCutOff(t *testing.T) {
	t.Parallel()
	failed := make(chan error, 1)
	handler := untouched(t, webhook.WithErrorFunc(func(_ *http.Request, err error) { failed <- err }))
	server := httptest.NewServer(handler)
	defer server.Close()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(server.URL, "http://"))
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	request := "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\nWorkOS-Signature: " + sign(anEvent) + "\r\n\r\n"
	if _, err := io.WriteString(conn, request+anEvent); err != nil {
		t.Fatalf("write: %v", err)
	}
	if err := conn.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	select {
	case err := <-failed:
		if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(err.Error(), "workos/webhook: read the body: ") {
			t.Errorf("got %v, want io.ErrUnexpectedEOF", err)
		}
	case <-ctx.Done():
		t.Error("the endpoint has not told of the request")
	}
}

// A failed read has the addresses of both ends in its text, which may be those of an internal network.
func TestResponseDoesNotShowWhyABodyWasNotRead(t *testing.T) {
	t.Parallel()
	cause := &net.OpError{
		Op: "read", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(10, 0, 0, 1)}, Err: errors.New("timeout"),
	}
	var failed error
	handler := untouched(t, webhook.WithErrorFunc(func(_ *http.Request, err error) { failed = err }))
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", iotest.ErrReader(cause)))
	if w.Code != http.StatusBadRequest || w.Body.String() != "the body is incomplete\n" || !errors.Is(failed, cause) {
		t.Errorf("got %d %q and the error %v, want 400 without the cause, which the error has", w.Code, w.Body, failed)
	}
}
