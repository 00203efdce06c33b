package snippet

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/oapi-codegen/nullable"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
)

func _(ctx context.Context, c *workos.Client, key, orgID, invitationID string) (err error) {
	return func() error {
		// SNIPPET
		return err
	}()
}
