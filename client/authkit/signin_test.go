package authkit_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
)

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

func TestSignInIsKeptForTenMinutes(t *testing.T) {
	s := newSessions(t, offline())
	sent, flow := signIn(t, s, "/sign-in")
	if sent.Get("provider") != "authkit" || sent.Get("redirect_uri") != testRedirect || len(sent.Get("state")) != 43 ||
		len(sent.Get("code_challenge")) != 43 {
		t.Errorf("sent %v, want a state and a challenge", sent)
	}
	if !flow.HttpOnly || !flow.Secure || flow.SameSite != http.SameSiteLaxMode || flow.MaxAge != 600 ||
		flow.Path != "/" {
		t.Errorf("got the cookie %v, want one for 10 minutes", flow)
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

// Several tabs do not disturb each other, and a callback works once.
func TestCallbackWorksOnce(t *testing.T) {
	server := &rotation{tb: t, key: newKeys()[0]}
	s, failures := reporting(t, server)
	sent, flow := signIn(t, s, "/sign-in")
	otherSent, otherFlow := signIn(t, s, "/sign-in")
	resp := comeBack(s, otherSent.Get("state"), flow, otherFlow)
	if resp.StatusCode != http.StatusFound || resp.Header.Get("Location") != "/" || server.count() != 1 {
		t.Errorf("the other tab: got %d to %q", resp.StatusCode, resp.Header.Get("Location"))
	}
	resp = comeBack(s, otherSent.Get("state"), flow) // as the browser now is
	if len(*failures) != 1 || !errors.Is((*failures)[0], authkit.ErrState) || server.count() != 1 ||
		len(resp.Header["Set-Cookie"]) != 0 {
		t.Errorf("replayed: got %d, %v and %d exchanges, want ErrState and one", resp.StatusCode, *failures, server.count())
	}
	resp = comeBack(s, sent.Get("state"), flow)
	if resp.StatusCode != http.StatusFound || server.count() != 2 || resp.cookie("wos-session") == nil {
		t.Errorf("the first tab: got %d after %d exchanges, want the session", resp.StatusCode, server.count())
	}
}

func TestSignInExpires(t *testing.T) {
	for after, expired := range map[time.Duration]bool{ // clocks may differ by a minute
		0: false, 10 * time.Minute: false, 11*time.Minute - time.Millisecond: false, 11 * time.Minute: true,
		time.Hour: true,
	} {
		synctest.Test(t, func(t *testing.T) {
			server := &wire{next: &rotation{tb: t, key: newKeys()[0]}}
			s := newSessions(t, server)
			sent, flow := signIn(t, s, "/sign-in")
			time.Sleep(after)
			resp := comeBack(s, sent.Get("state"), flow)
			if !expired {
				if resp.StatusCode != http.StatusFound || resp.cookie("wos-session") == nil {
					t.Errorf("after %v: got %d with %v, want the session", after, resp.StatusCode, resp.cookies)
				}
				return
			}
			if resp.StatusCode != http.StatusBadRequest || !strings.Contains(resp.text, "begin again") ||
				resp.cookie("wos-session") != nil || len(server.requests()) != 0 {
				t.Errorf("after %v: got %d after %v, want 400 and nothing sent", after, resp.StatusCode, server.requests())
			}
		})
	}
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

func TestRequestUnderWayDoesNotUndoTheSignOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0], delay: time.Second}
		s := newSessions(t, server)
		app := s.Require(http.HandlerFunc(greet))
		cookie := aCookie(t, -time.Hour)
		var wait sync.WaitGroup
		wait.Go(func() {
			resp := send(app, "GET", "/", http.Header{}, cookie)
			if resp.StatusCode != http.StatusUnauthorized || len(resp.cookies) != 0 {
				t.Errorf("got %d with %v, want 401 and no cookie", resp.StatusCode, resp.cookies)
			}
		})
		time.Sleep(time.Second / 2) // while it is refreshed
		browse(http.HandlerFunc(s.SignOut), "POST", "/sign-out", cookie)
		wait.Wait()
		resp := send(app, "GET", "/", http.Header{}, aCookie(t, time.Hour)) // of another request that was late
		if resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("another cookie of the session: got %d, want 401", resp.StatusCode)
		}
		time.Sleep(5 * time.Minute) // when the token that was refreshed meanwhile expires
		if resp := send(app, "GET", "/", http.Header{}, aCookie(t, time.Hour)); resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("later: got %d, want 401", resp.StatusCode)
		}
	})
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
