package authkit_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/gen"
)

func responding(status int, body any) httpmock.Responder {
	return func(req *http.Request) (*http.Response, error) { return jsonAnswer(req, status, body), nil }
}

// Each code, with the status it comes with and others, in both members that the API writes it to.
func TestCodesThatEndASession(t *testing.T) {
	for _, tt := range []struct {
		code             string
		ended, switching bool // by a refresh, by a switch of the organization
	}{
		{"invalid_grant", true, true}, {"mfa_enrollment", true, false}, {"sso_required", true, false},
		{"mfa_challenge", false, false}, {"invalid_client", false, false}, {"organization_selection_required", false, false},
		{"", false, false}, {"Invalid_grant", false, false},
	} {
		for _, member := range []string{"error", "code"} {
			for _, status := range []int{400, 401, 403, 422} {
				fail := responding(status, map[string]string{member: tt.code, "message": "x"})
				server := &rotation{tb: t, key: newKeys()[0], fail: fail}
				_, err := newClient(t, server).Refresh(t.Context(), spentSession())
				var failure *client.Error
				if !errors.As(err, &failure) || failure.StatusCode != status ||
					errors.Is(err, authkit.ErrSessionEnded) != tt.ended || !strings.HasPrefix(err.Error(), "workos/authkit: refresh: ") {
					t.Errorf("%s %q, %d: refresh: got %v, want ended: %t", member, tt.code, status, err, tt.ended)
				}
				_, err = newClient(t, server).SwitchOrganization(t.Context(), spentSession(), "org_02")
				if !errors.As(err, &failure) || errors.Is(err, authkit.ErrSessionEnded) != tt.switching {
					t.Errorf("%s %q, %d: switch: got %v, want ended: %t", member, tt.code, status, err, tt.switching)
				}
			}
		}
	}
}

func TestWaitersShareAFailedExchange(t *testing.T) {
	for name, fail := range map[string]httpmock.Responder{
		"down":   func(*http.Request) (*http.Response, error) { return nil, errors.New("down") },
		"broken": responding(500, map[string]string{"message": "x"}),
		"panic":  func(*http.Request) (*http.Response, error) { panic("faulty") },
	} {
		synctest.Test(t, func(t *testing.T) {
			server := &rotation{tb: t, key: newKeys()[0], delay: time.Second, fail: fail}
			c := newClient(t, server)
			var wait sync.WaitGroup
			for i := range 10 {
				wait.Go(func() {
					time.Sleep(time.Duration(i) * 50 * time.Millisecond)
					session, err := c.Refresh(t.Context(), spentSession())
					if session != nil || err == nil || errors.Is(err, authkit.ErrSessionEnded) {
						t.Errorf("%s, waiter %d: got %v and %v, want a failure that may pass", name, i, session, err)
					}
				})
			}
			wait.Wait()
			if server.count() != 1 {
				t.Errorf("%s: exchanged %d times, want once", name, server.count())
			}
			server.setFailure(nil)
			if session, err := c.Refresh(t.Context(), spentSession()); err != nil || session.RefreshToken == "" {
				t.Errorf("%s: the next: got %v and %v, want a session", name, session, err)
			}
		})
	}
}

// A waiter whose context ends leaves alone, with the cause, and the others get the session.
func TestWaiterThatGivesUpLeavesTheExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0], delay: 10 * time.Second}
		c, cause := newClient(t, server), errors.New("the browser went away")
		var wait sync.WaitGroup
		for i := range 6 {
			wait.Go(func() {
				time.Sleep(time.Duration(i) * time.Millisecond)
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				if i%2 == 0 { // the first too, whose exchange it is
					time.AfterFunc(time.Second, func() { cancel(cause) })
				}
				start := time.Now()
				session, err := c.Refresh(ctx, spentSession())
				if i%2 != 0 {
					if err != nil || session.RefreshToken != "refresh-2" {
						t.Errorf("waiter %d: got %v and %v, want the session", i, session, err)
					}
					return
				}
				want := "workos/authkit: refresh: waiting for the exchange: the browser went away"
				if session != nil || !errors.Is(err, cause) || err.Error() != want || time.Since(start) != time.Second {
					t.Errorf("waiter %d: got %v and %v after %v, want %s", i, session, err, time.Since(start), want)
				}
			})
		}
		wait.Wait()
		if server.count() != 1 {
			t.Errorf("exchanged %d times, want once", server.count())
		}
	})
}

func TestSpentTokenIsKnownForHalfAMinute(t *testing.T) {
	for after, exchanges := range map[time.Duration]int{0: 1, 30*time.Second - 1: 1, 30 * time.Second: 2} {
		synctest.Test(t, func(t *testing.T) {
			server := &rotation{tb: t, key: newKeys()[0]}
			c := newClient(t, server)
			first, err := c.Refresh(t.Context(), spentSession())
			if err != nil {
				t.Fatal(err)
			}
			first.User.Email, first.OrganizationID = "changed", "changed" // which is the caller's own copy
			time.Sleep(after)
			again, err := c.Refresh(t.Context(), spentSession())
			if server.count() != exchanges || (err == nil) != (exchanges == 1) {
				t.Errorf("%v later: got %v after %d exchanges, want %d", after, err, server.count(), exchanges)
			}
			if err == nil && (again.User.Email != "ada@acme.example" || again.OrganizationID != "org_01") {
				t.Errorf("%v later: got %v, want what the first caller did not change", after, again)
			}
		})
	}
}

