//go:build e2e

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/client/state/servertest"
)

const password = "thirty-two characters or more, for tests"

// site is two processes of the application behind nginx.
type site struct {
	origin    string
	processes []string // their URLs
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// start runs a command until the test ends.
func start(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	log, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		timer := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		timer.Stop()
		if t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("%s %v:\n%s", filepath.Base(name), args, text)
		}
	})
}

// await waits until a URL responds.
func await(t *testing.T, target string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
		if err != nil {
			t.Fatal(err)
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode < http.StatusInternalServerError {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%s does not respond", target)
}

const nginxConfig = `daemon off;
user root;
pid DIR/pid;
error_log stderr warn;
events {}
http {
	access_log off;
	client_body_temp_path DIR/a; proxy_temp_path DIR/b; fastcgi_temp_path DIR/c; uwsgi_temp_path DIR/d; scgi_temp_path DIR/e;
	large_client_header_buffers 8 64k; # the cookies of a large session are one header
	upstream app { server 127.0.0.1:ONE; server 127.0.0.1:TWO; }
	server {
		listen 127.0.0.1:PORT;
		location / {
			proxy_pass http://app;
			proxy_set_header Host $http_host;
			proxy_buffer_size 128k; proxy_buffers 8 128k; proxy_busy_buffers_size 256k;
		}
	}
}
`

func newSite(t *testing.T, binary, store, api string, sessionStore bool) *site {
	t.Helper()
	port, ports := freePort(t), []string{freePort(t), freePort(t)}
	s := &site{origin: "http://localhost:" + port}
	for _, p := range ports {
		env := []string{
			"ADDR=127.0.0.1:" + p, "ORIGIN=" + s.origin, "STORE_URL=" + store, "WORKOS_API_KEY=sk_test_default",
			"WORKOS_CLIENT_ID=client_e2e", "WORKOS_BASE_URL=" + api, "WORKOS_COOKIE_PASSWORD=" + password,
		}
		if sessionStore {
			env = append(env, "SESSION_STORE=1")
		}
		start(t, env, binary)
		s.processes = append(s.processes, "http://127.0.0.1:"+p)
		await(t, "http://127.0.0.1:"+p+"/healthy")
	}
	dir := t.TempDir()
	config := strings.NewReplacer("DIR", dir, "ONE", ports[0], "TWO", ports[1], "PORT", port).Replace(nginxConfig)
	if err := os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, nil, "nginx", "-p", dir, "-c", filepath.Join(dir, "nginx.conf"))
	await(t, "http://127.0.0.1:"+port+"/healthy")
	return s
}

type task struct {
	Origin       string `json:"origin"`
	Login        string `json:"login,omitempty"`
	Organization string `json:"organization,omitempty"`
	SignOut      bool   `json:"signOut"`
}

type shown struct{ User, Organization, Banner string }

type visit struct {
	Status, Navigations, Admin, AdminAfter, Left int
	URL, Text, After                             string
	Account, Switched                            shown
	API                                          struct {
		Status      int
		User, Token string
	}
	Cookies []struct{ Name, Value string }
}

// browse does a task in Chromium.
func browse(t *testing.T, what task) visit {
	t.Helper()
	text, err := json.Marshal(what)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "browser.mjs", string(text))
	cmd.Dir = "../e2e"
	var failure strings.Builder
	cmd.Stderr = &failure
	out, err := cmd.Output()
	var got visit
	if err != nil || json.Unmarshal(out, &got) != nil {
		t.Fatalf("browser: %v: %s%s", err, out, failure.String())
	}
	return got
}

// get requests a page of a process with the cookies of a browser.
func get(t *testing.T, target, bearer string, cookies ...*http.Cookie) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cookies {
		req.AddCookie(c)
	}
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer func() { _ = resp.Body.Close() }()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body)
}

func (v visit) jar() []*http.Cookie {
	var jar []*http.Cookie
	for _, c := range v.Cookies {
		jar = append(jar, &http.Cookie{Name: c.Name, Value: c.Value})
	}
	return jar
}

