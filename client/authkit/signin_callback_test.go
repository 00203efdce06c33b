package authkit_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/authkit"
)

// reporting returns sessions whose failures are kept.
func reporting(t *testing.T, transport http.RoundTripper, opts ...authkit.SessionsOption,
) (*authkit.Sessions, *[]error) {
	t.Helper()
	var failures []error
	handle := func(w http.ResponseWriter, _ *http.Request, err error) {
		failures = append(failures, err)
		w.WriteHeader(http.StatusTeapot)
	}
	return newSessions(t, transport, append(opts, authkit.WithErrorHandler(handle))...), &failures
}

func TestRefusedCallbackSendsNothing(t *testing.T) {
	server := &wire{}
	s, failures := reporting(t, server)
	sent, flow := signIn(t, s, "/sign-in")
	state := sent.Get("state")
	_, other := signIn(t, s, "/sign-in")
	sealed := func(data string) *http.Cookie {
		text, err := newSealer(t).Seal([]byte(data), 0)
		if err != nil {
			t.Fatal(err)
		}
		return &http.Cookie{Name: flow.Name, Value: text}
	}
	const begun, another = "workos/authkit: callback: sign-in was not started by this browser, expired, or is already completed: ",
		"the cookie belongs to another sign-in"
	deleted := flow.Name + "=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax"
	for _, tt := range []struct {
		name, query string
		cookie      *http.Cookie
		kind        error
		want        string
		deletes     bool
	}{
		{"no state and no code", "", flow, authkit.ErrState, begun + "no state", false},
		{"an error without state", "error=x&state=", flow, authkit.ErrState, begun + "no state", false},
		{"another state", "code=c&state=x" + state, flow, authkit.ErrState, begun + "no cookie", false},
		{"no cookie", "code=c&state=" + state, nil, authkit.ErrState, begun + "no cookie", false},
		{"an empty cookie", "code=c&state=" + state, &http.Cookie{Name: flow.Name}, authkit.ErrState,
			begun + "not a seal: it has 0 bytes", true},
		{"a forged cookie", "code=c&state=" + state, &http.Cookie{Name: flow.Name, Value: "Fe26.2*1*a"}, authkit.ErrState,
			begun + "not a seal: it has 3 parts, not 8", true},
		{"the cookie of another sign-in", "code=c&state=" + state, &http.Cookie{Name: flow.Name, Value: other.Value},
			authkit.ErrState, begun + another, true},
		{"sealed text", "code=c&state=" + state, sealed(`"x"`), authkit.ErrState, begun + another, true},
		{"a sealed null", "code=c&state=" + state, sealed(`null`), authkit.ErrState, begun + another, true},
		{"no flow", "code=c&state=" + state, sealed(`{"sign_in":null}`), authkit.ErrState, begun + another, true},
		{"no state in the flow", "code=c&state=" + state, sealed(`{"sign_in":{}}`), authkit.ErrState, begun + another, true},
		{"a flow of another type", "code=c&state=" + state, sealed(`{"sign_in":{"state":7}}`), authkit.ErrState,
			begun + another, true},
		{"an unwrapped flow", "code=c&state=" + state, sealed(`{"state":"` + state + `"}`), authkit.ErrState,
			begun + another, true},
		{"half a flow", "code=c&state=" + state, sealed(`{"sign_in":{"state":"` + state + `","return_to":7}}`),
			authkit.ErrState, begun + another, true},
		{"a session", "code=c&state=" + state, &http.Cookie{Name: flow.Name, Value: aCookie(t, 0).Value}, authkit.ErrState,
			begun + another, true},
		{"no code", "state=" + state, flow, authkit.ErrNoCode, "workos/authkit: callback: no code", true},
		{"an empty code", "code=&error=&state=" + state, flow, authkit.ErrNoCode,
			"workos/authkit: callback: no code", true},
		{"a description alone", "error_description=x&state=" + state, flow, authkit.ErrNoCode,
			"workos/authkit: callback: no code", true},
		{"an error", "error=access_denied&state=" + state, flow, nil,
			`workos/authkit: callback: authorization failed: "access_denied"`, true},
		{"an error with a code", "code=c&error=x&error_description=a%0Ab&state=" + state, flow, nil,
			`workos/authkit: callback: authorization failed: "x": "a\nb"`, true},
		{"an error of another state", "error=access_denied&state=x", flow, authkit.ErrState,
			begun + "no cookie", false},
	} {
		*failures = nil
		var cookies []*http.Cookie
		if tt.cookie != nil {
			cookies = append(cookies, tt.cookie)
		}
		resp := browse(http.HandlerFunc(s.Callback), "GET", "/callback?"+tt.query, cookies...)
		if resp.StatusCode != http.StatusTeapot || resp.Header.Get("Location") != "" || len(server.requests()) != 0 ||
			len(*failures) != 1 || (*failures)[0].Error() != tt.want || tt.kind != nil && !errors.Is((*failures)[0], tt.kind) {
			t.Errorf("%s: got %d with %v, sent %v, want %s", tt.name, resp.StatusCode, *failures, server.requests(), tt.want)
		}
		set := resp.Header["Set-Cookie"]
		if tt.deletes && (len(set) != 1 || set[0] != deleted) || !tt.deletes && len(set) != 0 {
			t.Errorf("%s: set the cookies %v, want the sign-in's deleted: %t", tt.name, set, tt.deletes)
		}
	}
}

