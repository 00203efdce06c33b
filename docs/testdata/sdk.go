package snippet

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"os"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/flags"
	"github.com/seed-f165d83c/workos/client/sandbox"
)

func _(ctx context.Context, c *workos.Client, key, orgID, membershipID, password, invitationID, exportID string) (err error) {
	return func() error {
		// SNIPPET
		return err
	}()
}
