package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
)

// refused is the error of a call that is refused before it is sent: it fails the test if anything was sent.
func refused(t *testing.T, call func(c *client.Client) error) error {
	t.Helper()
	w := newWire(answerJSON(http.StatusOK, anOrg))
	err := call(newClient(t, testKey, w.option()))
	if err == nil || len(w.sent) != 0 {
		t.Errorf("got %v and %d requests, want an error and none", err, len(w.sent))
	}
	return err
}

// optionError is the error of an option, which New and a call give alike; nil if there is none.
func optionError(t *testing.T, opt client.Option) error {
	t.Helper()
	w := newWire(answerJSON(http.StatusOK, anOrg))
	_, inCall := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01", opt)
	c, inNew := client.New(testKey, opt)
	if (inCall == nil) != (inNew == nil) || (c == nil) != (inNew != nil) || (len(w.sent) == 0) != (inCall != nil) {
		t.Fatalf("got %v of a call, %d requests, and %v of New", inCall, len(w.sent), inNew)
	}
	if inCall == nil {
		return nil
	}
	text, ok := strings.CutPrefix(inCall.Error(), "organizations.get: ")
	if same, also := strings.CutPrefix(inNew.Error(), "workos client: "); !ok || !also || same != text {
		t.Errorf("got %v of a call, and %v of New", inCall, inNew)
	}
	return errors.New(text)
}

