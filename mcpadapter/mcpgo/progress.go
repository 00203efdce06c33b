package mcpgo

import (
	"context"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// reporting returns a context whose calls send progress notifications if the request has a progress token (MCP
// revision 2025-11-25, basic/utilities/progress). A notification that cannot be sent changes nothing else.
func reporting(ctx context.Context, request mcp.CallToolRequest) context.Context {
	s := server.ServerFromContext(ctx)
	if s == nil || request.Params.Meta == nil || request.Params.Meta.ProgressToken == nil {
		return ctx
	}
	return mcpadapter.WithProgress(ctx, func(p mcpadapter.Progress) {
		_ = s.SendNotificationToClient(ctx, string(mcp.MethodNotificationProgress), map[string]any{
			"progressToken": request.Params.Meta.ProgressToken,
			"progress":      p.Elements,
			"message":       p.String(),
		})
	})
}
