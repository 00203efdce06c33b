package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// authorizationServer speaks as an AuthKit domain does: metadata, dynamic client registration, PKCE, resources, JWKS. It
// asks nobody who he is, and is for demonstrations on one machine alone.
type authorizationServer struct {
	origin string
	key    *rsa.PrivateKey

	mu      sync.Mutex
	clients map[string][]string // redirect URIs by client ID
	codes   map[string]url.Values
}

const maxDemo = 1000 // clients and codes

func newAuthorizationServer(origin string) (*authorizationServer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("key: %w", err)
	}
	return &authorizationServer{
		origin: origin, key: key, clients: map[string][]string{}, codes: map[string]url.Values{},
	}, nil
}

func (a *authorizationServer) register(mux *http.ServeMux) {
	mux.HandleFunc("GET /.well-known/oauth-authorization-server", a.metadata)
	mux.HandleFunc("GET /oauth2/jwks", a.jwks)
	mux.HandleFunc("POST /oauth2/register", a.newClient)
	mux.HandleFunc("GET /oauth2/authorize", a.authorize)
	mux.HandleFunc("POST /oauth2/token", a.token)
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // it fails only if the client is gone
}

func (a *authorizationServer) metadata(w http.ResponseWriter, _ *http.Request) {
	respond(w, http.StatusOK, map[string]any{
		"issuer": a.origin, "authorization_endpoint": a.origin + "/oauth2/authorize",
		"token_endpoint": a.origin + "/oauth2/token", "registration_endpoint": a.origin + "/oauth2/register",
		"jwks_uri": a.origin + "/oauth2/jwks", "response_types_supported": []string{"code"},
		"response_modes_supported": []string{"query"}, "grant_types_supported": []string{"authorization_code"},
		"code_challenge_methods_supported":      []string{"S256"},
		"token_endpoint_auth_methods_supported": []string{"none"},
		"scopes_supported":                      []string{"openid", "reports:write"},
	})
}

func (a *authorizationServer) jwks(w http.ResponseWriter, _ *http.Request) {
	respond(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: a.key.Public(), KeyID: "demo", Algorithm: "RS256", Use: "sig"},
	}})
}

func (a *authorizationServer) newClient(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&body); err != nil {
		respond(w, http.StatusBadRequest, map[string]string{"error": "invalid_client_metadata"})
		return
	}
	var uris []string
	list, _ := body["redirect_uris"].([]any)
	for _, uri := range list {
		if text, ok := uri.(string); ok {
			uris = append(uris, text)
		}
	}
	id := "client_" + rand.Text()
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.clients) >= maxDemo {
		respond(w, http.StatusServiceUnavailable, map[string]string{"error": "temporarily_unavailable"})
		return
	}
	a.clients[id] = uris
	body["client_id"], body["token_endpoint_auth_method"] = id, "none"
	respond(w, http.StatusCreated, body)
}

func (a *authorizationServer) authorize(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	a.mu.Lock()
	defer a.mu.Unlock()
	known := false
	for _, uri := range a.clients[query.Get("client_id")] {
		known = known || uri == query.Get("redirect_uri")
	}
	back, err := url.Parse(query.Get("redirect_uri"))
	if !known || err != nil || len(a.codes) >= maxDemo {
		http.Error(w, "unknown client or redirect URI", http.StatusBadRequest)
		return
	}
	answer := url.Values{"state": {query.Get("state")}, "iss": {a.origin}}
	if query.Get("code_challenge_method") != "S256" || query.Get("code_challenge") == "" || query.Get("resource") == "" {
		answer.Set("error", "invalid_request")
	} else {
		code := rand.Text()
		a.codes[code] = query
		answer.Set("code", code)
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (a *authorizationServer) token(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	form := func(name string) string { return r.PostFormValue(name) }
	a.mu.Lock()
	asked, ok := a.codes[form("code")]
	delete(a.codes, form("code"))
	a.mu.Unlock()
	sum := sha256.Sum256([]byte(form("code_verifier")))
	if !ok || form("grant_type") != "authorization_code" || asked.Get("client_id") != form("client_id") ||
		asked.Get("redirect_uri") != form("redirect_uri") || asked.Get("resource") != form("resource") ||
		asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) {
		respond(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	now := time.Now()
	token, err := a.sign(map[string]any{
		"iss": a.origin, "aud": form("resource"), "sub": "user_demo", "org_id": "org_demo", "client_id": form("client_id"),
		"sid": "app_consent_demo", "scope": asked.Get("scope"), "jti": rand.Text(), "iat": now.Unix(),
		"exp": now.Add(5 * time.Minute).Unix(),
	})
	if err != nil {
		respond(w, http.StatusInternalServerError, map[string]string{"error": "server_error"})
		return
	}
	respond(w, http.StatusOK, map[string]any{
		"access_token": token, "token_type": "Bearer", "expires_in": 300, "scope": asked.Get("scope"),
	})
}

func (a *authorizationServer) sign(claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("claims: %w", err)
	}
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: a.key, KeyID: "demo"}}, nil)
	if err != nil {
		return "", fmt.Errorf("signer: %w", err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	return signed.CompactSerialize() //nolint:wrapcheck // the library says what it is
}
