package authkit

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen"
)

const (
	flowCookie = "wos-auth-"
	flowTime   = 10 * time.Minute
	maxFlows   = 5 // sign-ins in progress in one browser

	maxDropped = 16 // cookies of sign-ins that one response deletes: a browser with more has foreign ones

	hostPrefix = "__Host-"

	returnParam = "return_to"
	screenParam = "screen_hint"
	orgParam    = "organization_id"
)

// flow is a sign-in in progress, stored in a cookie. A wrapper distinguishes it from other sealed data.
type flow struct {
	State    string          `json:"state"`
	Verifier string          `json:"code_verifier"`
	ReturnTo string          `json:"return_to"`
	App      json.RawMessage `json:"app,omitempty"` // the application's own state
}

type sealedFlow struct {
	Flow *flow `json:"sign_in"`
}

// SignIn redirects the browser to sign in, with a new state and PKCE, which a cookie stores for 10 minutes. It is also
// the sign-in endpoint that the dashboard asks for (Redirects): WorkOS sends browsers there that it cannot send to the
// callback, for example of an invitation. A browser has up to five sign-ins in progress; another one ends the oldest.
//
// Query parameters:
//
//   - return_to is where the user returns in the end: a path of this server with its query. Other values, such as the
//     URL of another server, are replaced by "/".
//   - screen_hint is "sign-up" or "sign-in".
//   - organization_id, invitation_token and login_hint are those of [AuthorizationParams].
//
// [WithAuthorization] sees and changes what results from them.
func (s *Sessions) SignIn(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	params := AuthorizationParams{
		Provider: gen.AuthKitProviderAuthKit, OrganizationID: query.Get(orgParam),
		InvitationToken: query.Get("invitation_token"), LoginHint: query.Get("login_hint"),
	}
	if hint := gen.ScreenHint(query.Get(screenParam)); hint == gen.ScreenHintSignUp || hint == gen.ScreenHintSignIn {
		params.ScreenHint = hint
	}
	if err := s.begin(w, r, params, query.Get(returnParam), http.StatusFound); err != nil {
		s.fail(w, r, err)
	}
}

// begin redirects to sign in with these parameters.
func (s *Sessions) begin(
	w http.ResponseWriter, r *http.Request, params AuthorizationParams, returnTo string, status int,
) error {
	pair, state := NewPKCE(), NewState()
	s.customize(r, &params)
	params.RedirectURI, params.State, params.CodeChallenge = s.redirectURI, state, pair.Challenge
	target, err := s.kit.AuthorizationURL(params)
	if err != nil {
		return err
	}
	app, err := s.hook.begin(r)
	if err != nil {
		return fmt.Errorf("workos/authkit: sign in: state of the application: %w", err)
	}
	data, err := json.Marshal(sealedFlow{&flow{
		State: state, Verifier: pair.Verifier, ReturnTo: s.returnPath(returnTo), App: app,
	}})
	if err != nil {
		return fmt.Errorf("workos/authkit: sign in: %w", err)
	}
	sealed, err := s.sealer.Seal(data, flowTime)
	if err != nil {
		return err
	}
	cookie := s.flowCookie(state, sealed, int(flowTime/time.Second))
	if n := len(cookie.Name) + len(sealed); n > maxCookie {
		return fmt.Errorf("workos/authkit: sign in: %w: sealed, its state has %d bytes: want at most %d", ErrCookieSize, n,
			maxCookie)
	}
	s.limitFlows(w, r)
	setCookie(w, cookie)
	redirect(w, target, status)
	return nil
}

// returnPath returns text if the user can return there, else "/".
func (s *Sessions) returnPath(text string) string {
	back, ok := returnPath(text)
	if !ok {
		return "/"
	}
	if path, _, _ := strings.Cut(back, "?"); path == s.callback || path == s.signInPath { // it would start again
		return "/"
	}
	return back
}

// helperCookie returns a cookie of a sign-in. SameSite=Strict would exclude the redirect from AuthKit's site. If the
// session's cookie cannot be set by another subdomain, neither can this one.
func (s *Sessions) helperCookie(name, value string, maxAge int) *http.Cookie {
	if strings.HasPrefix(s.cookie.Name, hostPrefix) {
		name = hostPrefix + name
	}
	return &http.Cookie{ //nolint:gosec // Secure unless the session cookie is for development
		Name: name, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: s.cookie.Secure, SameSite: http.SameSiteLaxMode,
	}
}

// flowCookie returns one cookie for each sign-in in progress, so that several tabs do not interfere.
func (s *Sessions) flowCookie(state, value string, maxAge int) *http.Cookie {
	sum := sha256.Sum256([]byte(state))
	return s.helperCookie(flowCookie+base64.RawURLEncoding.EncodeToString(sum[:12]), value, maxAge)
}

// limitFlows deletes the oldest sign-ins of a browser that has too many for another one: a page that starts them could
// otherwise fill its cookies, until servers refuse its requests.
func (s *Sessions) limitFlows(w http.ResponseWriter, r *http.Request) {
	prefix := s.helperCookie(flowCookie, "", 0).Name
	var flows []*http.Cookie
	for _, cookie := range r.Cookies() {
		if strings.HasPrefix(cookie.Name, prefix) {
			flows = append(flows, cookie)
		}
	}
	slices.SortStableFunc(flows, func(a, b *http.Cookie) int { return flowEnd(a).Compare(flowEnd(b)) })
	for _, cookie := range flows[:min(max(0, len(flows)-maxFlows+1), maxDropped)] {
		setCookie(w, s.helperCookie(strings.TrimPrefix(cookie.Name, hostPrefix), "", -1))
	}
}

// flowEnd returns when a sign-in expires; zero if unknown. It is not authenticated.
func flowEnd(cookie *http.Cookie) time.Time {
	text, _, _ := strings.Cut(cookie.Value, "~")
	seal, err := parseIron(text)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(seal.expiry)
}
