package mcpauth_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/client/authkit/mcpauth"
)

func TestEachRefusalIsItsOwn(t *testing.T) {
	as, other := newServer(t, newKey()), newServer(t, newKey())
	foreign, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	forger := &server{Server: as.Server, key: foreign}
	guard := newGuard(t, mcpauth.Config{
		Issuers: []mcpauth.Issuer{as.issuer()}, Scopes: []string{"openid"}, Organizations: []string{"org_01"},
		ToolScopes: map[string][]string{"delete": {"reports:write"}},
	})
	reached := 0
	h := guard.Require(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reached++
		claims, ok := mcpauth.ClaimsFrom(r.Context())
		if !ok || claims.UserID != "user_01" || claims.OrganizationID != "org_01" || !claims.HasScope("profile") ||
			!claims.HasPermission("reports:read") || !claims.HasRole("member") || claims.ClientID != "client_01" {
			t.Errorf("got the claims %+v", claims)
		}
		if r.Header.Get("Authorization") != "" {
			t.Error("the token was passed on")
		}
		_, _ = io.Copy(w, r.Body)
	}))
	const meta = `Bearer resource_metadata="https://mcp.acme.example/.well-known/oauth-protected-resource/mcp"`
	invalid := func(text string) string {
		return meta + `, error="invalid_token", error_description="` + text
	}
	const ping, deletion = `{"jsonrpc":"2.0","id":1,"method":"ping"}`,
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete"}}`
	for _, tt := range []struct {
		name, token, body string
		status            int
		code, challenge   string // a prefix
	}{
		{"accepted", as.sign(t, nil), ping, 200, "", ""},
		{"several audiences", as.sign(t, map[string]any{"aud": []string{"a", resource + "/"}}), ping, 200, "", ""},
		{"no token", "", ping, 401, "unauthorized", meta + `, scope="openid"`},
		{"noise", "x", ping, 401, "invalid_token", invalid("not a JWT")},
		{"wrong audience", as.sign(t, map[string]any{"aud": "https://other.example/mcp"}), ping, 401, "invalid_token",
			invalid("audience is not accepted: it is")},
		{"no audience", as.sign(t, map[string]any{"aud": nil}), ping, 401, "invalid_token", invalid("audience is not accepted")},
		{"a longer audience", as.sign(t, map[string]any{"aud": resource + "/x"}), ping, 401, "invalid_token",
			invalid("audience is not accepted")},
		{"another issuer", other.sign(t, nil), ping, 401, "invalid_token", invalid("issuer is not accepted: it is")},
		{"no issuer", as.sign(t, map[string]any{"iss": nil}), ping, 401, "invalid_token", invalid("")},
		{"signed by another", forger.sign(t, nil), ping, 401, "invalid_token", invalid("signature is wrong")},
		{"expired", as.sign(t, map[string]any{"exp": time.Now().Unix() - 60}), ping, 401, "invalid_token", invalid("expired at")},
		{"not yet valid", as.sign(t, map[string]any{"nbf": time.Now().Unix() + 60}), ping, 401, "invalid_token",
			invalid("not yet valid")},
		{"no subject", as.sign(t, map[string]any{"sub": nil}), ping, 401, "invalid_token", invalid("claims are not")},
		{"another tenant", as.sign(t, map[string]any{"org_id": "org_02"}), ping, 403, "organization_not_allowed", ""},
		{"no tenant", as.sign(t, map[string]any{"org_id": nil}), ping, 403, "organization_not_allowed", ""},
		{"no scope", as.sign(t, map[string]any{"scope": "profile"}), ping, 403, "insufficient_scope", meta +
			`, error="insufficient_scope", error_description="the access token lacks the scopes openid", scope="profile openid"`},
		{"no scope for the tool", as.sign(t, nil), deletion, 403, "insufficient_scope", meta +
			`, error="insufficient_scope", error_description="the access token lacks the scopes reports:write", ` +
			`scope="openid profile reports:write"`},
		{"scope for the tool", as.sign(t, map[string]any{"scope": "openid profile reports:write"}), deletion, 200, "", ""},
		{"in a batch", as.sign(t, nil), "[" + ping + "," + deletion + "]", 403, "insufficient_scope", meta},
		{"hidden in another case", as.sign(t, nil), `{"method":"tools/call","params":{"name":"a","Name":"delete"}}`, 400,
			"invalid_request", ""},
		{"hidden behind another", as.sign(t, nil), `{"method":"tools/call","params":{"name":"a"},"params":{"name":"delete"}}`,
			400, "invalid_request", ""},
		{"no JSON", as.sign(t, nil), `{`, 400, "invalid_request", ""},
		{"too large", as.sign(t, nil), `"` + strings.Repeat("a", 4<<20) + `"`, 413, "invalid_request", ""},
	} {
		before := reached
		w := call(t, h, tt.token, tt.body)
		challenge := w.Header().Get("WWW-Authenticate")
		if w.Code != tt.status || (challenge == "") != (tt.challenge == "") || !strings.HasPrefix(challenge, tt.challenge) {
			t.Errorf("%s: got %d with %s, want %d with %s", tt.name, w.Code, challenge, tt.status, tt.challenge)
		}
		if (reached > before) != (tt.status == 200) {
			t.Errorf("%s: reached the server: %t", tt.name, reached > before)
		}
		if tt.status == 200 {
			if w.Body.String() != tt.body {
				t.Errorf("%s: the server got %q, want the body", tt.name, w.Body)
			}
			continue
		}
		var got map[string]string
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got["error"] != tt.code || got["error_description"] == "" ||
			w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: got %s and %v, want %s", tt.name, w.Body, w.Header(), tt.code)
		}
		if len(tt.token) > 99 && strings.Contains(w.Body.String()+challenge, tt.token[len(tt.token)-40:]) {
			t.Errorf("%s: the response shows the token", tt.name)
		}
	}
	if got := as.fetches.Load(); got != 1 || other.fetches.Load() != 0 {
		t.Errorf("fetched keys %d and %d times, want once from the issuer alone", got, other.fetches.Load())
	}
}