func TestExchangeEndsAfterHalfAMinute(t *testing.T) {
	for delay, fits := range map[time.Duration]bool{30*time.Second - 1: true, 30*time.Second + 1: false} {
		synctest.Test(t, func(t *testing.T) {
			c, start := newClient(t, &rotation{tb: t, key: newKeys()[0], delay: delay}), time.Now()
			_, err := c.Refresh(t.Context(), spentSession())
			if (err == nil) != fits || time.Since(start) != min(delay, 30*time.Second) {
				t.Errorf("%v: got %v after %v, want success: %t", delay, err, time.Since(start), fits)
			}
		})
	}
}

// What the response to a refresh leaves out stays as it was.
func TestRefreshKeepsWhatTheResponseLeavesOut(t *testing.T) {
	for name, tt := range map[string]struct {
		response map[string]any
		token    string
		method   gen.AuthenticationMethod
	}{
		"all":        {map[string]any{"refresh_token": "new", "authentication_method": "Password"}, "new", "Password"},
		"no token":   {map[string]any{"authentication_method": "Password"}, "refresh-1", "Password"},
		"no method":  {map[string]any{"refresh_token": "new"}, "new", "SSO"},
		"none":       {map[string]any{}, "refresh-1", "SSO"},
		"both empty": {map[string]any{"refresh_token": "", "authentication_method": nil}, "refresh-1", "SSO"},
	} {
		tt.response["access_token"] = "access"
		server := &api{status: http.StatusOK, answer: tt.response}
		session, err := newClient(t, server).Refresh(t.Context(), spentSession())
		if err != nil || session.RefreshToken != tt.token || session.AuthenticationMethod != tt.method {
			t.Errorf("%s: got %#v and %v, want %s and %s", name, session, err, tt.token, tt.method)
		}
	}
}

func TestRefreshNamesTheOrganization(t *testing.T) {
	token := tokenOf(t, map[string]any{"org_id": "org_07"})
	parts := strings.Split(token, ".")
	for name, tt := range map[string]struct {
		session authkit.Session
		want    any
	}{
		"the session's":      {authkit.Session{AccessToken: token, OrganizationID: "org_01"}, "org_01"},
		"the token's":        {authkit.Session{AccessToken: token}, "org_07"},
		"unsigned":           {authkit.Session{AccessToken: parts[0] + "." + parts[1] + "."}, "org_07"},
		"none in the token":  {authkit.Session{AccessToken: tokenOf(t, map[string]any{"org_id": nil})}, nil},
		"no token":           {authkit.Session{}, nil},
		"two parts":          {authkit.Session{AccessToken: parts[0] + "." + parts[1]}, nil},
		"four parts":         {authkit.Session{AccessToken: token + ".x"}, nil},
		"no base64":          {authkit.Session{AccessToken: parts[0] + ".!" + parts[1] + "." + parts[2]}, nil},
		"no claims":          {authkit.Session{AccessToken: parts[0] + ".W10." + parts[2]}, nil},
		"more than is read":  {authkit.Session{AccessToken: token + strings.Repeat("a", 64<<10+1-len(token))}, nil},
		"as long as is read": {authkit.Session{AccessToken: token + strings.Repeat("a", 64<<10-len(token))}, "org_07"},
	} {
		server := &api{status: http.StatusOK, answer: authentication()}
		tt.session.RefreshToken = "refresh-1"
		_, err := newClient(t, server).Refresh(t.Context(), &tt.session)
		if err != nil || len(server.bodies) != 1 || server.bodies[0]["organization_id"] != tt.want ||
			server.bodies[0]["refresh_token"] != "refresh-1" {
			t.Errorf("%s: sent %v with %v, want the organization %v", name, server.bodies, err, tt.want)
		}
	}
}

func TestRefreshWithoutATokenSendsNothing(t *testing.T) {
	server := &wire{}
	c := newClient(t, server)
	for _, session := range []*authkit.Session{nil, {}, {AccessToken: "a"}} {
		for name, call := range map[string]func() (*authkit.Session, error){
			"refresh": func() (*authkit.Session, error) { return c.Refresh(t.Context(), session) },
			"switch":  func() (*authkit.Session, error) { return c.SwitchOrganization(t.Context(), session, "org_01") },
		} {
			got, err := call()
			want := "workos/authkit: refresh: session has ended: no refresh token"
			if got != nil || !errors.Is(err, authkit.ErrSessionEnded) || err.Error() != want {
				t.Errorf("%s of %v: got %v and %v, want %s", name, session, got, err, want)
			}
		}
	}
	got, err := c.SwitchOrganization(t.Context(), spentSession(), "")
	if want := "workos/authkit: switch organization: organization ID is empty"; got != nil || err == nil || err.Error() != want {
		t.Errorf("no organization: got %v and %v, want %s", got, err, want)
	}
	if sent := server.requests(); len(sent) != 0 {
		t.Errorf("sent %v, want nothing", sent)
	}
}
