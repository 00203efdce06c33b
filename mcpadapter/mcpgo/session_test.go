package mcpgo_test

import (
	"net/http"
	"strconv"
	"sync"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// Calls that a client sends at once are one dialog of its person.
func TestASessionAsksOnceForCallsAtOnce(t *testing.T) {
	t.Parallel()
	const calls = 3
	var looked sync.WaitGroup // the server responds to the first read once all calls read
	looked.Add(calls)
	a, wire := shoptest.New(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			looked.Done()
			looked.Wait()
		}
		shoptest.RespondWith(http.StatusOK, "application/json", `{}`)(w, r)
	}, shoptest.Confirming(mcpadapter.ConfirmRisky))
	p := &person{answer: accepts(map[string]any{"confirm": true})}
	client := elicitingClient(t, served(t, a), p)
	results := make(chan *mcp.CallToolResult, calls)
	for i := range calls {
		go func() { results <- call(t, client, "teas.delete", map[string]any{"tea_id": strconv.Itoa(i)}) }()
	}
	for range calls {
		if r := <-results; r.IsError {
			t.Errorf("got %s, want no error", textOf(t, r))
		}
	}
	if len(p.asked) != 1 || len(wire.Changes()) != calls {
		t.Fatalf("asked %d times and sent %v, want once and %d calls", len(p.asked), wire.Changes(), calls)
	}
	shoptest.WantParts(t, "question", p.asked[0].Message, "3 calls, all of them or none",
		`tea_id: "0"`, `tea_id: "1"`, `tea_id: "2"`)
}
