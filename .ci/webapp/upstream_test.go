//go:build e2e

package main

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// upstream is the official emulator behind a proxy that signs its access tokens anew, with other claims: what the
// emulator has no setting for: lifetime, issuer, size and clock.
type upstream struct {
	*httptest.Server

	key *rsa.PrivateKey

	mu      sync.Mutex
	change  func(claims map[string]any) // nil: none
	refresh int                         // exchanges of refresh tokens
	delay   time.Duration               // of each exchange
}

func newUpstream(t *testing.T, emulator string) *upstream {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	target, err := url.Parse(emulator)
	if err != nil {
		t.Fatal(err)
	}
	u := &upstream{key: key}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: u.modify,
	}
	u.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/sso/jwks/") {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
				{Key: key.Public(), KeyID: "k", Algorithm: "RS256", Use: "sig"},
			}})
			return
		}
		if r.URL.Path == "/user_management/authenticate" {
			u.count(r)
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(u.Close)
	return u
}

// count counts an exchange of a refresh token, and delays it, so that others arrive meanwhile.
func (u *upstream) count(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if !bytes.Contains(body, []byte(`"refresh_token"`)) {
		return
	}
	u.mu.Lock()
	u.refresh++
	delay := u.delay
	u.mu.Unlock()
	time.Sleep(delay)
}

func (u *upstream) refreshes() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.refresh
}

func (u *upstream) set(change func(map[string]any)) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.change = change
}

func (u *upstream) modify(resp *http.Response) error {
	if resp.Request.URL.Path != "/user_management/authenticate" || resp.StatusCode != http.StatusOK {
		return nil
	}
	var answer map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return err
	}
	claims := payload(answer["access_token"].(string))
	claims["iss"] = u.URL
	claims["exp"] = time.Now().Add(5 * time.Minute).Unix()
	if by, ok := answer["impersonator"].(map[string]any); ok {
		claims["act"] = map[string]any{"sub": by["email"]}
	}
	u.mu.Lock()
	if u.change != nil {
		u.change(claims)
	}
	u.mu.Unlock()
	token, err := u.sign(claims)
	if err != nil {
		return err
	}
	answer["access_token"] = token
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp.Header.Del("Content-Length")
	return nil
}

func (u *upstream) sign(claims map[string]any) (string, error) {
	text, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: u.key, KeyID: "k"}}, nil)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(text)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// payload returns the claims of a token.
func payload(token string) map[string]any {
	claims := map[string]any{}
	if signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256, jose.HS256}); err == nil {
		_ = json.Unmarshal(signed.UnsafePayloadWithoutVerification(), &claims)
	}
	return claims
}
