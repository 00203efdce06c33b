package serve

import (
	"context"
	"log/slog"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// requestLog collects the one line that is logged about a request, after its response is written. It is for one
// goroutine.
type requestLog struct {
	began             time.Time
	method, tool      string // the method is "" if nothing is logged: for notifications and rejected requests
	session, protocol string // of the HTTP request
	outcome, err      string
}

// Outcomes of a request.
const (
	outcomeOK          = "ok"
	outcomeError       = "error"        // a JSON-RPC error
	outcomeErrorResult = "error_result" // the result of a tool call that failed
)

func newRequestLog() *requestLog { return &requestLog{began: time.Now(), outcome: outcomeError} }

type requestLogKey struct{}

// within returns a context in which the hooks of logHooks find the log.
func (l *requestLog) within(ctx context.Context) context.Context {
	return context.WithValue(ctx, requestLogKey{}, l)
}

// requestLogOf returns the log of a request, or nil.
func requestLogOf(ctx context.Context) *requestLog {
	l, _ := ctx.Value(requestLogKey{}).(*requestLog)
	return l
}

// logHooks records the outcome of the requests that mcp-go handles.
func logHooks(hooks *server.Hooks) {
	hooks.AddOnSuccess(func(ctx context.Context, _ any, _ mcp.MCPMethod, message, result any) {
		l := requestLogOf(ctx)
		if l == nil {
			return
		}
		l.outcome = outcomeOK
		if call, ok := message.(*mcp.CallToolRequest); ok {
			l.tool = call.Params.Name
		}
		if r, ok := result.(*mcp.CallToolResult); ok && r.IsError {
			l.outcome = outcomeErrorResult
		}
	})
	hooks.AddOnError(func(ctx context.Context, _ any, _ mcp.MCPMethod, _ any, err error) {
		if l := requestLogOf(ctx); l != nil {
			l.err = err.Error()
		}
	})
}

// write logs the request.
func (l *requestLog) write(ctx context.Context, logger *slog.Logger) {
	if l.method == "" || !logger.Enabled(ctx, slog.LevelInfo) {
		return
	}
	attrs := append(make([]slog.Attr, 0, 7), slog.String("mcp.method", l.method))
	for _, a := range []struct{ name, value string }{
		{"mcp.tool.name", l.tool}, {"mcp.session.id", l.session}, {"mcp.protocol.version", l.protocol},
	} {
		if a.value != "" {
			attrs = append(attrs, slog.String(a.name, a.value))
		}
	}
	attrs = append(attrs, slog.Float64("duration_s", time.Since(l.began).Seconds()), slog.String("outcome", l.outcome))
	if l.err != "" {
		attrs = append(attrs, slog.String("error", l.err))
	}
	logger.LogAttrs(ctx, slog.LevelInfo, "mcp.request", attrs...)
}
