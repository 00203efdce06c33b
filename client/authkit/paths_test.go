package authkit_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
)

func TestPublicPathsPass(t *testing.T) {
	s := newSessions(t, offline(),
		authkit.WithErrorHandler(func(w http.ResponseWriter, r *http.Request, err error) {
			http.Error(w, "refused "+r.URL.Path, authkit.ErrorStatus(err))
		}),
		authkit.WithPublicPaths("/", "/about", "/blog/*", "/docs/**", "/a*c/x", "/**/public"))
	app := s.Require(http.HandlerFunc(greet))
	for path, public := range map[string]bool{
		"/": true, "/about": true, "/about/": false, "/about/x": false, "/abou": false, "/About": false,
		"/blog": false, "/blog/a": true, "/blog/a/b": false, "/blog/a?b=/c": true, "/docs": true, "/docs/": true,
		"/docs/a/b/c": true, "/docsx": false, "/abc/x": true, "/ac/x": true, "/a/c/x": false, "/x/y/public": true,
		"/public": true, "/public/x": false, "/admin": false,
		// What a router may take for another path.
		"/docs/../admin": false, "/docs/./a": false, "/docs//a": false, "//docs/a": false, "/docs/%2e%2e/admin": false,
		"/docs/a%2Fb": false, "/docs/a%5Cb": false, "/docs/..": false,
	} {
		resp := browse(app, "GET", "https://app.example"+path)
		if got := resp.StatusCode == http.StatusOK && resp.text == "nobody"; got != public {
			t.Errorf("%s: got %d %q, want it public: %t", path, resp.StatusCode, resp.text, public)
		}
	}
	for _, pattern := range []string{"", "about", "/a?", "/[a]", `/a\b`, "/a**", "/**a"} {
		for name, option := range map[string]authkit.SessionsOption{
			"WithPublicPaths": authkit.WithPublicPaths("/", pattern), "WithSignUpPaths": authkit.WithSignUpPaths(pattern),
		} {
			_, err := authkit.NewSessions(newClient(t, offline()), newSealer(t), testRedirect, option)
			if err == nil || !strings.Contains(err.Error(), name+": invalid pattern") {
				t.Errorf("%s of %q: got %v, want it refused", name, pattern, err)
			}
		}
	}
}

func TestPatternsTakeLittleTime(t *testing.T) {
	s := newSessions(t, offline(), authkit.WithPublicPaths("/"+strings.Repeat("**/a/", 40)+"z"))
	app := s.Require(http.HandlerFunc(greet))
	if resp := browse(app, "GET", "/"+strings.Repeat("a/", 500)); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %d, want 401", resp.StatusCode)
	}
}

func TestSignUpPathsOpenTheSignUpScreen(t *testing.T) {
	s := newSessions(t, offline(), authkit.WithSignInPath("/sign-in"), authkit.WithSignUpPaths("/join/**"))
	resp := browse(s.Require(http.HandlerFunc(greet)), "GET", "/join/team")
	if got, want := resp.Header.Get("Location"), "/sign-in?return_to=%2Fjoin%2Fteam&screen_hint=sign-up"; got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
	sent, _ := signIn(t, s, resp.Header.Get("Location"))
	if sent.Get("screen_hint") != "sign-up" {
		t.Errorf("sent %v, want the sign-up screen", sent)
	}
	if sent, _ := signIn(t, s, "/sign-in?screen_hint=x&organization_id=org_01&invitation_token=i&login_hint=l"); sent.Has("screen_hint") ||
		sent.Get("organization_id") != "org_01" || sent.Get("invitation_token") != "i" || sent.Get("login_hint") != "l" {
		t.Errorf("sent %v, want the parameters but for an unknown hint", sent)
	}
}

func TestReturnPathsAreKeptToTheLetter(t *testing.T) {
	s := newSessions(t, &rotation{tb: t, key: newKeys()[0]}, authkit.WithSignInPath("/sign-in"))
	for path, want := range map[string]string{
		"/p/https://x": "", "/a//b": "", "/a/../b": "", "/a/": "", "/a/.": "", "/%2e%2e//evil.example": "", "/..//evil.example": "",
		"/ä?q=ö": "/%C3%A4?q=%C3%B6", "/?u=https://evil.example": "", "/a;b=c?d&&e": "", "/%E2%82%AC": "",
	} {
		if want == "" {
			want = path
		}
		sent, flow := signIn(t, s, "/sign-in?"+url.Values{"return_to": {path}}.Encode())
		got := comeBack(s, sent.Get("state"), flow).Header.Get("Location")
		if got != want {
			t.Errorf("%s: returned to %q, want %q", path, got, want)
		}
		base, err := url.Parse("https://app.example/callback")
		if err != nil {
			t.Fatal(err)
		}
		if target, err := base.Parse(got); err != nil || target.Host != "app.example" {
			t.Errorf("%s: a browser goes to %v (%v), want this server", path, target, err)
		}
	}
}

