package authkit_test

import (
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/gen"
)

func TestAuthorizationURLHasEveryParameterByItsName(t *testing.T) {
	maxAge, pair := 0, authkit.NewPKCE()
	got, err := newClient(t, offline()).AuthorizationURL(authkit.AuthorizationParams{
		RedirectURI: testRedirect + "?a=b&c=d", State: "s+t a/te", CodeChallenge: pair.Challenge,
		Provider: gen.AuthKitProviderAuthKit, OrganizationID: "org_01", DomainHint: "acme.example",
		LoginHint: "ada+test@acme.example", ScreenHint: gen.ScreenHintSignUp, Prompt: "consent", MaxAge: &maxAge,
		InvitationToken: "inv", ClaimNonce: "nonce", ProviderScopes: []string{"openid", "https://scope.example/a"},
		ProviderQueryParams: map[string]string{"hd": "acme.example", "access_type": "offline&x"},
	})
	if err != nil {
		t.Fatal(err)
	}
	endpoint, values := query(t, got)
	if want := "https://api.workos.com/user_management/authorize"; endpoint != want {
		t.Errorf("endpoint: got %q, want %q", endpoint, want)
	}
	want := url.Values{
		"client_id": {testClientID}, "response_type": {"code"}, "redirect_uri": {testRedirect + "?a=b&c=d"},
		"state": {"s+t a/te"}, "code_challenge": {pair.Challenge}, "code_challenge_method": {"S256"},
		"provider": {"authkit"}, "organization_id": {"org_01"}, "domain_hint": {"acme.example"},
		"login_hint": {"ada+test@acme.example"}, "screen_hint": {"sign-up"}, "prompt": {"consent"}, "max_age": {"0"},
		"invitation_token": {"inv"}, "claim_nonce": {"nonce"}, "provider_scopes": {"openid,https://scope.example/a"},
		"provider_query_params[hd]": {"acme.example"}, "provider_query_params[access_type]": {"offline&x"},
	}
	if !reflect.DeepEqual(values, want) {
		t.Errorf("parameters: got %v, want %v", values, want)
	}
}

func TestSSOAuthorizationURLHasEveryParameterByItsName(t *testing.T) {
	pair := authkit.NewPKCE()
	got, err := newClient(t, offline()).SSOAuthorizationURL(authkit.SSOAuthorizationParams{
		RedirectURI: testRedirect, State: "state", CodeChallenge: pair.Challenge, Connection: "conn_01",
		DomainHint: "acme.example", LoginHint: "ada@acme.example", Nonce: "n", Prompt: gen.SSOAuthorizeGetParamsPromptLogin,
		ProviderScopes: []string{"profile"}, ProviderQueryParams: map[string]string{"hd": "acme.example"},
	})
	if err != nil {
		t.Fatal(err)
	}
	endpoint, values := query(t, got)
	if want := "https://api.workos.com/sso/authorize"; endpoint != want {
		t.Errorf("endpoint: got %q, want %q", endpoint, want)
	}
	want := url.Values{
		"client_id": {testClientID}, "response_type": {"code"}, "redirect_uri": {testRedirect}, "state": {"state"},
		"code_challenge": {pair.Challenge}, "code_challenge_method": {"S256"}, "connection": {"conn_01"},
		"domain_hint": {"acme.example"}, "login_hint": {"ada@acme.example"}, "nonce": {"n"}, "prompt": {"login"},
		"provider_scopes": {"profile"}, "provider_query_params[hd]": {"acme.example"},
	}
	if !reflect.DeepEqual(values, want) {
		t.Errorf("parameters: got %v, want %v", values, want)
	}
	for name, params := range map[string]authkit.SSOAuthorizationParams{
		"organization": {RedirectURI: testRedirect, Organization: "org_01"},
		"provider":     {RedirectURI: testRedirect, Provider: gen.SSOProviderGoogleOAuth},
	} {
		got, err := newClient(t, offline()).SSOAuthorizationURL(params)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, values := query(t, got); len(values) != 4 || values.Get(name) == "" {
			t.Errorf("%s: got %v, want it and the three that are always there", name, values)
		}
	}
}

