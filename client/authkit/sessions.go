package authkit

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	defaultCookie = "wos-session" // as the other AuthKit SDKs name it
	cookieMaxAge  = 400 * 24 * time.Hour
	maxCookie     = 4096 // bytes of name and value that browsers keep (RFC 6265bis section 5.7)
	maxCookies    = 4    // of one name that are looked at

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
// a script can read a token.
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

	ended endedSessions
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
	}
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("workos/authkit: sessions: option %d is nil", i+1)
		}
		if err := opt(s); err != nil {
			return nil, fmt.Errorf("workos/authkit: sessions: %w", err)
		}
	}
	return s, nil
}

// WithCookie changes the name and the attributes of the session cookie, which are otherwise "wos-session", 400 days,
// HttpOnly, Secure, SameSite=Lax and the path "/":
//
//	authkit.WithCookie(func(c *http.Cookie) { c.Name, c.Domain = "session", "acme.example" })
//
// The cookie must remain HttpOnly. Without Secure it is for development over plain HTTP alone. With a name that begins
// with "__Host-" no other subdomain can set it.
func WithCookie(change func(*http.Cookie)) SessionsOption {
	return func(s *Sessions) error {
		if change == nil {
			return errors.New("WithCookie: function is nil")
		}
		change(&s.cookie)
		return checkCookie(&s.cookie)
	}
}

// WithSignInPath redirects browsers that request a page without being signed in to that path, which serves
// [Sessions.SignIn], instead of returning status 401. Scripts and API clients still get 401.
func WithSignInPath(path string) SessionsOption {
	return func(s *Sessions) error {
		if safe, ok := returnPath(path); !ok || strings.ContainsAny(safe, "?#") {
			return fmt.Errorf(`WithSignInPath: invalid path %q: want a path such as "/sign-in"`, path)
		}
		s.signInPath = path
		return nil
	}
}

// WithSignedOutURL sets where [Sessions.SignOut] redirects: an absolute URL among the dashboard's sign-out redirects.
// The default is the dashboard's.
func WithSignedOutURL(target string) SessionsOption {
	return func(s *Sessions) error {
		if err := checkAbsolute("URL", target); err != nil {
			return fmt.Errorf("WithSignedOutURL: %w", err)
		}
		s.signedOut = target
		return nil
	}
}

// WithAuthorization changes the parameters of [Sessions.SignIn], for example to select an organization, a hint or the
// sign-up screen. The default provider is authkit. RedirectURI, State and CodeChallenge cannot be changed.
func WithAuthorization(change func(*http.Request, *AuthorizationParams)) SessionsOption {
	return func(s *Sessions) error {
		if change == nil {
			return errors.New("WithAuthorization: function is nil")
		}
		s.customize = change
		return nil
	}
}

// WithErrorHandler handles failed requests: an invalid callback ([ErrState], [ErrNoCode], [*AuthorizationError] or
// [*client.Error]), a session that could not be refreshed because the API failed ([*client.Error],
// [ErrKeysUnavailable]), or one that is too large ([ErrCookieSize]). The default response is a line of text with status
// 400, 403, 500 or 503.
func WithErrorHandler(handle func(http.ResponseWriter, *http.Request, error)) SessionsOption {
	return func(s *Sessions) error {
		if handle == nil {
			return errors.New("WithErrorHandler: function is nil")
		}
		s.handleError = handle
		return nil
	}
}

