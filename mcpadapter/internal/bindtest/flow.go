package bindtest

import (
	"encoding/json"
	"net/http"
	"sync"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// testProgress holds each page back until the client has heard of the ones before it.
func testProgress(t *testing.T, b Binding) {
	t.Helper()
	t.Parallel()
	for _, without := range []bool{false, true} {
		heard := make(chan struct{}, 3)
		wait := func(after string, _ map[string]any) bool {
			if after != "" {
				select {
				case <-heard:
				case <-t.Context().Done():
				}
			}
			return true
		}
		a, _ := shoptest.NewOrders(t, shoptest.Orders{N: 350, Change: wait})
		var got []string
		c := &client{url: serve(t, b, a, Setup{Stateless: without})}
		c.heard = func(method string, params json.RawMessage) {
			var p struct {
				Token    string          `json:"progressToken"`
				Progress json.RawMessage `json:"progress"`
				Message  string          `json:"message"`
			}
			if err := json.Unmarshal(params, &p); err != nil || method != "notifications/progress" || p.Token != "p1" {
				t.Errorf("got %s %s, want progress", method, params)
			}
			got = append(got, string(p.Progress)+" "+p.Message)
			heard <- struct{}{}
		}
		if !without {
			c.connect(t)
		}
		const call = `{"all_pages":true,"jq":".data|length"}`
		result, failure := c.request(t, "tools/call", map[string]any{
			"name": "orders.list", "arguments": json.RawMessage(call), "_meta": map[string]any{"progressToken": "p1"},
		})
		want := []string{"100 100 elements of 1 page", "200 200 elements of 2 pages", "300 300 elements of 3 pages"}
		if failure != nil || len(got) != len(want) {
			t.Fatalf("without sessions %t: got %q and %v, want %q", without, got, failure, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("got %s, want %s", got[i], want[i])
			}
		}
		shoptest.WantParts(t, "result", string(result), `{"jq":[350]}`)
	}
	a, _ := shoptest.NewOrders(t, shoptest.Orders{N: 350})
	c := (&client{url: serve(t, b, a, Setup{})}).connect(t)
	c.heard = func(method string, params json.RawMessage) { t.Errorf("got %s %s, want nothing", method, params) }
	if r := c.call(t, "orders.list", `{"all_pages":true,"jq":".data|length"}`); r.IsError {
		t.Errorf("got %s", r.text())
	}
}

// testCancellation cancels a call whose request has arrived, and waits until the request is gone.
func testCancellation(t *testing.T, b Binding) {
	t.Helper()
	t.Parallel()
	arrived, gone := make(chan struct{}), make(chan struct{})
	a, _ := shoptest.New(t, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
		close(gone)
	})
	c := (&client{url: serve(t, b, a, Setup{})}).connect(t)
	canceller := &client{url: c.url, revision: c.revision, session: c.session}
	const id = 99
	var group sync.WaitGroup
	group.Go(func() {
		<-arrived
		canceller.notify(t, "notifications/cancelled", map[string]any{"requestId": id, "reason": "enough"})
		<-gone
	})
	// Whether there is a response to a canceled call is the library's decision.
	c.send(t, "tools/call", map[string]any{
		"jsonrpc": "2.0", "id": id, "method": "tools/call",
		"params": map[string]any{"name": "getTea", "arguments": json.RawMessage(deletion)},
	})
	group.Wait()
}