func TestScriptsGetTheToken(t *testing.T) {
	server := &wire{next: &rotation{tb: t, key: newKeys()[0]}}
	s := newSessions(t, server)
	resp := post(s.Token, "/token", nil, aCookie(t, -time.Hour))
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.text, `{"access_token":"eyJ`) ||
		!strings.Contains(resp.text, `"expires_at":"`) || resp.Header.Get("Content-Type") != "application/json" ||
		resp.Header.Get("Cache-Control") != "no-store" || resp.cookie("wos-session") == nil ||
		strings.Contains(resp.text, "refresh") {
		t.Errorf("got %d %q with %v", resp.StatusCode, resp.text, resp.Header)
	}
	good := aCookie(t, time.Hour)
	for name, tt := range map[string]struct {
		status int
		call   func() page
	}{
		"GET": {405, func() page { return browse(http.HandlerFunc(s.Token), "GET", "/token", good) }},
		"another site": {403, func() page {
			return send(http.HandlerFunc(s.Token), "POST", "/token", http.Header{"Origin": {"https://evil.example"}}, good)
		}},
		"no session": {401, func() page { return post(s.Token, "/token", nil) }},
	} {
		if resp := server.wantNoEffect(t, name, s, good, tt.call); resp.StatusCode != tt.status ||
			strings.Contains(resp.text, "access_token") {
			t.Errorf("%s: got %d %q, want %d", name, resp.StatusCode, resp.text, tt.status)
		}
	}
}

func TestAPIKeysAreRequired(t *testing.T) {
	var validated []string
	status := http.StatusOK
	kit := newClient(t, roundTrip(func(req *http.Request) (*http.Response, error) {
		if req.Header.Get("Authorization") != "Bearer "+testKey || req.URL.Path != "/api_keys/validations" {
			t.Errorf("sent %s with %v", req.URL, req.Header)
		}
		body := map[string]string{}
		decode(t, req.Body, &body)
		validated = append(validated, body["value"])
		var key any
		if body["value"] == "sk_good" {
			key = map[string]any{"object": "api_key", "id": "api_key_01", "name": "CI", "permissions": []string{"posts:read"},
				"owner": map[string]string{"type": "organization", "id": "org_01"}, "obfuscated_value": "sk_…od",
				"created_at": "2026-01-02T03:04:05.000Z", "updated_at": "2026-01-02T03:04:05.000Z"}
		}
		return jsonAnswer(req, status, map[string]any{"api_key": key}), nil
	}))
	reached := 0
	h := kit.RequireAPIKey(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		reached++
		if key, ok := authkit.APIKeyFrom(r.Context()); !ok || key.ID != "api_key_01" || key.Permissions[0] != "posts:read" {
			t.Errorf("got the key %+v", key)
		}
	}))
	for _, tt := range []struct {
		header    string
		api       int
		status    int
		challenge string
		calls     int
	}{
		{"Bearer sk_good", 200, 200, "", 1},
		{"Bearer sk_bad", 200, 401, `Bearer error="invalid_token"`, 1},
		{"", 200, 401, "Bearer", 0},
		{"Basic sk_good", 200, 401, "Bearer", 0},
		{"Bearer " + strings.Repeat("a", 1025), 200, 401, `Bearer error="invalid_token"`, 0},
		{"Bearer sk_good", 503, 503, "", 1},
		{"Bearer sk_good", 401, 500, "", 1},
	} {
		status, validated = tt.api, nil
		before := reached
		resp := send(h, "GET", "/", http.Header{"Authorization": {tt.header}})
		if resp.StatusCode != tt.status || resp.Header.Get("WWW-Authenticate") != tt.challenge || len(validated) != tt.calls ||
			(reached > before) != (tt.status == 200) {
			t.Errorf("%.20q: got %d with %v after %v, want %d", tt.header, resp.StatusCode, resp.Header, validated, tt.status)
		}
	}
	if key, ok := authkit.APIKeyFrom(t.Context()); ok || key != nil {
		t.Error("a context without key has one")
	}
}