func TestImpossibleAuthorizationIsRefused(t *testing.T) {
	authKit, negative, zero := gen.AuthKitProviderAuthKit, -1, 0
	c := newClient(t, offline())
	for _, tt := range []struct {
		name   string
		params authkit.AuthorizationParams
		want   string
	}{
		{"no redirect", authkit.AuthorizationParams{Provider: authKit}, "RedirectURI is empty"},
		{"relative redirect", authkit.AuthorizationParams{RedirectURI: "/cb", Provider: authKit}, "absolute"},
		{"fragment", authkit.AuthorizationParams{RedirectURI: "https://a.example/#x", Provider: authKit}, "fragment"},
		{"broken redirect", authkit.AuthorizationParams{RedirectURI: "https://a b/", Provider: authKit}, "RedirectURI"},
		{"nowhere to go", authkit.AuthorizationParams{RedirectURI: testRedirect}, "missing Provider"},
		{"two places", authkit.AuthorizationParams{RedirectURI: testRedirect, Provider: authKit, ConnectionID: "conn_1"},
			"ConnectionID and Provider"},
		{"two others", authkit.AuthorizationParams{RedirectURI: testRedirect, OrganizationID: "o", ConnectionID: "c"},
			"ConnectionID and OrganizationID"},
		{"screen of an OAuth provider", authkit.AuthorizationParams{
			RedirectURI: testRedirect, Provider: gen.AuthKitProviderGoogleOAuth, ScreenHint: gen.ScreenHintSignUp,
		}, "ScreenHint"},
		{"age without AuthKit", authkit.AuthorizationParams{
			RedirectURI: testRedirect, OrganizationID: "org_01", MaxAge: &zero,
		}, "MaxAge requires"},
		{"negative age", authkit.AuthorizationParams{RedirectURI: testRedirect, Provider: authKit, MaxAge: &negative},
			"invalid MaxAge -1"},
		{"a verifier in place of the challenge", authkit.AuthorizationParams{
			RedirectURI: testRedirect, Provider: authKit, CodeChallenge: strings.Repeat("v", 64),
		}, "CodeChallenge has 64"},
		{"joined scopes", authkit.AuthorizationParams{
			RedirectURI: testRedirect, Provider: authKit, ProviderScopes: []string{"openid", "a b"},
		}, "ProviderScopes[1]"},
		{"nameless parameter", authkit.AuthorizationParams{
			RedirectURI: testRedirect, Provider: authKit, ProviderQueryParams: map[string]string{"": "x"},
		}, "empty name"},
	} {
		if got, err := c.AuthorizationURL(tt.params); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %q and %v, want an error with %q", tt.name, got, err, tt.want)
		}
	}
	for _, tt := range []struct {
		name   string
		params authkit.SSOAuthorizationParams
		want   string
	}{
		{"no redirect", authkit.SSOAuthorizationParams{Connection: "conn_01"}, "RedirectURI is empty"},
		{"nowhere to go", authkit.SSOAuthorizationParams{RedirectURI: testRedirect}, "0 of Connection"},
		{"two places", authkit.SSOAuthorizationParams{RedirectURI: testRedirect, Connection: "c", Organization: "o"},
			"2 of Connection"},
		{"a verifier in place of the challenge", authkit.SSOAuthorizationParams{
			RedirectURI: testRedirect, Connection: "c", CodeChallenge: "short",
		}, "CodeChallenge has 5"},
	} {
		if got, err := c.SSOAuthorizationURL(tt.params); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("SSO, %s: got %q and %v, want an error with %q", tt.name, got, err, tt.want)
		}
	}
}

func TestNativeRedirectsAreTaken(t *testing.T) {
	for _, redirect := range []string{"com.example.app:/callback", "myapp://callback", "http://127.0.0.1:8080/cb"} {
		_, err := newClient(t, offline()).AuthorizationURL(authkit.AuthorizationParams{
			RedirectURI: redirect, Provider: gen.AuthKitProviderAuthKit,
		})
		if err != nil {
			t.Errorf("%s: %v", redirect, err)
		}
	}
}

func TestLogoutURL(t *testing.T) {
	c := newClient(t, offline())
	got, err := c.LogoutURL("session_01", "https://app.example/bye?a=b&c=d")
	if err != nil {
		t.Fatal(err)
	}
	endpoint, values := query(t, got)
	if want := "https://api.workos.com/user_management/sessions/logout"; endpoint != want {
		t.Errorf("endpoint: got %q, want %q", endpoint, want)
	}
	want := url.Values{"session_id": {"session_01"}, "return_to": {"https://app.example/bye?a=b&c=d"}}
	if !reflect.DeepEqual(values, want) {
		t.Errorf("parameters: got %v, want %v", values, want)
	}
	if got, err := c.LogoutURL("session_01", ""); err != nil || strings.Contains(got, "return_to") {
		t.Errorf("without return URL: got %q and %v, want none in it", got, err)
	}
	for _, args := range [][2]string{{"", ""}, {"session_01", "/relative"}, {"session_01", "//evil.example"}} {
		if got, err := c.LogoutURL(args[0], args[1]); err == nil {
			t.Errorf("%q: got %q, want an error", args, got)
		}
	}
}

func TestURLsAreBelowTheBaseURL(t *testing.T) {
	workos, err := client.New(testKey, client.WithClientID(testClientID),
		client.WithBaseURL("http://127.0.0.1:4100/proxy/"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := authkit.New(workos)
	if err != nil {
		t.Fatal(err)
	}
	authorize, err := c.AuthorizationURL(authkit.AuthorizationParams{RedirectURI: testRedirect, ConnectionID: "conn_01"})
	if err != nil {
		t.Fatal(err)
	}
	sso, err := c.SSOAuthorizationURL(authkit.SSOAuthorizationParams{RedirectURI: testRedirect, Connection: "conn_01"})
	if err != nil {
		t.Fatal(err)
	}
	logout, err := c.LogoutURL("session_01", "")
	if err != nil {
		t.Fatal(err)
	}
	for got, want := range map[string]string{
		authorize: "/user_management/authorize?", sso: "/sso/authorize?", logout: "/user_management/sessions/logout?",
		c.JWKSURL(): "/sso/jwks/client_01",
	} {
		if !strings.HasPrefix(got, "http://127.0.0.1:4100/proxy"+want) {
			t.Errorf("got %q, want it to begin with the base URL and %q", got, want)
		}
		if strings.Contains(got, testKey) {
			t.Errorf("%q holds the API key", got)
		}
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	for _, tt := range []struct {
		name string
		id   string
		opts []authkit.Option
		want string
	}{
		{"no ID", "", nil, "WithClientID"},
		{"key as ID", testKey, nil, "is an API key"},
		{"path as ID", "client/../x", nil, "at 6"},
		{"nil option", testClientID, []authkit.Option{nil}, "option 1 is nil"},
	} {
		var opts []client.Option
		if tt.id != "" {
			opts = append(opts, client.WithClientID(tt.id))
		}
		workos, err := client.New(testKey, opts...)
		if err != nil {
			t.Fatal(err)
		}
		_, err = authkit.New(workos, tt.opts...)
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), testKey) {
			t.Errorf("%s: got %v, want an error with %q", tt.name, err, tt.want)
		}
	}
	if _, err := authkit.New(nil); err == nil {
		t.Error("nil client: got no error, want one")
	}
}
