package mcpadapter_test

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// InputSchema has what New has derived, and Schema what is derived when it is needed, as for calls.
func TestWhatIsDerivedForCallsIsWhatIsPublished(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]mcpadapter.Option{
		"plain": nil, "literal": {mcpadapter.WithLiteralBodies()},
		"terse": {mcpadapter.WithTerseSchemas(), mcpadapter.WithShapingArguments()},
		"confirming": {
			mcpadapter.WithShapingArguments(),
			mcpadapter.WithConfirmation(mcpadapter.Confirmation{Policy: mcpadapter.ConfirmWrites}),
		},
		"filtered": {mcpadapter.WithFilter(mcpadapter.Filter{ReadOnly: true})},
		"known": {mcpadapter.WithKnown(func(_ *optable.Operation, argument string) (string, bool) {
			return "tea_1", argument == "tea_id"
		})},
	} {
		stocked, _ := shoptest.New(t, nil, opts...)
		stored, _ := shoptest.Depot(t, nil, opts...)
		for _, tool := range append(stocked.AllTools(), stored.AllTools()...) {
			want := string(tool.InputSchema())
			if got := string(tool.Schema(mcpadapter.ProfileStandard)); got != want {
				t.Errorf("%s, %s: got %s, want %s", name, tool.Name(), got, want)
			}
		}
	}
}

// The first calls of a tool may run at once.
func TestFirstCallsAtOnce(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	tool := shoptest.Tool(t, a, "getTea")
	var calls sync.WaitGroup
	for range 8 {
		calls.Go(func() { tool.Invoke(t.Context(), json.RawMessage(`{"tea_id":"1"}`)) })
	}
	calls.Wait()
	if n := len(wire.Seen()); n != 8 {
		t.Errorf("got %d requests, want 8", n)
	}
}

// The function of WithKnown may be slow, or not safe for concurrent use: only New calls it.
func TestKnownValuesAreAskedForOnce(t *testing.T) {
	t.Parallel()
	asked := 0
	a, wire := shoptest.New(t, nil, mcpadapter.WithKnown(func(_ *optable.Operation, argument string) (string, bool) {
		asked++
		return "tea_1", argument == "tea_id"
	}))
	before := asked
	shoptest.Invoke(t, a, "getTea", `{}`)
	if got := wire.Seen(); asked != before || len(got) != 1 || got[0].URI != "/teas/tea_1" {
		t.Errorf("got %d questions after New and the requests %v, want none and one for tea_1", asked-before, got)
	}
}
