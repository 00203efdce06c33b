package client_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
)

// FuzzResponse gives a call whatever a server may send: it ends in a page or in an error, whose text is one short line
// without the key.
func FuzzResponse(f *testing.F) {
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

func TestResponseOfATransportIsReadWhole(t *testing.T) {
	c := newClient(t, testKey, client.WithHTTPClient(&http.Client{Transport: transportFunc(
		func(*http.Request) (*http.Response, error) { return byHand(http.StatusOK, anOrg), nil })}))
	if got, err := c.Organizations.Get(t.Context(), "org_01"); err != nil || got.ID != "org_01" {
		t.Errorf("got %v, %v; want the organization", got, err)
	}
}

func TestSuccessIsEveryStatusFrom200To299(t *testing.T) {
	for status := 100; status <= 699; status++ {
		c := replying(t, func() *http.Response { return byHand(status, `{"message":"m"}`) })
		err := c.Organizations.Delete(t.Context(), "org_01") // of which no answer is documented as JSON
		if want := status >= 200 && status <= 299; (err == nil) != want {
			t.Errorf("%d: got %v, want success: %t", status, err, want)
		}
		resp, err := handMade(c, handBuilt(t, http.MethodGet, "https://api.workos.com/new/thing", ""))
		if want := status >= 200 && status <= 299; (err == nil) != want {
			t.Errorf("%d by hand: got %v, want success: %t", status, err, want)
		}
		if resp != nil {
			text, _ := io.ReadAll(resp.Body)
			if string(text) != `{"message":"m"}` || resp.StatusCode != status {
				t.Errorf("%d by hand: got %d with %s", status, resp.StatusCode, text)
			}
		}
	}
}

func TestOnlyDocumentedJSONMustSayThatItIsJSON(t *testing.T) {
	get := func(c *client.Client) error {
		_, err := c.Organizations.Get(t.Context(), "org_01")
		return err
	}
	byHand := func(c *client.Client) error {
		req := handBuilt(t, http.MethodGet, "https://api.workos.com/new/thing", "")
		_, err := handMade(c, req)
		return err
	}
	for _, tt := range []struct {
		name, contentType string
		status            int
		call              func(*client.Client) error
		want              string
	}{
		{"JSON", "application/json", 200, get, ""},
		{"JSON with a charset", "application/json; charset=utf-8", 200, get, ""},
		{"a problem", "application/problem+json", 200, get, ""},
		{"capitals", "APPLICATION/JSON", 200, get, ""},
		{"HTML", "text/html", 200, get, `Content-Type is "text/html", expected JSON: ` + anOrg},
		{"nothing", "", 200, get, `Content-Type is "", expected JSON: ` + anOrg},
		{"a secret", "sk_abc", 200, get, `Content-Type is "[redacted]", expected JSON: ` + anOrg},
		{"HTML with a status that is not documented", "text/html", 203, get, ""},
		{"HTML of an operation that is not known", "text/html", 200, byHand, ""},
		{"HTML of an operation without JSON", "text/html", 200,
			func(c *client.Client) error { return c.Organizations.Delete(t.Context(), "org_01") }, ""},
	} {
		from := &closer{Reader: strings.NewReader(anOrg)}
		err := tt.call(replying(t, func() *http.Response {
			return &http.Response{StatusCode: tt.status, Header: http.Header{"Content-Type": {tt.contentType}}, Body: from}
		}))
		if tt.want == "" {
			if err != nil {
				t.Errorf("%s: got %v, want success", tt.name, err)
			}
			continue
		}
		var failed *client.Error
		want := "organizations.get: 200 invalid_response: invalid response: " + tt.want
		if !errors.As(err, &failed) || err.Error() != want || !errors.Is(err, client.ErrInvalidResponse) ||
			string(failed.Body) != anOrg || failed.Truncated || failed.Code != "invalid_response" {
			t.Errorf("%s: got %v, want %s", tt.name, err, want)
		}
		if from.closed == 0 {
			t.Errorf("%s: the body is not closed", tt.name)
		}
	}
}

func TestSuccessIsReadUpToItsLimit(t *testing.T) {
	const limit = int64(len(anOrg))
	for _, tt := range []struct {
		name     string
		declared int64
		body     string
		want     bool // whether it is too large
		kept     string
	}{
		{"one less", limit - 1, anOrg[:limit-1] + " ", false, ""},
		{"declared", limit, anOrg, false, ""},
		{"not declared", -1, anOrg, false, ""},
		{"declared as nothing", 0, anOrg, false, ""},
		{"declared as less than nothing", -1 << 40, anOrg, false, ""},
		{"declared as one byte more", limit + 1, anOrg, true, anOrg},
		{"declared as much more", 1 << 62, anOrg, true, anOrg},
		{"one byte more", -1, anOrg + " ", true, anOrg + " "},
		{"one byte more than declared", limit, anOrg + " ", true, anOrg + " "},
		{"much more", -1, anOrg + strings.Repeat(" ", 9<<10), true, anOrg + " "},
	} {
		from := &closer{Reader: strings.NewReader(tt.body)}
		got, err := replying(t, func() *http.Response {
			resp := byHand(http.StatusOK, "")
			resp.Body, resp.ContentLength = from, tt.declared
			return resp
		}, client.WithMaxResponseBytes(limit)).Organizations.Get(t.Context(), "org_01")
		if from.closed == 0 {
			t.Errorf("%s: the body is not closed", tt.name)
		}
		if !tt.want {
			if err != nil && tt.name != "one less" || got == nil && tt.name != "one less" {
				t.Errorf("%s: got %v, want success", tt.name, err)
			}
			continue
		}
		want := fmt.Sprintf("organizations.get: 200 invalid_response: response too large: larger than the limit of %d bytes",
			limit)
		var failed *client.Error
		if got != nil || fmt.Sprint(err) != want || !errors.As(err, &failed) || !errors.Is(err, client.ErrResponseTooLarge) ||
			!errors.Is(err, client.ErrInvalidResponse) {
			t.Errorf("%s: got %v, want %s", tt.name, err, want)
			continue
		}
		if string(failed.Body) != tt.kept || failed.Truncated != (tt.declared <= limit) {
			t.Errorf("%s: got a body of %d bytes, truncated %t; want %d", tt.name, len(failed.Body), failed.Truncated,
				len(tt.kept))
		}
	}
}

// TestDeclaredLengthSetsNoMemoryAside has a server that promises much and sends little.
func TestDeclaredLengthSetsNoMemoryAside(t *testing.T) {
	c := replying(t, func() *http.Response {
		resp := byHand(http.StatusOK, anOrg)
		resp.ContentLength = 64 << 20
		return resp
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := c.Organizations.Get(t.Context(), "org_01"); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 16<<20 {
		t.Errorf("set %d bytes aside, want about 1 MiB", got)
	}
}

// TestTooLargeResponseAllocatesLittleMoreThanItsLimit has a server that sends without end and declares no length.
func TestTooLargeResponseAllocatesLittleMoreThanItsLimit(t *testing.T) {
	const limit = 16 << 20
	c := replying(t, func() *http.Response {
		resp := byHand(http.StatusOK, "")
		resp.ContentLength, resp.Body = -1, io.NopCloser(endless{})
		return resp
	}, client.WithMaxResponseBytes(limit))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := c.Organizations.Get(t.Context(), "org_01")
	runtime.ReadMemStats(&after)
	if !errors.Is(err, client.ErrResponseTooLarge) {
		t.Errorf("got %v, want ErrResponseTooLarge", err)
	}
	if got := after.TotalAlloc - before.TotalAlloc; got > limit*5/4 {
		t.Errorf("allocated %d bytes for a limit of %d", got, limit)
	}
}

// endless is a body of spaces.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestResponseReportsSuccessAndFailure(t *testing.T) {
	header := http.Header{
		"Content-Type": {"application/json"}, "X-Request-Id": {"req_01"},
		"X-Ratelimit-Limit": {"1000"}, "X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {"1893456000"},
	}
	for _, status := range []int{http.StatusOK, http.StatusNotFound} {
		w := newWire(httpmock.NewStringResponder(status, anOrg).HeaderSet(header))
		got := client.Response{Attempts: 9}
		_, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01", client.WithResponse(&got))
		if (status == http.StatusOK) != (err == nil) {
			t.Fatalf("%d: got %v", status, err)
		}
		want := client.RateLimit{Limit: 1000, Remaining: 0, Reset: time.Unix(1893456000, 0)}
		if got.StatusCode != status || got.RequestID != "req_01" || got.Attempts != 1 || got.RateLimit != want ||
			got.Header.Get("X-Request-Id") != "req_01" {
			t.Errorf("%d: got %+v", status, got)
		}
	}
	var none client.Response
	w := newWire(httpmock.NewErrorResponder(errors.New("down")))
	_, _ = newClient(t, testKey, w.option(), once()).Organizations.Get(t.Context(), "org_01", client.WithResponse(&none))
	refused := client.Response{Attempts: 9}
	ctx := client.WithCredentials(t.Context(), client.Credentials{})
	_, _ = newClient(t, testKey, w.option()).Organizations.Get(ctx, "org_01", client.WithResponse(&refused))
	if refused.Attempts != 0 {
		t.Errorf("without a credential: got %d attempts, want none", refused.Attempts)
	}
	if none.StatusCode != 0 || none.Header != nil || none.Attempts != 1 {
		t.Errorf("without an answer: got %+v, want one attempt and no more", none)
	}
}

func TestResponseOfEachEnd(t *testing.T) {
	for name, tt := range map[string]struct {
		status int // 0: no response
		want   int
	}{"success": {200, 200}, "refusal": {404, 404}, "no answer": {0, 0}} {
		c := newClient(t, testKey, once(), client.WithHTTPClient(&http.Client{Transport: transportFunc(
			func(*http.Request) (*http.Response, error) {
				if tt.status == 0 {
					return nil, errors.New("down")
				}
				resp := byHand(tt.status, anOrg)
				resp.Header.Set("X-Request-Id", "req_01")
				return resp, nil
			})}))
		got := client.Response{StatusCode: 9, Header: http.Header{}, RequestID: "old", Attempts: 9}
		_, _ = c.Organizations.Get(t.Context(), "org_01", client.WithResponse(&got))
		id := "req_01"
		if tt.status == 0 {
			id = ""
		}
		if got.StatusCode != tt.want || got.RequestID != id || got.Attempts != 1 || (got.Header == nil) != (tt.status == 0) {
			t.Errorf("%s: got %+v", name, got)
		}
		_, _ = c.Organizations.Get(t.Context(), "", client.WithResponse(&got))
		if got.StatusCode != 0 || got.RequestID != "" || got.Attempts != 0 || got.Header != nil {
			t.Errorf("a call that sends nothing, after %s: got %+v, want nothing of the call before", name, got)
		}
	}
}

func TestResponseRefersToItsRequest(t *testing.T) {
	of := &http.Request{Method: "MINE"}
	for name, tt := range map[string]struct {
		middleware client.Middleware
		want       string
	}{
		"none": {nil, http.MethodGet},
		"that sends": {func(req *http.Request, next client.Next) (*http.Response, error) { return next(req) },
			http.MethodGet},
		"that does not": {func(*http.Request, client.Next) (*http.Response, error) { return byHand(404, ``), nil },
			http.MethodGet},
		"with a request": {func(*http.Request, client.Next) (*http.Response, error) {
			return &http.Response{StatusCode: 404, Request: of}, nil
		}, "MINE"},
	} {
		opts := []client.Option(nil)
		if tt.middleware != nil {
			opts = append(opts, client.WithMiddleware(tt.middleware))
		}
		_, err := replying(t, func() *http.Response { return byHand(404, ``) }, opts...).Organizations.Get(t.Context(),
			"org_01")
		var failed *client.Error
		if !errors.As(err, &failed) || failed.Response.Request.Method != tt.want || failed.Response.Request.URL != nil &&
			failed.Response.Request.Header.Get("Authorization") != "" {
			t.Errorf("%s: got %v, want an error whose response refers to a %s", name, err, tt.want)
		}
	}
}

func TestTooLargeSuccessIsAnError(t *testing.T) {
	const limit = int64(len(anOrg))
	for _, tt := range []struct {
		name    string
		body    string
		declare bool
		want    bool
	}{
		{"fits, declared", anOrg, true, false},
		{"fits, chunked", anOrg, false, false},
		{"a byte more, declared", anOrg + " ", true, true},
		{"a byte more, chunked", anOrg + " ", false, true},
		{"much more, chunked", anOrg + strings.Repeat(" ", 1<<20), false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				if !tt.declare {
					w.WriteHeader(http.StatusOK)
					_ = http.NewResponseController(w).Flush()
				}
				_, _ = io.WriteString(w, tt.body)
			})
			api := newAPI(t, testKey, client.WithBaseURL(base), client.WithMaxResponseBytes(limit))
			answer, err := api.OrganizationsGetWithResponse(t.Context(), "org_01")
			if got := errors.Is(err, client.ErrResponseTooLarge); got != tt.want {
				t.Fatalf("too large: got %t (%v), want %t", got, err, tt.want)
			}
			if !tt.want {
				if err != nil || answer.JSON200.ID != "org_01" {
					t.Errorf("got %v, want the answer", err)
				}
				return
			}
			var failure *client.Error
			if !errors.As(err, &failure) || failure.Operation != "organizations.get" || failure.StatusCode != 200 {
				t.Errorf("got %v, want an *Error of organizations.get with status 200", err)
			}
			if !strings.Contains(err.Error(), fmt.Sprintf("limit of %d bytes", limit)) {
				t.Errorf("text: got %q, want it to say the limit", err)
			}
		})
	}
}
