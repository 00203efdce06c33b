//go:build e2e

package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
)

// These tests talk to the WorkOS emulator or the sandbox that WORKOS_E2E_URL and WORKOS_E2E_KEY name, as .ci/run starts
// them.

const clientID = "client_e2e"

func TestE2EUserSignsInAndOut(t *testing.T) {
	c, ctx := e2eClient(t), t.Context()
	email := e2eUser(t, c)
	server := httptest.NewUnstartedServer(nil)
	origin := "http://" + server.Listener.Addr().String()
	app, err := newApp(c, origin, password)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = app
	server.Start()
	t.Cleanup(server.Close)
	browser := newBrowser(t)

	// Through /sign-in, the emulator's authorize, and /callback to where it was to end.
	page := browser.do(t, http.MethodGet, origin+"/sign-in?return_to=/account&login_hint="+url.QueryEscape(email))
	if page.url != origin+"/account" || !strings.Contains(page.text, "Signed in as "+email) {
		t.Fatalf("sign-in: ended at %s with %q, want the account of %s", page.url, page.text, email)
	}
	if page = browser.do(t, http.MethodGet, origin+"/"); !strings.Contains(page.text, "Signed in as "+email) {
		t.Errorf("home: got %q, want %s", page.text, email)
	}

	// What the cookie holds verifies by the emulator's keys, and is refreshed once.
	kit, session := e2eSession(t, c, browser, origin)
	claims, err := kit.VerifyAccessToken(ctx, session.AccessToken)
	if err != nil {
		t.Fatalf("verify: %v", err)
	}
	if claims.UserID != session.User.ID || claims.SessionID == "" || session.User.Email != email {
		t.Errorf("verify: got %+v of %v", claims, session)
	}
	fresh, err := kit.Refresh(ctx, session)
	if err != nil {
		t.Fatalf("refresh: %v", err)
	}
	if _, err := kit.VerifyAccessToken(ctx, fresh.AccessToken); err != nil || fresh.RefreshToken == session.RefreshToken {
		t.Errorf("refresh: got %v and %v, want new tokens that verify", fresh, err)
	}
	if again, err := kit.Refresh(ctx, session); err != nil || again.RefreshToken != fresh.RefreshToken {
		t.Errorf("refresh at the same time: got %v and %v, want the same successor", again, err)
	}
	replica, err := authkit.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := replica.Refresh(ctx, session); !errors.Is(err, authkit.ErrSessionEnded) {
		t.Errorf("the spent token elsewhere: got %v, want ErrSessionEnded", err)
	}

	// Out again, here and at the emulator.
	page = browser.do(t, http.MethodPost, origin+"/sign-out")
	if page.url != origin+"/" || !strings.Contains(page.text, "Nobody is signed in") {
		t.Errorf("sign-out: ended at %s with %q, want the home of nobody", page.url, page.text)
	}
	for left, err := range c.UserManagement.Users.Sessions.All(ctx, claims.UserID, nil) {
		if err != nil {
			t.Fatal(err)
		}
		if left.ID == claims.SessionID {
			t.Errorf("sign-out: the session %s lives on", left.ID)
		}
	}
	if to := browser.location(t, origin+"/account"); to.Path != "/sign-in" {
		t.Errorf("account after sign-out: sent to %s, want /sign-in", to)
	}
}

func TestE2ECodeIsGoodForItsVerifierAlone(t *testing.T) {
	c, ctx := e2eClient(t), t.Context()
	kit, err := authkit.New(c)
	if err != nil {
		t.Fatal(err)
	}
	email, redirect := e2eUser(t, c), "http://127.0.0.1/callback"
	authorize := func() (code string, pair authkit.PKCE) {
		pair = authkit.NewPKCE()
		target, err := kit.AuthorizationURL(authkit.AuthorizationParams{
			RedirectURI: redirect, State: "state", CodeChallenge: pair.Challenge, LoginHint: email,
			Provider: workos.AuthKitProviderAuthKit,
		})
		if err != nil {
			t.Fatal(err)
		}
		back := newBrowser(t).location(t, target)
		if back.Query().Get("state") != "state" {
			t.Errorf("authorize: came back to %s without the state", back)
		}
		return back.Query().Get("code"), pair
	}
	code, pair := authorize()
	other := authkit.NewPKCE()
	_, err = kit.AuthenticateWithCode(ctx, workos.AuthenticateWithCode{Code: code, CodeVerifier: &other.Verifier})
	var failure *workos.Error
	if !errors.As(err, &failure) || failure.Code != "invalid_code_verifier" && failure.Code != "invalid_grant" {
		t.Errorf("another verifier: got %v, want invalid_code_verifier or, as the API, invalid_grant", err)
	}
	session, err := kit.AuthenticateWithCode(ctx, workos.AuthenticateWithCode{Code: code, CodeVerifier: &pair.Verifier})
	if err != nil || session.User.Email != email {
		t.Fatalf("the verifier: got %v and %v, want a session", session, err)
	}
	_, err = kit.AuthenticateWithCode(ctx, workos.AuthenticateWithCode{Code: code, CodeVerifier: &pair.Verifier})
	if !errors.As(err, &failure) || failure.Code != "invalid_code" && failure.Code != "invalid_grant" {
		t.Errorf("the code again: got %v, want invalid_code or, as the API, invalid_grant", err)
	}
}

