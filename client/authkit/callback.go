package authkit

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen"
)

// AuthorizationError is the error of a callback (RFC 6749 section 4.1.2.1).
type AuthorizationError struct {
	Code        string // such as access_denied
	Description string // for people; "" if there is none
}

// Error returns code and description. Both come from the URL and are untrusted.
func (e *AuthorizationError) Error() string {
	if e.Description == "" {
		return fmt.Sprintf("authorization failed: %q", e.Code)
	}
	return fmt.Sprintf("authorization failed: %q: %q", e.Code, e.Description)
}

// Callback completes a sign-in: it exchanges the code, verifies the new access token, sets the session cookie, and
// redirects to the return path. It rejects a sign-in that this browser did not start, that is older than 10 minutes or
// already completed, with [ErrState], before it uses the code. A token that is not accepted is an error such as
// [ErrTokenIssuer] and no session: signing in again would not help.
//
// If the browser lost the response, it may load the callback once more. A callback that is already completed redirects
// a signed-in user to "/". One without state, which is how sign-ins end that an identity provider or an impersonator
// started, begins a sign-in of its own (see [Sessions.SignIn]), which ends without questions to the user; its code is
// not used, as nobody knows whose browser it was meant for.
func (s *Sessions) Callback(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	state := query.Get("state")
	if state == "" && query.Get("code") != "" && s.signIns(r) < maxSignIns {
		s.count(w, r)
		params := AuthorizationParams{Provider: gen.AuthKitProviderAuthKit}
		if err := s.begin(w, r, params, "/", http.StatusFound); err != nil {
			s.fail(w, r, err)
		}
		return
	}
	begun, err := s.findFlow(w, r, state)
	if err != nil {
		if state != "" {
			if _, _, failure := s.Load(w, r); failure == nil {
				redirect(w, "/", http.StatusFound)
				return
			}
		}
		s.fail(w, r, err)
		return
	}
	if err := s.complete(w, r, begun); err != nil {
		s.fail(w, r, err)
		return
	}
	redirect(w, begun.ReturnTo, http.StatusFound)
}

// findFlow returns the sign-in of the state. It deletes a cookie that holds none.
func (s *Sessions) findFlow(w http.ResponseWriter, r *http.Request, state string) (_ *flow, err error) {
	if state == "" {
		return nil, fmt.Errorf("workos/authkit: callback: %w: no state", ErrState)
	}
	cookie, err := r.Cookie(s.flowCookie(state, "", -1).Name)
	if err != nil {
		return nil, fmt.Errorf("workos/authkit: callback: %w: no cookie", ErrState)
	}
	defer func() {
		if err != nil {
			setCookie(w, s.flowCookie(state, "", -1))
		}
	}()
	data, err := s.sealer.open(cookie.Value)
	if err != nil {
		return nil, fmt.Errorf("workos/authkit: callback: %w: %w", ErrState, err)
	}
	var sealed sealedFlow
	if err := json.Unmarshal(data, &sealed); err != nil || sealed.Flow == nil ||
		subtle.ConstantTimeCompare([]byte(sealed.Flow.State), []byte(state)) != 1 {
		return nil, fmt.Errorf("workos/authkit: callback: %w: the cookie belongs to another sign-in", ErrState)
	}
	return sealed.Flow, nil
}

// complete saves the session of a sign-in. The cookie of the sign-in remains after a failure that may pass.
func (s *Sessions) complete(w http.ResponseWriter, r *http.Request, begun *flow) error {
	session, own, err := s.exchangeCode(r, begun)
	if err == nil {
		err = s.accept(w, r, begun, session, own)
	}
	if err == nil && !own {
		s.report(r, slog.LevelWarn, "callback can be loaded again", s.kit.signIns.use(r.Context(), begun.secret()))
	}
	if err == nil || ErrorStatus(err) != http.StatusServiceUnavailable {
		setCookie(w, s.flowCookie(begun.State, "", -1))
	}
	return err
}

// exchangeCode returns the session of the code, and whether this request exchanged it.
func (s *Sessions) exchangeCode(r *http.Request, begun *flow) (*Session, bool, error) {
	query := r.URL.Query()
	if code := query.Get("error"); code != "" {
		return nil, false, fmt.Errorf("workos/authkit: callback: %w", &AuthorizationError{
			Code: cut(code), Description: cut(query.Get("error_description")),
		})
	}
	code := query.Get("code")
	if code == "" {
		return nil, false, fmt.Errorf("workos/authkit: callback: %w", ErrNoCode)
	}
	session, own, err := s.kit.signIns.do(r.Context(), exchange{
		secret: begun.secret(),
		run: func(ctx context.Context) (*Session, error) {
			return s.kit.AuthenticateWithCode(ctx, gen.AuthenticateWithCode{Code: code, CodeVerifier: &begun.Verifier})
		},
	})
	if errors.Is(err, errUsed) {
		return nil, false, fmt.Errorf("workos/authkit: callback: %w: %w", ErrState, err)
	}
	return session, own, err
}

// secret returns what only the browser of the sign-in knows.
func (f *flow) secret() string { return f.State + f.Verifier }

// accept saves a session whose access token is valid. own is whether this request exchanged the code.
func (s *Sessions) accept(w http.ResponseWriter, r *http.Request, begun *flow, session *Session, own bool) error {
	claims, err := s.kit.verify(r.Context(), session.AccessToken)
	if err == nil {
		err = s.kit.checkSession(r.Context(), claims)
	}
	if own && errors.Is(err, ErrStateUnavailable) { // it has just begun, so that nobody has signed it out
		s.report(r, slog.LevelWarn, "sign-in goes on", err)
		err = nil
	}
	switch {
	case errors.Is(err, ErrSessionEnded): // signed out since the callback was loaded first
		return fmt.Errorf("workos/authkit: callback: %w: %w", ErrState, err)
	case err != nil:
		return fmt.Errorf("workos/authkit: callback: new access token: %w", err)
	}
	if time.Until(claims.ExpiresAt) < refreshBefore {
		return fmt.Errorf("workos/authkit: callback: new access token: %w at %s, now is %s: check the clock of this machine",
			ErrTokenExpired, claims.ExpiresAt.Format(time.RFC3339), time.Now().UTC().Format(time.RFC3339))
	}
	if err := s.hook.done(w, r, session, begun.App); err != nil {
		return fmt.Errorf("workos/authkit: callback: sign-in of the application: %w", err)
	}
	if err := s.Save(w, r, session); err != nil {
		return err
	}
	s.count(w, r)
	return nil
}

// cut limits the length of untrusted text.
func cut(text string) string {
	const limit = 500
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "") + "…"
}
