package authkit_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/client/state"
	"github.com/seed-f165d83c/workos/gen"
)

// post sends a form, as a page of the application does.
func post(h http.HandlerFunc, target string, form url.Values, cookies ...*http.Cookie) page {
	req := httptest.NewRequestWithContext(context.Background(), "POST", target, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range cookies {
		req.AddCookie(c)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return page{StatusCode: w.Code, Header: w.Header(), text: w.Body.String(), cookies: cookiesOf(w)}
}

func TestUserSwitchesTheOrganization(t *testing.T) {
	server := &rotation{tb: t, key: newKeys()[0]}
	s := newSessions(t, server)
	resp := post(s.SwitchOrganization, "/switch", url.Values{"organization_id": {"org_02"}, "return_to": {"/team?a=b"}},
		aCookie(t, 3e12))
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/team?a=b" {
		t.Fatalf("got %d %q to %q", resp.StatusCode, resp.text, resp.Header.Get("Location"))
	}
	resp = send(s.Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, resp.cookie("wos-session"))
	if resp.text != "ada@acme.example in org_02" {
		t.Errorf("then got %q, want the other organization", resp.text)
	}
}

// What an organization requires first is done at AuthKit, and the session remains meanwhile.
func TestSwitchThatNeedsAStepSignsIn(t *testing.T) {
	for code, body := range map[string]map[string]any{
		"sso_required":   {"connection_ids": []string{"conn_01"}},
		"mfa_enrollment": {"pending_authentication_token": "pending"},
		"mfa_challenge":  {"pending_authentication_token": "pending"},
		"organization_authentication_methods_required": {"sso_connection_ids": []string{"conn_01"}},
	} {
		body["error"] = code
		server := &rotation{tb: t, key: newKeys()[0], fail: responding(403, body)}
		s := newSessions(t, server)
		resp := post(s.SwitchOrganization, "/switch", url.Values{"organization_id": {"org_02"}, "return_to": {"/team"}},
			aCookie(t, 3e12))
		endpoint, sent := query(t, resp.Header.Get("Location"))
		if resp.StatusCode != http.StatusSeeOther || !strings.HasSuffix(endpoint, "/user_management/authorize") ||
			sent.Get("organization_id") != "org_02" || sent.Get("provider") != "authkit" || resp.cookie("wos-session") != nil {
			t.Errorf("%s: got %d to %q with %v and %v, want a sign-in to the organization", code, resp.StatusCode, endpoint, sent,
				resp.cookies)
			continue
		}
		server.setFailure(nil)
		if back := comeBack(s, sent.Get("state"), resp.cookie("wos-auth-")); back.Header.Get("Location") != "/team" {
			t.Errorf("%s: came back to %q, want /team", code, back.Header.Get("Location"))
		}
	}
}

func TestRefusedSwitchHasNoEffect(t *testing.T) {
	server := &wire{next: &rotation{tb: t, key: newKeys()[0]}}
	s := newSessions(t, server)
	good := aCookie(t, 3e12)
	send(s.Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, good) // fetches the keys
	form := url.Values{"organization_id": {"org_02"}}
	for name, tt := range map[string]struct {
		status int
		call   func() page
	}{
		"GET": {405, func() page { return browse(http.HandlerFunc(s.SwitchOrganization), "GET", "/switch", good) }},
		"another site": {403, func() page {
			return send(http.HandlerFunc(s.SwitchOrganization), "POST", "/switch?organization_id=org_02",
				http.Header{"Sec-Fetch-Site": {"cross-site"}}, good)
		}},
		"no organization": {400, func() page { return post(s.SwitchOrganization, "/switch?organization_id=org_02", nil, good) }},
		"no session":      {401, func() page { return post(s.SwitchOrganization, "/switch", form) }},
	} {
		if resp := server.wantNoEffect(t, name, s, good, tt.call); resp.StatusCode != tt.status {
			t.Errorf("%s: got %d, want %d", name, resp.StatusCode, tt.status)
		}
	}
	failing := &rotation{tb: t, key: newKeys()[0], fail: responding(422, map[string]string{"code": "x"})}
	if resp := post(newSessions(t, failing).SwitchOrganization, "/switch", form, good); resp.StatusCode != http.StatusForbidden ||
		resp.cookie("wos-session") != nil {
		t.Errorf("an organization of others: got %d with %v, want 403 and the session as it was", resp.StatusCode, resp.cookies)
	}
}

// Also in a process that learns from another one that the session has ended.
func TestSwitchOfAnEndedSessionIsNotSignedIn(t *testing.T) {
	server := &rotation{tb: t, key: newKeys()[0], fail: responding(400, map[string]string{"error": "invalid_grant"})}
	_, all := replicas(t, 2, server, new(state.Memory))
	for i, s := range all {
		resp := post(s.SwitchOrganization, "/switch", url.Values{"organization_id": {"org_02"}}, aCookie(t, 3e12))
		if resp.StatusCode != http.StatusUnauthorized || len(resp.cookies) != 0 || resp.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("process %d: got %d %q with %v, want 401", i, resp.StatusCode, resp.text, resp.cookies)
		}
	}
	if server.count() != 1 {
		t.Errorf("exchanged %d times, want once", server.count())
	}
}

func TestImpersonationIsShown(t *testing.T) {
	reason := "support"
	session := aSession()
	session.Impersonator = &gen.Impersonator{Email: "admin@acme.example", Reason: &reason}
	for _, tt := range []struct {
		act    any
		want   authkit.Impersonation
		wantOK bool
	}{
		{map[string]string{"sub": "admin@acme.example"}, authkit.Impersonation{Email: "admin@acme.example", Reason: reason}, true},
		{nil, authkit.Impersonation{}, false}, // the token decides, as it is verified
	} {
		session.AccessToken = tokenOf(t, map[string]any{"act": tt.act})
		sealed, err := newSealer(t).SealSession(session)
		if err != nil {
			t.Fatal(err)
		}
		s := newSessions(t, &rotation{tb: t, key: newKeys()[0]})
		app := s.Require(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if got, ok := authkit.ImpersonationFrom(r.Context()); got != tt.want || ok != tt.wantOK {
				t.Errorf("act %v: got %+v and %t, want %+v", tt.act, got, ok, tt.want)
			}
		}))
		if resp := browse(app, "GET", "/", &http.Cookie{Name: "wos-session", Value: sealed}); resp.StatusCode != http.StatusOK {
			t.Errorf("got %d", resp.StatusCode)
		}
	}
	if _, ok := authkit.ImpersonationFrom(t.Context()); ok {
		t.Error("a context without session has an impersonation")
	}
}
