package authkit_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client/authkit"
)

func newSessions(tb testing.TB, transport http.RoundTripper, opts ...authkit.SessionsOption) *authkit.Sessions {
	tb.Helper()
	s, err := authkit.NewSessions(newClient(tb, transport), newSealer(tb), testRedirect, opts...)
	if err != nil {
		tb.Fatalf("NewSessions: %v", err)
	}
	return s
}

// page is what a browser gets.
type page struct {
	StatusCode int
	Header     http.Header
	text       string
	cookies    []*http.Cookie
}

// cookie returns the first whose name begins so, nil if there is none.
func (p page) cookie(prefix string) *http.Cookie {
	for _, c := range p.cookies {
		if strings.HasPrefix(c.Name, prefix) {
			return c
		}
	}
	return nil
}

// browse sends a request with cookies to a handler, as a browser that shows a page does.
func browse(h http.Handler, method, target string, cookies ...*http.Cookie) page {
	return send(h, method, target, http.Header{"Accept": {"text/html"}, "Sec-Fetch-Mode": {"navigate"}}, cookies...)
}

func send(h http.Handler, method, target string, header http.Header, cookies ...*http.Cookie) page {
	req := httptest.NewRequestWithContext(context.Background(), method, target, nil)
	req.Header = header.Clone()
	for _, c := range cookies {
		req.AddCookie(c)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return page{StatusCode: w.Code, Header: w.Header(), text: w.Body.String(), cookies: cookiesOf(w)}
}

func cookiesOf(w *httptest.ResponseRecorder) []*http.Cookie {
	result := w.Result()
	defer func() { _ = result.Body.Close() }()
	return result.Cookies()
}

// signIn begins a sign-in.
func signIn(t *testing.T, s *authkit.Sessions, target string) (sent url.Values, flow *http.Cookie) {
	t.Helper()
	resp := browse(http.HandlerFunc(s.SignIn), "GET", target)
	endpoint, sent := query(t, resp.Header.Get("Location"))
	flow = resp.cookie("wos-auth-")
	if resp.StatusCode != http.StatusFound || endpoint != "https://api.workos.com/user_management/authorize" ||
		flow == nil {
		t.Fatalf("sign-in: got %d to %q with the cookie %v", resp.StatusCode, endpoint, flow)
	}
	return sent, flow
}

// comeBack is the callback of a sign-in.
func comeBack(s *authkit.Sessions, state string, cookies ...*http.Cookie) page {
	target := "/callback?" + url.Values{"code": {"the-code"}, "state": {state}}.Encode()
	return browse(http.HandlerFunc(s.Callback), "GET", target, cookies...)
}

// greet answers who the user is.
func greet(w http.ResponseWriter, r *http.Request) {
	session, signedIn := authkit.SessionFrom(r.Context())
	claims, verified := authkit.ClaimsFrom(r.Context())
	if !signedIn || !verified {
		_, _ = io.WriteString(w, "nobody")
		return
	}
	_, _ = io.WriteString(w, session.User.Email+" in "+claims.OrganizationID)
}

// aCookie is the session cookie of a session whose access token ends at that time.
func aCookie(t *testing.T, until time.Duration) *http.Cookie {
	t.Helper()
	session := aSession()
	session.RefreshToken = "refresh-1"
	session.AccessToken = newKeys()[0].sign(t, claims(map[string]any{"exp": time.Now().Add(until).Unix()}))
	sealed, err := newSealer(t).SealSession(session)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Cookie{Name: "wos-session", Value: sealed}
}

func TestUserSignsInAndOut(t *testing.T) {
	server := &rotation{tb: t, key: newKeys()[0], changes: map[string]any{"org_id": "org_01"}}
	s := newSessions(t, server, authkit.WithSignInPath("/sign-in"), authkit.WithSignedOutURL("https://app.example/bye"))
	app := s.Require(http.HandlerFunc(greet))

	resp := browse(app, "GET", "/reports?year=2026&x=%2F")
	if got, want := resp.Header.Get("Location"), "/sign-in?return_to=%2Freports%3Fyear%3D2026%26x%3D%252F"; got != want ||
		resp.StatusCode != http.StatusFound {
		t.Fatalf("without a session: got %d to %q, want 302 to %q", resp.StatusCode, got, want)
	}
	sent, flow := signIn(t, s, resp.Header.Get("Location"))
	resp = comeBack(s, sent.Get("state"), flow)
	if got := resp.Header.Get("Location"); got != "/reports?year=2026&x=%2F" || resp.StatusCode != http.StatusFound {
		t.Fatalf("callback: got %d to %q: %s", resp.StatusCode, got, resp.text)
	}
	session := resp.cookie("wos-session")

	resp = browse(app, "GET", "/reports", session)
	if resp.text != "ada@acme.example in org_01" || resp.Header.Get("Vary") != "Cookie" || len(resp.cookies) != 0 {
		t.Errorf("with the session: got %q with %v, want the user, varying by cookie", resp.text, resp.Header)
	}

	resp = browse(http.HandlerFunc(s.SignOut), "POST", "/sign-out", session)
	endpoint, sent := query(t, resp.Header.Get("Location"))
	if resp.StatusCode != http.StatusSeeOther || endpoint != "https://api.workos.com/user_management/sessions/logout" ||
		sent.Get("session_id") != "session_01" || sent.Get("return_to") != "https://app.example/bye" {
		t.Errorf("sign-out: got %d to %q with %v", resp.StatusCode, endpoint, sent)
	}
	if gone := resp.cookie("wos-session"); gone == nil || gone.MaxAge >= 0 || gone.Value != "" || gone.Path != "/" {
		t.Errorf("sign-out: got the cookie %v, want it deleted", gone)
	}
}

func TestSignInIsKeptForItsCallbackAlone(t *testing.T) {
	s := newSessions(t, offline())
	sent, flow := signIn(t, s, "/sign-in")
	if sent.Get("provider") != "authkit" || sent.Get("redirect_uri") != testRedirect || len(sent.Get("state")) != 43 ||
		len(sent.Get("code_challenge")) != 43 {
		t.Errorf("sent %v, want a state and a challenge", sent)
	}
	if !flow.HttpOnly || !flow.Secure || flow.SameSite != http.SameSiteLaxMode || flow.MaxAge != 600 ||
		flow.Path != "/callback" {
		t.Errorf("got the cookie %v, want one for the callback alone, for 10 minutes", flow)
	}
	if strings.Contains(flow.String(), sent.Get("state")) {
		t.Errorf("the cookie shows the state: %v", flow)
	}
	again, other := signIn(t, s, "/sign-in")
	if again.Get("state") == sent.Get("state") || again.Get("code_challenge") == sent.Get("code_challenge") ||
		other.Name == flow.Name {
		t.Errorf("a second sign-in: got %v and the cookie %v, want others", again, other)
	}
}

func TestCallbackSetsTheSession(t *testing.T) {
	server := &rotation{tb: t, key: newKeys()[0]}
	s := newSessions(t, server)
	sent, flow := signIn(t, s, "/sign-in")
	resp := comeBack(s, sent.Get("state"), flow)

	verifier, _ := server.sent[0]["code_verifier"].(string)
	if pair, err := authkit.PKCEOf(verifier); err != nil || pair.Challenge != sent.Get("code_challenge") ||
		server.sent[0]["code"] != "the-code" {
		t.Errorf("exchanged %v, want the code and the verifier of the challenge", server.sent[0])
	}
	session := resp.cookie("wos-session")
	if session == nil || !session.HttpOnly || !session.Secure || session.SameSite != http.SameSiteLaxMode ||
		session.Path != "/" || session.Domain != "" || session.MaxAge != 400*24*60*60 {
		t.Errorf("got the cookie %v, want a secure one for 400 days", session)
	}
	if resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("Cache-Control is %q, want no-store", resp.Header.Get("Cache-Control"))
	}
	if gone := resp.cookie("wos-auth-"); gone == nil || gone.MaxAge >= 0 || gone.Name != flow.Name ||
		gone.Path != flow.Path {
		t.Errorf("got the cookie %v, want the sign-in's deleted", gone)
	}
}

