//go:build e2e

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
)

// held is an API that responds to a call when it is let go, and notes the calls whose caller is gone by then.
type held struct {
	arrived chan struct{}
	letGo   chan struct{}

	mu   sync.Mutex
	gone map[string]bool // by organization
	left chan struct{}   // one element for each of them
}

func (h *held) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := path.Base(r.URL.Path)
	h.arrived <- struct{}{}
	select {
	case <-h.letGo:
		_, _ = fmt.Fprintf(w, `{"object":"organization","id":%q,"name":"Acme"}`, id)
	case <-r.Context().Done():
		h.mu.Lock()
		h.gone[id] = true
		h.mu.Unlock()
		h.left <- struct{}{}
	}
}

// get calls organizations.get and returns the status, and the ID in the result; "": there is none.
func get(ctx context.Context, url, id string) (status int, got string, err error) {
	body := callBody(1, "organizations.get", `{"id":"`+id+`"}`)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	r.Header = http.Header{
		"Content-Type": {"application/json"}, "Accept": {"application/json, text/event-stream"}, "X-Bearer": {"sk_a"},
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return response.StatusCode, "", err
	}
	var m struct {
		Result struct{ StructuredContent struct{ ID string } }
	}
	err = json.Unmarshal(text, &m)
	return response.StatusCode, m.Result.StructuredContent.ID, err
}

// testKilledReplica: a replica that is killed takes its calls in flight with it, which fail at once with a status of the
// proxy, and none else: calls of the other replica, new calls and calls that are tried again succeed.
func testKilledReplica(t *testing.T, binary string) {
	t.Helper()
	const calls = 16
	api := &held{
		arrived: make(chan struct{}, calls), letGo: make(chan struct{}), gone: map[string]bool{},
		left: make(chan struct{}, calls),
	}
	u := newUpstream(t, api.ServeHTTP)
	env := []string{"WORKOS_BASE_URL=" + u.URL}
	doomed := startReplica(t, binary, "127.0.0.1:0", env)
	other := startReplica(t, binary, "127.0.0.1:0", env)
	url := startNginx(t, doomed.addr, other.addr) + mcpPath
	ctx := bounded(t)

	type outcome struct {
		id, got string
		status  int
		err     error
	}
	outcomes := make(chan outcome, calls)
	for i := range calls {
		go func() {
			o := outcome{id: fmt.Sprintf("org_%d", i)}
			o.status, o.got, o.err = get(ctx, url, o.id)
			outcomes <- o
		}()
	}
	for range calls {
		await(t, "the calls at the API", api.arrived)
	}
	if err := doomed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = doomed.Wait()
	failed := map[string]bool{}
	for range calls / 2 { // nginx sends calls in turn
		o := await(t, "the failure of a call", outcomes)
		failed[o.id] = true
		if o.err != nil || o.status != http.StatusBadGateway {
			t.Errorf("%s: got %d, %q and %v, want 502 from the proxy", o.id, o.status, o.got, o.err)
		}
		await(t, "the end of a request to the API", api.left)
	}
	api.mu.Lock()
	if !maps.Equal(failed, api.gone) {
		t.Errorf("got %v failed, want those of the killed replica, %v", keys(failed), keys(api.gone))
	}
	api.mu.Unlock()

	close(api.letGo)
	for range calls / 2 {
		if o := await(t, "a call of the other replica", outcomes); o.err != nil || o.got != o.id {
			t.Errorf("%s: got %d, %q and %v, want its result", o.id, o.status, o.got, o.err)
		}
	}
	for id := range failed {
		if status, got, err := get(ctx, url, id); err != nil || got != id {
			t.Errorf("%s, again: got %d, %q and %v, want its result", id, status, got, err)
		}
	}
	t.Logf("%d of %d calls failed with status 502, and succeeded when they were tried again", len(failed), calls)
}

func keys(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
