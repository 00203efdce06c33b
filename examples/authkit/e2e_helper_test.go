//go:build e2e

package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
)

// e2eConnection creates a connection, which is active at once.
func e2eConnection(t *testing.T, c *workos.Client, organizationID string) string {
	t.Helper()
	body := strings.NewReader(`{"organization_id":"` + organizationID + `","name":"Okta","connection_type":"OktaSAML",` +
		`"saml_options":{"idp_entity_id":"acme"}}`)
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
func e2eSession(t *testing.T, c *workos.Client, b browser, origin string) (*authkit.Client, *authkit.Session) {
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
func e2eClient(t *testing.T) *workos.Client {
	t.Helper()
	target, err := url.Parse(e2eSetting(t, "WORKOS_E2E_URL"))
	if err != nil {
		t.Fatal(err)
	}
	target.Host = net.JoinHostPort("localhost", target.Port())
	return newE2EClient(t, target.String())
}

func newE2EClient(t *testing.T, base string, opts ...workos.Option) *workos.Client {
	t.Helper()
	key := cmp.Or(os.Getenv("WORKOS_E2E_KEY"), "sk_test_default")
	c, err := workos.New(key, append([]workos.Option{workos.WithClientID(clientID), workos.WithBaseURL(base)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// e2eUser creates a user who is deleted when the test ends, and returns the email address.
func e2eUser(t *testing.T, c *workos.Client) string {
	t.Helper()
	email := strings.ToLower(rand.Text()) + "@example.com"
	user, err := c.UserManagement.Users.Create(t.Context(), workos.CreateUser{Email: email})
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
