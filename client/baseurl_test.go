package client_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

func TestBaseURLKeepsItsPath(t *testing.T) {
	for _, tt := range []struct{ base, want string }{
		{"https://api.workos.com", "https://api.workos.com/organizations/org_01"},
		{"https://api.workos.com/", "https://api.workos.com/organizations/org_01"},
		{"HTTPS://API.workos.com//", "https://API.workos.com/organizations/org_01"},
		{"http://127.0.0.1:4010/v1/a%2Fb/", "http://127.0.0.1:4010/v1/a%2Fb/organizations/org_01"},
	} {
		w := newWire(respondJSON(http.StatusOK, anOrg))
		api := newAPI(t, testKey, w.option(), client.WithBaseURL(tt.base))
		if _, err := api.OrganizationsGetWithResponse(t.Context(), "org_01"); err != nil {
			t.Fatalf("%s: %v", tt.base, err)
		}
		if got := w.sent[0].URL.String(); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.base, got, tt.want)
		}
		if got := w.sent[0].Header.Get("Authorization"); got != "Bearer "+testKey {
			t.Errorf("%s: Authorization: got %q, want the key", tt.base, got)
		}
	}
}

func TestBaseURLIsWhereRequestsGo(t *testing.T) {
	for given, want := range map[string]string{
		"":                       client.DefaultBaseURL,
		"http://127.0.0.1:4100/": "http://127.0.0.1:4100",
		"https://a.example/x/":   "https://a.example/x",
	} {
		var opts []client.Option
		if given != "" {
			opts = append(opts, client.WithBaseURL(given))
		}
		c, err := client.New(testKey, opts...)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.BaseURL(); got != want {
			t.Errorf("base URL %q: got %q, want %q", given, got, want)
		}
	}
}

func TestBaseURLThatIsRefusedIsNotShown(t *testing.T) {
	for _, text := range []string{
		"https://user:sk_live_secret", "https://user:secret#w0rd@host", "https://us%zzsecret@host", "https://h/%secret",
		"https://h/a%2F",
	} {
		_, err := client.New(testKey, client.WithBaseURL(text))
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v, want an error without it", text, err)
		}
	}
}

func TestEachBaseURLThatIsRefused(t *testing.T) {
	const (
		scheme, host = "base URL must begin with https:// or http://", "base URL has no host"
		user         = "base URL contains a user name or password: use New or WithCredentials"
		query, none  = "base URL has a query or a fragment", "invalid base URL (RFC 3986)"
		dots         = `base URL has a "." or ".." segment in its path`
	)
	for text, want := range map[string]string{
		"": scheme, "/": scheme, "h": scheme, "//h": scheme, "ftp://h": scheme, "httpss://h": scheme, "127.0.0.1:4100": scheme,
		"localhost:4100": scheme, " https://h": scheme, "https:": host,
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
		w := newWire(respondJSON(http.StatusBadRequest, `{}`))
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

func TestLogoutLivesOnItsOwnHost(t *testing.T) {
	for _, tt := range []struct {
		opts []client.Option
		want string
	}{
		{nil, "https://auth.workos.com/sso/logout"},
		{[]client.Option{client.WithBaseURL("https://api.workos.com/")}, "https://auth.workos.com/sso/logout"},
		{[]client.Option{client.WithBaseURL("https://api.workos-test.com")}, "https://api.workos-test.com/sso/logout"},
		{[]client.Option{client.WithBaseURL("http://127.0.0.1:4010/v1")}, "http://127.0.0.1:4010/v1/sso/logout"},
	} {
		w := newWire(redirect(http.StatusFound, "https://idp.example"))
		api := newAPI(t, testKey, append(tt.opts, w.option())...)
		if _, err := api.SSOLogoutGetWithResponse(t.Context(), &gen.SSOLogoutGetParams{Token: "t"}); err != nil {
			t.Errorf("logout: %v", err)
		}
		if got, want := w.sent[0].URL.String(), tt.want+"?token=t"; got != want {
			t.Errorf("logout: got %s, want %s", got, want)
		}
		if w.sent[0].Host != w.sent[0].URL.Host {
			t.Errorf("Host header: got %q, want %q", w.sent[0].Host, w.sent[0].URL.Host)
		}
		body := gen.SSOLogoutAuthorizeCreateJSONRequestBody{}
		_, _ = api.SSOLogoutAuthorizeCreateWithResponse(t.Context(), body)
		if got, want := w.sent[1].URL.String(), tt.want+"/authorize"; got != want {
			t.Errorf("authorize: got %s, want %s", got, want)
		}
		if got := w.sent[1].Header.Get("Authorization"); got != "Bearer "+testKey {
			t.Errorf("authorize: Authorization: got %q, want the key", got)
		}
	}
}

func TestOperationsElsewhereNameAnOrigin(t *testing.T) {
	for i := range gen.Routes {
		for _, server := range gen.Routes[i].Servers {
			if u, err := url.Parse(server); err != nil || u.Scheme != "https" || u.Host == "" || u.Path != "" {
				t.Errorf("%s: server %q is not an https origin", gen.Routes[i].ID, server)
			}
		}
	}
}
