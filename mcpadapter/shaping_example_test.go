package mcpadapter_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// ordersTool is the tool that lists the orders of a shop that has 250 of them.
func ordersTool(opts ...mcpadapter.Option) (tool mcpadapter.Tool, end func(), err error) {
	server := httptest.NewServer(shoptest.Orders{N: 250, Note: "no. "})
	client, err := shop.NewClient(server.URL)
	if err != nil {
		return mcpadapter.Tool{}, server.Close, err
	}
	adapter, err := mcpadapter.New(client, &shop.Operations, opts...)
	if err != nil {
		return mcpadapter.Tool{}, server.Close, err
	}
	tool, err = adapter.Tool("orders.list")
	return tool, server.Close, err
}

// A call asks for parts of an answer, which the API never sees.
func ExampleWithShapingArguments() {
	tool, end, err := ordersTool(mcpadapter.WithShapingArguments())
	defer end()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, arguments := range []string{
		`{"limit": 2, "fields": "data.id"}`,
		`{"all_pages": true, "jq": "[.data[].note | select(endswith(\"99\"))]"}`,
		`{"fields": "data.notes"}`,
	} {
		fmt.Println(tool.Invoke(context.TODO(), []byte(arguments)).Text())
	}
	// Output:
	// {"data":[{"id":"order_000000"},{"id":"order_000001"}],"list_metadata":{"after":"order_000001","before":null}}
	// {"jq":[["no. 99","no. 199"]]}
	// invalid_arguments: nothing was sent
	// - fields: "data.notes" is not in the response (did you mean data.note?)
	// Example: {}
}

// A list is cut behind a whole element, and its own cursor leads to the next one.
func ExampleWithMaxResultBytes() {
	tool, end, err := ordersTool(mcpadapter.WithMaxResultBytes(1024), mcpadapter.WithShapingArguments())
	defer end()
	if err != nil {
		fmt.Println(err)
		return
	}
	result := tool.Invoke(context.TODO(), []byte(`{"limit": 100, "fields": "data.id"}`))
	var page struct {
		Data     []struct{} `json:"data"`
		Metadata struct {
			After string `json:"after"`
		} `json:"list_metadata"`
		LeftOut struct {
			Elements int `json:"elements"`
		} `json:"left_out"`
	}
	if err := json.Unmarshal(result.JSON, &page); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(page.Data), "given,", page.LeftOut.Elements, "left out, go on after", page.Metadata.After)
	// Output:
	// 35 given, 65 left out, go on after order_000034
}

// A call of several requests tells how far it is.
func ExampleWithProgress() {
	tool, end, err := ordersTool(mcpadapter.WithShapingArguments())
	defer end()
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := mcpadapter.WithProgress(context.TODO(), func(p mcpadapter.Progress) {
		fmt.Println(p.Elements, "elements of", p.Pages, "pages")
	})
	fmt.Println(tool.Invoke(ctx, []byte(`{"all_pages": true, "jq": ".data | length"}`)).Text())
	// Output:
	// 100 elements of 1 pages
	// 200 elements of 2 pages
	// {"jq":[250]}
}

// What an operation shows on purpose is hidden where the reader has no need to see it.
func ExampleWithHiddenSecrets() {
	offline := shoptest.Responding(http.StatusOK, strings.NewReader(`{"id":"order_1","pickup_code":"4711"}`))
	client, err := shop.NewClient("https://tea.example", shop.WithHTTPClient(offline))
	if err != nil {
		fmt.Println(err)
		return
	}
	adapter, err := mcpadapter.New(client, &shop.Operations, mcpadapter.WithHiddenSecrets())
	if err != nil {
		fmt.Println(err)
		return
	}
	tool, err := adapter.Tool("orders.get")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(tool.Invoke(context.TODO(), []byte(`{"order_id":"order_1"}`)).Text())
	// Output:
	// {"id":"order_1","pickup_code":"[hidden]"}
}
