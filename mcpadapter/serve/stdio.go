package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/mark3labs/mcp-go/server"
)

// stdioWorkers is how many calls run at once. They wait for the network, not for the processor.
const stdioWorkers = 32

// Stdio serves MCP over in and out until in ends or ctx is done. At the end of in it waits, for two minutes at most,
// until every request that it has read is answered. What ctx carries reaches every call.
func Stdio(ctx context.Context, s *server.MCPServer, in io.Reader, out io.Writer, logger *slog.Logger) error {
	stdio := server.NewStdioServer(s)
	stdio.SetErrorLogger(slog.NewLogLogger(logger.Handler(), slog.LevelDebug))
	server.WithWorkerPoolSize(stdioWorkers)(stdio)
	d := newDrain(ctx, in, out)
	err := stdio.Listen(ctx, d.input(), d.output())
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, context.Canceled) {
		return nil
	}
	return fmt.Errorf("serve stdio: %w", err)
}

func (p program) serveStdio(ctx context.Context, f flags) error {
	adapter, err := p.shellAdapter(f)
	if err != nil {
		return err
	}
	logger := p.logger(f)
	s, err := p.newServer(f, adapter, logger)
	if err != nil {
		return err
	}
	return Stdio(p.local(ctx), s, p.stdin, p.stdout, logger)
}
