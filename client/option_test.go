package client_test

import (
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client"
)

func TestOptionsOfACallGoBeforeTheClients(t *testing.T) {
	first, second := newWire(respondJSON(http.StatusOK, anOrg)), newWire(respondJSON(http.StatusOK, anOrg))
	c := newClient(t, testKey, first.option(), client.WithUserAgent("app/1"),
		client.WithHeader("X-A", "client"), client.WithHeader("X-B", "client"))
	get := func(opts ...client.Option) {
		t.Helper()
		if _, err := c.Organizations.Get(t.Context(), "org_01", opts...); err != nil {
			t.Fatal(err)
		}
	}
	get(second.option(), client.WithBaseURL("http://127.0.0.1:1/x"), client.WithAPIKey("sk_other"),
		client.WithUserAgent("job/2"), client.WithHeader("x-a", "call"))
	if len(first.sent) != 0 || len(second.sent) != 1 {
		t.Fatalf("sent %d and %d requests, want none and one", len(first.sent), len(second.sent))
	}
	req := second.sent[0]
	for what, got := range map[string][2]string{
		"URL":           {req.URL.String(), "http://127.0.0.1:1/x/organizations/org_01"},
		"Authorization": {req.Header.Get("Authorization"), "Bearer sk_other"},
		"X-A":           {req.Header.Get("X-A"), "call"},
		"X-B":           {req.Header.Get("X-B"), "client"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: got %q, want %q", what, got[0], got[1])
		}
	}
	if agent := req.Header.Get("User-Agent"); !strings.HasSuffix(agent, " job/2") || strings.Contains(agent, "app/1") {
		t.Errorf("User-Agent: got %q, want the suffix of the call", agent)
	}
	get()
	if got := first.sent[0].Header.Get("X-A") + first.sent[0].Header.Get("Authorization"); got != "clientBearer "+testKey {
		t.Errorf("the next call: got %q, want the client's own", got)
	}
}

func TestOptionsThatCannotWorkAreRefused(t *testing.T) {
	var into client.Response
	for name, opt := range map[string]client.Option{
		"no API key":            client.WithAPIKey(""),
		"a key with a space":    client.WithAPIKey("sk a"),
		"no access token":       client.WithAccessToken(""),
		"no client ID":          client.WithClientID(""),
		"a base URL without":    client.WithBaseURL("api.workos.com"),
		"a header without":      client.WithHeader("", "x"),
		"a header with a colon": client.WithHeader("a:b", "x"),
		"a value of two lines":  client.WithHeader("X-A", "x\r\nX-B: y"),
		"Authorization":         client.WithHeader("authorization", "Bearer x"),
		"Host":                  client.WithHeader("host", "x"),
		"Content-Length":        client.WithHeader("content-length", "7"),
		"Accept-Encoding":       client.WithHeader("Accept-Encoding", "gzip"),
		"one key for all":       client.WithHeader("Idempotency-Key", "k"),
		"no user agent":         client.WithUserAgent(" "),
		"a negative time-out":   client.WithTimeout(-1),
		"no idempotency key":    client.WithIdempotencyKey(""),
		"nil middleware":        client.WithMiddleware(nil),
		"nil response":          client.WithResponse(nil),
		"nil logger":            client.WithLogger(nil),
		"no response":           client.WithMaxResponseBytes(0),
		"credentials per call":  client.WithCredentialsFromContext(),
		"nil":                   nil,
	} {
		w := newWire(respondJSON(http.StatusOK, anOrg))
		_, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01", opt)
		if err == nil || !strings.HasPrefix(err.Error(), "organizations.get: ") || len(w.sent) != 0 {
			t.Errorf("%s: got %v and %d requests, want an error that names the operation, and none", name, err, len(w.sent))
		}
	}
	for name, opt := range map[string]client.Option{
		"a key for all calls":      client.WithIdempotencyKey("k"),
		"a response for all calls": client.WithResponse(&into),
	} {
		if _, err := client.New(testKey, opt); err == nil {
			t.Errorf("New with %s: got success, want an error", name)
		}
	}
}

