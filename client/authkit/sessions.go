package authkit

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/client/state"
)

const (
	defaultCookie = "wos-session" // as the other AuthKit SDKs name it
	cookieMaxAge  = 400 * 24 * time.Hour

	refreshBefore = 30 * time.Second // the end of an access token
)

// Sessions stores sessions in cookies, for net/http: it signs users in and out, refreshes their tokens, and provides
// the user to handlers. It is safe for concurrent use. Create it with [NewSessions]; the zero value is not usable.
//
//	mux.HandleFunc("GET /sign-in", sessions.SignIn)
//	mux.HandleFunc("GET /callback", sessions.Callback)
//	mux.HandleFunc("POST /sign-out", sessions.SignOut)
//	mux.Handle("/", sessions.Require(app))
//
// Cookies are HttpOnly, Secure, SameSite=Lax and for the path "/". They are sealed, so that neither the user nor
// a script can read a token. A session that does not fit into one cookie is split into several, named "wos-session.0",
// "wos-session.1" and so on, or stored elsewhere: see [WithSessionStore].
type Sessions struct {
	kit         *Client
	sealer      *Sealer
	redirectURI string
	callback    string // path of redirectURI

	cookie      http.Cookie // without value
	signInPath  string      // "": nowhere
	signedOut   string      // URL, "": as the dashboard says
	customize   func(*http.Request, *AuthorizationParams)
	handleError func(http.ResponseWriter, *http.Request, error)
	onRefresh   func(http.ResponseWriter, *http.Request, *Session) error
	hook        signInHook
	public      []glob
	signUp      []glob
	store       state.Store // of sessions; nil: cookies hold them
}

// SessionsOption configures [Sessions] in [NewSessions].
type SessionsOption func(*Sessions) error

// NewSessions returns sessions of an application, sealed by sealer. redirectURI is the URL of [Sessions.Callback], as
// registered in the dashboard: an absolute http or https URL.
func NewSessions(kit *Client, sealer *Sealer, redirectURI string, opts ...SessionsOption) (*Sessions, error) {
	switch {
	case kit == nil:
		return nil, errors.New("workos/authkit: sessions: client is nil")
	case sealer == nil || sealer.passwords == nil:
		return nil, errors.New("workos/authkit: sessions: sealer must come from NewSealer")
	}
	if err := checkRedirectURI(redirectURI); err != nil {
		return nil, fmt.Errorf("workos/authkit: sessions: %w", err)
	}
	parsed, err := url.Parse(redirectURI)
	if err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http" {
		return nil, fmt.Errorf("workos/authkit: sessions: invalid redirect URI %q: want an http(s) URL", redirectURI)
	}
	s := &Sessions{
		kit: kit, sealer: sealer, redirectURI: redirectURI, callback: "/" + strings.TrimPrefix(parsed.EscapedPath(), "/"),
		cookie: http.Cookie{
			Name: defaultCookie, Path: "/", MaxAge: int(cookieMaxAge / time.Second),
			Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		},
		customize:   func(*http.Request, *AuthorizationParams) {},
		handleError: reportError,
		hook:        noHook(),
		onRefresh:   func(http.ResponseWriter, *http.Request, *Session) error { return nil },
	}
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("workos/authkit: sessions: option %d is nil", i+1)
		}
		if err := opt(s); err != nil {
			return nil, fmt.Errorf("workos/authkit: sessions: %w", err)
		}
	}
	if parsed.Scheme == "https" && !s.cookie.Secure {
		kit.logger.Warn("workos/authkit: the session cookie is not Secure: browsers send it over plain HTTP too",
			"cookie", s.cookie.Name, "redirect_uri", redirectURI)
	}
	return s, nil
}

// Load returns the session of a request. It verifies the tokens and refreshes them when they expire; it then sets the
// new cookie on w, so it must be called before the response starts. The error wraps [ErrNotSignedIn] and the reason if
// no user is signed in. Other errors are temporary: the user remains signed in. [Sessions.Require] does all this around
// a handler.
func (s *Sessions) Load(w http.ResponseWriter, r *http.Request) (*Session, *Claims, error) {
	sessions, err := s.read(r)
	if err != nil {
		if !errors.Is(err, ErrStateUnavailable) {
			err = fmt.Errorf("%w: %w", ErrNotSignedIn, err)
		}
		return nil, nil, fmt.Errorf("workos/authkit: session: %w", err)
	}
	for _, found := range sessions {
		session, claims, failure := s.load(w, r, found)
		if !errors.Is(failure, ErrNotSignedIn) {
			return session, claims, failure
		}
		if err == nil { // the first gives the reason
			err = failure
		}
	}
	return nil, nil, err
}

