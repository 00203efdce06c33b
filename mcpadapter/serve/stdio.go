package serve

import (
	"context"
	"io"
	"log/slog"

	"github.com/mark3labs/mcp-go/server"
)

// Stdio serves MCP over in and out until in ends or ctx is done. Either way it then reads no further message and waits,
// for two minutes at most, until every request that it has read is answered; requests to the client that wait for a
// response fail. The values of ctx reach every call; its end does not.
//
// A message is one line of at most 4 MiB and 10,000 JSON values; a larger one gets an error. At most 32 requests run at
// once. notifications/cancelled cancels a request, which then gets no response. Where out fails, Stdio logs that,
// cancels the requests and returns nil; it returns the error of in.
func Stdio(ctx context.Context, s *server.MCPServer, in io.Reader, out io.Writer, logger *slog.Logger) error {
	return newConnection(s, out, logger).serve(ctx, in)
}

func (p program) serveStdio(ctx context.Context, f flags) error {
	p, logger, flush := p.forServer(f) //nolint:contextcheck // lines outlive requests
	defer flush()
	store, err := p.openStore(ctx, f)
	if err != nil {
		return err
	}
	f.used = confirmationsIn(store)
	adapter, err := p.shellAdapter(f)
	if err != nil {
		return err
	}
	s, err := p.newServer(f, adapter)
	if err != nil {
		return err
	}
	c := newConnection(s, p.stdout, logger)
	in, polled, restore := pollable(p.stdin)
	defer restore()
	if polled { // otherwise a read holds a processor while it waits
		c.processors = processors{set: p.setProcessors, company: stdioCompany}
	}
	c.fast, c.started = newFastPath(s, adapter, f), func() { p.started(stdioGC) }
	c.fast.lists.off = true
	if f.shutdown > 0 {
		c.patience = f.shutdown
	}
	return c.serve(p.local(ctx), in)
}
