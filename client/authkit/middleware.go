package authkit

import (
	"context"
	"errors"
	"net/http"
)

type contextKey struct{}

type signedIn struct {
	session *Session
	claims  *Claims
}

// SessionFrom returns the session of a request, in a handler behind [Sessions.Require] or [Sessions.Allow]. It belongs
// to this request. ok is false if no user is signed in.
func SessionFrom(ctx context.Context) (session *Session, ok bool) {
	found, ok := ctx.Value(contextKey{}).(*signedIn)
	if !ok || found.session == nil {
		return nil, false
	}
	return found.session, true
}

// ClaimsFrom returns the claims of a request's access token, in a handler behind [Sessions.Require], [Sessions.Allow]
// or [Client.RequireBearer]. ok is false if no user is signed in.
func ClaimsFrom(ctx context.Context) (claims *Claims, ok bool) {
	found, ok := ctx.Value(contextKey{}).(*signedIn)
	if !ok {
		return nil, false
	}
	return found.claims, true
}

// Require passes requests of signed-in users to next, which gets session and claims from [SessionFrom] and
// [ClaimsFrom]. Other requests get status 401, or are redirected to sign in (see [WithSignInPath]), but
// for those of [WithPublicPaths]. next must authorize the user: see [Claims.HasPermission].
//
// No shared cache stores the responses to signed-in users: Cache-Control is "private, no-cache" unless next sets it,
// and always "no-store" if the response has a session cookie.
func (s *Sessions) Require(next http.Handler) http.Handler {
	return s.handler(next, func(w http.ResponseWriter, r *http.Request, err error) {
		if matches(s.public, r.URL) {
			next.ServeHTTP(w, r)
			return
		}
		s.refuse(w, r, err)
	})
}

// Allow is like Require but also passes requests of users who are not signed in; their context has no session. If that
// cannot be determined, for example because keys are unavailable, the request fails as with Require: see
// [WithErrorHandler].
func (s *Sessions) Allow(next http.Handler) http.Handler {
	return s.handler(next, func(w http.ResponseWriter, r *http.Request, _ error) { next.ServeHTTP(w, r) })
}

// handler passes a request without an accepted session to other.
func (s *Sessions) handler(next http.Handler, other func(http.ResponseWriter, *http.Request, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		session, claims, err := s.Load(w, r)
		w, end := s.protect(w)
		defer end()
		switch {
		case errors.Is(err, ErrNotSignedIn):
			s.logRefusal(r, err)
			other(w, r, err)
		case err != nil:
			s.fail(w, r, err)
		default:
			if w.Header().Get("Cache-Control") == "" {
				w.Header().Set("Cache-Control", "private, no-cache") // what a user sees, unless next says otherwise
			}
			ctx := context.WithValue(r.Context(), contextKey{}, &signedIn{session: session, claims: claims})
			next.ServeHTTP(w, r.WithContext(ctx))
		}
	})
}
