package mcpadapter_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// table calls orders.list for a table of the items, and returns it.
func table(t *testing.T, items, arguments string) (string, mcpadapter.Result) {
	t.Helper()
	response := `{"object":"list","data":` + items + `,"list_metadata":{"before":null,"after":"order_9"}}`
	a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", response), mcpadapter.WithShapingArguments())
	r := shoptest.Invoke(t, a, "orders.list", arguments)
	var root struct {
		Object   string
		Table    string
		Data     any
		Metadata struct{ After string } `json:"list_metadata"`
	}
	if err := json.Unmarshal(r.JSON, &root); err != nil {
		t.Fatal(err)
	}
	if r.Failure == nil && root.Table != "" && (root.Data != nil || root.Metadata.After != "order_9") {
		t.Errorf("got %s, want the table in place of the items, and the cursor", r.JSON)
	}
	return root.Table, r
}

func TestAListIsATableOnRequest(t *testing.T) {
	t.Parallel()
	for items, want := range map[string]string{
		`[]`:                                  "",
		`[{"id":"a","n":1},{"id":"b","n":1}]`: "id|n=1\na\nb",
		`[{"id":"a"},{"n":2,"id":"b"}]`:       "id|n\na|\nb|2",
	} {
		if got, r := table(t, items, `{"format":"table"}`); got != want || r.Failure != nil {
			t.Errorf("%s: got %q and %s, want %q", items, got, r.Text(), want)
		}
	}
	if got, _ := table(t, `[{"id":"a","name":"x","total":1}]`, `{"format":"table","fields":"data.id"}`); got != "id\na" {
		t.Errorf("with fields: got %q", got)
	}
	if got, r := table(t, `[1,2]`, `{"format":"table"}`); got != "" || !strings.Contains(string(r.JSON), `"data":[1,2]`) {
		t.Errorf("got %s, want what is no list of objects as it is", r.JSON)
	}
}

// A table that is larger than its JSON and the limit stays JSON.
func TestATableFitsTheLimit(t *testing.T) {
	t.Parallel()
	response := `{"object":"list","data":[{"id":"1","o":{"a":"` + strings.Repeat(`\"`, 480) + `"}}],"list_metadata":{"after":null}}`
	a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", response),
		mcpadapter.WithShapingArguments(), mcpadapter.WithMaxResultBytes(1<<10))
	r := shoptest.Invoke(t, a, "orders.list", `{"format":"table"}`)
	if r.Failure != nil || len(r.JSON) > 1<<10 {
		t.Errorf("got %d bytes of %s", len(r.JSON), r.JSON)
	}
}

func TestTheFormatIsChecked(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, mcpadapter.WithShapingArguments())
	for arguments, want := range map[string]string{
		`{"format":"csv"}`:            `format: expected "table", got the string "csv"`,
		`{"format":1}`:                `format: expected "table", got the number 1`,
		`{"format":"table","jq":"."}`: "format: cannot go together with jq; give one of them",
	} {
		wantInvalidPart(t, arguments, shoptest.Invoke(t, a, "orders.list", arguments), wire, want)
	}
	r := shoptest.Invoke(t, a, "orders.get", `{"order_id":"1","format":"table"}`)
	wantInvalidPart(t, "no list", r, wire, "format: is unknown")
}
