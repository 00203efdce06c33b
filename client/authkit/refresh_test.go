package authkit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
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

// rotation exchanges refresh tokens as WorkOS does: each once. It signs access tokens.
type rotation struct {
	tb    testing.TB
	key   signingKey
	delay time.Duration

	mu      sync.Mutex
	arrived int  // requests for tokens, answered or not
	deaf    bool // does not hear of organizations
	spent   map[string]bool
	sent    []map[string]any
	fail    httpmock.Responder // instead of an exchange, if set
	changes map[string]any     // of claims
	size    int                // bytes that a claim adds
}

func (r *rotation) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method == http.MethodGet {
		return (&jwks{keys: jwkSet(r.key)}).RoundTrip(req)
	}
	text, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	var body map[string]any
	if err := json.Unmarshal(text, &body); err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.arrived++
	r.mu.Unlock()
	select {
	case <-time.After(r.delay):
	case <-req.Context().Done():
		return nil, context.Cause(req.Context())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent = append(r.sent, body)
	if r.fail != nil {
		return r.fail(req)
	}
	token, _ := body["refresh_token"].(string)
	if body["grant_type"] == "refresh_token" && r.spent[token] {
		return jsonAnswer(req, http.StatusBadRequest, map[string]string{
			"error": "invalid_grant", "error_description": "Refresh token already exchanged.",
		}), nil
	}
	if r.spent == nil {
		r.spent = map[string]bool{}
	}
	r.spent[token] = true
	if r.deaf {
		delete(body, "organization_id")
	}
	answer := authentication()
	delete(answer, "authentication_method")
	answer["organization_id"] = body["organization_id"]
	answer["refresh_token"] = fmt.Sprintf("refresh-%d", len(r.sent)+1)
	changes := map[string]any{"org_id": body["organization_id"], "padding": string(make([]byte, r.size))}
	maps.Copy(changes, r.changes)
	answer["access_token"] = r.key.sign(r.tb, claims(changes))
	return jsonAnswer(req, http.StatusOK, answer), nil
}

func (r *rotation) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.sent)
}

func (r *rotation) setFailure(fail httpmock.Responder) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fail = fail
}

func spentSession() *authkit.Session {
	return &authkit.Session{
		AccessToken: "old", RefreshToken: "refresh-1", OrganizationID: "org_01",
		AuthenticationMethod: gen.AuthenticationMethodSSO,
	}
}

func TestConcurrentRefreshesShareOneExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0], delay: time.Second}
		c := newClient(t, server)
		refresh := func(ctx context.Context) (*authkit.Session, error) { return c.Refresh(ctx, spentSession()) }
		got := make([]*authkit.Session, 50)
		var wait sync.WaitGroup
		for i := range got {
			wait.Go(func() {
				time.Sleep(time.Duration(i) * 200 * time.Millisecond) // before, during and after the exchange
				session, err := refresh(t.Context())
				if err != nil {
					t.Errorf("call %d: %v", i, err)
					return
				}
				got[i] = session
			})
		}
		wait.Wait()
		if server.count() != 1 {
			t.Errorf("exchanged %d times, want once", server.count())
		}
		for i, session := range got {
			if session == nil || session.RefreshToken != "refresh-2" || session.OrganizationID != "org_01" ||
				session.AuthenticationMethod != gen.AuthenticationMethodSSO {
				t.Fatalf("call %d: got %#v, want the one successor", i, session)
			}
			if i > 0 && (session == got[0] || session.User == got[0].User) {
				t.Errorf("call %d: got the session or the user of another call, which could change it", i)
			}
		}
		if org := server.sent[0]["organization_id"]; org != "org_01" {
			t.Errorf("sent the organization %v, want the session's", org)
		}
		// Later the spent token is spent, and the successor is refreshed in turn.
		time.Sleep(31 * time.Second)
		if _, err := refresh(t.Context()); !errors.Is(err, authkit.ErrSessionEnded) {
			t.Errorf("a replayed token: got %v, want ErrSessionEnded", err)
		}
		if next, err := c.Refresh(t.Context(), got[0]); err != nil || next.RefreshToken == "refresh-2" {
			t.Errorf("the successor: got %v and %v, want another", next, err)
		}
	})
}

func TestRefreshOutlivesItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0], delay: 5 * time.Second}
		c := newClient(t, server)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if _, err := c.Refresh(ctx, spentSession()); !errors.Is(err, context.DeadlineExceeded) ||
			time.Since(start) != time.Second {
			t.Errorf("the impatient: got %v after %v, want its deadline after 1s", err, time.Since(start))
		}
		time.Sleep(10 * time.Second)
		session, err := c.Refresh(t.Context(), spentSession()) // the browser asks again
		if err != nil || session.RefreshToken != "refresh-2" || server.arrived != 1 {
			t.Errorf("the next: got %v and %v after %d exchanges, want the answer of the one", session, err, server.arrived)
		}
		server.delay = time.Hour
		start = time.Now()
		if _, err := c.Refresh(t.Context(), session); err == nil || time.Since(start) != 30*time.Second {
			t.Errorf("without an answer: got %v after %v, want an error after 30s", err, time.Since(start))
		}
	}) // which fails if a goroutine is left
}

func TestRefreshFailures(t *testing.T) {
	answer := func(status int, body any) httpmock.Responder {
		return func(req *http.Request) (*http.Response, error) { return jsonAnswer(req, status, body), nil }
	}
	for _, tt := range []struct {
		name  string
		fail  httpmock.Responder
		ended bool
	}{
		{"invalid grant", answer(400, map[string]string{"error": "invalid_grant"}), true},
		{"invalid grant in code", answer(400, map[string]string{"code": "invalid_grant", "message": "x"}), true},
		{"enrollment", answer(403, map[string]string{"code": "mfa_enrollment", "message": "x"}), true},
		{"SSO", answer(403, map[string]string{"error": "sso_required"}), true},
		{"a key that WorkOS refuses", answer(401, map[string]string{"error": "invalid_client"}), false},
		{"too many", answer(429, "Ratelimited"), false},
		{"broken", answer(500, map[string]string{"message": "x"}), false},
		{"no connection", func(*http.Request) (*http.Response, error) { return nil, errors.New("down") }, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := &rotation{tb: t, key: newKeys()[0], fail: tt.fail}
			c := newClient(t, server)
			if _, err := c.Refresh(t.Context(), spentSession()); err == nil ||
				errors.Is(err, authkit.ErrSessionEnded) != tt.ended {
				t.Errorf("%s: got %v, want ended: %t", tt.name, err, tt.ended)
			}
			server.setFailure(nil) // an end is remembered for a while, a failure is not
			if _, err := c.Refresh(t.Context(), spentSession()); errors.Is(err, authkit.ErrSessionEnded) != tt.ended ||
				!tt.ended && err != nil {
				t.Errorf("%s, then again: got %v, want ended: %t", tt.name, err, tt.ended)
			}
			time.Sleep(31 * time.Second)
			if _, err := c.Refresh(t.Context(), spentSession()); tt.ended && err != nil {
				t.Errorf("%s, then later: %v", tt.name, err)
			}
		})
	}
	for _, session := range []*authkit.Session{nil, {AccessToken: "a"}} {
		if _, err := newClient(t, offline()).Refresh(t.Context(), session); !errors.Is(err, authkit.ErrSessionEnded) {
			t.Errorf("%v: got %v, want ErrSessionEnded", session, err)
		}
	}
}

