package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// TestCallInheritsNothingFromTheOneBefore has one client, whose options of a call hold for that call alone.
func TestCallInheritsNothingFromTheOneBefore(t *testing.T) {
	w := newWire(respondJSON(http.StatusInternalServerError, `{}`))
	c := newClient(t, testKey, w.option(), once())
	before := func() int { return len(w.sent) }
	_, _ = c.Organizations.Get(t.Context(), "org_01", client.WithBaseURL("http://h/p"), client.WithAPIKey("o"),
		client.WithHeader("X-A", "1"), client.WithUserAgent("u"), client.WithRetry(client.RetryPolicy{MaxAttempts: 2}))
	if got := before(); got != 2 {
		t.Fatalf("sent %d requests, want 2", got)
	}
	_, _ = c.Organizations.Get(t.Context(), "org_01")
	if got := before(); got != 3 {
		t.Fatalf("sent %d requests, want one more", got-2)
	}
	first, last := w.sent[0], w.sent[2]
	if got := fmt.Sprint(first.URL, first.Host, first.Header.Get("Authorization"), first.Header["X-A"]); got !=
		"http://h/p/organizations/org_01hBearer o[1]" {
		t.Errorf("the first call: got %s", got)
	}
	if got := fmt.Sprint(last.URL, last.Host, last.Header.Get("Authorization"), last.Header["X-A"]); got !=
		"https://api.workos.com/organizations/org_01api.workos.comBearer "+testKey+"[]" {
		t.Errorf("the next call: got %s", got)
	}
	if c.BaseURL() != client.DefaultBaseURL {
		t.Errorf("BaseURL: got %s", c.BaseURL())
	}
}

func TestEveryOperationIsSentItsCredential(t *testing.T) {
	w := newWire(respondJSON(http.StatusBadRequest, `{}`))
	api := newAPI(t, testKey, w.option())
	both := client.WithCredentials(t.Context(), client.Credentials{
		APIKey: testKey, AccessToken: testToken, PlatformToken: testPlatformToken,
	})
	seen := map[string]int{}
	for _, op := range operations(t, api) {
		w.sent = nil
		err := op.do(both, values(op.paths))
		var failure *client.Error
		if !errors.As(err, &failure) || len(w.sent) != 1 {
			t.Errorf("%s: got %v and %d requests, want an *Error and one", op.name, err, len(w.sent))
			continue
		}
		want := []string{"Bearer " + testKey}
		switch security(t, failure.Operation) {
		case "none":
			want = nil
		case "access_token":
			want = []string{"Bearer " + testToken}
		case "platform":
			want = []string{"Bearer " + testPlatformToken}
		}
		if got := w.sent[0].Header.Values("Authorization"); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: Authorization: got %q, want %q", failure.Operation, got, want)
		}
		seen[failure.Operation]++
	}
	if len(seen) != len(gen.Routes) {
		t.Errorf("recognized %d operations, want %d", len(seen), len(gen.Routes))
	}
}

func TestMissingCredentialIsReportedBeforeSending(t *testing.T) {
	profile := func(ctx context.Context, api *gen.ClientWithResponses) error {
		_, err := api.SSOProfileGetWithResponse(ctx)
		return err
	}
	get := func(ctx context.Context, api *gen.ClientWithResponses) error {
		_, err := api.OrganizationsGetWithResponse(ctx, "org_01")
		return err
	}
	with := func(c client.Credentials) func(context.Context) context.Context {
		return func(ctx context.Context) context.Context { return client.WithCredentials(ctx, c) }
	}
	without := func(ctx context.Context) context.Context { return ctx }
	for _, tt := range []struct {
		name string
		key  string
		ctx  func(context.Context) context.Context
		call func(context.Context, *gen.ClientWithResponses) error
		want []string
	}{
		{"profile with the client's key", testKey, without, profile, []string{"sso.profile.get", "access token"}},
		{"profile with a key", "", with(client.Credentials{APIKey: testKey}), profile,
			[]string{"sso.profile.get", "access token"}},
		{"nothing in the context", "", without, get, []string{"organizations.get", "API key", "WithCredentials"}},
		{"empty credentials", testKey, with(client.Credentials{}), get, []string{"organizations.get", "replace"}},
		{"token replaces the key too", testKey, with(client.Credentials{AccessToken: testToken}), get,
			[]string{"organizations.get", "replace"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWire(respondJSON(http.StatusOK, anOrg))
			opts := []client.Option{w.option()}
			if tt.key == "" {
				opts = append(opts, client.WithCredentialsFromContext())
			}
			err := tt.call(tt.ctx(t.Context()), newAPI(t, tt.key, opts...))
			if !errors.Is(err, client.ErrNoCredentials) {
				t.Fatalf("error: got %v, want ErrNoCredentials", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error: got %q, want it to contain %q", err, want)
				}
			}
			if len(w.sent) != 0 {
				t.Errorf("sent %d requests, want none", len(w.sent))
			}
		})
	}
}

