package authkit_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
)

const (
	testKey      = "sk_test_a2V5XzAx"
	testClientID = "client_01"
	testRedirect = "https://app.example/callback"
)

// once repeats nothing, so that a test can count.
var once = client.RetryPolicy{MaxAttempts: 1}

// newClient returns the client of an application of https://api.workos.com, whose answers come from transport.
func newClient(tb testing.TB, transport http.RoundTripper, opts ...authkit.Option) *authkit.Client {
	tb.Helper()
	c, err := authkit.New(newWorkOS(tb, transport), opts...)
	if err != nil {
		tb.Fatalf("New: %v", err)
	}
	return c
}

func newWorkOS(tb testing.TB, transport http.RoundTripper) *client.Client {
	tb.Helper()
	workos, err := client.New(testKey, client.WithClientID(testClientID), client.WithRetry(once),
		client.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		tb.Fatalf("client: %v", err)
	}
	return workos
}

func jsonAnswer(req *http.Request, status int, body any) *http.Response {
	resp, err := httpmock.NewJsonResponse(status, body)
	if err != nil {
		panic(err)
	}
	resp.Request = req
	return resp
}

// offline refuses every request.
func offline() http.RoundTripper { return httpmock.NewMockTransport() }

// wire passes requests on to next and records them. Without next it refuses each, as offline does.
type wire struct {
	next http.RoundTripper

	mu   sync.Mutex
	sent []string // method and path
}

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.sent = append(w.sent, req.Method+" "+req.URL.Path)
	w.mu.Unlock()
	if w.next == nil {
		return offline().RoundTrip(req)
	}
	return w.next.RoundTrip(req)
}

func (w *wire) requests() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sent)
}

// wantNoEffect makes a request that is to be refused, and fails the test if it sends something to the API, sets or
// deletes a cookie, or ends a session: the session of the cookie that keeps, if there is one, must still load.
func (w *wire) wantNoEffect(t *testing.T, name string, s *authkit.Sessions, keeps *http.Cookie, refused func() page,
) page {
	t.Helper()
	before := len(w.requests())
	resp := refused()
	if sent := w.requests()[before:]; len(sent) > 0 {
		t.Errorf("%s: sent %v, want nothing", name, sent)
	}
	if set := resp.Header["Set-Cookie"]; len(set) > 0 {
		t.Errorf("%s: set the cookies %v, want none", name, set)
	}
	if keeps != nil {
		if kept := send(s.Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, keeps); kept.StatusCode != 200 {
			t.Errorf("%s: then got %d for the session, want it to live on", name, kept.StatusCode)
		}
	}
	return resp
}

// query splits a URL into what stands before its query and the query.
func query(tb testing.TB, text string) (endpoint string, values url.Values) {
	tb.Helper()
	parsed, err := url.Parse(text)
	if err != nil {
		tb.Fatalf("URL %q: %v", text, err)
	}
	values = parsed.Query()
	parsed.RawQuery = ""
	return parsed.String(), values
}

// decode reads JSON into a value.
func decode(tb testing.TB, from io.Reader, into any) {
	tb.Helper()
	if err := json.NewDecoder(from).Decode(into); err != nil {
		tb.Error(err)
	}
}