func TestRefusedCallbacks(t *testing.T) {
	server := &rotation{tb: t, key: newKeys()[0]}
	var failures []error
	s := newSessions(t, server, authkit.WithErrorHandler(func(w http.ResponseWriter, _ *http.Request, err error) {
		failures = append(failures, err)
		w.WriteHeader(http.StatusTeapot)
	}))
	begin := func() (state string, flow *http.Cookie) {
		sent, flow := signIn(t, s, "/sign-in")
		return sent.Get("state"), flow
	}
	state, flow := begin()
	otherState, otherFlow := begin()
	swapped := &http.Cookie{Name: flow.Name, Value: otherFlow.Value}
	session := &http.Cookie{Name: flow.Name, Value: aCookie(t, time.Hour).Value} // sealed with the same password
	forged := &http.Cookie{Name: flow.Name, Value: "Fe26.2*1*a*b*c**d*e~2"}
	var denied *authkit.AuthorizationError // where no other error is wanted
	for _, tt := range []struct {
		name, query string
		cookies     []*http.Cookie
		want        error
	}{
		{"no state", "code=c", []*http.Cookie{flow}, authkit.ErrState},
		{"no cookie", "code=c&state=" + state, nil, authkit.ErrState},
		{"a made-up state", "code=c&state=made-up", []*http.Cookie{flow}, authkit.ErrState},
		{"the state of another tab", "code=c&state=" + otherState, []*http.Cookie{flow}, authkit.ErrState},
		{"the cookie of another sign-in", "code=c&state=" + state, []*http.Cookie{swapped}, authkit.ErrState},
		{"a session cookie", "code=c&state=" + state, []*http.Cookie{session}, authkit.ErrState},
		{"a forged cookie", "code=c&state=" + state, []*http.Cookie{forged}, authkit.ErrState},
		{"no code", "state=" + state, []*http.Cookie{flow}, authkit.ErrNoCode},
		{"an error", "error=access_denied&error_description=no&state=" + state, []*http.Cookie{flow}, nil},
		{"an error of a made-up sign-in", "error=access_denied&state=x", []*http.Cookie{flow}, authkit.ErrState},
	} {
		failures = nil
		resp := browse(http.HandlerFunc(s.Callback), "GET", "/callback?"+tt.query, tt.cookies...)
		if resp.StatusCode != http.StatusTeapot || len(failures) != 1 {
			t.Errorf("%s: got %d and %v, want one failure", tt.name, resp.StatusCode, failures)
			continue
		}
		if tt.want == nil {
			if !errors.As(failures[0], &denied) || denied.Code != "access_denied" || denied.Description != "no" {
				t.Errorf("%s: got %v, want access_denied", tt.name, failures[0])
			}
		} else if !errors.Is(failures[0], tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, failures[0], tt.want)
		}
		if got := resp.cookie("wos-session"); got != nil {
			t.Errorf("%s: got the session %v, want none", tt.name, got)
		}
	}
	if server.count() != 0 {
		t.Errorf("exchanged %v, want nothing", server.sent)
	}

	// Several tabs do not disturb each other, and a callback works once.
	resp := comeBack(s, otherState, flow, otherFlow)
	if resp.StatusCode != http.StatusFound || resp.Header.Get("Location") != "/" {
		t.Errorf("the other tab: got %d to %q", resp.StatusCode, resp.Header.Get("Location"))
	}
	failures = nil
	resp = comeBack(s, otherState, flow) // as the browser now is
	if len(failures) != 1 || !errors.Is(failures[0], authkit.ErrState) || server.count() != 1 {
		t.Errorf("replayed: got %d, %v and %d exchanges, want ErrState and one", resp.StatusCode, failures, server.count())
	}
}

func TestSignInExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSessions(t, &rotation{tb: t, key: newKeys()[0]})
		sent, flow := signIn(t, s, "/sign-in")
		time.Sleep(12 * time.Minute)
		resp := comeBack(s, sent.Get("state"), flow)
		if resp.StatusCode != http.StatusBadRequest || !strings.Contains(resp.text, "begin again") {
			t.Errorf("after 12 minutes: got %d, want 400", resp.StatusCode)
		}
	})
}

func TestSignInLeadsNowhereElse(t *testing.T) {
	s := newSessions(t, &rotation{tb: t, key: newKeys()[0]}, authkit.WithSignInPath("/sign-in"))
	for given, want := range map[string]string{
		"":                                "/",
		"/":                               "/",
		"/reports?a=b&c=%2F%2Fd#top":      "/reports?a=b&c=%2F%2Fd#top",
		"//evil.example":                  "/",
		"///evil.example":                 "/",
		"/\\evil.example":                 "/",
		"/\t/evil.example":                "/",
		"/\n/evil.example":                "/",
		"\t//evil.example":                "/",
		" //evil.example":                 "/",
		"\\\\evil.example":                "/",
		"https://evil.example":            "/",
		"https:evil.example":              "/",
		"javascript:alert(1)":             "/",
		"evil.example":                    "/",
		"@evil.example":                   "/",
		"/%zz":                            "/",
		"/a b":                            "/",
		"/sign-in?return_to=%2Fsign-in":   "/",
		"/callback?code=x":                "/",
		"/" + strings.Repeat("a", 2000):   "/",
		"/a\r\nSet-Cookie: wos-session=x": "/",
	} {
		sent, flow := signIn(t, s, "/sign-in?"+url.Values{"return_to": {given}}.Encode())
		resp := comeBack(s, sent.Get("state"), flow)
		if got := resp.Header.Get("Location"); got != want {
			t.Errorf("return_to %q: got %q, want %q", given, got, want)
		}
	}
}

