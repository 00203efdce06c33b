package mcpadapter_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
)

// teaShop answers GET /teas/tea_1, and sends everything that changes something to the channel.
func teaShop(changes chan<- string) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			changes <- r.Method + " " + r.URL.Path
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"id":"tea_1","name":"Assam"}`))
	}))
}

// Without a client that asks, a call is made twice, and the second one has the token of the first.
func ExampleWithConfirmation() {
	changes := make(chan string, 1)
	api := teaShop(changes)
	defer api.Close()
	client, err := shop.NewClient(api.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	adapter, err := mcpadapter.New(client, &shop.Operations, mcpadapter.WithConfirmation(mcpadapter.Confirmation{
		Policy:   mcpadapter.ConfirmRisky,
		Lifetime: time.Minute,
		// With several processes also Key, and Used for a store that they share.
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	remove, err := adapter.Tool("teas.delete")
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()

	first := remove.Invoke(ctx, json.RawMessage(`{"tea_id":"tea_1"}`))
	fmt.Println(first.Failure.Code)
	fmt.Println(first.Failure.Confirmation.Question)

	arguments := fmt.Sprintf(`{"tea_id":"tea_1","confirmation":%q}`, first.Failure.Confirmation.Token)
	remove.Invoke(ctx, json.RawMessage(arguments))
	fmt.Println(<-changes)
	fmt.Println(remove.Invoke(ctx, json.RawMessage(arguments)).Failure.Code)
	// Output:
	// confirmation_required
	// Remove a tea?
	//
	// teas.delete with
	// - tea_id: "tea_1"
	//
	// Looked up by getTea:
	// - name: "Assam"
	// DELETE /teas/tea_1
	// confirmation_invalid
}

// A program with a person at hand asks in the course of the call.
func ExampleTool_InvokeAsking() {
	api := teaShop(nil) // nothing will be changed
	defer api.Close()
	client, err := shop.NewClient(api.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	adapter, err := mcpadapter.New(client, &shop.Operations)
	if err != nil {
		fmt.Println(err)
		return
	}
	remove, err := adapter.Tool("teas.delete")
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := mcpadapter.RequireConfirmation(context.Background(), mcpadapter.ConfirmWrites)
	result := remove.InvokeAsking(ctx, json.RawMessage(`{"tea_id":"tea_1"}`),
		func(_ context.Context, question string) (bool, error) {
			fmt.Println("asked", len(question) > 0)
			return false, nil
		})
	fmt.Println(result.Failure.Code)
	// Output:
	// asked true
	// not_confirmed
}
