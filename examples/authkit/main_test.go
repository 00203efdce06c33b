package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
)

const password = "a password of thirty-two characters or more"

func TestVisitorIsSentToSignIn(t *testing.T) {
	c, err := client.New("sk_test_key", client.WithClientID("client_01"))
	if err != nil {
		t.Fatal(err)
	}
	app, err := newApp(c, "https://app.example", password)
	if err != nil {
		t.Fatal(err)
	}
	get := func(target string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
		r.Header.Set("Accept", "text/html")
		w := httptest.NewRecorder()
		app.ServeHTTP(w, r)
		return w
	}
	if w := get("/"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Nobody is signed in") {
		t.Errorf("home: got %d %q, want that nobody is signed in", w.Code, w.Body)
	}
	w := get("/account")
	if got, want := w.Header().Get("Location"), "/sign-in?return_to=%2Faccount"; got != want {
		t.Fatalf("account: sent to %q, want %q", got, want)
	}
	w = get(w.Header().Get("Location") + "&login_hint=ada@acme.example")
	target, err := url.Parse(w.Header().Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	sent := target.Query()
	if target.Host != "api.workos.com" || sent.Get("redirect_uri") != "https://app.example/callback" ||
		sent.Get("login_hint") != "ada@acme.example" {
		t.Errorf("sign-in: sent to %q", target)
	}
	if cookie := w.Header().Get("Set-Cookie"); !strings.Contains(cookie, "; Secure") {
		t.Errorf("sign-in: got the cookie %q, want a secure one", cookie)
	}
	if w := get("/callback?code=made-up&state=made-up"); w.Code != http.StatusInternalServerError {
		t.Errorf("a made-up callback: got %d, want a failure", w.Code)
	}
}

func TestDeviceSignInNeedsAnAPI(t *testing.T) {
	t.Setenv("WORKOS_API_KEY", "")
	t.Setenv("WORKOS_CLIENT_ID", "")
	if err := signInDevice(t.Context(), io.Discard); err == nil || !strings.Contains(err.Error(), "WORKOS_API_KEY") {
		t.Errorf("without settings: got %v, want an error that names them", err)
	}
}
