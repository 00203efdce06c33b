package mcpadapter_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
)

func TestOutputSchemasHoldForWhateverIsAskedOfAnAnswer(t *testing.T) {
	t.Parallel()
	order := strings.Replace(secretOrder, `{"x":"S2","y":null,"z":true}`, "2", 1) // as the table has it
	list := `{"object":"list","data":[` + strings.Repeat(order+",", 99) + order + `],` +
		`"list_metadata":{"before":null,"after":"o1"}}`
	var body string
	c, err := shop.NewClientWithResponses("https://tea.example", shop.WithHTTPClient(doer(
		func(*http.Request) (*http.Response, error) { return responding(200, strings.NewReader(body))(nil) })))
	if err != nil {
		t.Fatal(err)
	}
	a, err := mcpadapter.New(c, &shop.Operations, mcpadapter.WithOutputSchemas(), mcpadapter.WithShapingArguments(),
		mcpadapter.WithHiddenSecrets(), mcpadapter.WithMaxResultBytes(1024), mcpadapter.WithMaxElements(150))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ tool, arguments, body, has string }{
		{"orders.list", `{}`, list, `"left_out"`},
		{"orders.list", `{"fields":"data.pickup_code,data.seals"}`, list, `"left_out"`},
		{"orders.list", `{"fields":"object"}`, list, `"object"`},
		{"orders.list", `{"all_pages":true}`, list, `"left_out"`},
		{"orders.list", `{"jq":".data[].seals"}`, list, `"jq"`},
		{"orders.list", `{"jq":"[.data[].seals]"}`, list, `"jq"`},
		{"orders.list", `{"jq":"{data: 7}"}`, list, `"jq"`},
		{"orders.get", `{"order_id":"1","jq":".id"}`, order, `"jq"`},
		{"orders.get", `{"order_id":"1","jq":".id.x"}`, order, `"error"`},
		{"orders.get", `{"order_id":"1"}`, `{"id":"` + strings.Repeat("x", 2000) + `"}`, `"too_large"`},
		{"orders.get", `{"order_id":"1"}`, order, hiddenText},
	} {
		body = c.body
		tool := tool(t, a, c.tool)
		r := tool.Invoke(t.Context(), json.RawMessage(c.arguments))
		if !strings.Contains(string(r.JSON), c.has) {
			t.Errorf("%s %s: got %s, want %s in it", c.tool, c.arguments, r.JSON, c.has)
		}
		if err := outputOf(t, tool).Validate(decoded(t, string(r.JSON))); err != nil {
			t.Errorf("%s %s: %s is refused: %v", c.tool, c.arguments, r.JSON, err)
		}
	}
}

// hiddenText is what stands for a secret.
const hiddenText = `"` + mcpadapter.Hidden + `"`
