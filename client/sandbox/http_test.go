package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

var errBroken = errors.New("broken")

// brokenCloser is a body that cannot be closed.
type brokenCloser struct{ io.Reader }

func (brokenCloser) Close() error { return errBroken }

func TestResponseIsWhole(t *testing.T) {
	t.Parallel()
	sb := newReproducible()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://api.workos.com/organizations",
		strings.NewReader(`{"name":"Acme"}`))
	req.Header.Set("Authorization", "Bearer sk_test")
	res, err := sb.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		t.Fatal(err)
	}
	if res.Status != "201 Created" || res.StatusCode != http.StatusCreated || res.Request != req {
		t.Errorf("got %q, %d and the request %v; want 201 Created and the request sent", res.Status, res.StatusCode,
			res.Request)
	}
	if res.Proto != "HTTP/1.1" || !res.ProtoAtLeast(1, 1) || res.ProtoAtLeast(1, 2) {
		t.Errorf("got %q, %d.%d; want HTTP/1.1", res.Proto, res.ProtoMajor, res.ProtoMinor)
	}
	if res.ContentLength != int64(len(data)) || len(data) == 0 {
		t.Errorf("got ContentLength %d and %d bytes, want the same", res.ContentLength, len(data))
	}
	want := http.Header{
		"Content-Type": {"application/json; charset=utf-8"},
		"X-Request-Id": {res.Header.Get("X-Request-Id")},
	}
	if !reflect.DeepEqual(res.Header, want) || want.Get("X-Request-Id") == "" {
		t.Errorf("got the header %v, want %v", res.Header, want)
	}
}

func TestResponseWithoutABodyHasNoType(t *testing.T) {
	t.Parallel()
	sb := sandbox.New()
	id := create(t, sb, "/organizations", fields{"name": "Acme"})
	a := send(t, sb, "DELETE", "/organizations/"+id, nil)
	if a.text != "" || a.header["Content-Type"] != nil || len(a.header) != 1 {
		t.Errorf("got %q and the header %v, want neither a body nor its type", a.text, a.header)
	}
}

// TestBodyThatCannotBeReadChangesNothing fails at the first byte, in the middle, at the end and when closing.
func TestBodyThatCannotBeReadChangesNothing(t *testing.T) {
	t.Parallel()
	bodies := map[string]func() io.Reader{
		"at once": func() io.Reader { return iotest.ErrReader(errBroken) },
		"in the middle": func() io.Reader {
			return io.MultiReader(strings.NewReader(`{"name":`), iotest.ErrReader(errBroken))
		},
		"at the end": func() io.Reader {
			return io.MultiReader(strings.NewReader(`{"name":"Acme"}`), iotest.ErrReader(errBroken))
		},
		"when closed": func() io.Reader { return brokenCloser{strings.NewReader(`{"name":"Acme"}`)} },
	}
	for name, body := range bodies {
		sb := sandbox.New()
		before := sandbox.Content(sb)
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/organizations", body())
		res, err := sb.RoundTrip(req)
		if res != nil || !errors.Is(err, errBroken) || err.Error() != "sandbox: read request body: broken" {
			t.Errorf("%s: got %v and %v, want the error alone", name, res, err)
		}
		served := httptest.NewRecorder()
		sb.ServeHTTP(served, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/organizations", body()))
		if want := `{"code":"bad_request","message":"The body cannot be read."}`; served.Code != http.StatusBadRequest ||
			served.Body.String() != want || !strings.HasPrefix(served.Header().Get("X-Request-Id"), "req_") {
			t.Errorf("%s: got %d %s %v, want 400 %s", name, served.Code, served.Body, served.Header(), want)
		}
		for _, change := range changes(before, sandbox.Content(sb)) {
			t.Errorf("%s: the store has changed: %s", name, change)
		}
	}
}

// TestDoneContextChangesNothing sends a request whose caller has gone away.
func TestDoneContextChangesNothing(t *testing.T) {
	t.Parallel()
	sb := sandbox.New()
	before := sandbox.Content(sb)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	body := &closeWatcher{Reader: strings.NewReader(`{"name":"Acme"}`)}
	req := httptest.NewRequestWithContext(ctx, http.MethodPost, "/organizations", body)
	if res, err := sb.RoundTrip(req); res != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v and %v, want context.Canceled alone", res, err)
	}
	if !body.closed {
		t.Error("the body is not closed")
	}
	for _, change := range changes(before, sandbox.Content(sb)) {
		t.Errorf("the store has changed: %s", change)
	}
}

// TestZeroFieldsOfARequestHaveTheirMeaning leaves out what http.Request lets one leave out.
func TestZeroFieldsOfARequestHaveTheirMeaning(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithAnyKey())
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/organizations?limit=1", nil)
	req.Method, req.Body = "", nil
	res, err := sb.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	if _ = res.Body.Close(); res.StatusCode != http.StatusOK {
		t.Errorf("no method: got %d, want that of GET", res.StatusCode)
	}
	served := httptest.NewRecorder()
	req.URL = nil
	sb.ServeHTTP(served, req)
	if want := `{"code":"not_found","message":"No such path."}`; served.Code != 404 || served.Body.String() != want {
		t.Errorf("no URL: got %d %s, want 404 %s", served.Code, served.Body, want)
	}
}

// TestPathsAreMatchedAsTheyAreEscaped has IDs that hold what separates paths.
func TestPathsAreMatchedAsTheyAreEscaped(t *testing.T) {
	t.Parallel()
	sb := sandbox.New()
	for _, id := range []string{"a/b", "a?b", "a#b", "a%2Fb", "ä b", "..", "external_id"} {
		org := create(t, sb, "/organizations", fields{"name": fmt.Sprintf("%q", id)})
		escaped := strings.NewReplacer("%", "%25", "/", "%2F", "?", "%3F", "#", "%23", " ", "%20", "ä", "%C3%A4").Replace(id)
		if a := refused(t, sb, http.StatusNotFound, "GET", "/organizations/"+escaped, nil); a.json["entity_id"] != id ||
			a.json["message"] != "Organization not found: '"+id+"'." {
			t.Errorf("%q: got %s, want it named", id, a.text)
		}
		must(t, sb, http.StatusOK, "GET", "/organizations/"+strings.ReplaceAll(org, "_", "%5F"), nil)
	}
}
