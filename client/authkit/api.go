package authkit

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// RequireBearer passes requests with a valid access token of a session in the Authorization header (RFC 6750 section
// 2.1) to next, which gets the claims from [ClaimsFrom]. Use it for APIs called by single-page or native applications.
// Other requests get status 401, or 503 if the keys or the state are not available. A session that was signed out is
// refused, see [Sessions.SignOut]; so is a token without session ID, such as one of a machine.
func (c *Client) RequireBearer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, ok := bearer(w, r)
		if !ok {
			return
		}
		claims, err := c.VerifyAccessToken(r.Context(), token)
		if err == nil {
			err = c.checkSession(r.Context(), claims)
		}
		switch {
		case errors.Is(err, ErrKeysUnavailable), errors.Is(err, ErrStateUnavailable):
			c.reportRefusal(r, "access token could not be verified", err)
			reportError(w, r, err)
		case err != nil:
			c.reportRefusal(r, "access token was not accepted", err)
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
			http.Error(w, "access token is not valid", http.StatusUnauthorized)
		default:
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, &signedIn{claims: claims})))
		}
	})
}

// bearer returns the credential of a request (RFC 6750 section 2.1). If there is none it writes the response.
func bearer(w http.ResponseWriter, r *http.Request) (string, bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		w.Header().Set("WWW-Authenticate", "Bearer")
		http.Error(w, "not signed in", http.StatusUnauthorized)
		return "", false
	}
	return strings.TrimLeft(token, " "), true
}

type apiKeyContext struct{}

// APIKeyFrom returns the API key of a request, in a handler behind [Client.RequireAPIKey].
func APIKeyFrom(ctx context.Context) (*gen.APIKey, bool) {
	key, ok := ctx.Value(apiKeyContext{}).(*gen.APIKey)
	return key, ok
}

// RequireAPIKey passes requests with a valid API key of your customers in the Authorization header, as a bearer
// credential, to next, which gets it from [APIKeyFrom] and must check its permissions. Each request is one call of the
// API, so that a revoked key is refused at once. Other requests get status 401, or 503 if the API cannot be reached.
// Requests with invented keys cost calls as well, which count towards the rate limit of the environment: limit the rate
// of each client in front.
func (c *Client) RequireAPIKey(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		value, ok := bearer(w, r)
		if !ok {
			return
		}
		if len(value) > maxAPIKey {
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
			http.Error(w, "API key is not valid", http.StatusUnauthorized)
			return
		}
		found, err := c.workos.APIKeys.Validations.Create(r.Context(), client.ValidateAPIKey{Value: value})
		switch {
		case err != nil:
			c.reportRefusal(r, "API key could not be validated", err)
			reportError(w, r, err)
		case found.APIKey == nil:
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
			http.Error(w, "API key is not valid", http.StatusUnauthorized)
		default:
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), apiKeyContext{}, found.APIKey)))
		}
	})
}

const maxAPIKey = 1 << 10 // bytes

// Token responds with the access token of the session, for scripts of this origin that call other APIs with it:
//
//	{"access_token": "…", "expires_at": "2026-01-02T03:04:05Z"}
//
// It refreshes the session when needed. It accepts only POST, and not from pages of other sites. Without a session it
// responds with 401. A script that an attacker injects can read the token as well: serve it only where scripts need it.
func (s *Sessions) Token(w http.ResponseWriter, r *http.Request) {
	if !isOwnPost(w, r, "token") {
		return
	}
	session, claims, err := s.Load(w, r)
	switch {
	case errors.Is(err, ErrNotSignedIn):
		s.logRefusal(r, err)
		w.Header().Set("WWW-Authenticate", "Cookie")
		s.handleError(w, r, err)
	case err != nil:
		s.fail(w, r, err)
	default:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(map[string]string{ //nolint:errchkjson // it fails only if the browser is gone
			"access_token": session.AccessToken, "expires_at": claims.ExpiresAt.Format(time.RFC3339),
		})
	}
}
