package snippet

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/mark3labs/mcp-go/server"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

func _(ctx context.Context, c *workos.Client, adapter *mcpadapter.Adapter) (err error) {
	return func() error {
		// SNIPPET
		return err
	}()
}