func TestE2EUserSignsInThroughSSO(t *testing.T) {
	c, ctx := e2eClient(t), t.Context()
	kit, err := authkit.New(c)
	if err != nil {
		t.Fatal(err)
	}
	org, err := c.Organizations.Create(ctx, workos.CreateOrganization{Name: "Acme " + rand.Text()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Organizations.Delete(context.WithoutCancel(ctx), org.ID); err != nil {
			t.Errorf("delete the organization: %v", err)
		}
	})
	connection := e2eConnection(t, c, org.ID)
	for _, params := range []authkit.SSOAuthorizationParams{{Connection: connection}, {Organization: org.ID}} {
		pair := authkit.NewPKCE()
		params.RedirectURI, params.State, params.CodeChallenge = "http://127.0.0.1/sso", "state", pair.Challenge
		target, err := kit.SSOAuthorizationURL(params)
		if err != nil {
			t.Fatal(err)
		}
		back := newBrowser(t).location(t, target).Query()
		got, err := kit.AuthenticateWithSSO(ctx, back.Get("code"), pair.Verifier)
		if err != nil {
			t.Fatal(err)
		}
		if got.Profile.ConnectionID != connection || back.Get("state") != "state" {
			t.Errorf("got %v of %s, want one of %s", got, got.Profile.ConnectionID, connection)
		}
		again, err := c.SSO.Profile.Get(ctx, workos.WithAccessToken(got.AccessToken))
		if err != nil || again.ID != got.Profile.ID {
			t.Errorf("profile by the access token: got %v and %v, want %s", again, err, got.Profile.ID)
		}
	}
}

// The emulator has a sign-in of a device pend for ever as long as it has no user, and confirms it at once if it has
// one. So the first sign-in here pends by an emulator of the test's own, without users, until the test gives up; the
// second is answered by the test as the API answers while the user has not confirmed, and then by the emulator.
func TestE2EDevicePendsAndSignsIn(t *testing.T) {
	polls, held := 0, 0
	c := newE2EClient(t, ownEmulator(t), workos.WithMiddleware(
		func(req *http.Request, next workos.Next) (*http.Response, error) {
			op, _ := workos.OperationOf(req)
			switch op.ID {
			case "user_management.authorize.device.create":
				return fasterPolls(next(req)) // than one every 5 seconds
			case "user_management.authenticate.create":
				if polls++; polls <= held {
					return pending(req), nil
				}
			}
			return next(req)
		}))
	kit, err := authkit.New(c)
	if err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithTimeout(t.Context(), 3500*time.Millisecond)
	defer cancel()
	var out bytes.Buffer
	err = waitForUser(ctx, kit, &out)
	if !errors.Is(err, context.DeadlineExceeded) || polls != 3 {
		t.Errorf("without a user: got %v after %d polls, want the deadline after 3", err, polls)
	}

	if _, err := c.UserManagement.Users.Create(t.Context(), workos.CreateUser{Email: "ada@example.com"}); err != nil {
		t.Fatal(err)
	}
	polls, held = 0, 2
	out.Reset()
	start := time.Now()
	if err := waitForUser(t.Context(), kit, &out); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); !strings.Contains(text, "Open http") ||
		!strings.Contains(text, "signed in as ada@example.com") {
		t.Errorf("got %q, want the code and who signed in", text)
	}
	if polls != 3 || time.Since(start) < 3*time.Second {
		t.Errorf("polled %d times in %v, want 3 times, a second apart", polls, time.Since(start))
	}
}
