package mcpadapter_test

import (
	"context"
	"fmt"
	"net/http"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// A filter of the adapter bounds every call; Narrow bounds those of one request further.
func ExampleWithFilter() {
	offline := shoptest.Doer(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
	})
	client, err := shop.NewClient("https://tea.example", shop.WithHTTPClient(offline))
	if err != nil {
		fmt.Println(err)
		return
	}
	adapter, err := mcpadapter.New(client, &shop.Operations, mcpadapter.WithFilter(mcpadapter.Filter{
		Toolsets: []string{"teas"},
		Deny:     []string{"*.delete"},
		Name:     func(mcpadapter.FilterPart) string { return "our policy" },
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, tool := range adapter.Tools() {
		fmt.Println(tool.Name())
	}
	readOnly, err := adapter.Narrow(context.TODO(), mcpadapter.Filter{ReadOnly: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	create, err := adapter.Tool("teas.create")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(create.Invoke(readOnly, []byte(`{"name":"Assam"}`)).Failure.Message)
	// Output:
	// teas.list
	// teas.create
	// getTea
	// teas-update
	// teas.create is filtered and nothing was sent: Filter.ReadOnly permits only what changes nothing
}
