package flags_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/flags"
)

// aSnapshot has one flag for each kind of decision.
const aSnapshot = `{
	"off": {"slug": "off", "enabled": false, "default_value": true, "targets": {
		"users": [{"id": "user_1", "enabled": true}], "organizations": []}},
	"all": {"slug": "all", "enabled": true, "default_value": true, "targets": {"users": [], "organizations": []}},
	"none": {"slug": "none", "enabled": true, "default_value": false, "targets": {"users": [], "organizations": []}},
	"some": {"slug": "some", "enabled": true, "default_value": false, "later": 1, "targets": {
		"users": [{"id": "user_1", "enabled": true}, {"id": "user_2", "enabled": false}, {"id": "a b", "enabled": true}],
		"organizations": [{"id": "org_1", "enabled": true}],
		"custom_targets": [{"type": "workspace", "id": "ws_1", "enabled": true}, {"type": "workspace", "id": "ws_2",
			"enabled": false}, {"type": "Bad", "id": "x", "enabled": true}, {"type": "workspace", "id": "..", "enabled": true}]}}
}`

// api is WorkOS: it returns one body, or fails, and counts requests.
type api struct {
	mu     sync.Mutex
	body   string
	status int
	after  string // Retry-After
	sent   []string
}

func (a *api) RoundTrip(req *http.Request) (*http.Response, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sent = append(a.sent, req.Method+" "+req.URL.Path+" "+req.Header.Get("Authorization"))
	if a.status == 0 {
		return nil, errors.New("connection refused")
	}
	header := http.Header{"Content-Type": {"application/json"}}
	if a.after != "" {
		header.Set("Retry-After", a.after)
	}
	return &http.Response{
		StatusCode: a.status, Header: header, Body: io.NopCloser(strings.NewReader(a.body)), Request: req,
	}, nil
}

func (a *api) set(status int, body string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.status, a.body = status, body
}

func (a *api) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.sent)
}

func newRuntime(t *testing.T, server *api, opts ...flags.Option) *flags.Runtime {
	t.Helper()
	c, err := client.New("sk_test", client.WithHTTPClient(&http.Client{Transport: server}),
		client.WithRetry(client.RetryPolicy{MaxAttempts: 1}))
	if err != nil {
		t.Fatal(err)
	}
	r, err := flags.New(c, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// run runs the runtime until the test, or what it returns, ends.
func run(t *testing.T, r *flags.Runtime) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run: got %v, want the end of its context", err)
		}
	})
}

// snapshotFile writes a file for WithBootstrapFile.
func snapshotFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "flags.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
