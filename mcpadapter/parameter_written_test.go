package mcpadapter_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/annex"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// annexClient returns a client of the annex, and its server.
func annexClient(t *testing.T) (*annex.ClientWithResponses, *shoptest.Server) {
	t.Helper()
	wire := &shoptest.Server{HandlerFunc: shoptest.RespondWith(http.StatusNoContent, "", "")}
	listener := httptest.NewServer(wire)
	t.Cleanup(listener.Close)
	c, err := annex.NewClientWithResponses(listener.URL, annex.WithHTTPClient(listener.Client()))
	if err != nil {
		t.Fatal(err)
	}
	return c, wire
}

// What the client cannot write is added to its request, as the description says.
func TestParametersThatTheClientCannotWriteAreSent(t *testing.T) {
	t.Parallel()
	c, wire := annexClient(t)
	a, err := mcpadapter.New(c, &annex.Operations)
	if err != nil {
		t.Fatal(err)
	}
	for arguments, want := range map[string]string{
		`{}`:                               "",
		`{"free":"a b"}`:                   "?free=a+b",
		`{"free":["a",2]}`:                 "?free=a&free=2",
		`{"free":{"a":{"b":1}}}`:           "?a=%7B%22b%22%3A1%7D",
		`{"deep":{"a":{"b":[1]}}}`:         "?deep[a][b][0]=1",
		`{"deep":7}`:                       "?deep=7",
		`{"text":"a"}`:                     "?text=%22a%22",
		`{"text":{"n":12345678901234567}}`: "?text=%7B%22n%22%3A12345678901234567%7D",
		`{"since":{"gte":3}}`:              "?since[gte]=3",
		`{"since":3}`:                      "?since=3",
		`{"shelf":"a,b"}`:                  "?shelf=a%2Cb",
		`{"shelf":["a","b&"]}`:             "?shelf=a&shelf=b%26",
		`{"named":5}`:                      "?named=5",
		`{"named":{"id":1,"tags":["x"]}}`:  "?id=1&tags=%5B%22x%22%5D",
		`{"pick":true}`:                    "?pick=true",
		`{"sizes":[{"w":1},{"w":2}]}`:      "?sizes=%7B%22w%22%3A1%7D&sizes=%7B%22w%22%3A2%7D",
		`{"box":{"a":"x","in":{"b":1}}}`:   "?a=x&in=%7B%22b%22%3A1%7D",
		`{"extra":{"a":"x","b":[1]}}`:      "?extra=a,x,b,%5B1%5D",
		`{"at":["2026-01-02T03:04:05Z"]}`:  "?at=2026-01-02T03%3A04%3A05Z",
		`{"span":{"days":2}}`:              "?days=2",
		`{"bars":{"a":1}}`:                 "?bars=a|1",
		`{"free":1,"since":2}`:             "?free=1&since=2",
	} {
		r := shoptest.Invoke(t, a, "findLots", arguments)
		sent := wire.Seen()
		if r.Failure != nil || len(sent) != 1 || strings.TrimPrefix(sent[0].URI, "/lots") != want {
			t.Errorf("%s: got %s and %v, want %s", arguments, r.Text(), sent, want)
		}
	}
	for _, c := range []struct{ tool, arguments, want string }{
		{"getLot", `{"key":{"row":"a"}}`, "GET /lots/row,a"}, {"getLot", `{"key":{}}`, ""}, {"getLot", `{"key":null}`, ""},
	} {
		r := shoptest.Invoke(t, a, c.tool, c.arguments)
		var requests []string
		for _, sent := range wire.Seen() {
			requests = append(requests, sent.Method+" "+sent.URI+sent.Header.Get("Content-Type")+sent.Body)
		}
		got := strings.Join(requests, "")
		if got != c.want || (r.Failure != nil) != (c.want == "") {
			t.Errorf("%s %s: got %s and %q, want %q", c.tool, c.arguments, r.Text(), got, c.want)
		}
	}
	for _, arguments := range []string{
		`{"since":"a"}`, `{"since":{"gt":1}}`, `{"shelf":1}`, `{"named":{}}`, `{"pick":"a"}`, `{"sizes":[1]}`, `{"box":{"b":1}}`,
	} {
		r := shoptest.Invoke(t, a, "findLots", arguments)
		if r.Failure == nil || r.Failure.Code != mcpadapter.CodeInvalidArguments {
			t.Errorf("%s: got %s, want invalid arguments", arguments, r.Text())
		}
		if sent := wire.Seen(); len(sent) > 0 {
			t.Errorf("%s: got %v, want nothing sent", arguments, sent)
		}
	}
}