func TestWhoIsNotSignedInIsAnswered(t *testing.T) {
	plain := newSessions(t, offline())
	redirecting := newSessions(t, offline(), authkit.WithSignInPath("/sign-in"))
	_, flow := signIn(t, plain, "/sign-in")
	navigation := http.Header{"Accept": {"text/html,application/xhtml+xml"}}
	script := http.Header{"Accept": {"*/*"}, "Sec-Fetch-Mode": {"cors"}}
	for _, tt := range []struct {
		name     string
		sessions *authkit.Sessions
		method   string
		header   http.Header
		cookie   *http.Cookie
		status   int
		location string
	}{
		{"page", redirecting, "GET", navigation, nil, 302, "/sign-in?return_to=%2Fx"},
		{"page's head", redirecting, "HEAD", navigation, nil, 302, "/sign-in"},
		{"form", redirecting, "POST", navigation, nil, 401, ""},
		{"script", redirecting, "GET", script, nil, 401, ""},
		{"API client", redirecting, "GET", http.Header{}, nil, 401, ""},
		{"page without a path to sign in", plain, "GET", navigation, nil, 401, ""},
		{"empty cookie", plain, "GET", navigation, &http.Cookie{Name: "wos-session"}, 401, ""},
		{"forged cookie", plain, "GET", navigation, &http.Cookie{Name: "wos-session", Value: "Fe26.2*1*a*b*c**d*e~2"},
			401, ""},
		{"sign-in's cookie", plain, "GET", navigation, &http.Cookie{Name: "wos-session", Value: flow.Value}, 401, ""},
	} {
		var cookies []*http.Cookie
		if tt.cookie != nil {
			cookies = append(cookies, tt.cookie)
		}
		resp := send(tt.sessions.Require(http.HandlerFunc(greet)), tt.method, "/x", tt.header, cookies...)
		if resp.StatusCode != tt.status || resp.Header.Get("Location") != tt.location {
			t.Errorf("%s: got %d to %q, want %d to %q", tt.name, resp.StatusCode, resp.Header.Get("Location"), tt.status,
				tt.location)
		}
		if tt.status == http.StatusUnauthorized && resp.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: a 401 without WWW-Authenticate", tt.name)
		}
		resp = send(tt.sessions.Allow(http.HandlerFunc(greet)), tt.method, "/x", tt.header, cookies...)
		if resp.StatusCode != http.StatusOK || resp.text != "nobody" {
			t.Errorf("%s, where everybody may: got %d %q, want nobody", tt.name, resp.StatusCode, resp.text)
		}
	}
}

