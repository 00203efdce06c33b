package serve

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// requestLog collects the one line that is logged about a request, after its response is written. Its fields are for
// the goroutine of the request, but for those below the mutex. nil discards everything.
type requestLog struct {
	began             time.Time
	id                string // of the request; "": over stdio
	method, tool      string // the method is "" if nothing is logged: for notifications
	session, protocol string // of the HTTP request
	client, caller    string
	address, scheme   string // of the client; the scheme is "" unless a proxy states it
	identity          map[string]string
	secrets           []string // that no line may contain: the credentials of the request
	outcome           string
	reason            refusalReason // "": the request was handled
	err               string
	bytes             int // of the response

	mu       sync.Mutex
	called   string // the operation, which dynamic tools call under another name
	trace    traceParent
	upstream struct {
		attempts int
		status   int // the last one; 0: no response
		bytes    int64
	}
}

// Outcomes of a request.
const (
	outcomeOK          = "ok"
	outcomeError       = "error"        // a JSON-RPC error
	outcomeErrorResult = "error_result" // the result of a tool call that failed
	outcomeRefused     = "refused"      // the request was not handled
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

// parent returns the span that the request continues.
func (l *requestLog) parent() traceParent {
	if l == nil {
		return traceParent{}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.trace
}

// continues sets the span that the request continues, unless it has one or there is none.
func (l *requestLog) continues(p traceParent) {
	if l == nil || p.id == "" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.trace.id == "" {
		l.trace = p
	}
}

// attempted notes a request to the API. The status is 0 without a response.
func (l *requestLog) attempted(status int) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.upstream.attempts++
	l.upstream.status = status
}

// operation notes the operation that is called.
func (l *requestLog) operation(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.called = name
}

// scrub removes the credentials of the request from a text.
func (l *requestLog) scrub(text string) string {
	for _, secret := range l.secrets {
		text = strings.ReplaceAll(text, secret, redacted)
	}
	return text
}

// count counts the request, unless it was refused, which is counted where that happens.
func (l *requestLog) count(m *Metrics, took time.Duration) {
	if l.method != "" && l.reason == "" {
		m.request(l.method, l.outcome, took)
	}
}

// received notes bytes of responses of the API.
func (l *requestLog) received(n int64) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.upstream.bytes += n
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
			l.err = errorText(err)
		}
	})
}

// errorText returns what kind of error mcp-go has responded with. Its text may have names that the client has made up.
func errorText(err error) string {
	for _, known := range []error{
		server.ErrToolNotFound, server.ErrResourceNotFound, server.ErrPromptNotFound, server.ErrUnsupported,
		server.ErrRemovedInProtocolVersion, server.ErrRequiresModernProtocol,
	} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return "request failed"
}

// codeText returns what kind of error a JSON-RPC code stands for (JSON-RPC 2.0 section 5.1).
func codeText(code int) string {
	switch code {
	case mcp.PARSE_ERROR:
		return "parse error"
	case mcp.INVALID_REQUEST:
		return "invalid request"
	case mcp.METHOD_NOT_FOUND:
		return "method not found"
	case mcp.INVALID_PARAMS:
		return "invalid params"
	}
	return "request failed"
}

// requestMessage is the message of the line of a request.
const requestMessage = "mcp.request"

// write logs the request, with how long it took.
func (l *requestLog) write(ctx context.Context, logger *slog.Logger, took time.Duration) {
	if l.method == "" && l.reason == "" || !logger.Enabled(ctx, slog.LevelInfo) {
		return
	}
	l.mu.Lock()
	called, up := l.called, l.upstream
	l.mu.Unlock()
	var room [20]slog.Attr
	attrs := room[:0]
	method := ""
	if l.method != "" {
		method = methodLabel(l.method)
	}
	if called == l.tool {
		called = ""
	}
	for _, a := range []struct{ name, value string }{
		{"mcp.method", method}, {"mcp.tool.name", l.tool}, {"operation", called}, {"mcp.session.id", l.session},
		{"mcp.protocol.version", l.protocol}, {"request_id", l.id}, {"trace_id", l.parent().trace()},
		{"client", l.client}, {"client.address", l.address}, {"url.scheme", l.scheme}, {"caller", l.caller},
		{"user", l.identity["user"]}, {"organization", l.identity["organization"]},
	} {
		if a.value != "" {
			attrs = append(attrs, slog.String(a.name, l.scrub(a.value)))
		}
	}
	attrs = append(attrs, slog.Float64("duration_s", took.Seconds()), slog.String("outcome", l.outcome))
	if up.attempts > 0 {
		attrs = append(attrs, slog.Int("upstream.attempts", up.attempts), slog.Int("upstream.status", up.status),
			slog.Int64("upstream.bytes", up.bytes))
	}
	if l.bytes > 0 {
		attrs = append(attrs, slog.Int("response.bytes", l.bytes))
	}
	if l.reason != "" {
		attrs = append(attrs, slog.String("reason", string(l.reason)))
	}
	if l.err != "" {
		attrs = append(attrs, slog.String("error", l.scrub(l.err)))
	}
	line := slog.NewRecord(l.began.Add(took), slog.LevelInfo, requestMessage, 0) // which saves the clock and the stack
	line.AddAttrs(attrs...)
	_ = logger.Handler().Handle(ctx, line)
}
