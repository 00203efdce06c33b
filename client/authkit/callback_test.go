package authkit_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/client/state"
)

// startSignIn starts a sign-in and returns its callback, which can be loaded several times.
func startSignIn(t *testing.T, s *authkit.Sessions) (callback func(more ...*http.Cookie) page, flow *http.Cookie) {
	t.Helper()
	sent, flow := signIn(t, s, "/sign-in?return_to=/a")
	return func(more ...*http.Cookie) page { return comeBack(s, sent.Get("state"), append(more, flow)...) }, flow
}

// A token that this server never accepts would send the browser round for ever.
func TestCallbackShowsWhyATokenIsNotAccepted(t *testing.T) {
	for name, tt := range map[string]struct {
		changes map[string]any
		opts    []authkit.Option
		want    error
		text    string
	}{
		"a custom domain": {map[string]any{"iss": "https://auth.acme.example"}, nil, authkit.ErrTokenIssuer,
			`it is "https://auth.acme.example"; accepted are`},
		"an audience": {map[string]any{"aud": "other"}, []authkit.Option{authkit.WithAudience("app")},
			authkit.ErrTokenAudience, `it is ["other"], not "app"`},
		"a clock that is slow": {map[string]any{"iat": time.Now().Unix() + 10*60}, nil, authkit.ErrTokenNotYetValid,
			"check the clock of this machine"},
		"a clock that is fast": {map[string]any{"exp": time.Now().Unix() - 5}, nil, authkit.ErrTokenExpired,
			"check the clock of this machine"},
		"no session": {map[string]any{"sid": nil}, nil, authkit.ErrTokenClaims, `"sid" is missing`},
	} {
		server := &rotation{tb: t, key: newKeys()[0], changes: tt.changes}
		var failure error
		kit := newClient(t, server, tt.opts...)
		for _, custom := range []bool{false, true} {
			var opts []authkit.SessionsOption
			if custom {
				opts = append(opts, authkit.WithErrorHandler(func(w http.ResponseWriter, _ *http.Request, err error) {
					failure = err
					http.Error(w, err.Error(), authkit.ErrorStatus(err))
				}))
			}
			s, err := authkit.NewSessions(kit, newSealer(t), testRedirect, opts...)
			if err != nil {
				t.Fatal(err)
			}
			callback, flow := startSignIn(t, s)
			resp := callback()
			if resp.StatusCode != http.StatusInternalServerError || !strings.Contains(resp.text, tt.text) ||
				resp.Header.Get("Location") != "" || resp.cookie("wos-session") != nil {
				t.Errorf("%s: got %d %q with %v, want 500, the reason and no session", name, resp.StatusCode, resp.text,
					resp.cookies)
			}
			if gone := resp.cookie(flow.Name); gone == nil || gone.MaxAge >= 0 {
				t.Errorf("%s: got the cookie %v, want that of the sign-in deleted", name, gone)
			}
		}
		if !errors.Is(failure, tt.want) {
			t.Errorf("%s: the error handler got %v, want %v", name, failure, tt.want)
		}
	}
}

func TestClockAMinuteSlowSignsIn(t *testing.T) {
	at := time.Now().Add(time.Minute)
	server := &rotation{tb: t, key: newKeys()[0], changes: map[string]any{
		"iat": at.Unix(), "exp": at.Add(5 * time.Minute).Unix(),
	}}
	s := newSessions(t, server)
	callback, _ := startSignIn(t, s)
	resp := callback()
	if resp.StatusCode != http.StatusFound || resp.cookie("wos-session") == nil {
		t.Fatalf("got %d %q, want the session", resp.StatusCode, resp.text)
	}
	resp = send(s.Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, resp.cookie("wos-session"))
	if resp.StatusCode != http.StatusOK {
		t.Errorf("then got %d %q, want the page", resp.StatusCode, resp.text)
	}
}

// Keys that rotated less than 30 seconds after they were fetched cannot be fetched yet. The sign-in waits.
func TestCallbackOfARotatedKeyCanBeLoadedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		keys, tokens := &jwks{keys: jwkSet(newKeys()[0])}, &rotation{tb: t, key: newKeys()[1]}
		s := newSessions(t, split{keys, tokens})
		load(t, s, aCookie(t, time.Hour)) // fetches the keys
		keys.set(newKeys()[1].jwk())
		callback, flow := startSignIn(t, s)
		for range 3 {
			resp := callback()
			if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Location") != "" ||
				len(resp.cookies) != 0 || resp.Header.Get("Retry-After") == "" {
				t.Errorf("at once: got %d with %v, want 503 and no cookie changed", resp.StatusCode, resp.Header)
			}
		}
		time.Sleep(31 * time.Second)
		resp := callback()
		if resp.StatusCode != http.StatusFound || resp.cookie("wos-session") == nil || resp.cookie(flow.Name).MaxAge >= 0 {
			t.Errorf("later: got %d with %v, want the session", resp.StatusCode, resp.cookies)
		}
		if tokens.count() != 1 {
			t.Errorf("exchanged %d times, want once", tokens.count())
		}
	})
}