func TestLoadTellsWhy(t *testing.T) {
	s := newSessions(t, &rotation{tb: t, key: newKeys()[0]})
	load := func(cookies ...*http.Cookie) error {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		for _, c := range cookies {
			r.AddCookie(c)
		}
		_, _, err := s.Load(httptest.NewRecorder(), r)
		return err
	}
	session := aSession()
	session.AccessToken = newKeys()[1].sign(t, claims(nil))
	foreignToken, err := newSealer(t).SealSession(session)
	if err != nil {
		t.Fatal(err)
	}
	foreignSeal, err := newSealer(t, authkit.Password{Secret: otherSecret}).SealSession(session)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		value string
		want  error
	}{
		{"cookie of another password", foreignSeal, authkit.ErrSealIntegrity},
		{"token of another key", foreignToken, authkit.ErrTokenKey},
		{"no seal", "x", authkit.ErrSealFormat},
	} {
		err := load(&http.Cookie{Name: "wos-session", Value: tt.value})
		if !errors.Is(err, authkit.ErrNotSignedIn) || !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want ErrNotSignedIn and %v", tt.name, err, tt.want)
		}
		// A cookie that another path or domain set does no harm.
		if err := load(&http.Cookie{Name: "wos-session", Value: tt.value}, aCookie(t, time.Hour)); err != nil &&
			!errors.Is(tt.want, authkit.ErrTokenKey) {
			t.Errorf("%s before a good one: %v", tt.name, err)
		}
	}
	if err := load(); !errors.Is(err, authkit.ErrNotSignedIn) || !errors.Is(err, authkit.ErrNoCookie) {
		t.Errorf("no cookie: got %v, want ErrNotSignedIn and ErrNoCookie", err)
	}
}

func TestSessionIsRefreshedAtItsEnd(t *testing.T) {
	down := func(*http.Request) (*http.Response, error) { return nil, errors.New("down") }
	ended := func(req *http.Request) (*http.Response, error) {
		return jsonAnswer(req, http.StatusBadRequest, map[string]string{"error": "invalid_grant"}), nil
	}
	for _, tt := range []struct {
		name     string
		until    time.Duration
		fail     httpmock.Responder
		status   int
		cookie   string // "kept" or "new"
		exchange int
	}{
		{"fresh", time.Minute, nil, 200, "kept", 0},
		{"soon over", 20 * time.Second, nil, 200, "new", 1},
		{"over", -time.Hour, nil, 200, "new", 1},
		{"soon over, and the API is down", 20 * time.Second, down, 200, "kept", 1},
		{"over, and the API is down", -time.Hour, down, 503, "kept", 1},
		{"soon over, and ended", 20 * time.Second, ended, 401, "kept", 1},
		{"over, and ended", -time.Hour, ended, 401, "kept", 1},
	} {
		server := &rotation{tb: t, key: newKeys()[0], fail: tt.fail}
		s := newSessions(t, server)
		resp := send(s.Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, aCookie(t, tt.until))
		state := "kept"
		if cookie := resp.cookie("wos-session"); cookie != nil {
			state = "new"
			if session, err := newSealer(t).OpenSession(cookie.Value); err != nil || session.RefreshToken != "refresh-2" {
				t.Errorf("%s: the new cookie holds %v and %v", tt.name, session, err)
			}
			if resp.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: Cache-Control is %q, want no-store", tt.name, resp.Header.Get("Cache-Control"))
			}
		}
		if resp.StatusCode != tt.status || state != tt.cookie || server.count() != tt.exchange {
			t.Errorf("%s: got %d, cookie %s, %d exchanges; want %d, %s, %d", tt.name, resp.StatusCode, state, server.count(),
				tt.status, tt.cookie, tt.exchange)
		}
		if tt.status == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") == "" {
			t.Errorf("%s: a 503 without Retry-After", tt.name)
		}
	}
}