// seed starts an emulator with users and an organization, of which the first user is an admin.
func seed(t *testing.T) (emulator, organization string) {
	t.Helper()
	emulator = startEmulator(t)
	c, err := workos.New("sk_test_default", workos.WithBaseURL(emulator))
	if err != nil {
		t.Fatal(err)
	}
	created, err := c.Organizations.Create(t.Context(), workos.CreateOrganization{Name: "Acme"})
	if err != nil {
		t.Fatal(err)
	}
	for user, err := range c.UserManagement.Users.All(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.UserManagement.OrganizationMemberships.Create(t.Context(), workos.CreateOrganizationMembership{
			UserID: user.ID, OrganizationID: created.ID, RoleSlug: workos.Ptr("admin"),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return emulator, created.ID
}

const seedConfig = `
users:
  - {email: ada@acme.example, first_name: Ada, email_verified: true, password: secret}
  - {email: bob@acme.example, email_verified: true, impersonator: {email: support@workos.example, reason: Ticket 7}}
roles:
  - {slug: admin, name: Admin}
`

func startEmulator(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../e2e")
	if err != nil {
		t.Fatal(err)
	}
	home, port := t.TempDir(), freePort(t)
	file := filepath.Join(home, "seed.yaml")
	if err := os.WriteFile(file, []byte(seedConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, []string{"HOME=" + home, "WORKOS_TELEMETRY=false", "NODE_OPTIONS=--require " + filepath.Join(dir, "loopback.cjs")},
		filepath.Join(dir, "node_modules", ".bin", "node"), filepath.Join(dir, "node_modules", "workos", "dist", "bin.js"),
		"emulate", "--port", port, "--json", "--seed", file)
	await(t, "http://127.0.0.1:"+port+"/health")
	return "http://127.0.0.1:" + port
}

func TestWebApplicationInABrowser(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "webapp")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
	emulator, organization := seed(t)
	for name, open := range map[string]func(*testing.T) *servertest.Server{
		"PostgreSQL": servertest.PostgreSQL, "Redis": servertest.Redis,
	} {
		t.Run(name, func(t *testing.T) {
			store := open(t).URL
			for _, kept := range []string{"in cookies", "in the store"} {
				t.Run("sessions "+kept, func(t *testing.T) {
					api := newUpstream(t, emulator)
					s := newSite(t, binary, store, api.URL, kept == "in the store")
					s.person(t, organization)
					s.large(t, api)
					s.impersonated(t)
					s.slowClock(t, api)
					s.customIssuer(t, api)
					if kept == "in cookies" {
						s.storm(t, api)
					}
				})
			}
		})
	}
}

// person signs in, enters an organization, calls the API and signs out.
func (s *site) person(t *testing.T, organization string) {
	t.Helper()
	v := browse(t, task{s.origin, "ada@acme.example", organization, true})
	if v.Status != 200 || v.Account != (shown{"ada@acme.example", "none", ""}) || v.Admin != 403 ||
		v.Switched != (shown{"ada@acme.example", organization, ""}) || v.AdminAfter != 200 ||
		v.API.Status != 200 || !strings.HasPrefix(v.API.User, "user_") || v.Left != 0 || v.After != "nobody" {
		v.API.Token = ""
		t.Errorf("a person: got %+v", v)
		return
	}
	for _, process := range s.processes { // with what the browser had before it signed out
		page, _ := get(t, process+"/account", "", v.jar()...)
		api, _ := get(t, process+"/api/me", v.API.Token)
		if page != 401 || api != 401 {
			t.Errorf("after sign-out a process responds with %d and %d, want 401", page, api)
		}
	}
}

func (s *site) large(t *testing.T, api *upstream) {
	t.Helper()
	api.set(func(claims map[string]any) { claims["padding"] = strings.Repeat("p", 20<<10) })
	defer api.set(nil)
	v := browse(t, task{Origin: s.origin, Login: "ada@acme.example", SignOut: true})
	if v.Status != 200 || v.Account.User != "ada@acme.example" || v.API.Status != 200 || v.Left != 0 {
		t.Errorf("20 KiB: got %d %s %q, API %d, %d cookies left", v.Status, v.URL, v.Text, v.API.Status, v.Left)
	}
	t.Logf("a session of 20 KiB has %d cookies", len(v.Cookies))
}

func (s *site) impersonated(t *testing.T) {
	t.Helper()
	v := browse(t, task{Origin: s.origin, Login: "bob@acme.example"})
	if v.Account != (shown{"bob@acme.example", "none", "support@workos.example acts as this user: Ticket 7"}) {
		t.Errorf("impersonation: got %+v %q", v.Account, v.Text)
	}
}

// slowClock is a server whose clock is a minute behind that of the API.
func (s *site) slowClock(t *testing.T, api *upstream) {
	t.Helper()
	api.set(func(claims map[string]any) {
		at := time.Now().Add(time.Minute)
		claims["iat"], claims["exp"] = at.Unix(), at.Add(5*time.Minute).Unix()
	})
	defer api.set(nil)
	if v := browse(t, task{Origin: s.origin, Login: "ada@acme.example"}); v.Status != 200 || v.Account.User != "ada@acme.example" {
		t.Errorf("a clock a minute slow: got %d %q", v.Status, v.Text)
	}
}

// customIssuer is an environment with a custom authentication domain that the application does not know.
func (s *site) customIssuer(t *testing.T, api *upstream) {
	t.Helper()
	api.set(func(claims map[string]any) { claims["iss"] = "https://auth.acme.example" })
	defer api.set(nil)
	v := browse(t, task{Origin: s.origin})
	if v.Status != 500 || !strings.Contains(v.Text, "issuer is not accepted") ||
		!strings.Contains(v.Text, "https://auth.acme.example") || v.Navigations > 5 {
		t.Errorf("a custom issuer: got %d %q after %d navigations, want an error page", v.Status, v.Text, v.Navigations)
	}
	t.Logf("a custom issuer: %d navigations to: %s", v.Navigations, v.Text)
}

// storm is 200 requests at once with one session that has expired.
func (s *site) storm(t *testing.T, api *upstream) {
	t.Helper()
	v := browse(t, task{Origin: s.origin, Login: "ada@acme.example"})
	sealer, err := authkit.NewSealer(authkit.Password{Secret: password})
	if err != nil {
		t.Fatal(err)
	}
	session, err := sealer.OpenSession(v.Cookies[0].Value)
	if err != nil {
		t.Fatal(err)
	}
	claims := payload(session.AccessToken)
	claims["exp"] = time.Now().Add(-time.Hour).Unix()
	if session.AccessToken, err = api.sign(claims); err != nil {
		t.Fatal(err)
	}
	sealed, err := sealer.SealSession(session)
	if err != nil {
		t.Fatal(err)
	}
	api.mu.Lock()
	api.delay = 500 * time.Millisecond
	api.mu.Unlock()
	before, codes := api.refreshes(), map[string]int{}
	var mu sync.Mutex
	var wait sync.WaitGroup
	for range 200 {
		wait.Go(func() {
			code, text := get(t, s.origin+"/account", "", &http.Cookie{Name: "wos-session", Value: sealed})
			mu.Lock()
			defer mu.Unlock()
			codes[fmt.Sprintf("%d, page of the user: %t", code, strings.Contains(text, "ada@acme.example"))]++
		})
	}
	wait.Wait()
	if codes["200, page of the user: true"] != 200 || api.refreshes()-before != 1 {
		t.Errorf("200 requests with one expired session: got %v and %d exchanges, want 200 successes and 1", codes,
			api.refreshes()-before)
	}
	t.Logf("200 requests with one expired session: %v, %d exchange", codes, api.refreshes()-before)
}