func TestEachOptionSaysWhatItRefuses(t *testing.T) {
	second := time.Second
	retry := func(attempts int, least, most time.Duration) client.Option {
		return client.WithRetry(client.RetryPolicy{MaxAttempts: attempts, MinWait: least, MaxWait: most})
	}
	middleware := func(req *http.Request, next client.Next) (*http.Response, error) { return next(req) }
	const held = "WithHeader: cannot set %s: the client sets it"
	for _, tt := range []struct {
		name string
		opt  client.Option
		want string
	}{
		{"no option", nil, "option 1 is nil"},
		{"WithAPIKey", client.WithAPIKey(""), "WithAPIKey: key is empty"},
		{"WithAccessToken", client.WithAccessToken(""), "WithAccessToken: token is empty"},
		{"WithClientID", client.WithClientID(""), "WithClientID: ID is empty"},
		{"WithClientID", client.WithClientID("a b"), "client ID has white space, a control or a non-ASCII character at " +
			"byte 1 of 3"},
		{"WithHTTPClient", client.WithHTTPClient(nil), "WithHTTPClient: client is nil"},
		{"WithLogger", client.WithLogger(nil), "WithLogger: logger is nil"},
		{"WithMiddleware", client.WithMiddleware(middleware, nil), "WithMiddleware: function 2 is nil"},
		{"WithMiddleware", client.WithMiddleware(nil, middleware), "WithMiddleware: function 1 is nil"},
		{"WithMiddleware", client.WithMiddleware(), ""},
		{"WithTimeout", client.WithTimeout(-1), "WithTimeout: invalid timeout -1ns: want 0 or more"},
		{"WithTimeout", client.WithTimeout(0), ""},
		{"WithTimeout", client.WithTimeout(time.Hour), ""},
		{"WithMaxResponseBytes", client.WithMaxResponseBytes(-1), "WithMaxResponseBytes: invalid limit -1: want at least 1"},
		{"WithMaxResponseBytes", client.WithMaxResponseBytes(0), "WithMaxResponseBytes: invalid limit 0: want at least 1"},
		{"WithRetry", retry(0, 0, 0), "WithRetry: invalid MaxAttempts 0: want at least 1, which disables retries"},
		{"WithRetry", retry(-1, 0, 0), "WithRetry: invalid MaxAttempts -1: want at least 1, which disables retries"},
		{"WithRetry", retry(1, 0, 0), ""},
		{"WithRetry", retry(1, -1, 0), "WithRetry: invalid waits -1ns and 0s: want 0 <= MinWait <= MaxWait"},
		{"WithRetry", retry(1, -2, -1), "WithRetry: invalid waits -2ns and -1ns: want 0 <= MinWait <= MaxWait"},
		{"WithRetry", retry(1, second, second-1), "WithRetry: invalid waits 1s and 999.999999ms: want 0 <= MinWait <= MaxWait"},
		{"WithRetry", retry(1, second, second), ""},
		{"WithRetry", retry(1, 0, -1), "WithRetry: invalid waits 0s and -1ns: want 0 <= MinWait <= MaxWait"},
		{"WithUserAgent", client.WithUserAgent(""), "WithUserAgent: suffix is empty"},
		{"WithUserAgent", client.WithUserAgent(" \t "), "WithUserAgent: suffix is empty"},
		{"Authorization", client.WithHeader("authorization", "x"),
			"WithHeader: cannot set Authorization: use WithAPIKey, WithAccessToken, WithPlatformToken or WithCredentials"},
		{"Idempotency-Key", client.WithHeader("idempotency-key", "x"),
			"WithHeader: cannot set Idempotency-Key: use WithIdempotencyKey for one call"},
		{"X-Idempotency-Key", client.WithHeader("X-IDEMPOTENCY-KEY", "x"),
			"WithHeader: cannot set Idempotency-Key: use WithIdempotencyKey for one call"},
		{"Host", client.WithHeader("host", "x"), fmt.Sprintf(held, "Host")},
		{"Content-Length", client.WithHeader("content-length", "1"), fmt.Sprintf(held, "Content-Length")},
		{"Content-Type", client.WithHeader("Content-type", "x"), fmt.Sprintf(held, "Content-Type")},
		{"Content-Encoding", client.WithHeader("Content-Encoding", "x"), fmt.Sprintf(held, "Content-Encoding")},
		{"Transfer-Encoding", client.WithHeader("transfer-encoding", "x"), fmt.Sprintf(held, "Transfer-Encoding")},
		{"Accept-Encoding", client.WithHeader("accept-encoding", "x"), fmt.Sprintf(held, "Accept-Encoding")},
		{"Accept", client.WithHeader("accept", "x"), ""},
		{"User-Agent", client.WithHeader("user-agent", "x"), ""},
		{"an empty value", client.WithHeader("X-A", ""), ""},
		{"no name", client.WithHeader("", "x"), `WithHeader: invalid header name "" (RFC 9110 section 5.1)`},
	} {
		err := optionError(t, tt.opt)
		if got := strings.TrimSuffix(fmt.Sprint(err), "<nil>"); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestOptionsBelongToAClientOrACall(t *testing.T) {
	var into client.Response
	fromContext := client.WithCredentialsFromContext()
	for want, opt := range map[string]client.Option{
		"WithIdempotencyKey: option of calls only":                                           client.WithIdempotencyKey("k"),
		"WithResponse: option of calls only":                                                 client.WithResponse(&into),
		"WithCredentialsFromContext: option of clients only":                                 fromContext,
		"WithIdempotencyKey: key is empty":                                                   client.WithIdempotencyKey(""),
		"WithResponse: pointer is nil":                                                       client.WithResponse(nil),
		"idempotency key has white space, a control or a non-ASCII character at byte 1 of 2": client.WithIdempotencyKey("k "),
	} {
		forClient := strings.Contains(want, "option of clients only")
		forCall := strings.Contains(want, "option of calls only")
		_, inNew := client.New(testKey, opt)
		if forCall && fmt.Sprint(inNew) != "workos: "+want {
			t.Errorf("New: got %v, want %s", inNew, want)
		}
		if forCall {
			w := newWire(respondJSON(http.StatusOK, anOrg))
			if _, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01", opt); err != nil {
				t.Errorf("a call: got %v, want success", err)
			}
			continue
		}
		err := refused(t, func(c *client.Client) error {
			_, err := c.Organizations.Get(t.Context(), "org_01", opt)
			return err
		})
		if fmt.Sprint(err) != "organizations.get: "+want {
			t.Errorf("a call: got %v, want %s", err, want)
		}
		if c, err := client.New("", opt); forClient && (err != nil || c == nil) {
			t.Errorf("New: got %v, want success", err)
		}
	}
}

// TestCharactersOfSettings has every byte at the beginning, in the middle and at the end of what goes into a header.
func TestCharactersOfSettings(t *testing.T) {
	const name = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	for b := range 256 {
		c := string([]byte{byte(b)})
		for at, text := range []string{c + "bc", "a" + c + "c", "ab" + c, c} {
			visible, space := b > ' ' && b <= '~', b == ' '
			for setting, tt := range map[string]struct {
				opt client.Option
				ok  bool
			}{
				"API key":      {client.WithAPIKey(text), visible},
				"access token": {client.WithAccessToken(text), visible},
				"client ID":    {client.WithClientID(text), visible},
				"header name":  {client.WithHeader(text, "x"), strings.ContainsRune(name, rune(b)) && b < 0x80},
				"header value": {client.WithHeader("X-A", text), b >= ' ' && b != 0x7f || b == '\t'},
				"user agent":   {client.WithUserAgent(text), visible || space && at < 3},
			} {
				err := optionError(t, tt.opt)
				if (err == nil) != tt.ok {
					t.Errorf("%s %q: got %v, want it accepted: %t", setting, text, err, tt.ok)
				}
				if want := fmt.Sprintf("%s has white space, a control or a non-ASCII character at byte %d of %d", setting, at%3,
					len(text)); err != nil && slices.Contains([]string{"API key", "access token", "client ID"}, setting) &&
					err.Error() != want {
					t.Errorf("%q: got %v, want %s", text, err, want)
				}
			}
		}
	}
	for _, suffix := range []string{"a", " a/1 (b; c) ~", "a "} {
		w := newWire(respondJSON(http.StatusOK, anOrg))
		_, err := newClient(t, testKey, w.option(), client.WithUserAgent(suffix)).Organizations.Get(t.Context(), "org_01")
		want := "workos-go/" + client.Version() + " " + runtime.Version() + " " + strings.TrimSpace(suffix)
		if err != nil || w.sent[0].Header.Get("User-Agent") != want {
			t.Errorf("%q: sent %q, want %q", suffix, w.sent[0].Header.Get("User-Agent"), want)
		}
	}
}

func TestLeastResponseLimitIsOneByte(t *testing.T) {
	if _, err := client.New(testKey, client.WithMaxResponseBytes(1)); err != nil {
		t.Errorf("got %v, want a client", err)
	}
}
