package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// stdioWorkers is how many calls run at once. They wait for the network, not for the processor.
const stdioWorkers = 32

// serveStdio answers requests from standard input until it ends, and every request that it has read by then.
func (p process) serveStdio(ctx context.Context, f flags) error {
	logger := p.logger(f)
	adapter, err := p.shellAdapter(f)
	if err != nil {
		return err
	}
	m, err := p.mode(f)
	if err != nil {
		return err
	}
	s, err := newServer(adapter, f.names, m, logger)
	if err != nil {
		return err
	}
	stdio := server.NewStdioServer(s)
	stdio.SetErrorLogger(slog.NewLogLogger(logger.Handler(), slog.LevelDebug))
	server.WithWorkerPoolSize(stdioWorkers)(stdio)
	d := newDrain(ctx, p.stdin, p.stdout)
	err = stdio.Listen(p.fromEnvironment(ctx, f), d.input(), d.output())
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, context.Canceled) {
		return nil
	}
	return fmt.Errorf("serve stdio: %w", err)
}

// shellAdapter makes the tools for stdio and the shell, whose settings come from the environment.
func (p process) shellAdapter(f flags) (*mcpadapter.Adapter, error) {
	b, err := p.backend(f, p.logger(f))
	if err != nil {
		return nil, err
	}
	b.clientID = p.getenv("WORKOS_CLIENT_ID")
	b.keyHint = "Set WORKOS_API_KEY to a secret key of your environment (for sso.profile.get WORKOS_ACCESS_TOKEN), " +
		"or use --sandbox to try things out without one."
	return b.adapter()
}
