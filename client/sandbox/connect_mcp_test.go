package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/authkit/mcpauth"
	"github.com/seed-f165d83c/workos/client/sandbox"
)

// agent is an MCP client, which knows the URL of a server and nothing else.
type agent struct {
	*testing.T

	browser *http.Client // which follows no redirect
}

// ask sends a request and returns the response with its JSON.
func (a *agent) ask(method, target, token string, form url.Values, body string) (*http.Response, fields) {
	a.Helper()
	media := "application/json"
	if form != nil {
		body, media = form.Encode(), "application/x-www-form-urlencoded"
	}
	req, err := http.NewRequestWithContext(a.Context(), method, target, strings.NewReader(body))
	if err != nil {
		a.Fatal(err)
	}
	req.Header.Set("Content-Type", media)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := a.browser.Do(req)
	if err != nil {
		a.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		a.Fatal(err)
	}
	var v fields
	_ = json.Unmarshal(text, &v) // nil if the text is no object
	return res, v
}

// serveGuarded serves an MCP server behind an authorization server.
func serveGuarded(t *testing.T, issuer string) string {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	guard, err := mcpauth.New(mcpauth.Config{
		Resource: server.URL + "/mcp", Scopes: []string{"openid"},
		Issuers: []mcpauth.Issuer{{URL: issuer, JWKSURL: issuer + "/oauth2/jwks"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range guard.MetadataPaths() {
		mux.Handle(path, guard.Metadata())
	}
	mux.Handle("/mcp", guard.Require(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := mcpauth.ClaimsFrom(r.Context())
		_ = json.NewEncoder(w).Encode(fields{"user": claims.UserID, "organization": claims.OrganizationID})
	})))
	return server.URL + "/mcp"
}

// An MCP client finds its way from the URL of a guarded server to an accepted token: metadata of the resource, metadata
// of the authorization server, registration, authorization with PKCE, token.
func TestGuardedMCPServerTakesTokensOfTheSandbox(t *testing.T) {
	t.Parallel()
	sb := sandbox.New()
	workos := httptest.NewServer(sb)
	t.Cleanup(workos.Close)
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	user := create(t, sb, "/user_management/users", fields{"email": "ada@acme.com", "email_verified": true})
	create(t, sb, "/user_management/organization_memberships", fields{"user_id": user, "organization_id": org})
	resource := serveGuarded(t, workos.URL)
	a := &agent{t, &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}

	refused, _ := a.ask(http.MethodPost, resource, "", nil, "{}")
	_, described, _ := strings.Cut(refused.Header.Get("WWW-Authenticate"), `resource_metadata="`)
	described, _, _ = strings.Cut(described, `"`)
	if refused.StatusCode != http.StatusUnauthorized || described == "" {
		t.Fatalf("without a token: got %d %v, want 401 and the metadata", refused.StatusCode, refused.Header)
	}
	_, protected := a.ask(http.MethodGet, described, "", nil, "")
	issuer := str(list(protected["authorization_servers"])[0])
	_, server := a.ask(http.MethodGet, issuer+"/.well-known/oauth-authorization-server", "", nil, "")
	const home = "http://localhost:7777/callback"
	_, client := a.ask(http.MethodPost, str(server["registration_endpoint"]), "", nil,
		`{"client_name":"Editor","redirect_uris":["`+home+`"],"token_endpoint_auth_method":"none"}`)
	query := url.Values{
		"response_type": {"code"}, "client_id": {str(client["client_id"])}, "redirect_uri": {home}, "state": {"s1"},
		"scope": {"openid offline_access"}, "resource": {str(protected["resource"])}, "code_challenge_method": {"S256"},
		"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, // RFC 7636 appendix B
	}
	back, _ := a.ask(http.MethodGet, str(server["authorization_endpoint"])+"?"+query.Encode(), "", nil, "")
	arrived, err := back.Location()
	if err != nil || arrived.Query().Get("state") != "s1" {
		t.Fatalf("authorization: got %d %v, want a redirect with the state", back.StatusCode, back.Header)
	}
	token := func(form url.Values) (int, fields) {
		form.Set("client_id", str(client["client_id"]))
		res, v := a.ask(http.MethodPost, str(server["token_endpoint"]), "", form, "")
		return res.StatusCode, v
	}
	status, tokens := token(url.Values{
		"grant_type": {"authorization_code"}, "code": {arrived.Query().Get("code")}, "redirect_uri": {home},
		"code_verifier": {"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}, "resource": {resource},
	})
	if status != http.StatusOK {
		t.Fatalf("token: got %d %v", status, tokens)
	}
	let, seen := a.ask(http.MethodPost, resource, str(tokens["access_token"]), nil, "{}")
	if let.StatusCode != http.StatusOK || seen["user"] != user || seen["organization"] != org {
		t.Errorf("with the token: got %d %v, want %s of %s", let.StatusCode, seen, user, org)
	}
	_, info := a.ask(http.MethodGet, str(server["userinfo_endpoint"]), str(tokens["access_token"]), nil, "")
	if info["sub"] != user {
		t.Errorf("userinfo: got %v, want %s", info, user)
	}
	status, again := token(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {str(tokens["refresh_token"])}})
	if let, _ := a.ask(http.MethodPost, resource, str(again["access_token"]), nil, "{}"); let.StatusCode != http.StatusOK {
		t.Errorf("with a refreshed token: got %d; the refresh got %d %v", let.StatusCode, status, again)
	}
	elsewhere, _ := a.ask(http.MethodPost, serveGuarded(t, workos.URL), str(tokens["access_token"]), nil, "{}")
	if elsewhere.StatusCode != http.StatusUnauthorized {
		t.Errorf("at another server: got %d, want 401", elsewhere.StatusCode)
	}
}

// Each environment's clients are verified by the keys that anybody can get.
func TestKeysOfAllEnvironmentsVerifyTokensOfConnect(t *testing.T) {
	t.Parallel()
	sb := fixed()
	kids := map[any]bool{}
	for _, key := range list(sendAs(t, sb, "sk_test_a", "GET", "/oauth2/jwks", nil).json["keys"]) {
		kids[obj(key)["kid"]] = true
	}
	for _, key := range list(sendAs(t, sb, "sk_test_b", "GET", "/oauth2/jwks", nil).json["keys"]) {
		kids[obj(key)["kid"]] = true
	}
	all := list(sendAs(t, sb, "", "GET", "/oauth2/jwks", nil).json["keys"])
	if len(kids) != 2 || len(all) != 2 {
		t.Errorf("got %d keys by environment and %d in all, want 2", len(kids), len(all))
	}
	for _, key := range all {
		if !kids[obj(key)["kid"]] {
			t.Errorf("got the key %v, of no environment", obj(key)["kid"])
		}
	}
}

func TestConsentIsAskedForAtAPage(t *testing.T) {
	t.Parallel()
	sb := newInteractive()
	create(t, sb, "/user_management/users", fields{
		"email": "ada@example.com", "email_verified": true, "password": "correct horse",
	})
	org := create(t, sb, "/organizations", fields{"name": "Partner"})
	app := must(t, sb, http.StatusCreated, "POST", "/connect/applications", fields{
		"application_type": "oauth", "name": "Partner <App>", "is_first_party": false, "organization_id": org,
		"redirect_uris": []fields{{"uri": callback}},
	})
	secret := must(t, sb, http.StatusCreated, "POST", "/connect/applications/"+str(app["id"])+"/client_secrets", fields{})
	target := "/oauth2/authorize?response_type=code&state=s1&scope=openid+email&client_id=" + str(app["client_id"]) +
		"&redirect_uri=" + url.QueryEscape(callback)
	signIn := func() *browser {
		b := &browser{T: t, sb: sb, page: sendAs(t, sb, "", "GET", target, nil)}
		return b.press("password", url.Values{"email": {"ada@example.com"}, "password": {"correct horse"}})
	}
	b := signIn().has("Partner &lt;App&gt; asks for access")
	b.has("<li>email</li>").press("refuse", nil)
	if got := b.arrived(); got.Get("error") != "access_denied" || got.Has("code") {
		t.Errorf("refused: got %v, want access_denied", got)
	}
	b = signIn().press("application_consent_required", nil)
	got := must(t, sb, http.StatusOK, "POST", "/oauth2/token", fields{
		"grant_type": "authorization_code", "client_id": app["client_id"], "client_secret": secret["secret"],
		"code": b.arrived().Get("code"), "redirect_uri": callback,
	})
	if claims := claimsOf(t, str(got["id_token"])); claims["email"] != "ada@example.com" {
		t.Errorf("got %v, want the email address", claims)
	}
	if again := signIn().arrived(); !again.Has("code") {
		t.Errorf("the second time: got %v, want a code without another page", again)
	}
	target = strings.Replace(target, "scope=openid+email", "scope=openid+profile", 1)
	signIn().has("asks for access")
}

func TestChoicesOfStandaloneConnectAreMadeAtAPage(t *testing.T) {
	t.Parallel()
	sb := newInteractive()
	if err := sb.Seed([]byte(`{"connect_configuration":[{"login_uri":"https://app.example.com/login?x=1"}]}`)); err != nil {
		t.Fatal(err)
	}
	client := must(t, sb, http.StatusCreated, "POST", "/oauth2/register", fields{"redirect_uris": []string{callback}})
	sent := sendAs(t, sb, "", "GET", "/oauth2/authorize?response_type=code&state=s1&client_id="+str(client["client_id"])+
		"&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&redirect_uri="+
		url.QueryEscape(callback), nil)
	login, err := url.Parse(sent.header.Get("Location"))
	if err != nil || login.Host != "app.example.com" || login.Query().Get("x") != "1" {
		t.Fatalf("got %d %v, want the login page", sent.status, sent.header)
	}
	done := must(t, sb, http.StatusOK, "POST", "/authkit/oauth2/complete", fields{
		"external_auth_id": login.Query().Get("external_auth_id"), "user": fields{"id": "1", "email": "leroy@example.com"},
		"user_consent_options": []fields{{"claim": "urn:acme:tenant", "type": "enum", "label": "Environment", "choices": []fields{
			{"value": "prod", "label": "Production"}, {"value": "dev", "label": "Development"},
		}}},
	})
	b := &browser{T: t, sb: sb}
	b.page = sendAs(t, sb, "", "GET", strings.TrimPrefix(str(done["redirect_uri"]), "https://api.workos.com"), nil)
	b.has("Environment").press("application_consent_required", url.Values{"option_0": {"dev"}})
	got := must(t, sb, http.StatusOK, "POST", "/oauth2/token", fields{
		"grant_type": "authorization_code", "client_id": client["client_id"], "client_secret": client["client_secret"],
		"code": b.arrived().Get("code"), "redirect_uri": callback,
		"code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
	})
	if claims := claimsOf(t, str(got["access_token"])); claims["urn:acme:tenant"] != "dev" {
		t.Errorf("got %v, want the choice", claims)
	}
}

// A client names itself by the URL of its metadata, which is fetched once.
func TestClientsAreKnownByTheirMetadata(t *testing.T) {
	t.Parallel()
	fetched := 0
	var site *httptest.Server
	site = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fetched++
		document := fields{"client_id": site.URL + r.URL.Path, "client_name": "Editor", "redirect_uris": []string{callback}}
		switch r.URL.Path {
		case "/other.json":
			document["client_id"] = "https://somebody.example.com/client.json"
		case "/moved.json":
			if r.URL.RawQuery == "" {
				http.Redirect(w, r, "/moved.json?there", http.StatusFound)
				return
			}
		case "/gone.json":
			w.WriteHeader(http.StatusGone)
		case "/large.json":
			document["client_name"] = strings.Repeat("n", 5<<10)
		}
		_ = json.NewEncoder(w).Encode(document)
	}))
	t.Cleanup(site.Close)
	sb := fixed()
	create(t, sb, "/user_management/users", fields{"email": "ada@example.com"})
	authorize := func(client, redirect string) answer {
		return sendAs(t, sb, "", "GET", "/oauth2/authorize?"+url.Values{
			"response_type": {"code"}, "client_id": {client}, "redirect_uri": {redirect}, "code_challenge_method": {"S256"},
			"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "resource": {"https://mcp.example.com/mcp"},
		}.Encode(), nil)
	}
	client := site.URL + "/client.json"
	for range 2 {
		sent := authorize(client, callback)
		u, err := url.Parse(sent.header.Get("Location"))
		if err != nil || sent.status != http.StatusFound {
			t.Fatalf("got %d %s, want a redirect", sent.status, sent.text)
		}
		got := must(t, sb, http.StatusOK, "POST", "/oauth2/token", fields{
			"grant_type": "authorization_code", "client_id": client, "code": u.Query().Get("code"), "redirect_uri": callback,
			"code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
		})
		if claims := claimsOf(t, str(got["access_token"])); claims["client_id"] != client {
			t.Errorf("got %v, want the client %s", claims, client)
		}
	}
	if fetched != 1 {
		t.Errorf("the metadata was fetched %d times, want once", fetched)
	}
	for _, refused := range [][2]string{
		{client, "https://evil.example.com/"}, {site.URL + "/other.json", callback}, {site.URL + "/", callback},
		{site.URL + "/moved.json", callback}, {site.URL + "/gone.json", callback}, {site.URL + "/large.json", callback},
		{"http://example.com/client.json", callback}, {"ftp://127.0.0.1/client.json", callback},
	} {
		if a := authorize(refused[0], refused[1]); a.status != http.StatusBadRequest || a.header.Get("Location") != "" {
			t.Errorf("%v: got %d %v, want 400", refused, a.status, a.header)
		}
	}
}
