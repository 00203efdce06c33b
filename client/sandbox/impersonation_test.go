package sandbox_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// signInAs trades the code of an impersonation.
func signInAs(t *testing.T, sb *sandbox.Sandbox, i sandbox.Impersonation) fields {
	t.Helper()
	callback, err := sb.Impersonate(i)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(callback)
	if err != nil || !strings.HasPrefix(callback, i.RedirectURI+"?") || u.Query().Has("state") {
		t.Fatalf("callback: got %q, want one of %s without a state", callback, i.RedirectURI)
	}
	return must(t, sb, http.StatusOK, "POST", "/user_management/authenticate", fields{
		"grant_type": "authorization_code", "client_id": i.Client, "client_secret": "sk_test", "code": u.Query().Get("code"),
	})
}

// claimsOf are the claims of a JSON Web Token.
func claimsOf(t *testing.T, token string) fields {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("got token %q, want three parts", token)
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims fields
	if err := json.Unmarshal(text, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestTokensOfAnImpersonatorSayWhoActs(t *testing.T) {
	t.Parallel()
	sb := fixed()
	user := create(t, sb, "/user_management/users", fields{"email": "ada@example.com", "email_verified": true})
	signedIn := signInAs(t, sb, sandbox.Impersonation{
		User: user, Email: "eve@example.com", Client: "client_1", RedirectURI: "https://app.example.com/callback",
	})
	claims := claimsOf(t, str(signedIn["access_token"]))
	if claims["sub"] != user || obj(claims["act"])["sub"] != "eve@example.com" {
		t.Errorf("claims: got %v, want sub %s and eve@example.com as act", claims, user)
	}
	refreshed := must(t, sb, http.StatusOK, "POST", "/user_management/authenticate", fields{
		"grant_type": "refresh_token", "client_id": "client_1", "refresh_token": signedIn["refresh_token"],
	})
	if claims := claimsOf(t, str(refreshed["access_token"])); obj(claims["act"])["sub"] != "eve@example.com" {
		t.Errorf("claims after a refresh: got %v, want eve@example.com as act", claims)
	}
	if shown := must(t, sb, http.StatusOK, "GET", "/user_management/users/"+user, nil); shown["last_sign_in_at"] != nil {
		t.Errorf("last_sign_in_at: got %v, want none: the user has not signed in", shown["last_sign_in_at"])
	}
	own := codeOf(t, sb, "/user_management/authorize?response_type=code&client_id=client_1&provider=authkit"+
		"&redirect_uri=https://app.example.com/callback&login_hint=ada@example.com")
	signedIn = must(t, sb, http.StatusOK, "POST", "/user_management/authenticate", fields{
		"grant_type": "authorization_code", "client_id": "client_1", "client_secret": "sk_test", "code": own,
	})
	if claims := claimsOf(t, str(signedIn["access_token"])); claims["act"] != nil {
		t.Errorf("claims of the user's own sign-in: got %v, want no act", claims)
	}
}

func TestAnImpersonatorNeedsNeitherSecondFactorNorAction(t *testing.T) {
	t.Parallel()
	sb := fixed()
	user := create(t, sb, "/user_management/users", fields{"email": "ada@example.com"})
	must(t, sb, http.StatusCreated, "POST", "/user_management/users/"+user+"/auth_factors", fields{"type": "totp"})
	if err := sb.Seed([]byte(`{"action_endpoint": [{"type": "authentication", "url": "http://127.0.0.1:1/", "secret": "s",
		"on_failure": "deny"}]}`)); err != nil {
		t.Fatal(err)
	}
	signedIn := signInAs(t, sb, sandbox.Impersonation{
		User: user, Email: "eve@example.com", Reason: "a ticket", Client: "client_1", RedirectURI: "http://localhost/callback",
	})
	want := fields{"email": "eve@example.com", "reason": "a ticket"}
	if got := obj(signedIn["impersonator"]); got["email"] != want["email"] || got["reason"] != want["reason"] {
		t.Errorf("impersonator: got %v, want %v", got, want)
	}
}

func TestImpersonationsAreRefused(t *testing.T) {
	t.Parallel()
	sb := fixed()
	user := create(t, sb, "/user_management/users", fields{"email": "ada@example.com"})
	good := sandbox.Impersonation{
		User: user, Email: "eve@example.com", Client: "client_1", RedirectURI: "https://app.example.com/callback",
	}
	create(t, sb, "/user_management/redirect_uris", fields{"uri": good.RedirectURI})
	for name, change := range map[string]func(*sandbox.Impersonation){
		"unknown user":               func(i *sandbox.Impersonation) { i.User = "user_2" },
		"nobody who acts":            func(i *sandbox.Impersonation) { i.Email = "" },
		"no client":                  func(i *sandbox.Impersonation) { i.Client = "" },
		"no redirect URI":            func(i *sandbox.Impersonation) { i.RedirectURI = "" },
		"redirect URI of a script":   func(i *sandbox.Impersonation) { i.RedirectURI = "javascript:alert(1)" },
		"redirect URI not in a list": func(i *sandbox.Impersonation) { i.RedirectURI = "https://eve.example.com/" },
	} {
		i := good
		change(&i)
		before := sandbox.Content(sb)
		if callback, err := sb.Impersonate(i); err == nil || callback != "" {
			t.Errorf("%s: got %q, %v, want an error", name, callback, err)
		}
		if changed := changes(before, sandbox.Content(sb)); len(changed) > 0 {
			t.Errorf("%s: got a changed store: %q", name, changed)
		}
	}
	if _, err := sb.Impersonate(good); err != nil {
		t.Errorf("got %v for one that is right", err)
	}
}
