package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
)

const password = "a password of thirty-two characters or more"

func TestVisitorIsSentToSignIn(t *testing.T) {
	c, err := workos.New("sk_test_key", workos.WithClientID("client_01"))
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
	if w := get("/callback?code=made-up&state=made-up"); w.Code != http.StatusBadRequest {
		t.Errorf("a made-up callback: got %d, want 400", w.Code)
	}
}

func TestCookiesOfPlainHTTPAreNotSecure(t *testing.T) {
	c, err := workos.New("sk_test_key", workos.WithClientID("client_01"))
	if err != nil {
		t.Fatal(err)
	}
	for origin, secure := range map[string]bool{"http://localhost:8080": false, "https://app.example": true} {
		app, err := newApp(c, origin, password)
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/sign-in", nil))
		if cookie := w.Header().Get("Set-Cookie"); cookie == "" || strings.Contains(cookie, "; Secure") != secure {
			t.Errorf("%s: got the cookie %q, want it secure: %t", origin, cookie, secure)
		}
	}
	if app, err := newApp(c, "https://app.example", "short"); app != nil || err == nil {
		t.Errorf("short password: got %v, %v; want an error", app, err)
	}
}

func TestPagesAnswerTheirMethodsAlone(t *testing.T) {
	c, err := workos.New("sk_test_key", workos.WithClientID("client_01"))
	if err != nil {
		t.Fatal(err)
	}
	app, err := newApp(c, "https://app.example", password)
	if err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]int{
		"GET /elsewhere": 404, "POST /": 405, "POST /account": 405, "POST /sign-in": 405, "POST /callback": 405,
		"GET /sign-out": 405,
	} {
		method, path, _ := strings.Cut(target, " ")
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, nil))
		if w.Code != want || w.Header().Get("Set-Cookie") != "" || w.Header().Get("Location") != "" {
			t.Errorf("%s: got %d and the headers %v, want %d alone", target, w.Code, w.Header(), want)
		}
	}
}

func TestProgramNeedsItsSettings(t *testing.T) {
	t.Setenv("WORKOS_API_KEY", "")
	t.Setenv("WORKOS_CLIENT_ID", "")
	if err := serve(t.Context(), "127.0.0.1:0"); err == nil || !strings.Contains(err.Error(), "WORKOS_API_KEY") {
		t.Errorf("without a key: got %v, want an error that names it", err)
	}
	t.Setenv("WORKOS_API_KEY", "sk_test_key")
	t.Setenv("WORKOS_CLIENT_ID", "client_01")
	t.Setenv("WORKOS_COOKIE_PASSWORD", "short")
	if err := serve(t.Context(), "127.0.0.1:0"); err == nil || !strings.Contains(err.Error(), "32") {
		t.Errorf("with a short password: got %v, want an error that says how long it must be", err)
	}
}

func TestProgramThatIsStoppedHasNotFailed(t *testing.T) {
	t.Setenv("WORKOS_API_KEY", "sk_test_key")
	t.Setenv("WORKOS_CLIENT_ID", "client_01")
	t.Setenv("WORKOS_COOKIE_PASSWORD", "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := serve(ctx, "127.0.0.1:0"); err != nil {
		t.Errorf("got %v, want nil", err)
	}
}

func TestDeviceTellsTheUserHowItEnded(t *testing.T) {
	const open = "Open https://a.example/device and enter ABCD\n"
	for code, test := range map[string]struct{ text, says string }{
		"access_denied": {open, "you refused the sign-in"}, "expired_token": {open, "the code expired; please start again"},
		"server_error": {open, "server_error"}, "": {"", "invalid_client"},
	} {
		synctest.Test(t, func(t *testing.T) {
			transport := answers(func(r *http.Request) (int, string) {
				switch {
				case strings.HasSuffix(r.URL.Path, "/authorize/device") && code == "":
					return 400, `{"error":"invalid_client","error_description":"no"}`
				case strings.HasSuffix(r.URL.Path, "/authorize/device"):
					return 200, `{"device_code":"d","user_code":"ABCD","verification_uri":"https://a.example/device",` +
						`"expires_in":300,"interval":5}`
				default:
					return 400, `{"error":"` + code + `","error_description":"no"}`
				}
			})
			c, err := workos.New("sk_test_key", workos.WithClientID("client_01"),
				workos.WithHTTPClient(&http.Client{Transport: transport}))
			if err != nil {
				t.Fatal(err)
			}
			kit, err := authkit.New(c)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			err = waitForUser(t.Context(), kit, &out)
			if err == nil || !strings.Contains(err.Error(), test.says) || out.String() != test.text {
				t.Errorf("%q: got %v and the text %q, want %s and %q", code, err, out.String(), test.says, test.text)
			}
		})
	}
}

// answers is an API of which each answer is JSON.
type answers func(*http.Request) (status int, body string)

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := a(r)
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}, nil
}

func TestDeviceSignInNeedsAnAPI(t *testing.T) {
	t.Setenv("WORKOS_API_KEY", "")
	t.Setenv("WORKOS_CLIENT_ID", "")
	if err := signInDevice(t.Context(), io.Discard); err == nil || !strings.Contains(err.Error(), "WORKOS_API_KEY") {
		t.Errorf("without settings: got %v, want an error that names them", err)
	}
}