func TestRequestsThatABrowserSendsTogetherRefreshOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0], delay: time.Second}
		app := newSessions(t, server).Require(http.HandlerFunc(greet))
		cookie := aCookie(t, -time.Hour)
		var wait sync.WaitGroup
		for range 20 {
			wait.Go(func() {
				resp := send(app, "GET", "/", http.Header{}, cookie)
				if resp.StatusCode != http.StatusOK || resp.cookie("wos-session") == nil {
					t.Errorf("got %d with %v, want 200 and the new cookie", resp.StatusCode, resp.cookies)
				}
			})
		}
		wait.Wait()
		if server.count() != 1 {
			t.Errorf("exchanged %d times, want once", server.count())
		}
	})
}

func TestKeysThatCannotBeFetchedSignNobodyOut(t *testing.T) {
	s := newSessions(t, &jwks{fail: errors.New("down")})
	resp := send(s.Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, aCookie(t, time.Hour))
	if resp.StatusCode != http.StatusServiceUnavailable || len(resp.cookies) != 0 {
		t.Errorf("got %d with %v, want 503 and no cookie", resp.StatusCode, resp.cookies)
	}
}

func TestSessionThatBrowsersWouldDropIsReported(t *testing.T) {
	session := aSession()
	session.AccessToken = strings.Repeat("x", 4000)
	s := newSessions(t, offline())
	w := httptest.NewRecorder()
	if err := s.Save(w, session); !errors.Is(err, authkit.ErrCookieSize) || len(cookiesOf(w)) != 0 {
		t.Errorf("got %v and %v, want ErrCookieSize and no cookie", err, cookiesOf(w))
	}
	session.AccessToken = strings.Repeat("x", 1500)
	if err := s.Save(w, session); err != nil {
		t.Errorf("a session of common size: %v", err)
	}
	resp := send(newSessions(t, &rotation{tb: t, key: newKeys()[0], size: 1000}).Require(http.HandlerFunc(greet)),
		"GET", "/", http.Header{}, aCookie(t, -time.Hour))
	if resp.StatusCode != http.StatusInternalServerError {
		t.Errorf("one that becomes too large: got %d, want 500", resp.StatusCode)
	}
}

