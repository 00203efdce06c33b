package snippet

import (
	"context"
	"net/http"
	"os"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/state"
	"github.com/seed-f165d83c/workos/client/webhook"
)

func _(ctx context.Context, c *workos.Client, handle events.Handler, request *http.Request, body []byte,
	secret string, verifier *webhook.Verifier, store state.Store, checkpoints events.Transactor,
	bury func(ctx context.Context, e *events.Event, err error) error) (err error) {
	return func() error {
		// SNIPPET
		return err
	}()
}