// Load returns the session of a request. It verifies the tokens and refreshes them when they expire; it then sets the
// new cookie on w, so it must be called before the response starts. The error wraps [ErrNotSignedIn] and the reason if
// no user is signed in. Other errors are temporary: the user remains signed in. [Sessions.Require] does all this around
// a handler.
func (s *Sessions) Load(w http.ResponseWriter, r *http.Request) (*Session, *Claims, error) {
	sessions, err := s.read(r)
	if err != nil {
		return nil, nil, fmt.Errorf("workos/authkit: session: %w: %w", ErrNotSignedIn, err)
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

func (s *Sessions) load(w http.ResponseWriter, r *http.Request, session *Session) (*Session, *Claims, error) {
	claims, err := s.kit.verify(r.Context(), session.AccessToken)
	switch {
	case err == nil && s.ended.has(claims.SessionID):
		return nil, nil, fmt.Errorf("workos/authkit: session: %w: %w: it was signed out", ErrNotSignedIn, ErrSessionEnded)
	case err == nil && time.Until(claims.ExpiresAt) >= refreshBefore:
		return session, claims, nil
	case err == nil || errors.Is(err, ErrTokenExpired):
		return s.renew(w, r, session, claims, err)
	case errors.Is(err, ErrKeysUnavailable):
		return nil, nil, fmt.Errorf("workos/authkit: session: %w", err)
	default:
		return nil, nil, fmt.Errorf("workos/authkit: session: %w: access token: %w", ErrNotSignedIn, err)
	}
}

// renew refreshes a session whose access token expires soon or, if err is set, has expired.
func (s *Sessions) renew(w http.ResponseWriter, r *http.Request, old *Session, claims *Claims, expired error,
) (*Session, *Claims, error) {
	session, err := s.kit.Refresh(r.Context(), old)
	switch {
	case errors.Is(err, ErrSessionEnded):
		// The cookie is left: another replica may have set its successor just now, which this response could delete.
		return nil, nil, fmt.Errorf("workos/authkit: session: %w: %w", ErrNotSignedIn, errors.Unwrap(err))
	case err != nil && expired == nil:
		return old, claims, nil // good for some seconds more, after which the next request tries again
	case err != nil:
		return nil, nil, fmt.Errorf("workos/authkit: session: %w", errors.Unwrap(err))
	}
	if fresh, err := unverified(session.AccessToken); err == nil && s.ended.has(fresh.SessionID) {
		return nil, nil, fmt.Errorf("workos/authkit: session: %w: %w: it was signed out", ErrNotSignedIn, ErrSessionEnded)
	}
	// First of all, as the old refresh token is spent, whether the new access token can be verified now or not.
	if err := s.Save(w, session); err != nil {
		return nil, nil, err
	}
	claims, err = s.kit.verify(r.Context(), session.AccessToken)
	if err != nil {
		return nil, nil, fmt.Errorf("workos/authkit: session: refreshed access token: %w", err)
	}
	return session, claims, nil
}

// read opens the session cookies. A request may have several of the name, from other paths and domains; those that
// cannot be opened are ignored. The session whose access token expires last is first.
func (s *Sessions) read(r *http.Request) ([]*Session, error) {
	var found []*Session
	err := fmt.Errorf("%w %q", ErrNoCookie, s.cookie.Name)
	for i, cookie := range r.CookiesNamed(s.cookie.Name) {
		if i == maxCookies {
			break
		}
		session, refused := s.sealer.OpenSession(cookie.Value)
		if refused != nil {
			err = errors.Unwrap(refused)
			continue
		}
		found = append(found, session)
	}
	if len(found) == 0 {
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b *Session) int { return b.end().Compare(a.end()) })
	return found, nil
}

// end returns the expiry of the access token; zero if unknown.
func (s Session) end() time.Time {
	claims, err := unverified(s.AccessToken)
	if err != nil {
		return time.Time{}
	}
	return claims.ExpiresAt
}

// Save sets the session cookie, for example after [Client.AuthenticateWithPassword] or [Client.SwitchOrganization]. It
// returns [ErrCookieSize] if browsers would drop the cookie.
func (s *Sessions) Save(w http.ResponseWriter, session *Session) error {
	sealed, err := s.sealer.SealSession(session)
	if err != nil {
		return err
	}
	if n := len(s.cookie.Name) + len(sealed); n > maxCookie {
		return fmt.Errorf("workos/authkit: save session: %w: %d bytes: want at most %d", ErrCookieSize, n,
			maxCookie)
	}
	cookie := s.cookie //nolint:gosec // it has the attributes that checkCookie asks for
	cookie.Value = sealed
	setCookie(w, &cookie)
	return nil
}

// Clear deletes the session cookie. The session at WorkOS continues: [Sessions.SignOut] ends both.
func (s *Sessions) Clear(w http.ResponseWriter) {
	cookie := s.cookie //nolint:gosec // it has the attributes that checkCookie asks for
	cookie.MaxAge, cookie.Expires = -1, time.Time{}
	setCookie(w, &cookie)
}

// setCookie also prevents shared caching of the cookie.
func setCookie(w http.ResponseWriter, cookie *http.Cookie) {
	http.SetCookie(w, cookie)
	w.Header().Set("Cache-Control", "no-store")
}

func checkCookie(c *http.Cookie) error {
	switch err := c.Valid(); {
	case err != nil:
		return fmt.Errorf("WithCookie: %w", err)
	case c.Value != "":
		return errors.New("WithCookie: cannot set the value")
	case c.MaxAge < 0:
		return errors.New("WithCookie: MaxAge is negative, which deletes the cookie; 0 keeps it until the browser closes")
	case !c.HttpOnly:
		return errors.New("WithCookie: HttpOnly is off, so that scripts could read the cookie")
	case c.SameSite == http.SameSiteNoneMode && !c.Secure:
		return errors.New("WithCookie: SameSite=None needs Secure")
	case strings.HasPrefix(c.Name, "__Host-") && (!c.Secure || c.Path != "/" || c.Domain != ""):
		return errors.New(`WithCookie: a name with "__Host-" needs Secure, the path "/" and no domain`)
	case strings.HasPrefix(c.Name, "__Secure-") && !c.Secure:
		return errors.New(`WithCookie: a name with "__Secure-" needs Secure`)
	}
	return nil
}
