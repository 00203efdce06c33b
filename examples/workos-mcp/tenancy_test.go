package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// tenancy has the calls of two tenants on their way at the same time. Each organization belongs to a key, and the API
// responds with both; so a call that has the key or the response of the other tenant is seen at either end.
type tenancy struct {
	url     string
	client  *http.Client
	crossed atomic.Int64 // requests with the key of the other tenant
	reached atomic.Int64 // requests
}

func newTenancy(t *testing.T, mode string) *tenancy {
	t.Helper()
	n := &tenancy{client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * tenantCallers}}}
	api := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		id, key := path.Base(r.URL.Path), strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		n.reached.Add(1)
		if !strings.HasPrefix(id, "org_"+key+"_") {
			n.crossed.Add(1)
		}
		_, _ = fmt.Fprintf(w, `{"object":"organization","id":%q,"name":"of %s"}`, id, key)
	})
	env := map[string]string{"WORKOS_BASE_URL": api.URL, "WORKOS_MCP_MODE": mode}
	if mode == "code" {
		env = codeEnv(t, env)
	}
	url, _ := startHTTP(t, env)
	n.url = url + mcpPath
	t.Cleanup(n.client.CloseIdleConnections)
	return n
}

// tenantCallers is how many callers each tenant has at once.
const tenantCallers = 8

// run makes so many calls for each of two tenants. call returns the tool and its arguments for organizations.
func (n *tenancy) run(t *testing.T, calls, organizations int, call func(ids []string) (tool, arguments string)) {
	t.Helper()
	var group sync.WaitGroup
	for _, key := range []string{"sk_a", "sk_b"} {
		var last atomic.Int64
		for range tenantCallers {
			group.Go(func() {
				for i := last.Add(1); i <= int64(calls); i = last.Add(1) {
					ids := make([]string, organizations)
					for j := range ids {
						ids[j] = fmt.Sprintf("org_%s_%d_%d", key, i, j)
					}
					tool, arguments := call(ids)
					text, err := n.post(t.Context(), key, callBody(int(i), tool, arguments))
					if err != nil {
						t.Error(err)
						return
					}
					if wrong := misplaced(text, key, ids); wrong != "" {
						t.Errorf("%s: the response of %s: %s: %s", key, tool, wrong, text)
						return
					}
				}
			})
		}
	}
	group.Wait()
	if crossed, reached := n.crossed.Load(), n.reached.Load(); crossed != 0 || reached != int64(2*calls*organizations) {
		t.Errorf("got %d of %d requests with the key of the other tenant, want none of %d",
			crossed, reached, 2*calls*organizations)
	}
}

// misplaced returns what is wrong about a response to a tenant; "": nothing.
func misplaced(text, key string, ids []string) string {
	for _, id := range ids {
		if !strings.Contains(text, `"`+id+`"`) {
			return "it lacks " + id
		}
	}
	other := map[string]string{"sk_a": "sk_b", "sk_b": "sk_a"}[key]
	switch {
	case !strings.Contains(text, `"of `+key+`"`):
		return "it lacks the name"
	case strings.Contains(text, other):
		return "it has something of " + other
	}
	return ""
}

func (n *tenancy) post(ctx context.Context, key, body string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, hang)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, n.url, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	r.Header.Set("X-Bearer", key)
	response, err := n.client.Do(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return string(text), err
}

// Of 20,000 calls of two tenants that are on their way at once, in each mode, none has the key or the response of the
// other tenant.
func TestTenantsNeverCross(t *testing.T) {
	t.Parallel()
	scale := 1
	if testing.Short() {
		scale = 20
	}
	t.Run("direct", func(t *testing.T) {
		t.Parallel()
		newTenancy(t, "direct").run(t, 5000/scale, 1, func(ids []string) (string, string) {
			return "organizations.get", `{"id":"` + ids[0] + `"}`
		})
	})
	t.Run("dynamic", func(t *testing.T) {
		t.Parallel()
		newTenancy(t, "dynamic").run(t, 4500/scale, 1, func(ids []string) (string, string) {
			return "call_read_operation", `{"operation":"organizations.get","arguments":{"id":"` + ids[0] + `"}}`
		})
	})
	t.Run("code", func(t *testing.T) {
		t.Parallel()
		const each = 20 // calls of a program
		newTenancy(t, "code").run(t, 500/each/scale+1, each, func(ids []string) (string, string) {
			return "run_program", programArguments(`return await Promise.all(["`+strings.Join(ids, `","`)+
				`"].map((id) => api.organizations.get({id})))`, "")
		})
	})
}