func TestErrorsOfTheCallbackAreCutShort(t *testing.T) {
	for _, tt := range []struct{ given, want string }{
		{strings.Repeat("a", 499), strings.Repeat("a", 499)},
		{strings.Repeat("a", 500), strings.Repeat("a", 500)},
		{strings.Repeat("a", 501), strings.Repeat("a", 500) + "…"},
		{strings.Repeat("ä", 250), strings.Repeat("ä", 250)},
		{"a" + strings.Repeat("ä", 250), "a" + strings.Repeat("ä", 249) + "…"},
	} {
		s, failures := reporting(t, offline())
		sent, flow := signIn(t, s, "/sign-in")
		target := "/callback?" + url.Values{"error": {tt.given}, "error_description": {tt.given},
			"state": {sent.Get("state")}}.Encode()
		browse(http.HandlerFunc(s.Callback), "GET", target, flow)
		var denied *authkit.AuthorizationError
		if len(*failures) != 1 || !errors.As((*failures)[0], &denied) || denied.Code != tt.want ||
			denied.Description != tt.want {
			t.Errorf("%d bytes: got %+v, want %q twice", len(tt.given), denied, tt.want)
		}
	}
}

func TestFailedExchangeSetsNoSession(t *testing.T) {
	for name, server := range map[string]*api{
		"refused": {status: 400, answer: map[string]any{"error": "invalid_grant"}}, "down": {status: 503},
		"no token":  {status: 200, answer: map[string]any{}},
		"too large": {status: 200, answer: map[string]any{"access_token": strings.Repeat("x", 4000)}},
	} {
		s, failures := reporting(t, server)
		sent, flow := signIn(t, s, "/sign-in?return_to=/a")
		resp := comeBack(s, sent.Get("state"), flow)
		if resp.StatusCode != http.StatusTeapot || len(*failures) != 1 || (*failures)[0] == nil ||
			resp.Header.Get("Location") != "" || resp.cookie("wos-session") != nil || len(server.bodies) != 1 {
			t.Errorf("%s: got %d to %q with %v and %v, want a failure and no session", name, resp.StatusCode,
				resp.Header.Get("Location"), *failures, resp.cookies)
		}
	}
}

func TestImpossibleSignInSetsNothing(t *testing.T) {
	server := &wire{}
	s, failures := reporting(t, server, authkit.WithAuthorization(func(_ *http.Request, p *authkit.AuthorizationParams) {
		p.Provider = ""
	}))
	resp := server.wantNoEffect(t, "impossible", s, nil, func() page {
		return browse(http.HandlerFunc(s.SignIn), "GET", "/sign-in")
	})
	if resp.StatusCode != http.StatusTeapot || len(*failures) != 1 || resp.Header.Get("Location") != "" ||
		!strings.HasPrefix((*failures)[0].Error(), "workos/authkit: authorization URL: missing Provider") {
		t.Errorf("got %d with %v to %q, want one failure", resp.StatusCode, *failures, resp.Header.Get("Location"))
	}
}

func TestSignInThatCannotBeSealedSetsNothing(t *testing.T) {
	server, failures := &wire{}, []error(nil)
	sealer := newSealer(t, authkit.Password{ID: strings.Repeat("i", 64<<10), Secret: testSecret})
	s, err := authkit.NewSessions(newClient(t, server), sealer, testRedirect,
		authkit.WithErrorHandler(func(_ http.ResponseWriter, _ *http.Request, err error) { failures = append(failures, err) }))
	if err != nil {
		t.Fatal(err)
	}
	resp := server.wantNoEffect(t, "too large", s, nil, func() page {
		return browse(http.HandlerFunc(s.SignIn), "GET", "/sign-in")
	})
	if len(failures) != 1 || !errors.Is(failures[0], authkit.ErrCookieSize) || resp.Header.Get("Location") != "" {
		t.Errorf("got %v to %q, want ErrCookieSize", failures, resp.Header.Get("Location"))
	}
}

// What a sign-in keeps is its state, its verifier and where it ends.
func TestFlowCookieHoldsTheSignIn(t *testing.T) {
	for given, want := range map[string]string{
		"/a?b=c": "/a?b=c", "/": "/", "": "/", "//evil.example": "/", "/callback": "/", "/callback?a=b": "/",
		"/callback/a": "/callback/a", "/sign-in": "/", "/sign-in?a": "/", "/sign-in/a": "/sign-in/a", "/callbac": "/callbac",
		"/" + strings.Repeat("a", 1023): "/" + strings.Repeat("a", 1023), "/" + strings.Repeat("a", 1024): "/",
		"/!~\x7f": "/", "/!~": "/!~", "/\x1f": "/", "/ ": "/", "/!": "/!", "/ä": "/ä", "/a:b@c": "/a:b@c",
	} {
		s := newSessions(t, offline(), authkit.WithSignInPath("/sign-in"))
		sent, cookie := signIn(t, s, "/sign-in?"+url.Values{"return_to": {given}}.Encode())
		data, err := newSealer(t).Open(cookie.Value)
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]map[string]string
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		flow := got["sign_in"]
		pair, err := authkit.PKCEOf(flow["code_verifier"])
		if err != nil || pair.Challenge != sent.Get("code_challenge") || flow["state"] != sent.Get("state") ||
			flow["return_to"] != want || len(flow) != 3 || len(got) != 1 {
			t.Errorf("return_to %.80q: got %s and %v, want %q", given, data, err, want)
		}
	}
}