func TestEachOptionSaysWhatItRefuses(t *testing.T) {
	second := time.Second
	retry := func(attempts int, least, most time.Duration) client.Option {
		return client.WithRetry(client.RetryPolicy{MaxAttempts: attempts, MinWait: least, MaxWait: most})
	}
	middleware := func(req *http.Request, next client.Next) (*http.Response, error) { return next(req) }
	const held = "WithHeader: %s is not the caller's to set"
	for _, tt := range []struct {
		name string
		opt  client.Option
		want string
	}{
		{"no option", nil, "option 1 is nil"},
		{"WithAPIKey", client.WithAPIKey(""), "WithAPIKey: the key is empty"},
		{"WithAccessToken", client.WithAccessToken(""), "WithAccessToken: the token is empty"},
		{"WithClientID", client.WithClientID(""), "WithClientID: the ID is empty"},
		{"WithClientID", client.WithClientID("a b"), "client ID has white space, a control or a non-ASCII character at " +
			"byte 1 of 3"},
		{"WithHTTPClient", client.WithHTTPClient(nil), "HTTP client is nil"},
		{"WithLogger", client.WithLogger(nil), "logger is nil"},
		{"WithMiddleware", client.WithMiddleware(middleware, nil), "WithMiddleware: function 2 is nil"},
		{"WithMiddleware", client.WithMiddleware(nil, middleware), "WithMiddleware: function 1 is nil"},
		{"WithMiddleware", client.WithMiddleware(), ""},
		{"WithTimeout", client.WithTimeout(-1), "time-out is -1ns; it must not be negative"},
		{"WithTimeout", client.WithTimeout(0), ""},
		{"WithTimeout", client.WithTimeout(time.Hour), ""},
		{"WithMaxResponseBytes", client.WithMaxResponseBytes(-1), "response limit is -1 bytes; it must be at least 1"},
		{"WithMaxResponseBytes", client.WithMaxResponseBytes(0), "response limit is 0 bytes; it must be at least 1"},
		{"WithRetry", retry(0, 0, 0), "retry policy: MaxAttempts is 0; it must be at least 1, which repeats nothing"},
		{"WithRetry", retry(-1, 0, 0), "retry policy: MaxAttempts is -1; it must be at least 1, which repeats nothing"},
		{"WithRetry", retry(1, 0, 0), ""},
		{"WithRetry", retry(1, -1, 0), "retry policy: the waits are -1ns to 0s; they must not be negative, nor the first " +
			"longer"},
		{"WithRetry", retry(1, -2, -1), "retry policy: the waits are -2ns to -1ns; they must not be negative, nor the " +
			"first longer"},
		{"WithRetry", retry(1, second, second-1), "retry policy: the waits are 1s to 999.999999ms; they must not be " +
			"negative, nor the first longer"},
		{"WithRetry", retry(1, second, second), ""},
		{"WithRetry", retry(1, 0, -1), "retry policy: the waits are 0s to -1ns; they must not be negative, nor the first " +
			"longer"},
		{"WithUserAgent", client.WithUserAgent(""), "user agent suffix is empty"},
		{"WithUserAgent", client.WithUserAgent(" \t "), "user agent suffix is empty"},
		{"Authorization", client.WithHeader("authorization", "x"),
			"WithHeader: Authorization is set by WithAPIKey, WithAccessToken, WithPlatformToken or WithCredentials"},
		{"Idempotency-Key", client.WithHeader("idempotency-key", "x"),
			"WithHeader: Idempotency-Key is set by WithIdempotencyKey, for one call"},
		{"X-Idempotency-Key", client.WithHeader("X-IDEMPOTENCY-KEY", "x"),
			"WithHeader: Idempotency-Key is set by WithIdempotencyKey, for one call"},
		{"Host", client.WithHeader("host", "x"), fmt.Sprintf(held, "Host")},
		{"Content-Length", client.WithHeader("content-length", "1"), fmt.Sprintf(held, "Content-Length")},
		{"Content-Type", client.WithHeader("Content-type", "x"), fmt.Sprintf(held, "Content-Type")},
		{"Content-Encoding", client.WithHeader("Content-Encoding", "x"), fmt.Sprintf(held, "Content-Encoding")},
		{"Transfer-Encoding", client.WithHeader("transfer-encoding", "x"), fmt.Sprintf(held, "Transfer-Encoding")},
		{"Accept-Encoding", client.WithHeader("accept-encoding", "x"), fmt.Sprintf(held, "Accept-Encoding")},
		{"Accept", client.WithHeader("accept", "x"), ""},
		{"User-Agent", client.WithHeader("user-agent", "x"), ""},
		{"an empty value", client.WithHeader("X-A", ""), ""},
		{"no name", client.WithHeader("", "x"), `WithHeader: "" is no header name (RFC 9110 section 5.1)`},
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
		"WithIdempotencyKey: a key is for one call; give it there":                           client.WithIdempotencyKey("k"),
		"WithResponse: it tells of one call; give it there":                                  client.WithResponse(&into),
		"WithCredentialsFromContext: it is an option of a client":                            fromContext,
		"WithIdempotencyKey: the key is empty":                                               client.WithIdempotencyKey(""),
		"WithResponse: the pointer is nil":                                                   client.WithResponse(nil),
		"idempotency key has white space, a control or a non-ASCII character at byte 1 of 2": client.WithIdempotencyKey("k "),
	} {
		forClient := strings.Contains(want, "option of a client")
		forCall := strings.Contains(want, "give it there")
		_, inNew := client.New(testKey, opt)
		if forCall && fmt.Sprint(inNew) != "workos client: "+want {
			t.Errorf("New: got %v, want %s", inNew, want)
		}
		if forCall {
			w := newWire(answerJSON(http.StatusOK, anOrg))
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
		w := newWire(answerJSON(http.StatusOK, anOrg))
		_, err := newClient(t, testKey, w.option(), client.WithUserAgent(suffix)).Organizations.Get(t.Context(), "org_01")
		want := "workos-go/" + client.Version + " " + runtime.Version() + " " + strings.TrimSpace(suffix)
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

func TestDefaultsOfAClient(t *testing.T) {
	if got, want := client.DefaultRetryPolicy(), (client.RetryPolicy{MaxAttempts: 3, MinWait: 500 * time.Millisecond,
		MaxWait: 30 * time.Second}); got != want {
		t.Errorf("policy: got %+v, want %+v", got, want)
	}
	synctest.Test(t, func(t *testing.T) { // the time-out
		hang := transportFunc(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		c := newClient(t, testKey, once(), client.WithHTTPClient(&http.Client{Transport: hang}))
		start := time.Now()
		_, err := c.Organizations.Get(t.Context(), "org_01")
		const want = `organizations.get: Get "https://api.workos.com/organizations/{id}": no answer within 1m0s`
		if took := time.Since(start); took != time.Minute || fmt.Sprint(err) != want ||
			!errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v after %s, want %s after 1m", err, took, want)
		}
		var timeout net.Error
		if !errors.As(err, &timeout) || !timeout.Timeout() || !timeout.Temporary() {
			t.Errorf("got %v, want a net.Error that is a time-out and temporary", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		_, err = c.Organizations.Get(ctx, "org_01", client.WithTimeout(0))
		if took := time.Since(start); took != time.Hour+time.Minute {
			t.Errorf("without a time-out: got %v after %s more, want one hour", err, took-time.Minute)
		}
	})
	const limit = 64 << 20
	for declared, want := range map[int64]bool{limit: false, limit + 1: true} {
		_, err := replying(t, func() *http.Response {
			resp := byHand(http.StatusOK, anOrg)
			resp.ContentLength = declared
			return resp
		}).Organizations.Get(t.Context(), "org_01")
		if got := errors.Is(err, client.ErrResponseTooLarge); got != want {
			t.Errorf("%d bytes declared: got %v, want it too large: %t", declared, err, want)
		}
	}
}

func TestCallOutlivesNeitherTimeOutNorContext(t *testing.T) {
	for _, tt := range []struct {
		timeout, deadline, want time.Duration
		text                    string
	}{
		{time.Second, 0, time.Second, "no answer within 1s"},
		{time.Second, time.Second + 1, time.Second, "no answer within 1s"},
		{time.Second, time.Second, time.Second, ""},
		{time.Second, time.Second - 1, time.Second - 1, "context deadline exceeded"},
		{0, time.Second, time.Second, "context deadline exceeded"},
	} {
		for name, perCall := range map[string]bool{"client": false, "call": true} {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if tt.deadline > 0 {
					bounded, cancel := context.WithTimeout(ctx, tt.deadline)
					defer cancel()
					ctx = bounded
				}
				hang := transportFunc(func(req *http.Request) (*http.Response, error) {
					<-req.Context().Done()
					return nil, req.Context().Err()
				})
				of, in := []client.Option{client.WithTimeout(tt.timeout)}, []client.Option(nil)
				if perCall {
					of, in = in, of
				}
				c := newClient(t, testKey, append(of, once(), client.WithHTTPClient(&http.Client{Transport: hang}))...)
				start := time.Now()
				_, err := c.Organizations.Get(ctx, "org_01", in...)
				if took := time.Since(start); took != tt.want || !strings.HasSuffix(fmt.Sprint(err), tt.text) ||
					!errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%s of a %s, deadline %s: got %v after %s, want %q after %s", tt.timeout, name, tt.deadline, err, took,
						tt.text, tt.want)
				}
			})
		}
	}
}

func TestLogHasALineForEachAttempt(t *testing.T) {
	for _, tt := range []struct {
		level slog.Level
		want  []string
	}{
		{slog.LevelDebug, []string{
			`level=WARN msg="WorkOS call failed" operation=organizations.get method=GET path=/organizations/{id} attempt=1 ` +
				`duration=2s status=500 request_id=r[redacted] error="organizations.get: 500 Internal Server Error (request ID ` +
				`r[redacted])"`,
			`level=WARN msg="WorkOS call will be repeated" operation=organizations.get method=GET path=/organizations/{id} ` +
				`attempt=1 wait=0s error="organizations.get: 500 Internal Server Error (request ID r[redacted])"`,
			`level=WARN msg="WorkOS call failed" operation=organizations.get method=GET path=/organizations/{id} attempt=2 ` +
				`duration=2s error="organizations.get: Get \"https://api.workos.com/organizations/{id}\": down"`,
			`level=WARN msg="WorkOS call will be repeated" operation=organizations.get method=GET path=/organizations/{id} ` +
				`attempt=2 wait=0s error="organizations.get: Get \"https://api.workos.com/organizations/{id}\": down"`,
			`level=DEBUG msg="WorkOS answered" operation=organizations.get method=GET path=/organizations/{id} attempt=3 ` +
				`duration=2s status=200`,
		}},
		{slog.LevelInfo, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			logger := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: tt.level,
				ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
					if a.Key == slog.TimeKey {
						return slog.Attr{}
					}
					return a
				}}))
			n := 0
			c := newClient(t, testKey, client.WithLogger(logger), client.WithRetry(client.RetryPolicy{MaxAttempts: 3}),
				client.WithHTTPClient(&http.Client{Transport: transportFunc(func(*http.Request) (*http.Response, error) {
					time.Sleep(2 * time.Second)
					n++
					switch n {
					case 1:
						resp := byHand(http.StatusInternalServerError, ``)
						resp.Header.Set("X-Request-Id", "r"+testKey)
						return resp, nil
					case 2:
						return nil, errors.New("down")
					}
					return byHand(http.StatusOK, anOrg), nil
				})}))
			if _, err := c.Organizations.Get(t.Context(), "org_01"); err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
			if tt.want == nil {
				if len(lines) != 4 || strings.Contains(out.String(), "DEBUG") {
					t.Errorf("without debug level: got %s", out.String())
				}
				return
			}
			if !slices.Equal(lines, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", out.String(), strings.Join(tt.want, "\n"))
			}
		})
	}
}