func TestCredentialsStandInOneHeader(t *testing.T) {
	as := newServer(t, newKey())
	h := newGuard(t, mcpauth.Config{Issuers: []mcpauth.Issuer{as.issuer()}}).
		Require(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	good := as.sign(t, nil)
	for _, tt := range []struct {
		header []string
		target string
		status int
	}{
		{[]string{"Bearer " + good}, resource, 200}, {[]string{"bearer   " + good}, resource, 200},
		{[]string{"Bearer " + good, "Bearer " + good}, resource, 401}, {[]string{"Basic " + good}, resource, 401},
		{[]string{good}, resource, 401}, {[]string{"Bearer"}, resource, 401}, {[]string{""}, resource, 401},
		{nil, resource + "?access_token=" + good, 401},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, tt.target, nil)
		r.Header["Authorization"] = tt.header
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != tt.status {
			t.Errorf("%.30q: got %d, want %d", tt.header, w.Code, tt.status)
		}
	}
}

func TestKeysOfAnIssuerAreFetchedOnce(t *testing.T) {
	as := newServer(t, newKey())
	h := newGuard(t, mcpauth.Config{Issuers: []mcpauth.Issuer{as.issuer()}}).
		Require(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	good := as.sign(t, nil)
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			if w := call(t, h, good, ""); w.Code != http.StatusOK {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
		})
	}
	wait.Wait()
	if got := as.fetches.Load(); got != 1 {
		t.Errorf("fetched %d times, want once", got)
	}
	down := newServer(t, newKey())
	down.down.Store(true)
	h = newGuard(t, mcpauth.Config{Issuers: []mcpauth.Issuer{down.issuer()}}).
		Require(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached the server") }))
	if w := call(t, h, down.sign(t, nil), ""); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" ||
		w.Header().Get("WWW-Authenticate") != "" {
		t.Errorf("without keys: got %d with %v, want 503", w.Code, w.Header())
	}
}

