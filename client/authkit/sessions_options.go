package authkit

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// WithCookie changes the name and the attributes of the session cookie, which are otherwise "wos-session", 400 days,
// HttpOnly, Secure, SameSite=Lax and the path "/":
//
//	authkit.WithCookie(func(c *http.Cookie) { c.Name, c.Domain = "session", "acme.example" })
//
// The cookie must remain HttpOnly. Without Secure it is for development over plain HTTP alone: with an https redirect
// URI [NewSessions] logs a warning. With a name that begins with "__Host-" no other subdomain can set it, and so sign
// users in as somebody else. With SameSite=Strict browsers do not send it when a user comes from another site, such as
// from AuthKit after the sign-in.
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

// WithErrorHandler writes the responses of failed requests:
//
//   - an invalid callback: [ErrState], [ErrNoCode], [*AuthorizationError] or [*client.Error];
//   - a new access token that is not accepted: an error of [Client.VerifyAccessToken] such as [ErrTokenIssuer];
//   - a session that could not be loaded because something failed: [*client.Error], [ErrKeysUnavailable],
//     [ErrStateUnavailable];
//   - a session that is too large: [ErrCookieSize];
//   - a request without an accepted session that is not redirected to sign in: [ErrNotSignedIn] with the reason, such
//     as [ErrNoCookie] or [ErrSealIntegrity];
//   - sign-ins that lead to no session: [ErrSignInLoop];
//   - an error of a function of [WithOnSignIn] or [WithOnRefresh], wrapped.
//
// [ErrorStatus] returns the status of the default response, which is a line of text. What needs attention is logged
// before (see [WithLogger]).
func WithErrorHandler(handle func(http.ResponseWriter, *http.Request, error)) SessionsOption {
	return func(s *Sessions) error {
		if handle == nil {
			return errors.New("WithErrorHandler: function is nil")
		}
		s.handleError = handle
		return nil
	}
}

func checkCookie(c *http.Cookie) error {
	switch err := c.Valid(); {
	case err != nil:
		return fmt.Errorf("WithCookie: %w", err)
	case c.Value != "":
		return errors.New("WithCookie: cannot set the value")
	case c.MaxAge < 0:
		return errors.New("WithCookie: MaxAge is negative, which deletes the cookie; 0 keeps it until the browser closes")
	case !strings.HasPrefix(c.Path, "/"): // browsers would take that of the request: several cookies of one name
		return fmt.Errorf(`WithCookie: invalid path %q: want one that begins with a slash, such as "/"`, c.Path)
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
