package authkit

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-f165d83c/workos/client"
)

type contextKey struct{}

type signedIn struct {
	session *Session
	claims  *Claims
}

// SessionFrom returns the session of a request, in a handler behind [Sessions.Require] or [Sessions.Allow]. Its value
// belongs to this request.
func SessionFrom(ctx context.Context) (*Session, bool) {
	found, ok := ctx.Value(contextKey{}).(*signedIn)
	if !ok || found.session == nil {
		return nil, false
	}
	return found.session, true
}

// ClaimsFrom returns the claims of a request's access token, in a handler behind [Sessions.Require], [Sessions.Allow]
// or [Client.RequireBearer].
func ClaimsFrom(ctx context.Context) (*Claims, bool) {
	found, ok := ctx.Value(contextKey{}).(*signedIn)
	if !ok {
		return nil, false
	}
	return found.claims, true
}

// Require passes requests of signed-in users to next, which gets session and claims from [SessionFrom] and
// [ClaimsFrom]. Other requests get status 401, or are redirected to sign in (see [WithSignInPath]). next must authorize
// the user: see [Claims.HasPermission].
func (s *Sessions) Require(next http.Handler) http.Handler {
	return s.handler(next, s.refuse)
}

// Allow is like Require but also passes requests of users who are not signed in; their context has no session. If that
// cannot be determined, for example because keys are unavailable, the request fails as with Require: see
// [WithErrorHandler].
func (s *Sessions) Allow(next http.Handler) http.Handler {
	return s.handler(next, next.ServeHTTP)
}

func (s *Sessions) handler(next http.Handler, other http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		session, claims, err := s.Load(w, r)
		switch {
		case errors.Is(err, ErrNotSignedIn):
			other(w, r)
		case err != nil:
			s.handleError(w, r, err)
		default:
			ctx := context.WithValue(r.Context(), contextKey{}, &signedIn{session: session, claims: claims})
			next.ServeHTTP(w, r.WithContext(ctx))
		}
	})
}

func (s *Sessions) refuse(w http.ResponseWriter, r *http.Request) {
	if s.signInPath == "" || !isNavigation(r) {
		w.Header().Set("WWW-Authenticate", "Cookie") // one is required, RFC 9110 section 15.5.2
		http.Error(w, "not signed in", http.StatusUnauthorized)
		return
	}
	target := s.signInPath
	if path, ok := returnPath(r.URL.RequestURI()); ok && r.Method == http.MethodGet {
		target += "?" + url.Values{returnParam: {path}}.Encode()
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, target, http.StatusFound)
}

// isNavigation reports whether a browser requests a page, by fetch metadata, else by the Accept header.
func isNavigation(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	if mode := r.Header.Get("Sec-Fetch-Mode"); mode != "" {
		return mode == "navigate"
	}
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}

// RequireBearer passes requests with a valid access token in the Authorization header (RFC 6750 section 2.1) to next,
// which gets the claims from [ClaimsFrom]. Use it for APIs called by single-page or native applications. Other requests
// get status 401, or 503 if no keys are available.
func (c *Client) RequireBearer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") || token == "" {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "not signed in", http.StatusUnauthorized)
			return
		}
		claims, err := c.VerifyAccessToken(r.Context(), strings.TrimLeft(token, " "))
		switch {
		case errors.Is(err, ErrKeysUnavailable):
			reportError(w, r, err)
		case err != nil:
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
			http.Error(w, "access token is not valid", http.StatusUnauthorized)
		default:
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, &signedIn{claims: claims})))
		}
	})
}

// reportError responds without details, which belong into logs.
func reportError(w http.ResponseWriter, _ *http.Request, err error) {
	status := statusOf(err)
	text := "something went wrong"
	switch status {
	case http.StatusBadRequest:
		text = "this sign-in was not begun here, or long ago: please begin again"
	case http.StatusForbidden:
		text = "sign-in was not completed"
	case http.StatusServiceUnavailable:
		text = "please try again in a moment"
		w.Header().Set("Retry-After", "5")
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, text, status)
}

// statusOf returns 400 for an invalid callback, 403 for a refusal by the user or WorkOS, 503 for a temporary failure,
// and 500 for a local one, such as an invalid API key.
func statusOf(err error) int {
	var denied *AuthorizationError
	var failure *client.Error
	var transport *url.Error
	switch {
	case errors.Is(err, ErrKeysUnavailable): // before the status of the API
		return http.StatusServiceUnavailable
	case errors.Is(err, ErrState), errors.Is(err, ErrNoCode):
		return http.StatusBadRequest
	case errors.As(err, &denied):
		return http.StatusForbidden
	case errors.As(err, &failure):
		switch {
		case failure.StatusCode == http.StatusUnauthorized:
			return http.StatusInternalServerError
		case failure.StatusCode >= http.StatusInternalServerError, failure.StatusCode == http.StatusTooManyRequests:
			return http.StatusServiceUnavailable
		default:
			return http.StatusForbidden
		}
	case errors.As(err, &transport), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}
