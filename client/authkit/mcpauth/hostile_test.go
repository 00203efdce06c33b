package mcpauth_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/seed-f165d83c/workos/client/authkit/mcpauth"
)

func encode(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// withHeader returns a token with another header and a signature that suits it.
func withHeader(token, header string, sign func(input string) []byte) string {
	payload := strings.Split(token, ".")[1]
	input := encode(header) + "." + payload
	return input + "." + base64.RawURLEncoding.EncodeToString(sign(input))
}

// A token cannot choose its algorithm or bring its key (RFC 8725 sections 2.1 and 3.1).
func TestTokensThatChooseHowTheyAreVerifiedAreRefused(t *testing.T) {
	as := newServer(t, newKey())
	h := newGuard(t, mcpauth.Config{Issuers: []mcpauth.Issuer{as.issuer()}}).
		Require(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached the server") }))
	own, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ownJWK, err := json.Marshal(jose.JSONWebKey{Key: own.Public(), KeyID: "k"})
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(as.key.Public())
	if err != nil {
		t.Fatal(err)
	}
	good := as.sign(t, nil)
	parts := strings.Split(good, ".")
	hs := func(key []byte) func(string) []byte {
		return func(input string) []byte {
			mac := hmac.New(sha256.New, key)
			mac.Write([]byte(input))
			return mac.Sum(nil)
		}
	}
	signed := func(alg jose.SignatureAlgorithm, key *rsa.PrivateKey) func(string) []byte {
		return func(string) []byte {
			signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, nil)
			if err != nil {
				t.Fatal(err)
			}
			object, err := signer.Sign([]byte("x"))
			if err != nil {
				t.Fatal(err)
			}
			return object.Signatures[0].Signature
		}
	}
	none := func(string) []byte { return nil }
	same := func(string) []byte {
		signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
		return signature
	}
	pemKey := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	for name, token := range map[string]string{
		"none":                      withHeader(good, `{"alg":"none"}`, none),
		"none, with the key":        withHeader(good, `{"alg":"none","kid":"k"}`, same),
		"None":                      withHeader(good, `{"alg":"None","kid":"k"}`, none),
		"empty algorithm":           withHeader(good, `{"alg":"","kid":"k"}`, same),
		"no algorithm":              withHeader(good, `{"kid":"k"}`, same),
		"HS256 with the public key": withHeader(good, `{"alg":"HS256","kid":"k"}`, hs(pemKey)),
		"HS256 with its DER":        withHeader(good, `{"alg":"HS256","kid":"k"}`, hs(der)),
		"HS256 with its modulus":    withHeader(good, `{"alg":"HS256","kid":"k"}`, hs(as.key.N.Bytes())),
		"HS256 with nothing":        withHeader(good, `{"alg":"HS256","kid":"k"}`, hs(nil)),
		"RS512":                     withHeader(good, `{"alg":"RS512","kid":"k"}`, signed(jose.RS512, as.key)),
		"PS256":                     withHeader(good, `{"alg":"PS256","kid":"k"}`, signed(jose.PS256, as.key)),
		"its own key":               withHeader(good, `{"alg":"RS256","jwk":`+string(ownJWK)+`}`, signed(jose.RS256, own)),
		"its own key, named":        withHeader(good, `{"alg":"RS256","kid":"k","jwk":`+string(ownJWK)+`}`, signed(jose.RS256, own)),
		"its own key set":           withHeader(good, `{"alg":"RS256","kid":"k","jku":"`+as.URL+`/mine"}`, signed(jose.RS256, own)),
		"its own certificate":       withHeader(good, `{"alg":"RS256","kid":"k","x5u":"`+as.URL+`/mine"}`, signed(jose.RS256, own)),
		"critical":                  withHeader(good, `{"alg":"RS256","kid":"k","crit":["b64"],"b64":false}`, same),
		"two algorithms":            withHeader(good, `{"alg":"RS256","kid":"k","alg":"none"}`, none),
		"a list of key IDs":         withHeader(good, `{"alg":"RS256","kid":["k"]}`, same),
		"a path as key ID":          withHeader(good, `{"alg":"RS256","kid":"../k"}`, same),
		"a key ID with a null byte": withHeader(good, `{"alg":"RS256","kid":"k\u0000"}`, same),
		"a nested token":            encode(good) + "." + encode(good) + "." + parts[2],
		"five parts":                good + "..",
		"two tokens":                good + "," + good,
		"JSON serialization":        `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
		"padded":                    parts[0] + "=." + parts[1] + "." + parts[2],
		"standard base64":           parts[0] + "." + parts[1] + "." + strings.NewReplacer("-", "+", "_", "/").Replace(parts[2]) + "=",
		"no signature":              parts[0] + "." + parts[1] + ".",
		"a shorter signature":       parts[0] + "." + parts[1] + "." + parts[2][:len(parts[2])-4],
		"another payload":           parts[0] + "." + strings.Split(as.sign(t, map[string]any{"sub": "user_02"}), ".")[1] + "." + parts[2],
	} {
		if w := call(t, h, token, ""); w.Code != http.StatusUnauthorized && w.Code != http.StatusServiceUnavailable {
			t.Errorf("%s: got %d %s, want 401", name, w.Code, w.Body)
		}
	}
	if n := as.fetches.Load(); n != 1 {
		t.Errorf("the issuer got %d requests, want one for its keys", n)
	}
}

// Who has no token can make a key ID. Those who have one must not notice, and neither must the issuer.
func TestFloodOfKeyIDsAffectsNobody(t *testing.T) {
	as := newServer(t, newKey())
	h := newGuard(t, mcpauth.Config{Issuers: []mcpauth.Issuer{as.issuer()}}).
		Require(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	good := as.sign(t, nil)
	for i := range 300 {
		id := strconv.Itoa(i)
		forged := withHeader(good, `{"alg":"RS256","kid":"`+id+`"}`, func(string) []byte { return make([]byte, 256) })
		if w := call(t, h, forged, ""); w.Code != http.StatusUnauthorized && w.Code != http.StatusServiceUnavailable {
			t.Fatalf("got %d %s", w.Code, w.Body)
		}
		if w := call(t, h, good, ""); w.Code != http.StatusOK {
			t.Fatalf("after %d forgeries: got %d %s, want 200", i+1, w.Code, w.Body)
		}
	}
	if n := as.fetches.Load(); n != 1 {
		t.Errorf("fetched keys %d times, want once", n)
	}
}

func TestIssuersAndAudiencesAreComparedButForASlash(t *testing.T) {
	as := newServer(t, newKey())
	h := newGuard(t, mcpauth.Config{Issuers: []mcpauth.Issuer{as.issuer()}, Audiences: []string{"client_01/"}}).
		Require(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for _, tt := range []struct {
		claim  string
		value  any
		status int
	}{
		{"iss", as.URL, 200}, {"iss", as.URL + "/", 200}, {"iss", as.URL + "//", 401}, {"iss", as.URL + "/x", 401},
		{"iss", strings.ToUpper(as.URL), 401}, {"iss", " " + as.URL, 401}, {"iss", "", 401}, {"iss", []string{as.URL}, 401},
		{"aud", resource, 200}, {"aud", resource + "/", 200}, {"aud", resource + "//", 401}, {"aud", resource + "?a", 401},
		{"aud", "https://MCP.acme.example/mcp", 401}, {"aud", "https://mcp.acme.example", 401}, {"aud", "client_01", 200},
		{"aud", []string{"x", resource}, 200}, {"aud", []string{"x", "y"}, 401}, {"aud", []string{}, 401}, {"aud", "", 401},
		{"aud", "/", 401}, {"aud", []any{nil}, 401}, {"aud", []any{resource, 1}, 401}, {"aud", map[string]string{"a": resource}, 401},
		{"aud", [][]string{{resource}}, 401}, {"aud", "x " + resource, 401},
	} {
		if w := call(t, h, as.sign(t, map[string]any{tt.claim: tt.value}), ""); w.Code != tt.status {
			t.Errorf("%s %v: got %d %s, want %d", tt.claim, tt.value, w.Code, w.Body, tt.status)
		}
	}
	for _, audience := range []string{"", "/"} {
		_, err := mcpauth.New(mcpauth.Config{
			Resource: resource, Issuers: []mcpauth.Issuer{as.issuer()}, Audiences: []string{audience},
		})
		if err == nil || !strings.Contains(err.Error(), "Audiences has an empty one") {
			t.Errorf("audience %q: got %v, want it refused", audience, err)
		}
	}
}

// roundTripper returns the keys of a server without a network, which a bubble of synctest needs.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTimesAreAcceptedUpToTheLeeway(t *testing.T) {
	key := newKey()
	synctest.Test(t, func(t *testing.T) {
		set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k"}}})
		if err != nil {
			t.Fatal(err)
		}
		as := &server{Server: &httptest.Server{URL: "https://acme.authkit.app"}, key: key}
		h := newGuard(t, mcpauth.Config{
			Issuers: []mcpauth.Issuer{as.issuer()}, Leeway: 10 * time.Second,
			HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(set)), Request: r}, nil
			})},
		}).Require(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		now := float64(time.Now().Unix()) // a bubble begins at a whole second
		for _, tt := range []struct {
			claim  string
			value  any
			status int
		}{
			{"exp", now - 9, 200}, {"exp", now - 9.5, 200}, {"exp", now - 10, 401}, {"exp", now - 11, 401}, {"exp", now + 1, 200},
			{"exp", nil, 401}, {"exp", 0, 401}, {"exp", -1, 401}, {"exp", 1e300, 401}, {"exp", "9999999999", 401},
			{"nbf", now + 10, 200}, {"nbf", now + 10.5, 401}, {"nbf", now + 11, 401}, {"nbf", now - 1, 200},
			{"iat", now + 300, 200}, {"iat", now + 301, 401}, {"iat", 0, 200},
		} {
			if w := call(t, h, as.sign(t, map[string]any{tt.claim: tt.value}), ""); w.Code != tt.status {
				t.Errorf("%s %v: got %d %s, want %d", tt.claim, tt.value, w.Code, w.Body, tt.status)
			}
		}
	})
}

// Which methods and bodies a server takes for a call is its own business: what hides a call is refused.
func TestCallsOfToolsCannotBeHidden(t *testing.T) {
	as := newServer(t, newKey())
	h := newGuard(t, mcpauth.Config{
		Issuers: []mcpauth.Issuer{as.issuer()}, ToolScopes: map[string][]string{"delete": {"reports:write"}},
	}).Require(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }))
	token := as.sign(t, nil)
	const deletion = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete"}}`
	for name, tt := range map[string]struct {
		method, body string
		status       int
	}{
		"PUT":                     {http.MethodPut, deletion, 403},
		"PATCH":                   {http.MethodPatch, deletion, 403},
		"GET":                     {http.MethodGet, deletion, 403},
		"a method of its own":     {"post", deletion, 403},
		"DELETE of a session":     {http.MethodDelete, "", 200},
		"GET of a stream":         {http.MethodGet, "", 200},
		"POST of nothing":         {http.MethodPost, "", 200},
		"escaped name":            {http.MethodPost, `{"method":"tools/call","params":{"name":"\u0064elete"}}`, 403},
		"escaped member":          {http.MethodPost, `{"method":"tools/call","params":{"n\u0061me":"delete"}}`, 403},
		"escaped method":          {http.MethodPost, `{"method":"tools\/call","params":{"name":"delete"}}`, 403},
		"a member with a long s":  {http.MethodPost, `{"method":"tools/call","param\u017f":{"name":"delete"},"params":{"name":"a"}}`, 400},
		"escaped second name":     {http.MethodPost, `{"method":"tools/call","params":{"name":"a","n\u0061me":"delete"}}`, 400},
		"two messages":            {http.MethodPost, `{"method":"ping"}` + deletion, 400},
		"two lines":               {http.MethodPost, `{"method":"ping"}` + "\n" + deletion, 400},
		"a batch in a batch":      {http.MethodPost, `[[` + deletion + `]]`, 400},
		"no params":               {http.MethodPost, `{"method":"tools/call"}`, 400},
		"params in a list":        {http.MethodPost, `{"method":"tools/call","params":["delete"]}`, 400},
		"a number as name":        {http.MethodPost, `{"method":"tools/call","params":{"name":1}}`, 400},
		"a byte order mark":       {http.MethodPost, "\ufeff" + deletion, 400},
		"UTF-16":                  {http.MethodPost, "\x00{\x00}", 400},
		"gzip":                    {http.MethodPost, "\x1f\x8b\x08\x00", 400},
		"a null":                  {http.MethodPost, `null`, 400},
		"batch of a hundred":      {http.MethodPost, "[" + strings.Repeat(`{},`, 99) + deletion + "]", 403},
		"batch of more":           {http.MethodPost, "[" + strings.Repeat(`{},`, 100) + deletion + "]", 400},
		"another tool":            {http.MethodPost, strings.Replace(deletion, "delete", "Delete", 1), 200},
		"white space before":      {http.MethodPost, " \r\n\t" + deletion, 403},
		"a tool with a line feed": {http.MethodPost, strings.Replace(deletion, `"delete"`, `"delete\n"`, 1), 200},
	} {
		r := httptest.NewRequestWithContext(t.Context(), tt.method, resource, strings.NewReader(tt.body))
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != tt.status || tt.status == 200 && w.Body.String() != tt.body {
			t.Errorf("%s: got %d %s, want %d", name, w.Code, w.Body, tt.status)
		}
	}
}

// The keys of an issuer also sign ID tokens, which applications pass around, and log, more freely (RFC 9068 section 5).
func TestIDTokensAreRefused(t *testing.T) {
	as, app := newServer(t, newKey()), newServer(t, newKey())
	hidden := app.issuer()
	hidden.Hidden, hidden.AnyAudience = true, true
	h := newGuard(t, mcpauth.Config{
		Issuers: []mcpauth.Issuer{as.issuer(), hidden}, Audiences: []string{"client_01"},
	}).Require(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	none := func(more map[string]any) map[string]any {
		changes := map[string]any{"aud": "client_01", "sid": nil, "scope": nil, "client_id": nil, "email": "ada@acme.example"}
		maps.Copy(changes, more)
		return changes
	}
	for _, tt := range []struct {
		name    string
		changes map[string]any
		status  int
	}{
		{"an ID token", none(nil), 401}, {"one with azp", none(map[string]any{"azp": "client_01"}), 401},
		{"one for several", none(map[string]any{"aud": []string{"x", "client_01"}}), 401},
		{"one with a nonce", none(map[string]any{"nonce": "n", "jti": "t1"}), 401},
		{"one with the hash of a token", none(map[string]any{"at_hash": "h", "sid": "s"}), 401},
		{"one with the hash of a code", none(map[string]any{"c_hash": "h", "jti": "t1"}), 401},
		{"of a machine", none(map[string]any{"client_id": "client_01"}), 200},
		{"with an ID", none(map[string]any{"jti": "t1"}), 200}, {"of a session", none(map[string]any{"sid": "s"}), 200},
		{"with scopes", none(map[string]any{"scope": "openid"}), 200},
	} {
		for _, issuer := range []*server{as, app} {
			if w := call(t, h, issuer.sign(t, tt.changes), ""); w.Code != tt.status {
				t.Errorf("%s: got %d %s, want %d", tt.name, w.Code, w.Body, tt.status)
			}
		}
	}
	bare := map[string]any{"sid": nil, "scope": nil, "client_id": nil} // for a resource, which no ID token is for
	if w := call(t, h, as.sign(t, bare), ""); w.Code != http.StatusOK {
		t.Errorf("for the resource: got %d %s, want 200", w.Code, w.Body)
	}
}

// AuthKit issues tokens for the environment if it does not know the resource: the one who runs the server must learn it.
func TestTokenWithoutAResourceIsRefusedWithAdvice(t *testing.T) {
	as := newServer(t, newKey())
	h := newGuard(t, mcpauth.Config{Issuers: []mcpauth.Issuer{as.issuer()}}).
		Require(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached the server") }))
	for audience, advised := range map[string]bool{"client_01": true, "https://other.example/mcp": false} {
		w := call(t, h, as.sign(t, map[string]any{"aud": audience}), "")
		if w.Code != http.StatusUnauthorized || strings.Contains(w.Body.String(), "resource indicator") != advised {
			t.Errorf("%s: got %d %s, want 401 and advice: %t", audience, w.Code, w.Body, advised)
		}
	}
}

// A guard is immutable: who changes the lists that it was made of does not change who is let in.
func TestConfigIsCopied(t *testing.T) {
	as := newServer(t, newKey())
	config := mcpauth.Config{
		Resource: resource, Issuers: []mcpauth.Issuer{as.issuer()}, Scopes: []string{"openid", "admin"},
		Organizations: []string{"org_02"}, ToolScopes: map[string][]string{"delete": {"reports:write"}},
	}
	h := newGuard(t, config).Require(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	config.Scopes[1], config.Organizations[0], config.ToolScopes["delete"][0] = "openid", "org_01", "openid"
	const deletion = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete"}}`
	for name, changes := range map[string]map[string]any{
		"organization": {"scope": "openid admin"}, "scope": {"org_id": "org_02"},
		"scope of a tool": {"org_id": "org_02", "scope": "openid admin"},
	} {
		if w := call(t, h, as.sign(t, changes), deletion); w.Code != http.StatusForbidden {
			t.Errorf("%s: got %d %s, want 403", name, w.Code, w.Body)
		}
	}
}

// A tool that is added later, or that has a second name, is closed until somebody opens it.
func TestToolsWithoutANameNeedTheScopesOfTheOthers(t *testing.T) {
	as := newServer(t, newKey())
	h := newGuard(t, mcpauth.Config{
		Issuers:    []mcpauth.Issuer{as.issuer()},
		ToolScopes: map[string][]string{"*": {"admin"}, "whoami": nil, "read": {"profile"}, "delete": {"reports:write"}},
	}).Require(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	token, admin := as.sign(t, nil), as.sign(t, map[string]any{"scope": "openid admin"})
	for tool, want := range map[string][2]int{
		"whoami": {200, 200}, "read": {200, 403}, "delete": {403, 403}, "Whoami": {403, 200}, "who_ami": {403, 200},
		"*": {403, 200}, "": {403, 200}, "new": {403, 200},
	} {
		body := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"` + tool + `"}}`
		if w := call(t, h, token, body); w.Code != want[0] {
			t.Errorf("%q: got %d %s, want %d", tool, w.Code, w.Body, want[0])
		}
		if w := call(t, h, admin, body); w.Code != want[1] {
			t.Errorf("%q, with the scope of the others: got %d %s, want %d", tool, w.Code, w.Body, want[1])
		}
	}
	if w := call(t, h, token, `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`); w.Code != http.StatusOK {
		t.Errorf("a list: got %d %s, want 200", w.Code, w.Body)
	}
}
