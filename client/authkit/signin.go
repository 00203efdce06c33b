package authkit

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen"
)

const (
	flowCookie = "wos-auth-"
	flowTime   = 10 * time.Minute

	returnParam = "return_to"
	maxReturn   = 1 << 10 // bytes
)

// flow is a sign-in in progress, stored in a cookie of the callback's path. A wrapper distinguishes it from other
// sealed data.
type flow struct {
	State    string `json:"state"`
	Verifier string `json:"code_verifier"`
	ReturnTo string `json:"return_to"`
}

type sealedFlow struct {
	Flow *flow `json:"sign_in"`
}

// SignIn redirects the browser to sign in, with a new state and PKCE, which a cookie stores for 10 minutes. The query
// parameter return_to is where the user returns in the end: a path of this server with its query. Other values, such as
// the URL of another server, are replaced by "/".
func (s *Sessions) SignIn(w http.ResponseWriter, r *http.Request) {
	pair, state := NewPKCE(), NewState()
	params := AuthorizationParams{Provider: gen.AuthKitProviderAuthKit}
	s.customize(r, &params)
	params.RedirectURI, params.State, params.CodeChallenge = s.redirectURI, state, pair.Challenge
	target, err := s.kit.AuthorizationURL(params)
	if err != nil {
		s.handleError(w, r, err)
		return
	}
	back, ok := returnPath(r.URL.Query().Get(returnParam))
	if !ok || s.isOwn(back) {
		back = "/"
	}
	data, err := json.Marshal(sealedFlow{&flow{State: state, Verifier: pair.Verifier, ReturnTo: back}})
	if err != nil {
		s.handleError(w, r, fmt.Errorf("workos/authkit: sign in: %w", err))
		return
	}
	sealed, err := s.sealer.Seal(data, flowTime)
	if err != nil {
		s.handleError(w, r, err)
		return
	}
	setCookie(w, s.flowCookie(state, sealed, int(flowTime/time.Second)))
	http.Redirect(w, r, target, http.StatusFound)
}

// isOwn reports whether path belongs to the sign-in, which would start again.
func (s *Sessions) isOwn(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	return path == s.callback || path == s.signInPath
}

// flowCookie returns one cookie for each sign-in in progress, so that several tabs do not interfere. It is sent only to
// the callback. SameSite=Strict would exclude the redirect from AuthKit's site.
func (s *Sessions) flowCookie(state, value string, maxAge int) *http.Cookie {
	sum := sha256.Sum256([]byte(state))
	return &http.Cookie{ //nolint:gosec // Secure unless the session cookie is for development
		Name:  flowCookie + base64.RawURLEncoding.EncodeToString(sum[:12]),
		Value: value, Path: s.callback, MaxAge: maxAge,
		HttpOnly: true, Secure: s.cookie.Secure, SameSite: http.SameSiteLaxMode,
	}
}

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

// Callback completes a sign-in: it exchanges the code, sets the session cookie, and redirects to the return path. It
// rejects a sign-in that this browser did not start, that is older than 10 minutes or already completed, with
// [ErrState], before it uses the code.
func (s *Sessions) Callback(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	begun, err := s.takeFlow(w, r, query.Get("state"))
	if err == nil {
		err = s.complete(w, r, query, begun)
	}
	if err != nil {
		s.handleError(w, r, err)
		return
	}
	http.Redirect(w, r, begun.ReturnTo, http.StatusFound)
}

// takeFlow returns the sign-in of the state, once.
func (s *Sessions) takeFlow(w http.ResponseWriter, r *http.Request, state string) (*flow, error) {
	if state == "" {
		return nil, fmt.Errorf("workos/authkit: callback: %w: no state", ErrState)
	}
	expected := s.flowCookie(state, "", -1)
	cookie, err := r.Cookie(expected.Name)
	if err != nil {
		return nil, fmt.Errorf("workos/authkit: callback: %w: no cookie", ErrState)
	}
	setCookie(w, expected)
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

func (s *Sessions) complete(w http.ResponseWriter, r *http.Request, query url.Values, begun *flow) error {
	if code := query.Get("error"); code != "" {
		return fmt.Errorf("workos/authkit: callback: %w", &AuthorizationError{
			Code: cut(code), Description: cut(query.Get("error_description")),
		})
	}
	code := query.Get("code")
	if code == "" {
		return fmt.Errorf("workos/authkit: callback: %w", ErrNoCode)
	}
	session, err := s.kit.AuthenticateWithCode(r.Context(), gen.AuthenticateWithCode{
		Code: code, CodeVerifier: &begun.Verifier,
	})
	if err != nil {
		return err
	}
	return s.Save(w, session)
}

// cut limits the length of untrusted text.
func cut(text string) string {
	const limit = 500
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "") + "…"
}

// SignOut ends the session here and at WorkOS: it deletes the cookie and redirects to WorkOS, which redirects on (see
// [WithSignedOutURL]). Without a session it redirects there directly, or to "/". SignOut accepts only POST, and not
// from pages of other sites, which could sign users out. A concurrent request of the session cannot restore it.
func (s *Sessions) SignOut(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "sign-out takes POST", http.StatusMethodNotAllowed)
		return
	}
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		http.Error(w, "sign-out was sent by another site", http.StatusForbidden)
		return
	}
	target := cmp.Or(s.signedOut, "/")
	if sessions, err := s.read(r); err == nil {
		// The token may have expired; what its seal kept is still whose session it is.
		if claims, err := unverified(sessions[0].AccessToken); err == nil && claims.SessionID != "" {
			if target, err = s.kit.LogoutURL(claims.SessionID, s.signedOut); err != nil {
				s.handleError(w, r, err)
				return
			}
			s.ended.add(claims.SessionID)
		}
	}
	s.Clear(w)
	http.Redirect(w, r, target, http.StatusSeeOther)
}

// returnPath reports whether text is a path of this server, possibly with a query, as browsers parse it: "//host" and
// "/\host" are other servers, and tabs and line breaks are dropped (WHATWG URL, section 4.4).
func returnPath(text string) (string, bool) {
	if text == "" || len(text) > maxReturn || text[0] != '/' || strings.HasPrefix(text, "//") {
		return "", false
	}
	for i := range len(text) {
		if text[i] <= ' ' || text[i] == '\\' || text[i] == '\x7f' {
			return "", false
		}
	}
	parsed, err := url.Parse(text)
	if err != nil || parsed.Scheme != "" || parsed.Host != "" || parsed.User != nil {
		return "", false
	}
	return text, true
}
