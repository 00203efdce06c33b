package authkit_test

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/gen"
)

func TestSessionPrintsWhoseItIs(t *testing.T) {
	full := authkit.Session{AccessToken: "a", RefreshToken: "r", OrganizationID: "org_01", User: &gen.User{ID: "user_01"}}
	for _, tt := range []struct {
		session    authkit.Session
		text, logs string
	}{
		{full, "Session{User: user_01, OrganizationID: org_01, AccessToken: [redacted], RefreshToken: [redacted]}",
			"[user=user_01 organization=org_01 access_token=[redacted] refresh_token=[redacted]]"},
		{authkit.Session{}, "Session{User: , OrganizationID: , AccessToken: none, RefreshToken: none}",
			"[user= organization= access_token=none refresh_token=none]"},
	} {
		s := tt.session
		if s.String() != tt.text || s.GoString() != tt.text || fmt.Sprintf("%v", s) != tt.text {
			t.Errorf("got %s and %s, want %s", s, s.GoString(), tt.text)
		}
		if got := s.LogValue().String(); got != tt.logs {
			t.Errorf("log: got %s, want %s", got, tt.logs)
		}
	}
	tokens, want := authkit.OAuthTokens{Provider: "p", AccessToken: "secret"}, "OAuthTokens{Provider: p}"
	if tokens.String() != want || tokens.GoString() != want || fmt.Sprintf("%v", tokens) != want ||
		tokens.LogValue().String() != want {
		t.Errorf("got %s, %s and %s, want %s", tokens, tokens.GoString(), tokens.LogValue(), want)
	}
	profile, want := authkit.SSOProfile{Profile: gen.Profile{ID: "prof_01"}, AccessToken: "secret"},
		"SSOProfile{ID: prof_01, AccessToken: [redacted]}"
	if profile.String() != want || profile.GoString() != want || fmt.Sprintf("%v", profile) != want {
		t.Errorf("got %s and %s, want %s", profile, profile.GoString(), want)
	}
	if got, want := profile.LogValue().String(), "[profile=prof_01 access_token=[redacted]]"; got != want {
		t.Errorf("log: got %s, want %s", got, want)
	}
}

// Callers that share an exchange may each change what they get, all that it points to.
func TestCallersOfOneExchangeOwnWhatTheyGet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		response := authentication()
		user, _ := response["user"].(map[string]any)
		user["metadata"] = map[string]string{"plan": "team"}
		server := &api{status: 200, answer: response}
		c := newClient(t, server)
		var got [3]*authkit.Session
		var wait sync.WaitGroup
		for i := range got {
			wait.Go(func() {
				session, err := c.Refresh(t.Context(), spentSession())
				if err != nil {
					t.Errorf("caller %d: %v", i, err)
					return
				}
				got[i] = session
			})
		}
		wait.Wait()
		later, err := c.Refresh(t.Context(), spentSession())
		if err != nil || len(server.bodies) != 1 {
			t.Fatalf("later: got %v after %d exchanges", err, len(server.bodies))
		}
		for i, session := range got {
			if !reflect.DeepEqual(session, later) {
				t.Errorf("caller %d: got %#v, want %#v", i, session, later)
			}
			session.AccessToken, session.RefreshToken, session.OrganizationID = "x", "x", "x"
			session.User.Email, session.User.Metadata["plan"] = "x", "x"
			session.Impersonator.Email = "x"
			session.OAuthTokens.AccessToken, session.OAuthTokens.Scopes[0] = "x", "x"
		}
		again, err := c.Refresh(t.Context(), spentSession())
		if err != nil || !reflect.DeepEqual(again, later) || again.User.Metadata["plan"] != "team" ||
			again.OAuthTokens.Scopes[0] != "email" || again.Impersonator.Email != "admin@acme.example" {
			t.Errorf("again: got %#v and %v, want %#v", again, err, later)
		}
	})
}

func TestSessionsWithoutATokenAreNotSealed(t *testing.T) {
	s := newSealer(t)
	for want, session := range map[string]*authkit.Session{
		"workos/authkit: seal session: session is nil":  nil,
		"workos/authkit: seal session: no access token": {RefreshToken: "r", User: fullUser()},
	} {
		if sealed, err := s.SealSession(session); sealed != "" || err == nil || err.Error() != want {
			t.Errorf("got %q and %v, want %s", sealed, err, want)
		}
	}
	for data, want := range map[string]string{
		`{}`:                   "no access token",
		`null`:                 "no access token",
		`{"accessToken":""}`:   "no access token",
		`{"refreshToken":"r"}`: "no access token",
		`[]`:                   "it does not decode",
		`7`:                    "it does not decode",
		`{"accessToken":7}`:    "accessToken is of another type",
		`{"accessToken":"a","user":{"createdAt":"secret"}}`: "it does not decode",
	} {
		got, err := openData(t, data)
		if want := "workos/authkit: open session: seal holds no session: " + want; got != nil ||
			!errors.Is(err, authkit.ErrSealContent) || err.Error() != want {
			t.Errorf("%s: got %v and %v, want %s", data, got, err, want)
		}
	}
}

// A sealed session does not expire by itself.
func TestSealedSessionLastsForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSealer(t)
		sealed, err := s.SealSession(aSession())
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * 365 * 24 * time.Hour)
		if got, err := s.OpenSession(sealed); err != nil || !reflect.DeepEqual(got, aSession()) {
			t.Errorf("got %v and %v, want the session", got, err)
		}
	})
}
