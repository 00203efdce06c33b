package authkit_test

import (
	"net/http"
	"net/url"
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
var once = client.RetryPolicy{MaxAttempts: 1} //nolint:gochecknoglobals // a constant that Go cannot declare as such

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