func TestSignOutIsTheUsersOwn(t *testing.T) {
	s := newSessions(t, offline())
	signOut := http.HandlerFunc(s.SignOut)
	for _, tt := range []struct {
		name   string
		method string
		header http.Header
		status int
	}{
		{"a link", "GET", http.Header{}, http.StatusMethodNotAllowed},
		{"another site", "POST", http.Header{"Sec-Fetch-Site": {"cross-site"}}, http.StatusForbidden},
		{"another site, as an old browser tells it", "POST", http.Header{"Origin": {"https://evil.example"}},
			http.StatusForbidden},
		{"a form", "POST", http.Header{"Sec-Fetch-Site": {"same-origin"}}, http.StatusSeeOther},
	} {
		resp := send(signOut, tt.method, "/sign-out", tt.header, aCookie(t, -time.Hour))
		deleted := resp.cookie("wos-session") != nil
		if resp.StatusCode != tt.status || deleted != (tt.status == http.StatusSeeOther) {
			t.Errorf("%s: got %d, deleted: %t, want %d", tt.name, resp.StatusCode, deleted, tt.status)
		}
	}
	resp := browse(signOut, "POST", "/sign-out", aCookie(t, -time.Hour)) // whose token expired
	if _, sent := query(t, resp.Header.Get("Location")); sent.Get("session_id") != "session_01" {
		t.Errorf("an expired session: went to %q, want its end at WorkOS", resp.Header.Get("Location"))
	}
	resp = browse(signOut, "POST", "/sign-out")
	if got := resp.Header.Get("Location"); got != "/" {
		t.Errorf("without a session: went to %q, want /", got)
	}
}

func TestSignInIsTheCallersChoice(t *testing.T) {
	s := newSessions(t, offline(), authkit.WithAuthorization(func(r *http.Request, p *authkit.AuthorizationParams) {
		p.OrganizationID, p.Provider = r.URL.Query().Get("org"), ""
		p.RedirectURI, p.State, p.CodeChallenge = "https://evil.example", "fixed", "fixed" // which do not count
	}))
	resp := browse(http.HandlerFunc(s.SignIn), "GET", "/sign-in?org=org_01")
	_, sent := query(t, resp.Header.Get("Location"))
	if sent.Get("organization_id") != "org_01" || sent.Has("provider") || sent.Get("redirect_uri") != testRedirect ||
		sent.Get("state") == "fixed" || sent.Get("code_challenge") == "fixed" {
		t.Errorf("got %v", sent)
	}
	resp = browse(http.HandlerFunc(s.SignIn), "GET", "/sign-in") // to no organization
	if resp.StatusCode != http.StatusInternalServerError {
		t.Errorf("an impossible sign-in: got %d, want 500", resp.StatusCode)
	}
}

func TestSessionsRefuseWhatCannotWork(t *testing.T) {
	kit, sealer := newClient(t, offline()), newSealer(t)
	cookie := authkit.WithCookie
	for name, opt := range map[string]authkit.SessionsOption{
		"nil option": nil, "nil function": authkit.WithCookie(nil),
		"script":                  cookie(func(c *http.Cookie) { c.HttpOnly = false }),
		"bad name":                cookie(func(c *http.Cookie) { c.Name = "a b" }),
		"value":                   cookie(func(c *http.Cookie) { c.Value = "x" }),
		"deletion":                cookie(func(c *http.Cookie) { c.MaxAge = -1 }),
		"None without Secure":     cookie(func(c *http.Cookie) { c.SameSite, c.Secure = http.SameSiteNoneMode, false }),
		"__Host- with a domain":   cookie(func(c *http.Cookie) { c.Name, c.Domain = "__Host-s", "acme.example" }),
		"__Secure- without":       cookie(func(c *http.Cookie) { c.Name, c.Secure = "__Secure-s", false }),
		"sign-in elsewhere":       authkit.WithSignInPath("https://evil.example"),
		"sign-in with query":      authkit.WithSignInPath("/sign-in?x=y"),
		"empty sign-in":           authkit.WithSignInPath(""),
		"relative after sign-out": authkit.WithSignedOutURL("/bye"),
		"nil authorization":       authkit.WithAuthorization(nil),
		"nil error handler":       authkit.WithErrorHandler(nil),
	} {
		if _, err := authkit.NewSessions(kit, sealer, testRedirect, opt); err == nil {
			t.Errorf("%s: got no error, want one", name)
		}
	}
	for name, call := range map[string]func() (*authkit.Sessions, error){
		"nil client": func() (*authkit.Sessions, error) { return authkit.NewSessions(nil, sealer, testRedirect) },
		"nil sealer": func() (*authkit.Sessions, error) { return authkit.NewSessions(kit, nil, testRedirect) },
		"empty sealer": func() (*authkit.Sessions, error) {
			return authkit.NewSessions(kit, new(authkit.Sealer), testRedirect)
		},
		"no redirect":   func() (*authkit.Sessions, error) { return authkit.NewSessions(kit, sealer, "") },
		"path alone":    func() (*authkit.Sessions, error) { return authkit.NewSessions(kit, sealer, "/callback") },
		"native scheme": func() (*authkit.Sessions, error) { return authkit.NewSessions(kit, sealer, "app://callback") },
	} {
		if _, err := call(); err == nil {
			t.Errorf("%s: got no error, want one", name)
		}
	}
	s, err := authkit.NewSessions(kit, sealer, "https://app.example", cookie(func(c *http.Cookie) { c.Name = "__Host-s" }))
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if err := s.Save(w, aSession()); err != nil || len(cookiesOf(w)) != 1 || cookiesOf(w)[0].Name != "__Host-s" {
		t.Errorf("another name: got %v and %v", err, cookiesOf(w))
	}
	wantHidden(t, "sessions", s, testSecret, testKey)
}

