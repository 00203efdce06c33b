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

// flow is a sign-in under way, as a cookie of the callback's path holds it. It is wrapped so that it can be taken for
// nothing else that is sealed, and nothing else for it.
type flow struct {
	State    string `json:"state"`
	Verifier string `json:"code_verifier"`
	ReturnTo string `json:"return_to"`
}

type sealedFlow struct {
	Flow *flow `json:"sign_in"`
}

// SignIn sends the browser to sign in, with a state and PKCE of its own, which a cookie keeps for 10 minutes. The query
// parameter return_to is where the user comes back to in the end: a path of this server with its query. Anything else,
// such as the URL of another server, counts as "/".
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
		s.handleError(w, r, fmt.Errorf("authkit: sign in: %w", err))
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

// isOwn tells the paths of the sign-in itself, which would begin it again.
func (s *Sessions) isOwn(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	return path == s.callback || path == s.signInPath
}

// flowCookie is one for each sign-in under way, so that several tabs do not disturb each other. It goes to the callback
// alone, and comes along when AuthKit sends the browser back from its own site, for which Strict would be too much.
func (s *Sessions) flowCookie(state, value string, maxAge int) *http.Cookie {
	sum := sha256.Sum256([]byte(state))
	return &http.Cookie{ //nolint:gosec // Secure unless the session cookie is for development
		Name:  flowCookie + base64.RawURLEncoding.EncodeToString(sum[:12]),
		Value: value, Path: s.callback, MaxAge: maxAge,
		HttpOnly: true, Secure: s.cookie.Secure, SameSite: http.SameSiteLaxMode,
	}
}

// AuthorizationError is what came back in place of a code (RFC 6749 section 4.1.2.1).
type AuthorizationError struct {
	Code        string // such as access_denied
	Description string // for people; "" if there is none
}

// Error tells code and description, which come from the URL: anybody may have written them.
func (e *AuthorizationError) Error() string {
	if e.Description == "" {
		return fmt.Sprintf("authorization failed: %q", e.Code)
	}
	return fmt.Sprintf("authorization failed: %q: %q", e.Code, e.Description)
}

// Callback completes a sign-in that comes back: it exchanges the code, sets the session cookie, and sends the browser
// to where the sign-in was to end. A sign-in that this browser did not begin, that is older than 10 minutes, or that is
// completed already is refused with [ErrState], before the code is looked at.
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

// takeFlow returns the sign-in that the state belongs to, once.
func (s *Sessions) takeFlow(w http.ResponseWriter, r *http.Request, state string) (*flow, error) {
	if state == "" {
		return nil, fmt.Errorf("authkit: callback: %w: there is no state", ErrState)
	}
	expected := s.flowCookie(state, "", -1)
	cookie, err := r.Cookie(expected.Name)
	if err != nil {
		return nil, fmt.Errorf("authkit: callback: %w: there is no cookie of it", ErrState)
	}
	setCookie(w, expected)
	data, err := s.sealer.open(cookie.Value)
	if err != nil {
		return nil, fmt.Errorf("authkit: callback: %w: %w", ErrState, err)
	}
	var sealed sealedFlow
	if err := json.Unmarshal(data, &sealed); err != nil || sealed.Flow == nil ||
		subtle.ConstantTimeCompare([]byte(sealed.Flow.State), []byte(state)) != 1 {
		return nil, fmt.Errorf("authkit: callback: %w: the cookie is of another", ErrState)
	}
	return sealed.Flow, nil
}

func (s *Sessions) complete(w http.ResponseWriter, r *http.Request, query url.Values, begun *flow) error {
	if code := query.Get("error"); code != "" {
		return fmt.Errorf("authkit: callback: %w", &AuthorizationError{
			Code: cut(code), Description: cut(query.Get("error_description")),
		})
	}
	code := query.Get("code")
	if code == "" {
		return fmt.Errorf("authkit: callback: %w", ErrNoCode)
	}
	session, err := s.kit.AuthenticateWithCode(r.Context(), gen.AuthenticateWithCode{
		Code: code, CodeVerifier: &begun.Verifier,
	})
	if err != nil {
		return err
	}
	return s.Save(w, session)
}

// cut bounds a text from outside.
func cut(text string) string {
	const limit = 500
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "") + "…"
}

// SignOut ends the session here and at WorkOS: it deletes the cookie and sends the browser to WorkOS, which sends it on
// (see [WithSignedOutURL]). Without a session it goes there at once, or to "/". SignOut takes POST alone, and none that
// a page of another site sent, as such a page could sign your users out. What other requests of the session, under way
// here, set as its cookie signs nobody in.
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

// returnPath tells whether a text is a path of this server, with its query or without, as browsers read it: "//host"
// and "/\host" lead elsewhere, and they drop tabs and line breaks (WHATWG URL, section 4.4).
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
