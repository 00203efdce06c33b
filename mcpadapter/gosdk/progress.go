package gosdk

import (
	"context"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// reporting returns a context whose calls send progress notifications if the request has a progress token (MCP
// revision 2025-11-25, basic/utilities/progress). A notification that cannot be sent changes nothing else.
func reporting(ctx context.Context, request *mcp.CallToolRequest) context.Context {
	token := request.Params.GetProgressToken()
	if token == nil || request.Session == nil {
		return ctx
	}
	return mcpadapter.WithProgress(ctx, func(p mcpadapter.Progress) {
		_ = request.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{
			ProgressToken: token, Progress: float64(p.Elements), Message: p.String(),
		})
	})
}
