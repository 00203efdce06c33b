// Link is a program that receives one type of event, to see what the linker takes into it.
package main

import (
	"context"
	"net/http"
	"os"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/webhook"
	"github.com/seed-f165d83c/workos/gen"
)

func main() {
	verifier, err := webhook.NewVerifier(os.Getenv("SECRET"))
	if err != nil {
		panic(err)
	}
	handler, err := events.Route(events.UserCreated.Do(func(_ context.Context, _ *events.Event, user *gen.User) error {
		println(user.Email)
		return nil
	}))
	if err != nil {
		panic(err)
	}
	endpoint, err := webhook.NewHandler(verifier, handler)
	if err != nil {
		panic(err)
	}
	panic(http.ListenAndServe("127.0.0.1:0", endpoint))
}
