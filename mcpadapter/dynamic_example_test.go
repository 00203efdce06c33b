package mcpadapter_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// Five tools stand in for all operations: one that searches, one that describes and three that call.
func ExampleAdapter_DynamicTools() {
	stub := shoptest.Doer(func(*http.Request) (*http.Response, error) {
		body := io.NopCloser(strings.NewReader(`{"id":"tea_1","name":"Assam"}`))
		return &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: body,
		}, nil
	})
	client, err := shop.NewClient("https://tea.example", shop.WithHTTPClient(stub))
	if err != nil {
		fmt.Println(err)
		return
	}
	adapter, err := mcpadapter.New(client, &shop.Operations)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, tool := range adapter.DynamicTools() {
		switch tool.Name() {
		case "call_read_operation":
			result := tool.Invoke(context.TODO(), []byte(`{"operation":"getTea","arguments":{"tea_id":"tea_1"}}`))
			fmt.Println(result.Text())
		case "call_write_operation":
			result := tool.Invoke(context.TODO(), []byte(`{"operation":"teas.delete","arguments":{"tea_id":"tea_1"}}`))
			fmt.Println(result.Failure.Arguments[0])
		}
	}
	// Output:
	// {"id":"tea_1","name":"Assam"}
	// operation: teas.delete cannot be called with this tool: call it with call_destructive_operation
}

// A search goes by what one wants to do, in any words.
func ExampleAdapter_Search() {
	client, err := shop.NewClient("https://tea.example")
	if err != nil {
		fmt.Println(err)
		return
	}
	adapter, err := mcpadapter.New(client, &shop.Operations)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, tool := range adapter.Search(context.TODO(), "where is my parcel? please track it", 1) {
		fmt.Println(tool.Name())
	}
	// Output:
	// parcels.track
}
