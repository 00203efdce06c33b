package authkit_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
)

type plan struct {
	Name  string
	Seats int
}

func TestApplicationTakesPartInTheSignIn(t *testing.T) {
	server := &api{status: http.StatusOK, answer: func() map[string]any {
		answer := authentication()
		answer["access_token"] = tokenOf(t, nil)
		answer["oauth_tokens"] = map[string]any{
			"provider": "GoogleOAuth", "access_token": "google", "refresh_token": "r", "expires_at": 1, "scopes": []string{"a"},
		}
		return answer
	}()}
	var got plan
	var tokens *authkit.OAuthTokens
	var refuse error
	calls := 0
	s := newSessions(t, split{&jwks{keys: jwkSet(newKeys()[0])}, nil}.with(server), authkit.WithOnSignIn(
		func(r *http.Request) (plan, error) {
			if name := r.URL.Query().Get("plan"); name != "" {
				return plan{name, 7}, nil
			}
			return plan{}, errors.New("no plan")
		},
		func(w http.ResponseWriter, _ *http.Request, session *authkit.Session, state plan) error {
			got, tokens = state, session.OAuthTokens
			calls++
			http.SetCookie(w, &http.Cookie{Name: "mine", Value: "x"})
			return refuse
		}))
	for range 2 { // the second time the browser lost the response
		sent, flow := signIn(t, s, "/sign-in?plan=team")
		for range 2 {
			resp := comeBack(s, sent.Get("state"), flow)
			if resp.StatusCode != http.StatusFound || resp.cookie("mine") == nil || resp.cookie("wos-session") == nil {
				t.Fatalf("got %d %q with %v", resp.StatusCode, resp.text, resp.cookies)
			}
			if got != (plan{"team", 7}) || tokens == nil || tokens.AccessToken != "google" || tokens.RefreshToken != "r" ||
				tokens.Provider != "GoogleOAuth" || len(tokens.Scopes) != 1 {
				t.Errorf("got the state %v and the tokens %+v", got, tokens)
			}
		}
	}
	if calls != 4 {
		t.Errorf("called %d times, want 4", calls)
	}
	if strings.Contains(tokens.String(), "google") {
		t.Errorf("the tokens print as %v", tokens)
	}
	refuse = errors.New("this user may not")
	sent, flow := signIn(t, s, "/sign-in?plan=team")
	if resp := comeBack(s, sent.Get("state"), flow); resp.StatusCode != http.StatusInternalServerError ||
		resp.cookie("wos-session") != nil || strings.Contains(resp.text, "may not") {
		t.Errorf("refused by the application: got %d %q with %v, want no session", resp.StatusCode, resp.text, resp.cookies)
	}
	resp := browse(http.HandlerFunc(s.SignIn), "GET", "/sign-in")
	if resp.StatusCode != http.StatusInternalServerError || len(resp.cookies) != 0 || resp.Header.Get("Location") != "" {
		t.Errorf("without state: got %d with %v, want 500 and no sign-in", resp.StatusCode, resp.cookies)
	}
	resp = browse(http.HandlerFunc(s.SignIn), "GET", "/sign-in?plan="+strings.Repeat("a", 4000))
	if resp.StatusCode != http.StatusInternalServerError || len(resp.cookies) != 0 || resp.Header.Get("Location") != "" {
		t.Errorf("a state that is too large: got %d with %v, want 500 and no sign-in", resp.StatusCode, resp.cookies)
	}
}

// with returns a transport with these keys and tokens of another.
func (s split) with(tokens http.RoundTripper) http.RoundTripper {
	return roundTrip(func(req *http.Request) (*http.Response, error) {
		if req.Method == http.MethodGet {
			return s.keys.RoundTrip(req)
		}
		return tokens.RoundTrip(req)
	})
}

func TestStateOfTheApplicationIsOptional(t *testing.T) {
	called := false
	s := newSessions(t, &rotation{tb: t, key: newKeys()[0]}, authkit.WithOnSignIn(nil,
		func(_ http.ResponseWriter, _ *http.Request, _ *authkit.Session, state *plan) error {
			called = state == nil
			return nil
		}))
	callback, _ := startSignIn(t, s)
	if resp := callback(); resp.StatusCode != http.StatusFound || !called {
		t.Errorf("got %d, called with nil: %t", resp.StatusCode, called)
	}
}

func TestApplicationLearnsOfARefreshOnce(t *testing.T) {
	calls, fail := 0, error(nil)
	s := newSessions(t, &rotation{tb: t, key: newKeys()[0]}, authkit.WithOnRefresh(
		func(_ http.ResponseWriter, _ *http.Request, session *authkit.Session) error {
			calls++
			if session.RefreshToken == "refresh-1" {
				t.Error("got the old session")
			}
			return fail
		}))
	app, cookie := s.Require(http.HandlerFunc(greet)), aCookie(t, -time.Hour)
	for range 3 {
		if resp := send(app, "GET", "/", http.Header{}, cookie); resp.StatusCode != http.StatusOK {
			t.Errorf("got %d", resp.StatusCode)
		}
	}
	if calls != 1 {
		t.Errorf("called %d times, want once", calls)
	}
	fail = errors.New("database is down")
	session := aSession()
	session.RefreshToken, session.AccessToken = "another", tokenOf(t, map[string]any{"exp": 1})
	sealed, err := newSealer(t).SealSession(session)
	if err != nil {
		t.Fatal(err)
	}
	resp := send(app, "GET", "/", http.Header{}, &http.Cookie{Name: "wos-session", Value: sealed})
	if resp.StatusCode != http.StatusInternalServerError || resp.cookie("wos-session") == nil {
		t.Errorf("failed: got %d with %v, want 500 and the new session kept", resp.StatusCode, resp.cookies)
	}
}
