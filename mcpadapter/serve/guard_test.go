package serve

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
)

func TestOnlyCancellationsAreSwallowed(t *testing.T) {
	var passed []string
	opts := HTTPOptions{Metrics: NewMetrics(), Logger: slog.New(slog.DiscardHandler)}
	handler, err := newGuard(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		passed = append(passed, string(body))
	}), opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		body   string
		passes bool
	}{
		{`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`, false},
		{` { "params":{}, "method" : "notifications/cancelled", "jsonrpc":"2.0" } `, false},
		{`{"jsonrpc":"2.0","id":1,"method":"notifications/cancelled"}`, true}, // no notification,
		{`{"jsonrpc":"2.0","method":"notifications/initialized"}`, true},
		{`{"jsonrpc":"2.0","method":"notifications/cancelled2"}`, true},
		{`{"jsonrpc":"2.0","method":"x","params":{"method":"notifications/cancelled"}}`, true},
		{`{"method":"notifications/cancelled"`, true}, // no JSON, which the transport says
		{``, true},
		{callBody(1, "teas.list", `{}`), true},
	} {
		passed = nil
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, request(t, strings.NewReader(c.body)))
		if !c.passes {
			if w.Code != http.StatusAccepted || w.Body.Len() != 0 || passed != nil {
				t.Errorf("%s: got %d %q and %q passed, want 202 alone", c.body, w.Code, w.Body, passed)
			}
		} else if w.Code != http.StatusOK || len(passed) != 1 || passed[0] != c.body {
			t.Errorf("%s: got %d and %q passed, want it as it is", c.body, w.Code, passed)
		}
	}
}

// A refusal has the ID of the request, but only if it is one: an ID of another type is nobody's.
func TestARefusalHasTheIDOfItsRequest(t *testing.T) {
	const twice = `"params":{"name":"x","name":"y"}}`
	for body, want := range map[string]string{
		`{"jsonrpc":"2.0","id":7,"method":"tools/call",` + twice:            "7",
		`{"jsonrpc":"2.0","id":"a","method":"tools/call",` + twice:          `"a"`,
		`{"jsonrpc":"2.0","id":{},"method":"tools/call",` + twice:           "null",
		`{"jsonrpc":"2.0","id":[7],"method":"tools/call",` + twice:          "null",
		`{"jsonrpc":"2.0","method":"tools/call",` + twice:                   "null",
		`{"jsonrpc":"2.0","id":7,` + twice:                                  "null", // no request
		`{"jsonrpc":"2.0","id":7,"id":8,"method":"tools/call","params":{}}`: "null",
	} {
		store := newStore(t)
		w := httptest.NewRecorder()
		store.handler(t, HTTPOptions{}).ServeHTTP(w, request(t, strings.NewReader(body)))
		var response struct{ ID json.RawMessage }
		if err := json.Unmarshal(w.Body.Bytes(), &response); err != nil || string(response.ID) != want ||
			w.Code != http.StatusBadRequest {
			t.Errorf("%s: got %d %s, want 400 and the ID %s", body, w.Code, w.Body, want)
		}
		if n := store.requests.Load(); n != 0 {
			t.Errorf("%s: got %d requests on the wire, want none", body, n)
		}
	}
}

func TestAGuardWantsLimitsThatMakeSense(t *testing.T) {
	for name, opts := range map[string]HTTPOptions{
		"--max-request-bytes: invalid limit -1: want at least 0": {Admission: Admission{MaxRequestBytes: -1}},
		"--rate: invalid limit -0.5: want at least 0":            {Admission: Admission{Rate: -0.5}},
		`--allow-host: invalid host "a b"`:                       {AllowHosts: []string{"a b"}},
		`--allow-origin: `:                                       {AllowOrigins: []string{"nowhere"}},
	} {
		opts.Metrics = NewMetrics()
		if g, err := newGuard(http.NotFoundHandler(), opts); g != nil || err == nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: got %v and the error %v", name, g, err)
		}
	}
}

func TestABodyThatBreaksOffIsRefused(t *testing.T) {
	store := newStore(t)
	w := httptest.NewRecorder()
	body := io.MultiReader(strings.NewReader(callBody(1, "teas.list", `{}`)), iotest.ErrReader(errors.New("reset")))
	store.handler(t, HTTPOptions{}).ServeHTTP(w, request(t, body))
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `"message":"the request could not be read"`) {
		t.Errorf("got %d %q, want 400", w.Code, w.Body)
	}
	if n := store.requests.Load(); n != 0 {
		t.Errorf("got %d requests on the wire, want none", n)
	}
}

