package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
)

// FuzzAnswer gives a call whatever a server may answer: it ends in a page or in an error, whose text is one short line
// without the key.
func FuzzAnswer(f *testing.F) {
	for _, body := range []string{
		`{"data":[` + anOrg + `],"list_metadata":{"before":null,"after":"org_01"}}`, `[]`, `null`, `{"data":[{"id":7}]}`,
		`{"code":"c","message":["a",{"property":"p","constraints":{"k":"v"}}]}`, `{"errors":[{"instancePath":"/a~1b"}]}`,
		`{"error":"invalid_grant","error_description":"x"}`, `"Ratelimited"`, "<h1>x</h1>", "", testKey,
		`{"pending_authentication_token":"t","organizations":[{"id":"o"}],"user":{}}`,
	} {
		f.Add(200, "application/json", "1", "https://a.example", body)
		f.Add(429, "text/html", "Sat, 01 Jan 2000 00:00:11 GMT", "", body)
	}
	f.Fuzz(func(t *testing.T, status int, contentType, retryAfter, location, body string) {
		if status < 100 || status > 999 || len(body) > 64<<10 {
			return
		}
		w := newWire(httpmock.NewStringResponder(status, body).HeaderSet(http.Header{
			"Content-Type": {contentType}, "Retry-After": {retryAfter}, "Location": {location},
			"X-Request-Id": {retryAfter}, "X-Ratelimit-Reset": {retryAfter},
		}))
		var tell client.Response
		page, err := newClient(t, testKey, w.option(), once()).Organizations.
			List(t.Context(), nil, client.WithResponse(&tell))
		if (page == nil) == (err == nil) {
			t.Fatalf("got %v and %v, want one of them", page, err)
		}
		if err == nil {
			return
		}
		text := fmt.Sprintf("%v", err)
		if len(text) > 8<<10 || !utf8.ValidString(text) || strings.ContainsAny(text, "\r\n") ||
			strings.Contains(text, testKey) {
			t.Errorf("got the text %q, want a short line without the key", text)
		}
		var failed *client.Error
		if !errors.As(err, &failed) || failed.StatusCode != status {
			t.Fatalf("got %v, want an *Error of status %d", err, status)
		}
		if wait, given := failed.RetryAfter(); wait < 0 || !given && wait != 0 {
			t.Errorf("Retry-After %q: got %s, %t", retryAfter, wait, given)
		}
		if step, ok := failed.StepUp(); ok && fmt.Sprint(step) == "" {
			t.Error("a step-up prints as nothing")
		}
	})
}
