package authkit

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
)

// SignOut ends the session here and at WorkOS: it deletes the cookies and redirects to WorkOS, which redirects on (see
// [WithSignedOutURL]). Without a session it redirects there directly, or to "/". SignOut accepts only POST, and not
// from pages of other sites, which could sign users out. A concurrent request of the session cannot restore it, and its
// tokens are refused until they have expired, also by [Client.RequireBearer], in every process that shares the state
// (see [WithState]). If the state is not available, the session ends at WorkOS alone, with a log record; if the store
// of [WithSessionStore] is not, nothing ends and the status is 503. A request with several sessions, such as those of
// cookies of another path, ends all of them here, and at WorkOS the one whose access token expires last.
func (s *Sessions) SignOut(w http.ResponseWriter, r *http.Request) {
	if !isOwnPost(w, r, "sign-out") {
		return
	}
	sessions, err := s.read(r)
	if errors.Is(err, ErrStateUnavailable) {
		s.fail(w, r, fmt.Errorf("workos/authkit: sign out: %w", err))
		return
	}
	s.report(r, slog.LevelDebug, "sign-out without a session", err)
	target, err := s.end(r, sessions)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.report(r, slog.LevelError, "session was signed out, but remains in the store", s.Clear(w, r))
	if s.signIns(r) > 0 {
		setCookie(w, s.helperCookie(signInsCookie, "", -1))
	}
	redirect(w, target, http.StatusSeeOther)
}

// end marks sessions as ended and returns the URL that ends the first one at WorkOS, or where the browser goes
// otherwise.
func (s *Sessions) end(r *http.Request, sessions []stored) (target string, err error) {
	var down error // the state; it is waited for once
	for _, found := range sessions {
		// The token may have expired; what its seal kept is still whose session it is.
		claims, err := unverified(found.session.AccessToken)
		if err != nil || claims.SessionID == "" {
			continue
		}
		if target == "" {
			if target, err = s.kit.LogoutURL(claims.SessionID, s.signedOut); err != nil {
				return "", err
			}
		}
		if down == nil {
			down = s.kit.EndSession(r.Context(), claims)
		}
	}
	s.report(r, slog.LevelError, "session was signed out, but its tokens remain valid", down)
	return cmp.Or(target, s.signedOut, "/"), nil
}

// isOwnPost reports whether a request is a POST that no page of another site sent. If not, it writes the response.
func isOwnPost(w http.ResponseWriter, r *http.Request, name string) bool {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, name+" takes POST", http.StatusMethodNotAllowed)
		return false
	}
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		http.Error(w, name+" was sent by another site", http.StatusForbidden)
		return false
	}
	return true
}