func TestIssuersHaveTheirOwnKeys(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	domain, app := newServer(t, newKey()), newServer(t, key)
	hidden := app.issuer()
	hidden.Hidden, hidden.AnyAudience = true, true
	guard := newGuard(t, mcpauth.Config{Issuers: []mcpauth.Issuer{domain.issuer(), hidden}})
	h := guard.Require(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for name, tt := range map[string]struct {
		token  string
		status int
	}{
		"the domain's":              {domain.sign(t, nil), 200},
		"the application's":         {app.sign(t, map[string]any{"aud": nil}), 200},
		"the domain's key as app":   {domain.sign(t, map[string]any{"iss": app.URL}), 401},
		"the app's key as domain":   {app.sign(t, map[string]any{"iss": domain.URL}), 401},
		"the domain's, no audience": {domain.sign(t, map[string]any{"aud": nil}), 401},
	} {
		if w := call(t, h, tt.token, ""); w.Code != tt.status {
			t.Errorf("%s: got %d %s, want %d", name, w.Code, w.Body, tt.status)
		}
	}
	w := httptest.NewRecorder()
	guard.Metadata().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	if strings.Contains(w.Body.String(), app.URL) || !strings.Contains(w.Body.String(), domain.URL) {
		t.Errorf("metadata is %s, want the domain alone", w.Body)
	}
}

func TestConfigThatCannotWorkIsRefused(t *testing.T) {
	good := []mcpauth.Issuer{mcpauth.AuthKit("acme.authkit.app")}
	for want, config := range map[string]mcpauth.Config{
		`invalid Resource "": want the https URL of the MCP server`:     {Issuers: good},
		`invalid Resource "/mcp": want the https URL of the MCP server`: {Resource: "/mcp", Issuers: good},
		`invalid Resource "http://a.example/mcp": want an https URL, or an http URL of a loopback address`: {
			Resource: "http://a.example/mcp", Issuers: good},
		`invalid Resource "http://localhost.a.example": want an https URL, or an http URL of a loopback address`: {
			Resource: "http://localhost.a.example", Issuers: good},
		`invalid Resource "ftp://localhost/mcp": want an https URL, or an http URL of a loopback address`: {
			Resource: "ftp://localhost/mcp", Issuers: good},
		`invalid Resource "https://a.example/?b": want no query and no fragment`:           {Resource: "https://a.example/?b", Issuers: good},
		`Issuers has none that clients are sent to`:                                        {Resource: resource},
		`issuer "https://acme.authkit.app" is listed twice`:                                {Resource: resource, Issuers: append(good, good...)},
		`invalid scope "a b": want printable ASCII without spaces, quotes and backslashes`: {Resource: resource, Issuers: good, Scopes: []string{"a b"}},
		`issuer "acme": invalid Issuer "acme": want an absolute URL`:                       {Resource: resource, Issuers: []mcpauth.Issuer{{URL: "acme"}}},
		`issuer "https://a.example": invalid JWKSURL "http://a.example/": want an https URL, or an http URL of a loopback address`: {
			Resource: resource, Issuers: []mcpauth.Issuer{{URL: "https://a.example", JWKSURL: "http://a.example/"}}},
		`Audiences has an empty one`:     {Resource: resource, Issuers: good, Audiences: []string{"a", ""}},
		`Organizations has an empty one`: {Resource: resource, Issuers: good, Organizations: []string{"org_01", ""}},
		`issuer "https://a.example": AnyAudience is for hidden issuers: this one issues tokens for the resource that a client names`: {
			Resource: resource, Issuers: []mcpauth.Issuer{{URL: "https://a.example", JWKSURL: "https://a.example/", AnyAudience: true}}},
	} {
		if guard, err := mcpauth.New(config); guard != nil || err == nil || err.Error() != "workos/mcpauth: "+want {
			t.Errorf("got %v and %v, want %s", guard, err, want)
		}
	}
}

// Clients are sent to the issuers, so that an issuer which nobody can reach must not be in the metadata.
func TestIssuersAreURLsThatClientsCanFollow(t *testing.T) {
	for _, text := range []string{
		"javascript:alert(1)", "http://a.example", "https://", "https:a.example", "https://u@a.example", "https://a.example?b",
		"https://a.example#b", "https://https://a.example", "ftp://a.example", "//a.example",
	} {
		guard, err := mcpauth.New(mcpauth.Config{
			Resource: resource, Issuers: []mcpauth.Issuer{{URL: text, JWKSURL: "https://a.example/oauth2/jwks"}},
		})
		if guard != nil || err == nil || !strings.HasPrefix(err.Error(), "workos/mcpauth: issuer \""+text+"\": ") {
			t.Errorf("%s: got %v and %v, want an error that names it", text, guard, err)
		}
	}
	want := mcpauth.Issuer{URL: "https://acme.authkit.app", JWKSURL: "https://acme.authkit.app/oauth2/jwks"}
	for _, domain := range []string{"acme.authkit.app", "https://acme.authkit.app", "acme.authkit.app/", "https://acme.authkit.app/"} {
		if got := mcpauth.AuthKit(domain); got != want {
			t.Errorf("%s: got %v, want %v", domain, got, want)
		}
	}
}

func TestMetadataIsServed(t *testing.T) {
	for _, tt := range []struct {
		resource, challenge string
		paths               []string
	}{
		{resource, "https://mcp.acme.example/.well-known/oauth-protected-resource/mcp",
			[]string{"/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp"}},
		{"http://localhost:8080", "http://localhost:8080/.well-known/oauth-protected-resource",
			[]string{"/.well-known/oauth-protected-resource"}},
		{"http://127.0.0.1:8080", "http://127.0.0.1:8080/.well-known/oauth-protected-resource",
			[]string{"/.well-known/oauth-protected-resource"}},
		{"https://a.example/t/1/mcp", "https://a.example/.well-known/oauth-protected-resource/t/1/mcp",
			[]string{"/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/t/1/mcp"}},
	} {
		guard := newGuard(t, mcpauth.Config{
			Resource: tt.resource, Issuers: []mcpauth.Issuer{mcpauth.AuthKit("acme.authkit.app")}, Name: "Acme",
			Scopes: []string{"openid"}, ToolScopes: map[string][]string{"a": {"write"}, "b": {"write", "openid"}},
		})
		if got := guard.MetadataPaths(); strings.Join(got, " ") != strings.Join(tt.paths, " ") {
			t.Errorf("%s: paths are %v, want %v", tt.resource, got, tt.paths)
		}
		w := call(t, guard.Require(nil), "", "")
		if !strings.Contains(w.Header().Get("WWW-Authenticate"), `resource_metadata="`+tt.challenge+`"`) {
			t.Errorf("%s: challenge is %s", tt.resource, w.Header().Get("WWW-Authenticate"))
		}
		w = httptest.NewRecorder()
		guard.Metadata().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
		want := `{"resource":"` + tt.resource + `","authorization_servers":["https://acme.authkit.app"],` +
			`"scopes_supported":["openid","write"],"bearer_methods_supported":["header"],"resource_name":"Acme"}`
		if w.Body.String() != want || w.Header().Get("Content-Type") != "application/json" ||
			w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: got %s with %v\nwant %s", tt.resource, w.Body, w.Header(), want)
		}
		for method, status := range map[string]int{"OPTIONS": 204, "POST": 405, "HEAD": 200} {
			w = httptest.NewRecorder()
			guard.Metadata().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, "/", nil))
			if w.Code != status {
				t.Errorf("%s: got %d, want %d", method, w.Code, status)
			}
		}
	}
}

