//go:build e2e

package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/gen"
)

// These tests talk to the WorkOS emulator that WORKOS_E2E_URL and WORKOS_E2E_KEY tell, as .ci/run starts it.

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
			Provider: gen.AuthKitProviderAuthKit,
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
	_, err = kit.AuthenticateWithCode(ctx, gen.AuthenticateWithCode{Code: code, CodeVerifier: &other.Verifier})
	var failure *client.Error
	if !errors.As(err, &failure) || failure.Code != "invalid_code_verifier" {
		t.Errorf("another verifier: got %v, want invalid_code_verifier", err)
	}
	session, err := kit.AuthenticateWithCode(ctx, gen.AuthenticateWithCode{Code: code, CodeVerifier: &pair.Verifier})
	if err != nil || session.User.Email != email {
		t.Fatalf("the verifier: got %v and %v, want a session", session, err)
	}
	_, err = kit.AuthenticateWithCode(ctx, gen.AuthenticateWithCode{Code: code, CodeVerifier: &pair.Verifier})
	if !errors.As(err, &failure) || failure.Code != "invalid_code" {
		t.Errorf("the code again: got %v, want invalid_code", err)
	}
}

func TestE2EUserSignsInThroughSSO(t *testing.T) {
	c, ctx := e2eClient(t), t.Context()
	kit, err := authkit.New(c)
	if err != nil {
		t.Fatal(err)
	}
	org, err := c.Organizations.Create(ctx, gen.CreateOrganization{Name: "Acme " + rand.Text()})
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
		again, err := c.SSO.Profile.Get(ctx, client.WithAccessToken(got.AccessToken))
		if err != nil || again.ID != got.Profile.ID {
			t.Errorf("profile by the access token: got %v and %v, want %s", again, err, got.Profile.ID)
		}
	}
}

// e2eConnection creates a connection, which the emulator can and the API cannot.
func e2eConnection(t *testing.T, c *client.Client, organizationID string) string {
	t.Helper()
	body := strings.NewReader(`{"organization_id":"` + organizationID + `","domains":["acme.example"]}`)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.BaseURL()+"/connections", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+e2eSetting(t, "WORKOS_E2E_KEY"))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var created struct{ ID string }
	if err := json.NewDecoder(resp.Body).Decode(&created); err != nil || created.ID == "" {
		t.Fatalf("create a connection: %d and %v", resp.StatusCode, err)
	}
	return created.ID
}

// The emulator has a sign-in of a device pend for ever as long as it has no user, and confirms it at once if it has
// one. So the first sign-in here pends by an emulator of the test's own, without users, until the test gives up; the
// second is answered by the test as the API answers while the user has not confirmed, and then by the emulator.
func TestE2EDevicePendsAndSignsIn(t *testing.T) {
	polls, held := 0, 0
	c := newE2EClient(t, ownEmulator(t), client.WithMiddleware(
		func(req *http.Request, next client.Next) (*http.Response, error) {
			op, _ := client.OperationOf(req)
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

	if _, err := c.UserManagement.Users.Create(t.Context(), gen.CreateUser{Email: "ada@example.com"}); err != nil {
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

func pending(req *http.Request) *http.Response {
	const text = `{"error":"authorization_pending","error_description":"The authorization request is still pending."}`
	return &http.Response{
		StatusCode: http.StatusBadRequest, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(text)), Request: req,
	}
}

// ownEmulator starts an emulator that ends with the test, and returns its URL.
func ownEmulator(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../.ci/e2e")
	if err != nil {
		t.Fatal(err)
	}
	free, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(free.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "node_modules", ".bin", "node"),
		filepath.Join(dir, "node_modules", "workos", "dist", "bin.js"), "emulate", "--port", port, "--json")
	cmd.Dir = t.TempDir() // it would read a seed and settings from where it starts
	cmd.Env = []string{
		"HOME=" + cmd.Dir, "PATH=" + os.Getenv("PATH"), "WORKOS_TELEMETRY=false",
		"NODE_OPTIONS=--require " + strconv.Quote(filepath.Join(dir, "loopback.cjs")),
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("emulator: %v (install it with: npm ci --prefix .ci/e2e)", err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // it is killed, as the test's context has ended
	base := "http://localhost:" + port
	for range 100 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/health", nil)
		if err != nil {
			t.Fatal(err)
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			_ = resp.Body.Close()
			return base
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("the emulator does not answer on %s", base)
	return ""
}

func fasterPolls(resp *http.Response, err error) (*http.Response, error) {
	if err != nil || resp.StatusCode != http.StatusOK {
		return resp, err
	}
	defer func() { _ = resp.Body.Close() }()
	var body map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	body["interval"] = 1
	text, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	resp.Header.Del("Content-Length")
	return resp, nil
}

// browser keeps cookies and follows redirects.
type browser struct{ *http.Client }

type shown struct {
	status    int
	url, text string
}

func newBrowser(t *testing.T) browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return browser{&http.Client{Jar: jar, Timeout: time.Minute}}
}

func (b browser) do(t *testing.T, method, target string) shown {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html")
	resp, err := b.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, target, err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	final := *resp.Request.URL
	return shown{status: resp.StatusCode, url: final.String(), text: string(text)}
}

// location returns where a URL redirects to, without going there.
func (b browser) location(t *testing.T, target string) *url.URL {
	t.Helper()
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html")
	resp, err := b.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	back, err := resp.Location()
	if err != nil {
		t.Fatalf("%s answers %d: %v", target, resp.StatusCode, err)
	}
	return back
}

// e2eSession is what the browser's cookie holds.
func e2eSession(t *testing.T, c *client.Client, b browser, origin string) (*authkit.Client, *authkit.Session) {
	t.Helper()
	kit, err := authkit.New(c)
	if err != nil {
		t.Fatal(err)
	}
	sealer, err := authkit.NewSealer(authkit.Password{Secret: password})
	if err != nil {
		t.Fatal(err)
	}
	site, err := url.Parse(origin)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range b.Jar.Cookies(site) {
		if cookie.Name == "wos-session" {
			session, err := sealer.OpenSession(cookie.Value)
			if err != nil {
				t.Fatal(err)
			}
			return kit, session
		}
	}
	t.Fatal("the browser has no session cookie")
	return nil, nil
}

// e2eClient calls the emulator by the name that it issues tokens in.
func e2eClient(t *testing.T) *client.Client {
	t.Helper()
	target, err := url.Parse(e2eSetting(t, "WORKOS_E2E_URL"))
	if err != nil {
		t.Fatal(err)
	}
	target.Host = net.JoinHostPort("localhost", target.Port())
	return newE2EClient(t, target.String())
}

func newE2EClient(t *testing.T, base string, opts ...client.Option) *client.Client {
	t.Helper()
	key := cmp.Or(os.Getenv("WORKOS_E2E_KEY"), "sk_test_default")
	c, err := client.New(key, append([]client.Option{client.WithClientID(clientID), client.WithBaseURL(base)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// e2eUser creates a user who is deleted when the test ends, and returns the email address.
func e2eUser(t *testing.T, c *client.Client) string {
	t.Helper()
	email := strings.ToLower(rand.Text()) + "@example.com"
	user, err := c.UserManagement.Users.Create(t.Context(), gen.CreateUser{Email: email})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.WithoutCancel(t.Context())
	t.Cleanup(func() {
		if err := c.UserManagement.Users.Delete(ctx, user.ID); err != nil {
			t.Errorf("delete the user: %v", err)
		}
	})
	return email
}

func e2eSetting(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set; the end-to-end tests need the emulator", name)
	}
	return value
}
