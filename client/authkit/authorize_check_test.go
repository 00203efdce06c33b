package authkit_test

import (
	"maps"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/gen"
)

// A parameter that is not set is left out, and each that is set comes alone.
func TestEachParameterComesAlone(t *testing.T) {
	c, zero, challenge := newClient(t, offline()), 0, strings.Repeat("c", 43)
	always := url.Values{"client_id": {testClientID}, "response_type": {"code"}, "redirect_uri": {testRedirect}}
	check := func(target string, err error, added url.Values) {
		t.Helper()
		if err != nil {
			t.Errorf("%v: %v", added, err)
			return
		}
		_, got := query(t, target)
		want := url.Values{}
		for _, values := range []url.Values{always, added} {
			maps.Copy(want, values)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	for _, tt := range []struct {
		set   func(*authkit.AuthorizationParams)
		added url.Values
	}{
		{func(*authkit.AuthorizationParams) {}, url.Values{}},
		{func(p *authkit.AuthorizationParams) { p.State = "x" }, url.Values{"state": {"x"}}},
		{func(p *authkit.AuthorizationParams) { p.CodeChallenge = challenge },
			url.Values{"code_challenge": {challenge}, "code_challenge_method": {"S256"}}},
		{func(p *authkit.AuthorizationParams) { p.OrganizationID = "x" }, url.Values{"organization_id": {"x"}}},
		{func(p *authkit.AuthorizationParams) { p.DomainHint = "x" }, url.Values{"domain_hint": {"x"}}},
		{func(p *authkit.AuthorizationParams) { p.LoginHint = "x" }, url.Values{"login_hint": {"x"}}},
		{func(p *authkit.AuthorizationParams) { p.ScreenHint = "sign-in" }, url.Values{"screen_hint": {"sign-in"}}},
		{func(p *authkit.AuthorizationParams) { p.Prompt = "x" }, url.Values{"prompt": {"x"}}},
		{func(p *authkit.AuthorizationParams) { p.MaxAge = &zero }, url.Values{"max_age": {"0"}}},
		{func(p *authkit.AuthorizationParams) { p.InvitationToken = "x" }, url.Values{"invitation_token": {"x"}}},
		{func(p *authkit.AuthorizationParams) { p.ClaimNonce = "x" }, url.Values{"claim_nonce": {"x"}}},
		{func(p *authkit.AuthorizationParams) { p.ProviderScopes = []string{"a", "b", "c"} },
			url.Values{"provider_scopes": {"a,b,c"}}},
		{func(p *authkit.AuthorizationParams) { p.ProviderQueryParams = map[string]string{"a": "b", "c": ""} },
			url.Values{"provider_query_params[a]": {"b"}, "provider_query_params[c]": {""}}},
	} {
		p := authkit.AuthorizationParams{RedirectURI: testRedirect, Provider: gen.AuthKitProviderAuthKit}
		tt.set(&p)
		target, err := c.AuthorizationURL(p)
		tt.added.Set("provider", "authkit")
		check(target, err, tt.added)
	}
	target, err := c.AuthorizationURL(authkit.AuthorizationParams{RedirectURI: testRedirect, ConnectionID: "x"})
	check(target, err, url.Values{"connection_id": {"x"}})
	target, err = c.AuthorizationURL(authkit.AuthorizationParams{RedirectURI: testRedirect, OrganizationID: "x"})
	check(target, err, url.Values{"organization_id": {"x"}})
	for _, tt := range []struct {
		set   func(*authkit.SSOAuthorizationParams)
		added url.Values
	}{
		{func(*authkit.SSOAuthorizationParams) {}, url.Values{}},
		{func(p *authkit.SSOAuthorizationParams) { p.State = "x" }, url.Values{"state": {"x"}}},
		{func(p *authkit.SSOAuthorizationParams) { p.CodeChallenge = challenge },
			url.Values{"code_challenge": {challenge}, "code_challenge_method": {"S256"}}},
		{func(p *authkit.SSOAuthorizationParams) { p.DomainHint = "x" }, url.Values{"domain_hint": {"x"}}},
		{func(p *authkit.SSOAuthorizationParams) { p.LoginHint = "x" }, url.Values{"login_hint": {"x"}}},
		{func(p *authkit.SSOAuthorizationParams) { p.Nonce = "x" }, url.Values{"nonce": {"x"}}},
		{func(p *authkit.SSOAuthorizationParams) { p.Prompt = "login" }, url.Values{"prompt": {"login"}}},
		{func(p *authkit.SSOAuthorizationParams) { p.ProviderScopes = []string{"a", "b"} },
			url.Values{"provider_scopes": {"a,b"}}},
	} {
		p := authkit.SSOAuthorizationParams{RedirectURI: testRedirect, Connection: "conn_01"}
		tt.set(&p)
		target, err := c.SSOAuthorizationURL(p)
		tt.added.Set("connection", "conn_01")
		check(target, err, tt.added)
	}
}

func TestParametersThatCannotWorkTogether(t *testing.T) {
	c, authKit, google := newClient(t, offline()), gen.AuthKitProviderAuthKit, gen.AuthKitProviderGoogleOAuth
	age := func(n int) *int { return &n }
	for _, tt := range []struct {
		name string
		p    authkit.AuthorizationParams
		want string // "": fine
	}{
		{"nowhere", authkit.AuthorizationParams{},
			`missing Provider, ConnectionID or OrganizationID: Provider "authkit" opens AuthKit itself`},
		{"provider", authkit.AuthorizationParams{Provider: google}, ""},
		{"provider and organization", authkit.AuthorizationParams{Provider: google, OrganizationID: "o"}, ""},
		{"connection and provider", authkit.AuthorizationParams{Provider: authKit, ConnectionID: "c"},
			`ConnectionID and Provider ("authkit") exclude each other`},
		{"connection and organization", authkit.AuthorizationParams{OrganizationID: "o", ConnectionID: "c"},
			"ConnectionID and OrganizationID exclude each other"},
		{"screen", authkit.AuthorizationParams{Provider: authKit, ScreenHint: "sign-up"}, ""},
		{"screen of another", authkit.AuthorizationParams{Provider: google, ScreenHint: "sign-up"},
			`ScreenHint requires Provider "authkit", not "GoogleOAuth"`},
		{"screen of none", authkit.AuthorizationParams{OrganizationID: "o", ScreenHint: "sign-up"},
			`ScreenHint requires Provider "authkit", not ""`},
		{"age of another", authkit.AuthorizationParams{Provider: google, MaxAge: age(0)},
			`MaxAge requires Provider "authkit", not "GoogleOAuth"`},
		{"age of -1", authkit.AuthorizationParams{Provider: authKit, MaxAge: age(-1)},
			"invalid MaxAge -1: want 0 or more seconds"},
		{"age of 0", authkit.AuthorizationParams{Provider: authKit, MaxAge: age(0)}, ""},
		{"age of 1", authkit.AuthorizationParams{Provider: authKit, MaxAge: age(1)}, ""},
		{"challenge of 42", authkit.AuthorizationParams{Provider: authKit, CodeChallenge: strings.Repeat("c", 42)},
			"CodeChallenge has 42 characters: want 43 (S256)"},
		{"challenge of 44", authkit.AuthorizationParams{Provider: authKit, CodeChallenge: strings.Repeat("c", 44)},
			"CodeChallenge has 44 characters: want 43 (S256)"},
		{"empty scope", authkit.AuthorizationParams{Provider: authKit, ProviderScopes: []string{""}},
			`invalid ProviderScopes[0] "": want one scope`},
		{"second scope", authkit.AuthorizationParams{Provider: authKit, ProviderScopes: []string{"a", "b c", "d"}},
			`invalid ProviderScopes[1] "b c": want one scope`},
		{"last scope", authkit.AuthorizationParams{Provider: authKit, ProviderScopes: []string{"a", "b", "c,d"}},
			`invalid ProviderScopes[2] "c,d": want one scope`},
		{"nameless", authkit.AuthorizationParams{Provider: authKit, ProviderQueryParams: map[string]string{"a": "", "": "b"}},
			"ProviderQueryParams has an empty name"},
	} {
		tt.p.RedirectURI = testRedirect
		got, err := c.AuthorizationURL(tt.p)
		if tt.want == "" && (err != nil || got == "") ||
			tt.want != "" && (got != "" || err == nil || err.Error() != "workos/authkit: authorization URL: "+tt.want) {
			t.Errorf("%s: got %q and %v, want %q", tt.name, got, err, tt.want)
		}
	}
	const several = " of Connection, Organization and Provider are set: want one"
	for _, tt := range []struct {
		p    authkit.SSOAuthorizationParams
		want string
	}{
		{authkit.SSOAuthorizationParams{}, "0" + several},
		{authkit.SSOAuthorizationParams{Connection: "c"}, ""}, {authkit.SSOAuthorizationParams{Organization: "o"}, ""},
		{authkit.SSOAuthorizationParams{Provider: "GoogleOAuth"}, ""},
		{authkit.SSOAuthorizationParams{Connection: "c", Organization: "o"}, "2" + several},
		{authkit.SSOAuthorizationParams{Connection: "c", Provider: "p"}, "2" + several},
		{authkit.SSOAuthorizationParams{Organization: "o", Provider: "p"}, "2" + several},
		{authkit.SSOAuthorizationParams{Connection: "c", Organization: "o", Provider: "p"}, "3" + several},
		{authkit.SSOAuthorizationParams{Connection: "c", CodeChallenge: "x"},
			"CodeChallenge has 1 characters: want 43 (S256)"},
		{authkit.SSOAuthorizationParams{Connection: "c", ProviderScopes: []string{"a b"}},
			`invalid ProviderScopes[0] "a b": want one scope`},
		{authkit.SSOAuthorizationParams{Connection: "c", ProviderQueryParams: map[string]string{"": "b"}},
			"ProviderQueryParams has an empty name"},
	} {
		tt.p.RedirectURI = testRedirect
		got, err := c.SSOAuthorizationURL(tt.p)
		if tt.want == "" && (err != nil || got == "") ||
			tt.want != "" && (got != "" || err == nil || err.Error() != "workos/authkit: SSO authorization URL: "+tt.want) {
			t.Errorf("%+v: got %q and %v, want %q", tt.p, got, err, tt.want)
		}
	}
}

func TestRedirectURIsAreAbsolute(t *testing.T) {
	c := newClient(t, offline())
	for uri, want := range map[string]string{
		"":                     "RedirectURI is empty: want a callback registered in the dashboard",
		"/cb":                  `invalid RedirectURI "/cb": want an absolute URL`,
		"//a.example":          `invalid RedirectURI "//a.example": want an absolute URL`,
		"https://a.example/#x": `invalid RedirectURI "https://a.example/#x": want no fragment`,
		"https://a.example/#":  `invalid RedirectURI "https://a.example/#": want no fragment`,
		"https://a b/":         `RedirectURI: parse "https://a b/": invalid character " " in host name`,
		"https://a.example":    "", "myapp:/cb": "", "myapp://cb": "", "http://[::1]:80/cb": "",
	} {
		_, err := c.AuthorizationURL(authkit.AuthorizationParams{RedirectURI: uri, ConnectionID: "c"})
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != "workos/authkit: authorization URL: "+want) {
			t.Errorf("%q: got %v, want %q", uri, err, want)
		}
		_, err = c.SSOAuthorizationURL(authkit.SSOAuthorizationParams{RedirectURI: uri, Connection: "c"})
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != "workos/authkit: SSO authorization URL: "+want) {
			t.Errorf("SSO, %q: got %v, want %q", uri, err, want)
		}
		if uri == "" || want == "" {
			continue
		}
		_, err = c.LogoutURL("session_01", uri)
		want = strings.Replace(want, "RedirectURI", "return URL", 1)
		if err == nil || err.Error() != "workos/authkit: logout URL: "+want {
			t.Errorf("logout, %q: got %v, want %q", uri, err, want)
		}
	}
	got, err := c.LogoutURL("", "https://a.example")
	if want := `workos/authkit: logout URL: session ID is empty: want the "sid" of an access token`; got != "" || err == nil ||
		err.Error() != want {
		t.Errorf("no session: got %q and %v, want %s", got, err, want)
	}
}

func TestClientIDsHaveTheirCharacters(t *testing.T) {
	const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	for c := byte('!'); c < '\x7f'; c++ {
		workos, err := client.New(testKey, client.WithClientID("client"+string(rune(c))+"a"))
		if err != nil {
			continue // which refuses it too
		}
		kit, err := authkit.New(workos)
		fits := strings.IndexByte(unreserved, c) >= 0
		want := `workos/authkit: client ID has an invalid character at 6: want letters, digits and "-._~"`
		if fits && (err != nil || kit == nil) || !fits && (kit != nil || err == nil || err.Error() != want) {
			t.Errorf("%q: got %v and %v, want it to fit: %t", c, kit, err, fits)
		}
	}
}