func TestContextWithoutATokenHasNoClaims(t *testing.T) {
	if claims, ok := mcpauth.ClaimsFrom(t.Context()); ok || claims != nil {
		t.Errorf("got %v", claims)
	}
	if _, err := authkit.UnverifiedIssuer("x"); err == nil {
		t.Error("a text without issuer has one")
	}
}

// A request that is passed on must call no tool whose scopes the token lacks, however its body is read.
func FuzzBodies(f *testing.F) {
	as := newServer(f, newKey())
	h := newGuard(f, mcpauth.Config{
		Issuers: []mcpauth.Issuer{as.issuer()}, ToolScopes: map[string][]string{"delete": {"write"}},
	}).Require(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }))
	token := as.sign(f, nil)
	for _, body := range []string{
		`{"method":"tools/call","params":{"name":"delete"}}`, `[{"method":"tools/call","params":{"name":"delete"}}]`,
		`{"method":"tools/call","params":{"NAME":"delete","name":"x"}}`, `{"method":"tools\/call","params":{"name":"d\u0065lete"}}`,
		`{"Method":"tools/call","params":{"name":"delete"}}`, ` [ ]`, `null`, `{"method":"ping"} {}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if w := call(t, h, token, body); w.Code != http.StatusOK {
			return
		}
		type message struct {
			Method string
			Params struct{ Name string }
		}
		var one message
		var batch []message
		_ = json.Unmarshal([]byte(body), &one)
		_ = json.Unmarshal([]byte(body), &batch)
		for _, m := range append(batch, one) {
			if m.Method == "tools/call" && m.Params.Name == "delete" {
				t.Errorf("%q was passed on", body)
			}
		}
	})
}
