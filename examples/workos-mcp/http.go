package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/spf13/cobra"
)

// Limits of the HTTP server.
const (
	headerTime   = 10 * time.Second
	bodyTime     = time.Minute
	idleTime     = 2 * time.Minute
	callTime     = 90 * time.Second // more than the client's own time-out
	shutdownTime = callTime
	headerBytes  = 64 << 10
)

func (p process) httpCommand(f *flags) *cobra.Command {
	var addr string
	var origins []string
	cmd := &cobra.Command{
		Use: "http", Short: "Serve MCP as streamable HTTP", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.serveHTTP(cmd.Context(), *f, addr, origins) },
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", "`address` to listen on")
	cmd.Flags().StringArrayVar(&origins, "allow-origin", nil,
		"`origin` of web pages that may call, such as https://app.example.com; repeatable")
	return cmd
}

// serveHTTP serves until the context ends, then lets the requests in flight finish.
func (p process) serveHTTP(ctx context.Context, f flags, addr string, origins []string) error {
	logger := p.logger(f)
	handler, err := p.httpHandler(f, origins, logger)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	s := limited(handler, logger)
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(listener) }()
	logger.InfoContext(ctx, "serving MCP", "url", "http://"+listener.Addr().String()+mcpPath, "sandbox", f.sandbox)
	select {
	case err := <-failed:
		return fmt.Errorf("serve HTTP: %w", err)
	case <-ctx.Done():
	}
	logger.Info("shutting down")
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := s.Shutdown(finish); err != nil {
		return fmt.Errorf("shut down: %w", err)
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve HTTP: %w", err)
	}
	return nil
}

// limited returns a server that neither slow nor large requests can exhaust.
func limited(handler http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, IdleTimeout: idleTime,
		WriteTimeout:   bodyTime + callTime,
		MaxHeaderBytes: headerBytes, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
}

// httpHandler is the whole server: MCP behind its guard, and a health check.
func (p process) httpHandler(f flags, origins []string, logger *slog.Logger) (http.Handler, error) {
	b, err := p.backend(f, logger)
	if err != nil {
		return nil, err
	}
	if b.confirmation.Key == nil {
		logger.Warn("confirmations are good for this process alone; set "+confirmKeyEnv+" if there are several",
			"confirm", b.confirmation.Policy.String())
	}
	b.keyHint = "Send the key with each request, as Authorization: Bearer sk_… or x-bearer: sk_… (the access token of " +
		"an SSO profile as x-access_token), or start the server with --sandbox to try things out without one."
	adapter, err := b.adapter()
	if err != nil {
		return nil, err
	}
	m, err := p.mode(f)
	if err != nil {
		return nil, err
	}
	s, err := newServer(adapter, f.names, m, logger)
	if err != nil {
		return nil, err
	}
	streamable := server.NewStreamableHTTPServer(s,
		server.WithStreamableHTTPCORS(server.WithCORSAllowedOrigins(origins...),
			server.WithCORSAllowedHeaders("Content-Type", "Authorization", "x-bearer", "x-access_token",
				toolsetsHeader, allowHeader, denyHeader, readOnlyHeader, confirmHeader,
				maxResultHeader, hideHeader,
				server.HeaderKeySessionID, mcp.HeaderProtocolVersion, mcp.HeaderMethod, mcp.HeaderName)),
		server.WithStateLess(true),
		server.WithDisableStreaming(true),
		server.WithStreamableHTTPLogger(logger),
		server.WithHTTPContextFunc(func(ctx context.Context, r *http.Request) context.Context {
			fromSessionID(ctx, r)
			return fromRequest(ctx, r, f.sandbox)
		}),
	)
	guarded, err := guard(narrow(tighten(lessen(rememberClients(streamable))), adapter), origins)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(mcpPath, guarded)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("ok\n"))
	})
	return mux, nil
}
