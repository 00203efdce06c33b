package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

func TestEachBaseURLThatIsRefused(t *testing.T) {
	const (
		scheme, host = "base URL does not begin with https:// or http://", "base URL has no host"
		user         = "base URL holds a user name or password; credentials go into New or WithCredentials"
		query, none  = "base URL has a query or a fragment", "base URL: it is no URL (RFC 3986)"
		dots         = `base URL has a "." or ".." segment in its path`
	)
	for text, want := range map[string]string{
		"": scheme, "/": scheme, "h": scheme, "//h": scheme, "ftp://h": scheme, "httpss://h": scheme, "https:": host,
		"https://": host, "http://": host, "https:///p": host, "https://:443": host, "https:h": host,
		"https://u@h": user, "https://u:p@h": user, "https://:p@h": user, "https://@h": user,
		"https://h?": query, "https://h?a": query, "https://h#": query, "https://h#a": query, "https://h/p?a#b": query,
		"https://h/p/?": query, "https://h/p?/": query,
		"https://h/%zz": none, "https://h:x": none, "https://%": none, "https://h\n": none,
		"https://h/a%2F": "base URL ends with an escaped slash", "https://h/%2f/": "base URL ends with an escaped slash",
		"https://h/.": dots, "https://h/..": dots, "https://h/./a": dots, "https://h/a/../b": dots, "https://h/a/%2e": dots,
		"https://h/%2E%2e/a": dots, "https://h/.%2e/": dots,
		"https://h": "", "http://h": "", "HTTPS://h": "", "https://h/": "", "https://h//": "", "https://h:1/a/b": "",
		"https://h/a%2Fb": "", "https://h/...": "", "https://h/.a/b.": "", "https://[::1]:1": "", "https://h/%20": "",
	} {
		err := optionError(t, client.WithBaseURL(text))
		if got := strings.TrimSuffix(fmt.Sprint(err), "<nil>"); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestServersOfTheirOwnAreThoseOfTheDefaultAlone has sso.logout.authorize.create, which lives at another server.
func TestServersOfTheirOwnAreThoseOfTheDefaultAlone(t *testing.T) {
	const own = "https://auth.workos.com"
	for base, want := range map[string]string{
		"https://api.workos.com": own, "https://api.workos.com/": own, "https://API.WorkOS.com": own,
		"https://api.workos.com:443": own, "HTTPS://api.workos.com:443/": own,
		"http://api.workos.com": "http://api.workos.com", "https://api.workos.com:8443": "https://api.workos.com:8443",
		"https://api.workos.com/v1": "https://api.workos.com/v1", "https://staging.workos.com": "https://staging.workos.com",
		"https://api.workos.com.example": "https://api.workos.com.example",
		"http://api.workos.com:443":      "http://api.workos.com:443",
	} {
		w := newWire(answerJSON(http.StatusBadRequest, `{}`))
		c := newClient(t, testKey, w.option(), client.WithBaseURL(base))
		_, _ = c.SSO.Logout.Authorize(t.Context(), gen.AuthorizeSSOLogout{})
		_, _ = c.API().SSOLogoutAuthorizeCreateWithResponse(t.Context(), gen.AuthorizeSSOLogout{})
		_, _ = newClient(t, testKey, w.option()).SSO.Logout.
			Authorize(t.Context(), gen.AuthorizeSSOLogout{}, client.WithBaseURL(base))
		if len(w.sent) != 3 {
			t.Fatalf("%s: sent %d requests, want 3", base, len(w.sent))
		}
		for i, req := range w.sent {
			if got := req.URL.String(); !strings.EqualFold(got, want+"/sso/logout/authorize") || req.Host != req.URL.Host {
				t.Errorf("%s, request %d: sent to %s at %s, want %s", base, i+1, got, req.Host, want)
			}
			if got := req.Header.Get("Authorization"); got != "Bearer "+testKey {
				t.Errorf("%s, request %d: Authorization is %q", base, i+1, got)
			}
		}
	}
}

func TestRequestsByHandAreCompleted(t *testing.T) {
	w := newWire(answerJSON(http.StatusOK, `{}`))
	c := newClient(t, testKey, w.option())
	resp, err := handMade(c, &http.Request{URL: &url.URL{Scheme: "https", Host: "api.workos.com", Path: "/organizations"}})
	if err != nil || w.sent[0].Method != http.MethodGet || w.sent[0].Header.Get("Authorization") != "Bearer "+testKey {
		t.Fatalf("got %v, want a GET with the key", err)
	}
	_ = resp.Body.Close()
	w.sent = nil
	body := &closer{Reader: strings.NewReader("")}
	_, err = handMade(c, &http.Request{Body: body})
	if fmt.Sprint(err) != "the request has no URL" || len(w.sent) != 0 {
		t.Errorf("without a URL: got %v and %d requests", err, len(w.sent))
	}
	req := handBuilt(t, http.MethodPost, "https://api.workos.com/organizations", "")
	req.Body = body
	req = req.WithContext(client.WithCredentials(t.Context(), client.Credentials{}))
	_, err = handMade(c, req)
	if !errors.Is(err, client.ErrNoCredentials) || len(w.sent) != 0 || body.closed != 1 {
		t.Errorf("got %v and %d requests, the body closed %d times; want ErrNoCredentials, none, and once", err, len(w.sent),
			body.closed)
	}
	if _, ours := req.Header["User-Agent"]; ours {
		t.Error("the caller's request was changed")
	}
	opaque := &http.Request{Method: http.MethodGet, URL: &url.URL{Scheme: "https", Host: "api.workos.com",
		Opaque: "//x/y", Path: "/organizations/org_01"}}
	if resp, err = handMade(c, opaque); err != nil || w.sent[0].Header.Get("Authorization") != "" {
		t.Fatalf("an opaque URL: got %v, want it sent without the key", err)
	}
	_ = resp.Body.Close()
}

func TestCredentialThatAnOperationTakes(t *testing.T) {
	const (
		needToken = "it takes an access token in place of the API key; give WithAccessToken, or Credentials.AccessToken " +
			"with WithCredentials"
		needKey = "it takes an API key, and the client has none; give WithAPIKey, or Credentials.APIKey with WithCredentials"
		inCtx   = "it takes an API key, and the Credentials in its context, which replace the client's, have none"
	)
	both := client.Credentials{APIKey: "k", AccessToken: "t"}
	calls := map[string]func(context.Context, *client.Client, ...client.Option) error{
		"organizations.get": func(ctx context.Context, c *client.Client, opts ...client.Option) error {
			_, err := c.Organizations.Get(ctx, "org_01", opts...)
			return err
		},
		"sso.profile.get": func(ctx context.Context, c *client.Client, opts ...client.Option) error {
			_, err := c.SSO.Profile.Get(ctx, opts...)
			return err
		},
		"sso.jwks.get": func(ctx context.Context, c *client.Client, opts ...client.Option) error {
			_, err := c.SSO.JWKS.Get(ctx, "client_01", opts...)
			return err
		},
		"user_management.authenticate.create": func(ctx context.Context, c *client.Client, opts ...client.Option) error {
			var body gen.Authenticate
			_ = body.UnmarshalJSON([]byte(`{}`))
			_, err := c.UserManagement.Authenticate(ctx, body, opts...)
			return err
		},
		"GET request": func(ctx context.Context, c *client.Client, _ ...client.Option) error {
			req := handBuilt(t, http.MethodGet, "https://api.workos.com/new", "").WithContext(ctx)
			_, err := handMade(c, req)
			return err
		},
	}
	for _, tt := range []struct {
		operation string
		own       string              // the client's key
		given     *client.Credentials // the context's
		opts      []client.Option
		want      string // Authorization
		err       string
	}{
		{"organizations.get", "own", nil, nil, "Bearer own", ""},
		{"organizations.get", "own", &both, nil, "Bearer k", ""},
		{"organizations.get", "", &both, nil, "Bearer k", ""},
		{"organizations.get", "own", &both, []client.Option{client.WithAPIKey("o")}, "Bearer o", ""},
		{"organizations.get", "own", nil, []client.Option{client.WithAccessToken("o")}, "Bearer own", ""},
		{"organizations.get", "own", &client.Credentials{AccessToken: "t"}, []client.Option{client.WithAPIKey("o")},
			"Bearer o", ""},
		{"organizations.get", "", nil, nil, "", needKey},
		{"organizations.get", "own", &client.Credentials{}, nil, "", inCtx},
		{"organizations.get", "own", &client.Credentials{AccessToken: "t"}, nil, "", inCtx},
		{"organizations.get", "", nil, []client.Option{client.WithAccessToken("o")}, "", needKey},
		{"sso.profile.get", "own", &both, nil, "Bearer t", ""},
		{"sso.profile.get", "own", nil, []client.Option{client.WithAccessToken("o")}, "Bearer o", ""},
		{"sso.profile.get", "own", &both, []client.Option{client.WithAccessToken("o")}, "Bearer o", ""},
		{"sso.profile.get", "own", &both, []client.Option{client.WithAPIKey("o")}, "Bearer t", ""},
		{"sso.profile.get", "own", nil, nil, "", needToken},
		{"sso.profile.get", "own", &client.Credentials{APIKey: "k"}, nil, "", needToken},
		{"sso.jwks.get", "own", &both, nil, "", ""},
		{"sso.jwks.get", "", nil, nil, "", ""},
		{"user_management.authenticate.create", "own", nil, nil, "Bearer own", ""},
		{"user_management.authenticate.create", "", nil, nil, "", ""},
		{"user_management.authenticate.create", "own", &client.Credentials{}, nil, "", ""},
		{"GET request", "own", nil, nil, "Bearer own", ""},
		{"GET request", "own", &both, nil, "Bearer k", ""},
		{"GET request", "", nil, nil, "", needKey},
		{"GET request", "own", &client.Credentials{AccessToken: "t"}, nil, "", inCtx},
		{"organizations.get", "own", &client.Credentials{APIKey: "k "}, nil, "",
			"API key has white space, a control or a non-ASCII character at byte 1 of 2"},
		{"sso.profile.get", "own", &client.Credentials{AccessToken: "t\n"}, nil, "",
			"access token has white space, a control or a non-ASCII character at byte 1 of 2"},
		{"sso.profile.get", "own", &client.Credentials{APIKey: "k ", AccessToken: "t"}, nil, "Bearer t", ""},
	} {
		w := newWire(answerJSON(http.StatusOK, `{}`))
		opts := []client.Option{w.option()}
		if tt.own == "" {
			opts = append(opts, client.WithCredentialsFromContext())
		}
		ctx := t.Context()
		if tt.given != nil {
			ctx = client.WithCredentials(ctx, *tt.given)
		}
		err := calls[tt.operation](ctx, newClient(t, tt.own, opts...), tt.opts...)
		name := fmt.Sprintf("%s with %q, %v and %d options", tt.operation, tt.own, tt.given, len(tt.opts))
		if tt.err != "" {
			want := tt.operation + ": " + tt.err
			if isNone := strings.HasPrefix(tt.err, "it takes"); isNone {
				want = tt.operation + ": no credentials: " + tt.err
			}
			if fmt.Sprint(err) != want || len(w.sent) != 0 {
				t.Errorf("%s: got %v and %d requests, want %s and none", name, err, len(w.sent), want)
			}
			continue
		}
		if err != nil || len(w.sent) != 1 {
			t.Errorf("%s: got %v and %d requests, want one", name, err, len(w.sent))
			continue
		}
		if got := strings.Join(w.sent[0].Header["Authorization"], ","); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

// TestHTTPClientCountsOnlyForWhatItAdds has each part of a given HTTP client alone.
func TestHTTPClientCountsOnlyForWhatItAdds(t *testing.T) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, with := range map[string]http.Client{
		"transport alone": {}, "jar": {Jar: jar}, "time-out": {Timeout: time.Hour}, "both": {Jar: jar, Timeout: time.Hour},
	} {
		for reply, want := range map[string]string{
			"redirect": "organizations.get: 302: redirect to https://elsewhere.example, which is not followed",
			"error":    `organizations.get: Get "https://api.workos.com/organizations/{id}": down`,
		} {
			sent := 0
			with.Transport = transportFunc(func(*http.Request) (*http.Response, error) {
				sent++
				if reply == "error" {
					return nil, errors.New("down")
				}
				return location(http.StatusFound, "https://elsewhere.example/x")(), nil
			})
			with.CheckRedirect = func(*http.Request, []*http.Request) error { return nil }
			_, err := newClient(t, testKey, once(), client.WithHTTPClient(&with)).Organizations.Get(t.Context(), "org_01")
			if fmt.Sprint(err) != want || sent != 1 {
				t.Errorf("%s, %s: got %v after %d requests, want %s", name, reply, err, sent, want)
			}
		}
	}
}

func TestTransportThatBreaksItsContractIsAnError(t *testing.T) {
	const want = `organizations.get: Get "https://api.workos.com/organizations/{id}": the transport returned neither a ` +
		"response with a body nor an error"
	for name, resp := range map[string]*http.Response{"nothing": nil, "no body": {StatusCode: http.StatusOK}} {
		c := newClient(t, testKey, once(), client.WithHTTPClient(&http.Client{Transport: transportFunc(
			func(*http.Request) (*http.Response, error) { return resp, nil })}))
		got, err := c.Organizations.Get(t.Context(), "org_01")
		if got != nil || fmt.Sprint(err) != want {
			t.Errorf("%s: got %v, %v; want %s", name, got, err, want)
		}
	}
}

func TestMiddlewareLeavesTheNextAttemptAlone(t *testing.T) {
	w := newWire(answers(answerJSON(http.StatusInternalServerError, `{}`), answerJSON(http.StatusOK, anOrg)))
	var seen []string
	var inner *http.Request
	c := newClient(t, testKey, w.option(), client.WithRetry(client.RetryPolicy{MaxAttempts: 2}),
		client.WithHeader("X-A", "1"), client.WithMiddleware(
			func(req *http.Request, next client.Next) (*http.Response, error) {
				seen = append(seen, req.URL.String()+" "+req.Header.Get("X-A")+" "+req.Header.Get("Authorization"))
				req.URL.RawQuery = "added"
				req.Header.Add("X-A", "2")
				inner = req
				resp, err := next(req)
				if inner.Header.Get("Authorization") != "" {
					t.Error("middleware can see the key afterwards")
				}
				return resp, err
			}))
	if _, err := c.Organizations.Get(t.Context(), "org_01"); err != nil {
		t.Fatal(err)
	}
	const first = "https://api.workos.com/organizations/org_01 1 "
	if want := []string{first, first}; !slices.Equal(seen, want) {
		t.Errorf("got %q, want %q", seen, want)
	}
	for i, req := range w.sent {
		if got := fmt.Sprint(req.URL.RawQuery, req.Header["X-A"], req.Header.Get("Authorization")); got !=
			"added[1 2]Bearer "+testKey {
			t.Errorf("request %d: got %s", i+1, got)
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

func TestOperationOfARequest(t *testing.T) {
	var got []string
	w := newWire(answerJSON(http.StatusOK, `{}`))
	c := newClient(t, testKey, client.WithHTTPClient(&http.Client{Transport: transportFunc(
		func(req *http.Request) (*http.Response, error) {
			op, ok := client.OperationOf(req)
			got = append(got, fmt.Sprintf("%v %t %s", op, ok, client.SpanName("HTTP GET", req)))
			return w.RoundTrip(req)
		})}))
	_, _ = c.Organizations.Get(t.Context(), "org_01")
	for _, url := range []string{"https://api.workos.com/new", "https://api.workos.com/organizations/org_01"} {
		resp, err := handMade(c, handBuilt(t, http.MethodDelete, url, ""))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
	}
	want := []string{
		"{organizations.get /organizations/{id}} true organizations.get", "{ } false DELETE",
		"{organizations.delete /organizations/{id}} true organizations.delete",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