// A browser that lost the response, and with it the cookies, loads the callback again.
func TestCallbackCanBeLoadedOnceMore(t *testing.T) {
	server := &rotation{tb: t, key: newKeys()[0]}
	s := newSessions(t, server)
	callback, _ := startSignIn(t, s)
	for i, status := range []int{http.StatusFound, http.StatusFound, http.StatusBadRequest} {
		resp := callback()
		if resp.StatusCode != status || (resp.cookie("wos-session") != nil) != (status == http.StatusFound) {
			t.Errorf("load %d: got %d with %v, want %d", i+1, resp.StatusCode, resp.cookies, status)
		}
	}
	if server.count() != 1 {
		t.Errorf("exchanged %d times, want once", server.count())
	}
}

// However many requests load a callback at once, its code is spent once, and none but those that are refused lacks the
// session.
func TestConcurrentCallbacksSpendTheCodeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0], delay: time.Second}
		_, all := replicas(t, 3, server, new(state.Memory), authkit.WithSessionStore(new(state.Memory)))
		sent, flow := signIn(t, all[0], "/sign-in")
		var wait sync.WaitGroup
		var completed atomic.Int32
		for i := range 30 {
			wait.Go(func() {
				resp := comeBack(all[i%len(all)], sent.Get("state"), flow)
				session := resp.cookie("wos-session")
				if resp.StatusCode == http.StatusFound && session != nil {
					completed.Add(1)
				} else if resp.StatusCode != http.StatusBadRequest || session != nil {
					t.Errorf("got %d with %v, want the session or 400", resp.StatusCode, resp.cookies)
				}
			})
		}
		wait.Wait()
		if completed.Load() < 2 || server.count() != 1 {
			t.Errorf("%d completed by %d exchanges, want some by one", completed.Load(), server.count())
		}
	})
}

// A copy of a callback and its cookie brings nobody back whose session was signed out meanwhile.
func TestCallbackAfterSignOutIsUsed(t *testing.T) {
	server := &rotation{tb: t, key: newKeys()[0]}
	s, failures := reporting(t, server)
	callback, flow := startSignIn(t, s)
	session := callback().cookie("wos-session")
	browse(http.HandlerFunc(s.SignOut), "POST", "/sign-out", session)
	resp := callback()
	if len(*failures) != 1 || !errors.Is((*failures)[0], authkit.ErrState) || !errors.Is((*failures)[0], authkit.ErrSessionEnded) ||
		authkit.ErrorStatus((*failures)[0]) != http.StatusBadRequest || resp.cookie("wos-session") != nil {
		t.Errorf("got %v with %v, want ErrState and ErrSessionEnded, and no session", *failures, resp.cookies)
	}
	if gone := resp.cookie(flow.Name); gone == nil || gone.MaxAge >= 0 {
		t.Errorf("got the cookie %v, want that of the sign-in deleted", gone)
	}
	if server.count() != 1 {
		t.Errorf("exchanged %d times, want once", server.count())
	}
}

func TestUsedCallbackOfASignedInUserGoesHome(t *testing.T) {
	server := &rotation{tb: t, key: newKeys()[0]}
	s := newSessions(t, server)
	session := aCookie(t, time.Hour)
	resp := comeBack(s, "used", session)
	if resp.StatusCode != http.StatusFound || resp.Header.Get("Location") != "/" || server.count() != 0 {
		t.Errorf("got %d to %q after %d exchanges, want the way home", resp.StatusCode, resp.Header.Get("Location"),
			server.count())
	}
	if resp = comeBack(s, "used"); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("without session: got %d, want 400", resp.StatusCode)
	}
}

