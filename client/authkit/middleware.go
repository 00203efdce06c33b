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

// SessionFrom returns the session of the user that a request comes from, in a handler behind [Sessions.Require] or
// [Sessions.Allow]. It is for this request alone.
func SessionFrom(ctx context.Context) (*Session, bool) {
	found, ok := ctx.Value(contextKey{}).(*signedIn)
	if !ok || found.session == nil {
		return nil, false
	}
	return found.session, true
}

// ClaimsFrom returns what the access token of a request says, in a handler behind [Sessions.Require], [Sessions.Allow]
// or [Client.RequireBearer].
func ClaimsFrom(ctx context.Context) (*Claims, bool) {
	found, ok := ctx.Value(contextKey{}).(*signedIn)
	if !ok {
		return nil, false
	}
	return found.claims, true
}

// Require lets signed-in users through to next, which finds them by [SessionFrom] and [ClaimsFrom]. Others are answered
// 401, or sent to sign in and back (see [WithSignInPath]). Whether a user may do what they ask for is for next to say:
// see [Claims.HasPermission].
func (s *Sessions) Require(next http.Handler) http.Handler {
	return s.handler(next, s.refuse)
}

// Allow is Require that lets everybody through. Who is not signed in has no session in the context. Where nobody can
// tell, such as for want of keys, it answers as Require does: see [WithErrorHandler].
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

// isNavigation tells a browser that shows a page from a script, an image and an API client. Fetch metadata says it, and
// where there is none, what is accepted.
func isNavigation(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	if mode := r.Header.Get("Sec-Fetch-Mode"); mode != "" {
		return mode == "navigate"
	}
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}

// RequireBearer lets requests with a valid access token in their Authorization header (RFC 6750 section 2.1) through to
// next, which finds its claims by [ClaimsFrom]: for an API that a single-page or native application calls. Others are
// answered 401, and 503 if there are no keys to verify with.
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

// reportError answers without details: they are for logs, not for who sent the request.
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

// statusOf tells what the browser did from what the user or WorkOS refused, what may pass, and what is wrong here, such
// as a key that WorkOS does not know.
func statusOf(err error) int {
	var denied *AuthorizationError
	var failure *client.Error
	var transport *url.Error
	switch {
	case errors.Is(err, ErrKeysUnavailable): // whatever the API answered
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
