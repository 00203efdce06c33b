package serve

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
	"github.com/spf13/pflag"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Timeouts and limits of the HTTP server.
const (
	headerTime   = 10 * time.Second
	bodyTime     = time.Minute
	idleTime     = 2 * time.Minute
	callTime     = 90 * time.Second // more than the timeout of a client for one call
	shutdownTime = callTime
	headerBytes  = 64 << 10
)

const (
	mcpPath        = "/mcp"
	maxRequestFlag = "max-request-bytes"
)

// HTTPOptions are the settings of [Handler]. The zero value serves local clients without credentials.
type HTTPOptions struct {
	// AllowOrigins are the origins of web pages that may call, as in "https://app.example.com".
	AllowOrigins []string
	// AllowHosts are the hosts, with or without a port, that a request to a loopback address may be for beside
	// loopback names: those of a reverse proxy on the same machine.
	AllowHosts []string
	// MaxRequestBytes limits the body of a request. 0: [DefaultMaxRequestBytes].
	MaxRequestBytes int64
	// Logger logs errors of the transport. nil: they are discarded.
	Logger *slog.Logger

	Credentials //nolint:embeddedstructfieldcheck // last, as it is optional
}

// Handler returns the MCP endpoint of a server whose tools are those of the adapter: streamable HTTP without sessions,
// so that any number of machines can serve the same clients. It rejects web pages of other origins and applies the
// X-MCP-… headers of each request.
func Handler(s *server.MCPServer, adapter *mcpadapter.Adapter, opts HTTPOptions) (http.Handler, error) {
	return newHandler(s, adapter, opts, nil)
}

func newHandler(
	s *server.MCPServer, adapter *mcpadapter.Adapter, opts HTTPOptions, fast *fastPath,
) (http.Handler, error) {
	logger := opts.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	allowed := append([]string{"Content-Type"}, opts.Headers...)
	allowed = append(allowed, headers()...)
	allowed = append(allowed,
		server.HeaderKeySessionID, mcp.HeaderProtocolVersion, mcp.HeaderMethod, mcp.HeaderName)
	streamable := server.NewStreamableHTTPServer(s,
		server.WithStreamableHTTPCORS(
			server.WithCORSAllowedOrigins(opts.AllowOrigins...), server.WithCORSAllowedHeaders(allowed...)),
		server.WithStateLess(true),
		server.WithDisableStreaming(true),
		server.WithStreamableHTTPLogger(logger),
		server.WithHTTPContextFunc(func(ctx context.Context, r *http.Request) context.Context {
			fromSessionID(ctx, r)
			if opts.Request == nil {
				return ctx
			}
			return opts.Request(ctx, r)
		}),
	)
	endpoint := rememberClients(fast.handler(streamable, opts))
	return guard(withFilterHeaders(withConfirmHeader(withLimitHeaders(endpoint)), adapter), opts)
}

func (p program) httpCommand(f *flags) *cobra.Command {
	var addr string
	var opts HTTPOptions
	cmd := &cobra.Command{
		Use: "http", Short: "Serve MCP as streamable HTTP", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return p.serveHTTP(cmd.Context(), *f, addr, opts) },
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", "`address` to listen on")
	cmd.Flags().StringArrayVar(&opts.AllowOrigins, "allow-origin", nil,
		"`origin` of web pages that may call, such as https://app.example.com; repeatable")
	cmd.Flags().StringArrayVar(&opts.AllowHosts, "allow-host", nil,
		"`host` that a reverse proxy on this machine forwards, such as mcp.example.com; repeatable")
	cmd.Flags().Int64Var(&opts.MaxRequestBytes, maxRequestFlag, DefaultMaxRequestBytes,
		"limit the body of a request to this many `bytes`")
	return cmd
}

// serveHTTP serves until the context ends, then waits for the requests in flight.
func (p program) serveHTTP(ctx context.Context, f flags, addr string, opts HTTPOptions) error {
	logger := p.logger(f)
	handler, err := p.httpHandler(f, opts, logger)
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
	attrs := []any{"url", "http://" + listener.Addr().String() + mcpPath}
	f.own.VisitAll(func(flag *pflag.Flag) {
		if flag.Value.Type() == "bool" { // others may hold secrets
			attrs = append(attrs, flag.Name, flag.Value)
		}
	})
	logger.InfoContext(ctx, "serving MCP", attrs...)
	p.started()
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

// limited returns a server with timeouts and limits against slow and large requests.
func limited(handler http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, IdleTimeout: idleTime,
		WriteTimeout:   bodyTime + callTime,
		MaxHeaderBytes: headerBytes, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
}

// httpHandler returns the handler of the whole server: the MCP endpoint and a health check.
func (p program) httpHandler(f flags, opts HTTPOptions, logger *slog.Logger) (http.Handler, error) {
	if opts.MaxRequestBytes < 1 {
		return nil, usageError{fmt.Errorf("--%s: invalid limit %d: want at least 1", maxRequestFlag, opts.MaxRequestBytes)}
	}
	confirmation, err := p.confirmation(f.confirm)
	if err != nil {
		return nil, err
	}
	if confirmation.Key == nil {
		logger.Warn("confirmations are valid in this process alone"+p.setKey(), "confirm", confirmation.Policy.String())
	}
	adapter, err := p.adapter(f, Settings{Getenv: p.getenv, HTTP: true}, logger)
	if err != nil {
		return nil, err
	}
	s, err := p.newServer(f, adapter)
	if err != nil {
		return nil, err
	}
	opts.Logger, opts.Credentials = logger, p.api.Credentials
	handler, err := newHandler(s, adapter, opts, newFastPath(s, adapter, f))
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(mcpPath, logged(handler, logger))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("ok\n"))
	})
	return mux, nil
}

// setKey returns advice on how several servers share confirmations.
func (p program) setKey() string {
	if p.api.EnvPrefix == "" {
		return ""
	}
	return "; set " + p.variable(confirmKey) + " if there are several"
}
