package agents_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/agents"
)

// api mints tokens of a minute.
type api struct {
	delay time.Duration

	mu      sync.Mutex
	bodies  []map[string]any
	paths   []string
	failure map[string]any // code and status of refreshes, if set
	down    bool
}

func (a *api) RoundTrip(req *http.Request) (*http.Response, error) {
	body := map[string]any{}
	if req.Body != nil {
		_ = json.NewDecoder(req.Body).Decode(&body)
	}
	select {
	case <-time.After(a.delay):
	case <-req.Context().Done():
		return nil, context.Cause(req.Context())
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.bodies, a.paths = append(a.bodies, body), append(a.paths, req.Method+" "+req.URL.Path)
	n := len(a.bodies)
	answer, status := map[string]any{
		"access_token": fmt.Sprintf("access-%d", n), "token_type": "Bearer", "expires_in": 60,
		"refresh_token": fmt.Sprintf("refresh-%d", n), "agent_instance_id": "agent_01", "new_instance": true,
		"agent_instance_session_id": "agent_session_01", "permissions": []string{"posts:read"},
	}, http.StatusOK
	switch {
	case a.down:
		status, answer = 503, map[string]any{"message": "down"}
	case a.failure != nil && body["type"] == "refresh":
		status, answer = 400, a.failure
	case strings.HasSuffix(req.URL.Path, "/revoke"):
		answer = map[string]any{"object": "agent_instance_session", "id": "agent_session_01", "status": "revoked"}
	}
	resp, err := httpmock.NewJsonResponse(status, answer)
	if err == nil {
		resp.Request = req
	}
	return resp, err
}

func (a *api) set(failure map[string]any, down bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.failure, a.down = failure, down
}

func (a *api) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.bodies)
}

func newBlueprint(tb testing.TB, transport http.RoundTripper) *agents.Blueprint {
	tb.Helper()
	workos, err := client.New("sk_test_key", client.WithRetry(client.RetryPolicy{MaxAttempts: 1}),
		client.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		tb.Fatal(err)
	}
	blueprint, err := agents.New(workos, "agent_blueprint_01")
	if err != nil {
		tb.Fatal(err)
	}
	return blueprint
}

func userToken(context.Context) (string, error) { return "user-token", nil }
