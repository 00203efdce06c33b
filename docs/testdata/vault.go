package snippet

import (
	"context"
	"io"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/vault"
)

func _(ctx context.Context, c *workos.Client, ssn []byte, orgID string, file io.Writer, upload io.Reader) (err error) {
	return func() error {
		// SNIPPET
		return err
	}()
}