func TestPublicOperationNeedsNoCredential(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, `{"keys":[]}`))
	api := newAPI(t, "", w.option(), client.WithCredentialsFromContext())
	if _, err := api.SSOJWKSGetWithResponse(t.Context(), "client_01"); err != nil {
		t.Errorf("call: %v", err)
	}
}

func TestOptionalCredentialIsSentOnlyIfThereIsOne(t *testing.T) {
	w := newWire(respondJSON(http.StatusBadRequest, `{"error":"invalid_grant"}`))
	api := newAPI(t, "", w.option(), client.WithCredentialsFromContext())
	keyed := client.WithCredentials(t.Context(), client.Credentials{APIKey: testKey})
	for ctx, want := range map[context.Context]string{t.Context(): "", keyed: "Bearer " + testKey} {
		w.sent = nil
		_, err := api.UserManagementAuthenticateCreateWithResponse(ctx, gen.Authenticate{})
		if errors.Is(err, client.ErrNoCredentials) || len(w.sent) != 1 {
			t.Fatalf("call: got %v and %d requests, want one request", err, len(w.sent))
		}
		if got := w.sent[0].Header.Get("Authorization"); got != want {
			t.Errorf("Authorization: got %q, want %q", got, want)
		}
	}
}

func TestCredentialsAreTheContextsElseTheClients(t *testing.T) {
	c, err := client.New(testKey)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Credentials(t.Context()), (client.Credentials{APIKey: testKey}); got != want {
		t.Errorf("without any in the context: got others than the client's own: %v", got)
	}
	given := client.Credentials{AccessToken: testToken}
	if got := c.Credentials(client.WithCredentials(t.Context(), given)); got != given {
		t.Errorf("with some in the context: got others than these: %v", got)
	}
}

func TestKeyStaysBelowTheBaseURL(t *testing.T) {
	const base = "https://proxy.example/workos"
	for _, tt := range []struct {
		url  string
		want string
	}{
		{base + "/organizations", "Bearer " + testKey},
		{base + "/new/thing", "Bearer " + testKey},
		{"https://PROXY.example/workos/new", "Bearer " + testKey},
		{base, ""},
		{base + "2/organizations", ""},
		{base + "/../admin", ""},
		{base + "/%2e%2E/admin", ""},
		{base + "/a/./b", ""},
		{"https://proxy.example/organizations", ""},
		{"http://proxy.example/workos/organizations", ""},
		{"https://proxy.example:8443/workos/organizations", ""},
		{"https://evil.example/workos/organizations", ""},
		{"https://auth.workos.com/workos/sso/logout/authorize", ""},
	} {
		w := newWire(respondJSON(http.StatusOK, `{}`))
		api := newAPI(t, testKey, w.option(), client.WithBaseURL(base))
		generated, _ := api.ClientInterface.(*gen.Client)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tt.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := generated.Client.Do(req)
		if err != nil {
			t.Errorf("%s: %v", tt.url, err)
			continue
		}
		_ = resp.Body.Close()
		if got := w.sent[0].Header.Get("Authorization"); got != tt.want {
			t.Errorf("%s: Authorization: got %q, want %q", tt.url, got, tt.want)
		}
	}
}

func TestCredentialsOfACallGoBeforeTheContexts(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, anOrg))
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

// An invalid credential fails every call, even if a later option replaces it or the call needs none.
func TestKeyThatIsNotUsedIsCheckedAllTheSame(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, anOrg))
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
	w := newWire(respondJSON(http.StatusOK, `{"keys":[]}`))
	_, err := newClient(t, testKey, w.option()).SSO.JWKS.Get(t.Context(), "client_01")
	if _, sent := w.sent[0].Header["Authorization"]; err != nil || sent {
		t.Errorf("got %v with the header %q, want none", err, w.sent[0].Header["Authorization"])
	}
}

func TestCredentialThatAnOperationTakes(t *testing.T) {
	const (
		needToken = "an access token is required: set WithAccessToken, or Credentials.AccessToken " +
			"with WithCredentials"
		needKey = "an API key is required: set WithAPIKey, or Credentials.APIKey with WithCredentials"
		inCtx   = "an API key is required, and the Credentials in the context, which replace the client's, have none"
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
		w := newWire(respondJSON(http.StatusOK, `{}`))
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
			if isNone := strings.HasPrefix(tt.err, "an "); isNone {
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