func (s *Sessions) load(w http.ResponseWriter, r *http.Request, found stored) (*Session, *Claims, error) {
	claims, err := s.kit.verify(r.Context(), found.session.AccessToken)
	switch {
	case err == nil:
		if err := s.checkSession(r, claims); err != nil {
			return nil, nil, err
		}
		if time.Until(claims.ExpiresAt) >= refreshBefore {
			return found.session, claims, nil
		}
		return s.renew(w, r, found, claims, nil)
	case errors.Is(err, ErrTokenExpired), errors.Is(err, ErrTokenKey) && s.hasExpired(found.session):
		return s.renew(w, r, found, nil, err)
	case errors.Is(err, ErrKeysUnavailable), errors.Is(err, ErrTokenNotYetValid): // which pass by themselves
		return nil, nil, fmt.Errorf("workos/authkit: session: access token: %w", err)
	default:
		return nil, nil, fmt.Errorf("workos/authkit: session: %w: access token: %w", ErrNotSignedIn, err)
	}
}

// hasExpired reports whether an access token, whose key is gone, is expired and otherwise acceptable. WorkOS withdraws
// keys some time after it signed with them last, and users who were away must not notice. The token was verified before
// it was sealed; nothing of it counts but what the exchange of its refresh token confirms.
func (s *Sessions) hasExpired(session *Session) bool {
	claims, err := unverified(session.AccessToken)
	return err == nil && errors.Is(s.kit.rules.check(claims, time.Now()), ErrTokenExpired)
}

// checkSession is that of Client, for a request.
func (s *Sessions) checkSession(r *http.Request, claims *Claims) error {
	err := s.kit.checkSession(r.Context(), claims)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrStateUnavailable):
		return fmt.Errorf("workos/authkit: session: %w", err)
	default:
		return fmt.Errorf("workos/authkit: session: %w: %w", ErrNotSignedIn, err)
	}
}

// renew refreshes a session whose access token expires soon or, if err is set, has expired.
func (s *Sessions) renew(w http.ResponseWriter, r *http.Request, old stored, claims *Claims, expired error,
) (*Session, *Claims, error) {
	session, own, err := s.kit.refreshInto(r.Context(), old.session, "")
	switch {
	case errors.Is(err, ErrSessionEnded):
		// The cookie is left: another response may have set its successor just now, which this one could delete.
		return nil, nil, fmt.Errorf("workos/authkit: session: %w: %w", ErrNotSignedIn, errors.Unwrap(err))
	case err != nil && expired == nil:
		return old.session, claims, nil // good for some seconds more, after which the next request tries again
	case err != nil:
		return nil, nil, fmt.Errorf("workos/authkit: session: %w", errors.Unwrap(err))
	}
	var unknown error // whether the session was signed out
	if fresh, err := unverified(session.AccessToken); err == nil {
		if unknown = s.checkSession(r, fresh); unknown != nil && !errors.Is(unknown, ErrStateUnavailable) {
			return nil, nil, unknown
		}
	}
	// First of all, as the old refresh token is spent, whether the new access token can be verified now or not. If another
	// request was faster its session stays, which is as good.
	if _, err := s.replace(w, r, old, session); err != nil || unknown != nil {
		return nil, nil, errors.Join(unknown, err)
	}
	claims, err = s.kit.verify(r.Context(), session.AccessToken)
	if err != nil {
		return nil, nil, fmt.Errorf("workos/authkit: session: refreshed access token: %w", err)
	}
	if own {
		if err := s.onRefresh(w, r, session); err != nil {
			return nil, nil, fmt.Errorf("workos/authkit: session: after the refresh: %w", err)
		}
	}
	return session, claims, nil
}

// end returns the expiry of the access token; zero if unknown.
func (s Session) end() time.Time {
	claims, err := unverified(s.AccessToken)
	if err != nil {
		return time.Time{}
	}
	return claims.ExpiresAt
}
