package mcpgo_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestRepairsAreToldInTheMetaOfTheResult(t *testing.T) {
	t.Parallel()
	const answer = `{"id":"tea_1","_meta":{"x":"10"}}`
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusCreated, "application/json", answer))
	c := connect(t, served(t, a))

	r := call(t, c, "teas.create", json.RawMessage(`{"name":"n","stock":"9007199254740993","tags":"[\"a\"]"}`))
	if got, want := wire.Seen()[0].Body, `{"name":"n","stock":9007199254740993,"tags":["a"]}`; got != want {
		t.Errorf("body: got %s, want %s", got, want)
	}
	if r.IsError || textOf(t, r) != answer || string(r.RawStructuredContent) != answer {
		t.Errorf("answer: got %s %s, want it as it came", textOf(t, r), r.RawStructuredContent)
	}
	if got, want := repairedIn(r), []any{"stock", "tags"}; !reflect.DeepEqual(got, want) {
		t.Errorf("_meta: got %v, want %v", got, want)
	}

	if got := repairedIn(call(t, c, "teas.create", json.RawMessage(`{"name":"n","stock":1}`))); got != nil {
		t.Errorf("_meta of a call that was right: got %v, want nothing", got)
	}
	r = call(t, c, "teas.create", `{"name":"n","stock":1}`)
	if got, want := repairedIn(r), []any{"arguments"}; r.IsError || !reflect.DeepEqual(got, want) {
		t.Errorf("arguments as a text: got %v and %s, want %v", got, textOf(t, r), want)
	}
}

// repairedIn returns what a result's _meta says, beside what the library says there.
func repairedIn(r *mcp.CallToolResult) any {
	if r.Meta == nil {
		return nil
	}
	return r.Meta.AdditionalFields[mcpadapter.MetaRepaired]
}
