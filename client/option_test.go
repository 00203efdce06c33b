package client_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

func TestOptionsOfACallGoBeforeTheClients(t *testing.T) {
	first, second := newWire(answerJSON(http.StatusOK, anOrg)), newWire(answerJSON(http.StatusOK, anOrg))
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

func TestCredentialsOfACallGoBeforeTheContexts(t *testing.T) {
	w := newWire(answerJSON(http.StatusOK, anOrg))
	ctx := client.WithCredentials(t.Context(), client.Credentials{APIKey: "sk_context"})
	c := newClient(t, testKey, w.option())
	_, _ = c.Organizations.Get(ctx, "org_01", client.WithAPIKey("sk_call"))
	_, _ = c.Organizations.Get(ctx, "org_01")
	for i, want := range []string{"Bearer sk_call", "Bearer sk_context"} {
		if got := w.sent[i].Header.Get("Authorization"); got != want {
			t.Errorf("request %d: got %q, want %q", i+1, got, want)
		}
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
		w := newWire(answerJSON(http.StatusOK, anOrg))
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

func TestPublicClientNeedsNoKeyWhereNoneIsNeeded(t *testing.T) {
	w := newWire(answerJSON(http.StatusOK, `{"keys":[]}`))
	c := newClient(t, "", w.option(), client.WithClientID("client_01"))
	if got := c.ClientID(); got != "client_01" {
		t.Errorf("ClientID: got %q", got)
	}
	if _, err := c.SSO.JWKS.Get(t.Context(), c.ClientID()); err != nil {
		t.Errorf("sso.jwks.get: %v", err)
	}
	if _, err := c.Organizations.Get(t.Context(), "org_01"); !errors.Is(err, client.ErrNoCredentials) {
		t.Errorf("organizations.get: got %v, want ErrNoCredentials", err)
	}
}

func TestFromEnvReadsTheEnvironment(t *testing.T) {
	t.Setenv("WORKOS_API_KEY", "sk_env")
	t.Setenv("WORKOS_CLIENT_ID", "client_env")
	t.Setenv("WORKOS_BASE_URL", "http://127.0.0.1:1")
	w := newWire(answerJSON(http.StatusOK, anOrg))
	c, err := client.FromEnv(w.option())
	if err != nil {
		t.Fatal(err)
	}
	_, _ = c.Organizations.Get(t.Context(), "org_01")
	if got := w.sent[0].URL.Host + w.sent[0].Header.Get("Authorization") + c.ClientID(); got !=
		"127.0.0.1:1Bearer sk_envclient_env" {
		t.Errorf("got %q", got)
	}
	t.Setenv("WORKOS_API_KEY", "")
	t.Setenv("WORKOS_CLIENT_ID", "")
	if _, err := client.FromEnv(); err == nil || !strings.Contains(err.Error(), "WORKOS_API_KEY is not set") {
		t.Errorf("without a key: got %v, want an error that names the variable", err)
	}
	if _, err := client.New(""); err == nil {
		t.Error("New reads the environment")
	}
}

func TestResponseTellsOfSuccessAndFailure(t *testing.T) {
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

func TestMiddlewareStandsAroundEachAttempt(t *testing.T) {
	w := newWire(answers(answerJSON(http.StatusInternalServerError, `{}`), answerJSON(http.StatusOK, anOrg)))
	var trail []string
	mark := func(name string) client.Middleware {
		return func(req *http.Request, next client.Next) (*http.Response, error) {
			if req.Header.Get("Authorization") != "" {
				t.Error("middleware sees the credential")
			}
			op, _ := client.OperationOf(req)
			trail = append(trail, name+" "+op.ID+" "+op.Path)
			req.Header.Add("X-Trail", name)
			return next(req)
		}
	}
	c := newClient(t, testKey, w.option(), client.WithMiddleware(mark("a"), mark("b")),
		client.WithRetry(client.RetryPolicy{MaxAttempts: 2}))
	if _, err := c.Organizations.Get(t.Context(), "org_01", client.WithMiddleware(mark("c"))); err != nil {
		t.Fatal(err)
	}
	const at = " organizations.get /organizations/{id}"
	if got, want := strings.Join(trail, ","), strings.Join([]string{
		"a" + at, "b" + at, "c" + at, "a" + at, "b" + at, "c" + at,
	}, ","); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for i, req := range w.sent {
		if got := strings.Join(req.Header["X-Trail"], ""); got != "abc" || req.Header.Get("Authorization") == "" {
			t.Errorf("request %d: got trail %q, want abc and the credential", i+1, got)
		}
	}
}

func TestMiddlewareThatLeadsElsewhereLosesTheCredential(t *testing.T) {
	w := newWire(answerJSON(http.StatusOK, anOrg))
	for _, change := range []func(*http.Request){
		func(req *http.Request) { req.URL.Host = "evil.example" },
		func(req *http.Request) { req.URL.Scheme = "http" },
		func(req *http.Request) { req.URL = &url.URL{Scheme: "https", Host: "evil.example"} },
	} {
		w.sent = nil
		_, err := newClient(t, testKey, w.option(), client.WithMiddleware(
			func(req *http.Request, next client.Next) (*http.Response, error) {
				change(req)
				return next(req)
			})).Organizations.Get(t.Context(), "org_01")
		if err != nil || len(w.sent) != 1 || w.sent[0].Header.Get("Authorization") != "" {
			t.Errorf("got %v; want one request without the key", err)
		}
	}
}

func TestMiddlewareThatTakesTheURLAwayIsAnError(t *testing.T) {
	for name, sender := range map[string]*http.Client{"transport": {}, "HTTP client": {Timeout: time.Hour}} {
		c := newClient(t, testKey, client.WithHTTPClient(sender), once(), client.WithMiddleware(
			func(req *http.Request, next client.Next) (*http.Response, error) {
				req.URL = nil
				return next(req)
			}))
		if _, err := c.Organizations.Get(t.Context(), "org_01"); err == nil {
			t.Errorf("%s: got success, want an error", name)
		}
	}
}

// What was refused is refused whatever comes after it, and whether the call needs it or not.
func TestKeyThatIsNotUsedIsCheckedAllTheSame(t *testing.T) {
	w := newWire(answerJSON(http.StatusOK, anOrg))
	c := newClient(t, testKey, w.option())
	_, replaced := c.Organizations.Get(t.Context(), "org_01", client.WithAPIKey("sk a"), client.WithAPIKey("sk_b"))
	_, unused := c.SSO.Profile.Get(t.Context(), client.WithAccessToken("t"), client.WithAPIKey("sk a"))
	_, token := c.Organizations.Get(t.Context(), "org_01", client.WithAccessToken("t t"), client.WithAccessToken("t"))
	for _, err := range []error{replaced, unused, token} {
		if err == nil || !strings.Contains(err.Error(), "white space") || len(w.sent) != 0 {
			t.Errorf("got %v after %d requests, want a refusal and none", err, len(w.sent))
		}
	}
}

func TestOperationWithoutACredentialSendsNone(t *testing.T) {
	w := newWire(answerJSON(http.StatusOK, `{"keys":[]}`))
	_, err := newClient(t, testKey, w.option()).SSO.JWKS.Get(t.Context(), "client_01")
	if _, sent := w.sent[0].Header["Authorization"]; err != nil || sent {
		t.Errorf("got %v with the header %q, want none", err, w.sent[0].Header["Authorization"])
	}
}

func TestContextOfAnAttemptEndsWithIt(t *testing.T) {
	for _, status := range []int{http.StatusOK, http.StatusNotFound} {
		w := newWire(answerJSON(status, anOrg))
		_, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01")
		if (err == nil) != (status == http.StatusOK) || w.sent[0].Context().Err() == nil {
			t.Errorf("%d: got %v and a context that has not ended", status, err)
		}
	}
}

func TestMiddlewareThatReturnsNothingIsAnError(t *testing.T) {
	c := newClient(t, testKey, once(), client.WithMiddleware(
		func(*http.Request, client.Next) (*http.Response, error) { return nil, nil }))
	if _, err := c.Organizations.Get(t.Context(), "org_01"); err == nil || !strings.Contains(err.Error(), "middleware") {
		t.Errorf("got %v, want an error that names the middleware", err)
	}
}

func TestJarOfAnHTTPClientHolds(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, req *http.Request) {
		if _, err := req.Cookie("seen"); err != nil {
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
		} else {
			w.Header().Set("X-Seen", "yes")
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(anOrg))
	})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, testKey, client.WithBaseURL(base), once(),
		client.WithHTTPClient(&http.Client{Jar: jar}))
	var tell client.Response
	for range 2 {
		if _, err := c.Organizations.Get(t.Context(), "org_01", client.WithResponse(&tell)); err != nil {
			t.Fatal(err)
		}
	}
	if tell.Header.Get("X-Seen") != "yes" {
		t.Error("the cookie did not come back")
	}
}

func TestLogTellsEachAttemptWithoutValues(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w := newWire(answers(answerJSON(http.StatusInternalServerError, `{"message":"key `+testKey+`"}`),
		answerJSON(http.StatusOK, `{"id":"inv_01","token":"answer-secret"}`)))
	c := newClient(t, testKey, w.option(), client.WithLogger(logger), client.WithRetry(client.RetryPolicy{MaxAttempts: 2}),
		client.WithHeader("X-Secret", "header-secret"))
	_, err := c.UserManagement.Invitations.GetByToken(t.Context(), "path-secret")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = c.UserManagement.Invitations.Create(t.Context(), gen.CreateInvitation{Email: "body-secret@example.com"})
	text := log.String()
	for _, secret := range []string{"path-secret", "answer-secret", "header-secret", "body-secret", testKey} {
		if strings.Contains(text, secret) {
			t.Errorf("shows %s: %s", secret, text)
		}
	}
	for _, want := range []string{
		`level=WARN msg="WorkOS call failed" operation=user_management.invitations.by_token.get method=GET ` +
			`path=/user_management/invitations/by_token/{token} attempt=1 duration=`,
		`msg="WorkOS call will be repeated"`, `level=DEBUG msg="WorkOS answered"`, "attempt=2", "status=200",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("got %s, want %s in it", text, want)
		}
	}
}
