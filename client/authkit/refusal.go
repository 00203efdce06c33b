package authkit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

const (
	signInsCookie = "wos-sign-ins" // counts completed sign-ins
	signInsTime   = time.Minute
	maxSignIns    = 3 // within that time, before a browser without a session is redirected no more
)

// signIns returns how many sign-ins the browser completed within the last minute. It is not authenticated: a browser
// can only stop its own redirects with it.
func (s *Sessions) signIns(r *http.Request) int {
	cookie, err := r.Cookie(s.helperCookie(signInsCookie, "", 0).Name)
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(cookie.Value)
	if err != nil {
		return 0
	}
	return n
}

// count counts a completed sign-in.
func (s *Sessions) count(w http.ResponseWriter, r *http.Request) {
	n := min(s.signIns(r)+1, maxSignIns)
	setCookie(w, s.helperCookie(signInsCookie, strconv.Itoa(n), int(signInsTime/time.Second)))
}

// fail logs an error and writes its response.
func (s *Sessions) fail(w http.ResponseWriter, r *http.Request, err error) {
	level := slog.LevelError
	switch ErrorStatus(err) {
	case http.StatusServiceUnavailable:
		level = slog.LevelWarn
	case http.StatusBadRequest, http.StatusForbidden, http.StatusUnauthorized:
		level = slog.LevelInfo
	}
	s.report(r, level, "request failed", err)
	s.handleError(w, r, err)
}

// report logs an error, if there is one.
func (s *Sessions) report(r *http.Request, level slog.Level, message string, err error) {
	if err != nil {
		s.kit.report(r, level, message, err)
	}
}

func (c *Client) report(r *http.Request, level slog.Level, message string, err error) {
	c.logger.LogAttrs(r.Context(), level, "workos/authkit: "+message,
		slog.String("method", r.Method), slog.String("path", cut(r.URL.Path)), slog.String("err", err.Error()))
}

// reportRefusal logs why a credential of an API was not accepted. What any caller can cause has level Debug.
func (c *Client) reportRefusal(r *http.Request, message string, err error) {
	level := slog.LevelWarn
	if isRefusedToken(err) || errors.Is(err, ErrSessionEnded) {
		level = slog.LevelDebug
	}
	c.report(r, level, message, err)
}

// refuse responds to a request without an accepted session.
func (s *Sessions) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if s.signInPath == "" || !isNavigation(r) {
		w.Header().Set("WWW-Authenticate", "Cookie") // one is required, RFC 9110 section 15.5.2
		s.handleError(w, r, err)
		return
	}
	if s.signIns(r) >= maxSignIns {
		s.fail(w, r, fmt.Errorf("%w: %w", ErrSignInLoop, err))
		return
	}
	query := url.Values{}
	if path, ok := returnPath(r.URL.RequestURI()); ok && r.Method == http.MethodGet {
		query.Set(returnParam, path)
	}
	if matches(s.signUp, r.URL) {
		query.Set(screenParam, string(gen.ScreenHintSignUp))
	}
	target := s.signInPath
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	redirect(w, target, http.StatusFound)
}

// logRefusal logs why a cookie was not accepted.
func (s *Sessions) logRefusal(r *http.Request, err error) {
	switch {
	case errors.Is(err, ErrNoCookie): // as every visitor begins
	case errors.Is(err, ErrSessionEnded):
		s.report(r, slog.LevelDebug, "session has ended", err)
	default:
		s.report(r, slog.LevelWarn, "session cookie was not accepted", err)
	}
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

// reportError responds without details, which belong into logs, except for those of a configuration that cannot work.
func reportError(w http.ResponseWriter, _ *http.Request, err error) {
	status := ErrorStatus(err)
	text := "something went wrong"
	switch {
	case errors.Is(err, ErrSignInLoop), isRefusedToken(err) && status == http.StatusInternalServerError:
		text = "sign-in succeeded, but this server does not accept the session: " + err.Error()
	case status == http.StatusUnauthorized:
		text = "not signed in"
	case status == http.StatusBadRequest:
		text = "this sign-in was not begun here, or long ago: please begin again"
	case status == http.StatusForbidden:
		text = "sign-in was not completed"
	case status == http.StatusServiceUnavailable:
		text = "please try again in a moment"
		w.Header().Set("Retry-After", "5")
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, text, status)
}

// isRefusedToken reports whether err is a refusal of an access token that is not the user's fault.
func isRefusedToken(err error) bool {
	for _, kind := range []error{
		ErrTokenFormat, ErrTokenAlgorithm, ErrTokenKey, ErrTokenSignature, ErrTokenClaims, ErrTokenIssuer, ErrTokenAudience,
		ErrTokenExpired, ErrTokenNotYetValid,
	} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// ErrorStatus returns the HTTP status of an error that [WithErrorHandler] handles: 401 if no user is signed in or the
// session has ended, 400 for an invalid callback, 403 for a refusal by the user or WorkOS, 503 for a temporary failure,
// and 500 for a permanent one, such as an invalid API key or an access token that this server does not accept.
func ErrorStatus(err error) int {
	var denied *AuthorizationError
	var failure *client.Error
	var transport *url.Error
	switch {
	case errors.Is(err, ErrSignInLoop): // before its reason
		return http.StatusInternalServerError
	case errors.Is(err, ErrKeysUnavailable), errors.Is(err, ErrStateUnavailable), errors.Is(err, errElsewhere):
		return http.StatusServiceUnavailable // before the status of the API
	case errors.Is(err, ErrState), errors.Is(err, ErrNoCode):
		return http.StatusBadRequest
	case errors.Is(err, ErrNotSignedIn), errors.Is(err, ErrSessionEnded):
		return http.StatusUnauthorized
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