func TestOrganizationIsSwitched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0], delay: time.Second}
		c := newClient(t, server)
		var wait sync.WaitGroup
		for _, org := range []string{"org_02", "org_03"} { // in two tabs at once
			wait.Go(func() {
				session, err := c.SwitchOrganization(t.Context(), spentSession(), org)
				if err != nil || session.OrganizationID != org {
					t.Errorf("switch to %s: got %v and %v", org, session, err)
				}
			})
		}
		wait.Wait()
		if server.count() != 2 {
			t.Errorf("exchanged %d times, want once for each organization", server.count())
		}
		server.setFailure(func(req *http.Request) (*http.Response, error) {
			return jsonAnswer(req, http.StatusForbidden, map[string]string{
				"code": "sso_required", "message": "x", "email": "a@b.example",
			}), nil
		})
		session := spentSession()
		session.RefreshToken = "refresh-9"
		_, err := c.SwitchOrganization(t.Context(), session, "org_04")
		var failure *client.Error
		if !errors.As(err, &failure) || failure.Code != "sso_required" || errors.Is(err, authkit.ErrSessionEnded) {
			t.Errorf("an organization with SSO: got %v, want the refusal, and the session not ended", err)
		}
		if _, err := c.SwitchOrganization(t.Context(), session, ""); err == nil {
			t.Error("switching to no organization: got no error")
		}
	})
}

// An organization that cannot be entered is of no concern to other calls for the session.
func TestFailedSwitchFailsNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0], delay: time.Second}
		server.setFailure(func(req *http.Request) (*http.Response, error) {
			server.fail = nil // the lock is held
			return jsonAnswer(req, http.StatusForbidden, map[string]string{"code": "sso_required", "message": "x"}), nil
		})
		c := newClient(t, server)
		var wait sync.WaitGroup
		wait.Go(func() {
			var failure *client.Error
			if _, err := c.SwitchOrganization(t.Context(), spentSession(), "org_02"); !errors.As(err, &failure) ||
				failure.Code != "sso_required" {
				t.Errorf("switch: got %v, want the refusal", err)
			}
		})
		for range 3 {
			wait.Go(func() {
				time.Sleep(time.Millisecond) // so that the exchange is the other's
				if session, err := c.Refresh(t.Context(), spentSession()); err != nil || session.OrganizationID != "org_01" {
					t.Errorf("refresh: got %v and %v, want the session", session, err)
				}
			})
		}
		wait.Wait()
		if server.count() != 2 {
			t.Errorf("exchanged %d times, want once for the switch and once for the others", server.count())
		}
	})
}

func TestAnotherOrganizationIsAskedForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0], deaf: true}
		session, err := newClient(t, server).SwitchOrganization(t.Context(), spentSession(), "org_02")
		if err != nil || session.OrganizationID != "" || server.count() != 1 {
			t.Errorf("got %v and %v after %d exchanges, want what the API answered to one", session, err, server.count())
		}
	})
}

func TestOrganizationOfTheTokenIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0]}
		session := &authkit.Session{
			AccessToken: newKeys()[0].sign(t, claims(map[string]any{"org_id": "org_07"})), RefreshToken: "refresh-1",
		}
		if _, err := newClient(t, server).Refresh(t.Context(), session); err != nil {
			t.Fatal(err)
		}
		if org := server.sent[0]["organization_id"]; org != "org_07" {
			t.Errorf("sent the organization %v, want org_07", org)
		}
	})
}

// What an application forbids to impersonators must stay forbidden, whether the API repeats who they are or not.
func TestImpersonationOutlivesARefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, &rotation{tb: t, key: newKeys()[0]})
		session := spentSession()
		session.Impersonator = &gen.Impersonator{Email: "admin@acme.example"}
		for range 2 {
			next, err := c.Refresh(t.Context(), session)
			if err != nil || next.Impersonator == nil || next.Impersonator.Email != "admin@acme.example" {
				t.Fatalf("got %v of %+v, want the earlier impersonator", err, next)
			}
			session = next
		}
	})
}

type faultyTransport struct{}

func (faultyTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	panic("cannot send " + req.Header.Get("Authorization"))
}

func TestPanicOfATransportEndsTheCallAlone(t *testing.T) {
	c := newClient(t, faultyTransport{})
	if _, err := c.Refresh(t.Context(), spentSession()); err == nil || !strings.Contains(err.Error(), "panicked") ||
		strings.Contains(err.Error(), testKey) {
		t.Errorf("refresh: got %v, want an error that tells of the panic, without its value", err)
	}
	if _, err := c.VerifyAccessToken(t.Context(), newKeys()[0].sign(t, map[string]any{"sub": "user_01"})); err == nil {
		t.Error("verify: got success, want an error")
	}
}