// What a request may cost is limited before it is parsed.
func TestARequestIsLimited(t *testing.T) {
	padded := func(size int) string {
		call := callBody(1, "teas.list", `{}`)
		return call + strings.Repeat(" ", size-len(call))
	}
	list := func(size int) string { return listTools + strings.Repeat(" ", size-len(listTools)) }
	// Beside the list of the arguments a call has 8 values, and its empty objects count twice.
	valued := func(n int) string {
		return callBody(1, "teas.list", `{"tags":[`+strings.Repeat(`",[{",`, n)+`"x"]}`)
	}
	const tooLarge = http.StatusRequestEntityTooLarge
	for _, c := range []struct {
		name, body string
		key        string
		limit      int64
		status     int
		part       string
	}{
		{"256 KiB", padded(256 << 10), "k", 0, http.StatusOK, ""},
		{"more", padded(256<<10 + 1), "k", 0, tooLarge, `"the request has more than 262144 bytes"`},
		{"1,000 bytes", padded(1000), "k", 1000, http.StatusOK, ""},
		{"1,001 bytes", padded(1001), "k", 1000, tooLarge, `"the request has more than 1000 bytes"`},
		{"9,000 values", valued(9000), "k", 0, http.StatusOK, ""},
		{"10,001 values", valued(10_001), "k", 0, tooLarge, `"the message has more than 10000 JSON values"`},
		{"no key", list(100), "", 0, http.StatusOK, ""},
		{"no key, 16 KiB", list(16 << 10), "", 0, http.StatusOK, ""},
		{"no key, more", list(16<<10 + 1), "", 0, http.StatusUnauthorized, `"send a key as X-Key"`},
		{"no key, much more", padded(1 << 20), "", 0, http.StatusUnauthorized, `"send a key as X-Key"`},
		{"no key, a small limit", padded(1001), "", 1000, http.StatusUnauthorized, `"send a key as X-Key"`},
	} {
		store := newStore(t)
		w := httptest.NewRecorder()
		r := request(t, strings.NewReader(c.body))
		r.Header.Set("X-Key", c.key)
		store.handler(t, HTTPOptions{Admission: Admission{MaxRequestBytes: c.limit}}).ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.part) {
			t.Errorf("%s: got %d %.300s, want %d and %s", c.name, w.Code, w.Body, c.status, c.part)
		}
		if c.status == http.StatusOK {
			continue
		}
		var response struct{ Error struct{ Code int } }
		if err := json.Unmarshal(w.Body.Bytes(), &response); err != nil || response.Error.Code != -32600 ||
			w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%s: got %v %s, want a JSON-RPC error", c.name, err, w.Body)
		}
		if challenge := w.Header().Get("WWW-Authenticate"); (challenge != "") != (c.status == http.StatusUnauthorized) {
			t.Errorf("%s: got the challenge %q", c.name, challenge)
		}
		if n := store.requests.Load(); n != 0 {
			t.Errorf("%s: got %d requests on the wire, want none", c.name, n)
		}
	}
}

// The name of a proxy on the same machine passes where it is allowed, and no other does.
func TestHostsOfALoopbackServer(t *testing.T) {
	for _, c := range []struct {
		allowed []string
		host    string
		passes  bool
	}{
		{nil, "127.0.0.1:8080", true},
		{nil, "mcp.example.com", false},
		{[]string{"mcp.example.com"}, "mcp.example.com", true},
		{[]string{"mcp.example.com"}, "MCP.Example.com", true},
		{[]string{"mcp.example.com"}, "mcp.example.com:8443", true},
		{[]string{"mcp.example.com"}, "localhost", true},
		{[]string{"mcp.example.com"}, "evil.example", false},
		{[]string{"mcp.example.com"}, "mcp.example.com.evil.example", false},
		{[]string{"mcp.example.com"}, "a.mcp.example.com", false},
		{[]string{"a.example", "mcp.example.com:8443"}, "mcp.example.com:8443", true},
		{[]string{"a.example", "mcp.example.com:8443"}, "mcp.example.com", false},
		{[]string{"a.example", "mcp.example.com:8443"}, "a.example:80", true},
	} {
		store := newStore(t)
		handler := store.handler(t, HTTPOptions{AllowHosts: c.allowed})
		for _, origin := range []string{"", "http://" + c.host, "https://evil.example"} {
			w := httptest.NewRecorder()
			r := request(t, strings.NewReader(callBody(1, "teas.list", `{}`)))
			r.Host = c.host
			if origin != "" {
				r.Header.Set("Origin", origin)
			}
			before := store.requests.Load()
			handler.ServeHTTP(w, r)
			status, sent := http.StatusForbidden, int32(0)
			if c.passes && origin != "https://evil.example" {
				status, sent = http.StatusOK, 1
			}
			if got := store.requests.Load() - before; w.Code != status || got != sent {
				t.Errorf("%v, host %s, origin %q: got %d %.200s and %d requests, want %d and %d",
					c.allowed, c.host, origin, w.Code, w.Body, got, status, sent)
			}
		}
	}
	for _, host := range []string{"", "https://mcp.example.com", "a.example/mcp", "a b", ":8080", "u@a.example"} {
		next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
		handler, err := newGuard(next, HTTPOptions{AllowHosts: []string{"a.example", host}})
		if handler != nil || ExitCode(err) != ExitUsage || !strings.HasPrefix(err.Error(), "--allow-host: ") {
			t.Errorf("%q: got %v and %v, want a usage error", host, handler, err)
		}
	}
}

// A public address has only the names that are allowed, and itself.
func TestHostsOfAPublicServer(t *testing.T) {
	store := newStore(t)
	handler := store.handler(t, HTTPOptions{AllowHosts: []string{"mcp.example.com"}})
	for host, want := range map[string]int{
		"mcp.example.com": http.StatusOK, "192.0.2.1:8080": http.StatusOK, "192.0.2.1": http.StatusOK,
		"localhost:8080": http.StatusOK, "192.0.2.2:8080": http.StatusForbidden, "evil.example": http.StatusForbidden,
		"": http.StatusForbidden,
	} {
		w := httptest.NewRecorder()
		r := request(t, strings.NewReader(callBody(1, "teas.list", `{}`)))
		public := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 8080}
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, public))
		r.Host = host
		before := store.requests.Load()
		handler.ServeHTTP(w, r)
		if got := store.requests.Load() - before; w.Code != want || (got == 1) != (want == http.StatusOK) {
			t.Errorf("%s: got %d %.200s and %d requests, want %d", host, w.Code, w.Body, got, want)
		}
	}
}