// Sign-ins that an identity provider or an impersonator started come back without state.
func TestCallbackWithoutStateBeginsASignIn(t *testing.T) {
	server := &wire{}
	s := newSessions(t, server)
	var counted []*http.Cookie
	for i := range 4 {
		resp := browse(http.HandlerFunc(s.Callback), "GET", "/callback?code=foreign", counted...)
		if i == 3 { // something takes the state away each time
			if resp.StatusCode != http.StatusBadRequest || len(resp.cookies) != 0 {
				t.Errorf("again and again: got %d with %v, want 400", resp.StatusCode, resp.cookies)
			}
			break
		}
		endpoint, sent := query(t, resp.Header.Get("Location"))
		if resp.StatusCode != http.StatusFound || !strings.HasSuffix(endpoint, "/authorize") || sent.Get("state") == "" ||
			resp.cookie("wos-auth-") == nil || resp.cookie("wos-session") != nil {
			t.Errorf("got %d to %q with %v, want a sign-in", resp.StatusCode, endpoint, resp.cookies)
		}
		counted = []*http.Cookie{resp.cookie("wos-sign-ins")}
	}
	if sent := server.requests(); len(sent) != 0 {
		t.Errorf("sent %v, want the code not used", sent)
	}
}

func TestRedirectsToSignInEnd(t *testing.T) {
	server := &rotation{tb: t, key: newKeys()[0]}
	var failures []error
	s := newSessions(t, server, authkit.WithSignInPath("/sign-in"))
	custom := newSessions(t, server, authkit.WithSignInPath("/sign-in"),
		authkit.WithErrorHandler(func(_ http.ResponseWriter, _ *http.Request, err error) { failures = append(failures, err) }))
	foreign := sealedCookie(t, "x", "r") // stands for a session that is not accepted
	cookies := map[string]*http.Cookie{"wos-session": foreign}
	for round := range 4 {
		var jar []*http.Cookie
		for _, c := range cookies {
			jar = append(jar, c)
		}
		resp := browse(s.Require(http.HandlerFunc(greet)), "GET", "/", jar...)
		if round == 3 {
			if resp.StatusCode != http.StatusInternalServerError || resp.Header.Get("Location") != "" ||
				!strings.Contains(resp.text, "signed in again and again") || !strings.Contains(resp.text, "not a JWT") {
				t.Errorf("got %d %q to %q, want an error page with the reason", resp.StatusCode, resp.text,
					resp.Header.Get("Location"))
			}
			browse(custom.Require(http.HandlerFunc(greet)), "GET", "/", jar...)
			break
		}
		if resp.StatusCode != http.StatusFound {
			t.Fatalf("round %d: got %d, want a redirect", round, resp.StatusCode)
		}
		callback, _ := startSignIn(t, s)
		resp = callback(jar...)
		cookies["wos-sign-ins"] = resp.cookie("wos-sign-ins")
	}
	if len(failures) != 1 || !errors.Is(failures[0], authkit.ErrSignInLoop) || !errors.Is(failures[0], authkit.ErrTokenFormat) {
		t.Errorf("the error handler got %v, want ErrSignInLoop and the reason", failures)
	}
	// A sign-out ends the count: the next sign-in is the user's choice.
	resp := browse(http.HandlerFunc(s.SignOut), "POST", "/sign-out", cookies["wos-sign-ins"])
	if gone := resp.cookie("wos-sign-ins"); gone == nil || gone.MaxAge >= 0 {
		t.Errorf("sign-out: got the cookie %v, want it deleted", gone)
	}
}

func TestErrorHandlerLearnsWhyACookieIsNotAccepted(t *testing.T) {
	server := &rotation{tb: t, key: newKeys()[0]}
	s, failures := reporting(t, server)
	for name, tt := range map[string]struct {
		cookie *http.Cookie
		want   error
	}{
		"none":           {nil, authkit.ErrNoCookie},
		"no seal":        {&http.Cookie{Name: "wos-session", Value: "x"}, authkit.ErrSealFormat},
		"another issuer": {sealedCookie(t, tokenOf(t, map[string]any{"iss": "https://a.example"}), "r"), authkit.ErrTokenIssuer},
		"no session ID":  {sealedCookie(t, tokenOf(t, map[string]any{"sid": nil}), "r"), authkit.ErrTokenClaims},
	} {
		*failures = nil
		var cookies []*http.Cookie
		if tt.cookie != nil {
			cookies = append(cookies, tt.cookie)
		}
		resp := browse(s.Require(http.HandlerFunc(greet)), "GET", "/", cookies...)
		if len(*failures) != 1 || !errors.Is((*failures)[0], tt.want) || !errors.Is((*failures)[0], authkit.ErrNotSignedIn) ||
			authkit.ErrorStatus((*failures)[0]) != http.StatusUnauthorized || resp.StatusCode != http.StatusTeapot {
			t.Errorf("%s: got %d and %v, want ErrNotSignedIn and %v", name, resp.StatusCode, *failures, tt.want)
		}
	}
}