func TestBearerTokensAreRequired(t *testing.T) {
	key := newKeys()[0]
	kit := newClient(t, &jwks{keys: jwkSet(key)})
	h := kit.RequireBearer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := authkit.ClaimsFrom(r.Context())
		if _, ok := authkit.SessionFrom(r.Context()); ok {
			t.Error("a bearer token brought a session")
		}
		_, _ = io.WriteString(w, claims.UserID)
	}))
	good := key.sign(t, claims(nil))
	for _, tt := range []struct {
		name, header string
		status       int
		challenge    string
	}{
		{"good", "Bearer " + good, 200, ""},
		{"lower case", "bearer " + good, 200, ""},
		{"none", "", 401, "Bearer"},
		{"another scheme", "Basic " + good, 401, "Bearer"},
		{"empty", "Bearer ", 401, "Bearer"},
		{"expired", "Bearer " + key.sign(t, claims(map[string]any{"exp": 1})), 401, `Bearer error="invalid_token"`},
		{"noise", "Bearer x", 401, `Bearer error="invalid_token"`},
	} {
		resp := send(h, "GET", "/", http.Header{"Authorization": {tt.header}})
		if resp.StatusCode != tt.status || resp.Header.Get("WWW-Authenticate") != tt.challenge ||
			tt.status == 200 && resp.text != "user_01" {
			t.Errorf("%s: got %d %q with challenge %q, want %d with %q", tt.name, resp.StatusCode, resp.text,
				resp.Header.Get("WWW-Authenticate"), tt.status, tt.challenge)
		}
	}
	down := newClient(t, &jwks{fail: errors.New("down")}).RequireBearer(http.HandlerFunc(greet))
	if resp := send(down, "GET", "/", http.Header{"Authorization": {"Bearer " + good}}); resp.StatusCode != 503 {
		t.Errorf("without keys: got %d, want 503", resp.StatusCode)
	}
}

func TestFailedExchangeIsReported(t *testing.T) {
	for status, want := range map[int]int{400: 403, 401: 500, 403: 403, 429: 503, 500: 503} {
		server := &rotation{tb: t, key: newKeys()[0], fail: func(req *http.Request) (*http.Response, error) {
			return jsonAnswer(req, status, map[string]string{"error": "x", "error_description": "detail"}), nil
		}}
		s := newSessions(t, server)
		sent, flow := signIn(t, s, "/sign-in")
		resp := comeBack(s, sent.Get("state"), flow)
		if resp.StatusCode != want || strings.Contains(resp.text, "detail") {
			t.Errorf("the API answers %d: got %d %q, want %d without details", status, resp.StatusCode, resp.text, want)
		}
	}
}
