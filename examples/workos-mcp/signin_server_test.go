package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// authorizationServer is shaped like an AuthKit domain: metadata, dynamic client registration, PKCE, resources and
// keys. Whoever comes is signed in as the user.
type authorizationServer struct {
	*httptest.Server

	key *rsa.PrivateKey

	mu         sync.Mutex
	user, role string
	codes      map[string]url.Values
}

func newAuthorizationServer(t *testing.T) *authorizationServer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	a := &authorizationServer{key: key, codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/oauth-authorization-server", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, map[string]any{
			"issuer": a.URL, "authorization_endpoint": a.URL + "/oauth2/authorize", "token_endpoint": a.URL + "/oauth2/token",
			"registration_endpoint": a.URL + "/oauth2/register", "jwks_uri": a.URL + "/oauth2/jwks",
			"response_types_supported": []string{"code"}, "grant_types_supported": []string{"authorization_code"},
			"code_challenge_methods_supported": []string{"S256"}, "token_endpoint_auth_methods_supported": []string{"none"},
		})
	})
	mux.HandleFunc("GET /oauth2/jwks", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /oauth2/register", func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		_ = json.NewDecoder(r.Body).Decode(&body)
		body["client_id"], body["token_endpoint_auth_method"] = "client_"+rand.Text(), "none"
		w.WriteHeader(http.StatusCreated)
		reply(w, body)
	})
	mux.HandleFunc("GET /oauth2/authorize", func(w http.ResponseWriter, r *http.Request) {
		code := rand.Text()
		a.mu.Lock()
		a.codes[code] = r.URL.Query()
		a.mu.Unlock()
		back, _ := url.Parse(r.URL.Query().Get("redirect_uri"))
		back.RawQuery = url.Values{"code": {code}, "state": {r.URL.Query().Get("state")}}.Encode()
		http.Redirect(w, r, back.String(), http.StatusFound)
	})
	mux.HandleFunc("POST /oauth2/token", a.token)
	a.Server = httptest.NewServer(mux)
	t.Cleanup(a.Close)
	return a
}

func reply(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}

// signsIn has the next sign-in be that of a user.
func (a *authorizationServer) signsIn(user, role string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.user, a.role = user, role
}

func (a *authorizationServer) token(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	code := r.PostFormValue("code")
	asked, ok := a.codes[code]
	delete(a.codes, code)
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !ok || asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) {
		w.WriteHeader(http.StatusBadRequest)
		reply(w, map[string]string{"error": "invalid_grant"})
		return
	}
	reply(w, map[string]any{
		"access_token": a.signed(asked.Get("resource"), a.user, a.role), "token_type": "Bearer", "expires_in": 300,
	})
}

// signed returns an access token for a resource. The mutex is held or not needed.
func (a *authorizationServer) signed(resource, user, role string) string {
	now := time.Now()
	payload, _ := json.Marshal(map[string]any{
		"iss": a.URL, "aud": resource, "sub": user, "org_id": "org_1", "role": role, "client_id": "client_1", "sid": "s",
		"jti": rand.Text(), "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	})
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: a.key, KeyID: "k"}}, nil)
	if err != nil {
		return ""
	}
	signature, err := signer.Sign(payload)
	if err != nil {
		return ""
	}
	token, _ := signature.CompactSerialize()
	return token
}
