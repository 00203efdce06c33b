package serve

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

const mcpPath = "/mcp"

// HTTPOptions are the settings of [Handler]. The zero value serves local clients without credentials.
type HTTPOptions struct {
	// AllowOrigins are the origins of web pages that may call, as in "https://app.example.com".
	AllowOrigins []string
	// AllowHosts are the hosts, with or without a port, that a request may be for beside loopback names and the address
	// that it arrives at: the names of the server, or of a reverse proxy in front of it. Others are refused, because a
	// web page can give its own name the address of any server.
	AllowHosts []string
	// Admission limits what requests may cost before they are handled.
	Admission Admission
	// Caller identifies whom the calls of a context from Request are for. Requests of one caller share limits. Only a
	// hash of the text is kept or logged. nil: the address of the client.
	Caller func(ctx context.Context) string
	// RequireCredential refuses every request that Authorized does not accept, also lists of tools.
	RequireCredential bool
	// Logger logs each request and errors of the transport. nil: they are discarded.
	Logger *slog.Logger
	// Metrics counts what the handler does. nil: nothing is counted.
	Metrics *Metrics

	observed bool // the adapter has an observer, which notes whose credentials are accepted
	verified bool // Authorized accepts nobody who made a credential up
	// signIn, grants and identity are set together: callers sign in.
	signIn   SignIn
	grants   *grants
	identity func(ctx context.Context) (Identity, bool)
	// organizations are the only ones that are served; nil: all.
	organizations []string

	Credentials //nolint:embeddedstructfieldcheck // last, as it is optional
}

// Handler returns the MCP endpoint of a server whose tools are those of the adapter: streamable HTTP without sessions,
// so that any number of machines can serve the same clients. It rejects web pages of other origins and applies the
// X-MCP-… headers of each request.
func Handler(s *server.MCPServer, adapter *mcpadapter.Adapter, opts HTTPOptions) (http.Handler, error) {
	if s == nil || adapter == nil {
		return nil, errors.New("workos/mcpadapter/serve: the server or the adapter is nil")
	}
	return newHandler(s, adapter, opts, nil)
}

func newHandler(
	s *server.MCPServer, adapter *mcpadapter.Adapter, opts HTTPOptions, fast *fastPath,
) (http.Handler, error) {
	origins, err := checkOrigins(opts.AllowOrigins)
	if err != nil {
		return nil, err
	}
	opts.AllowOrigins = origins
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.Metrics == nil {
		opts.Metrics = NewMetrics()
	}
	opts.Headers = canonicalNames(opts.Headers)
	allowed := append([]string{"Content-Type"}, opts.Headers...)
	allowed = append(allowed, headers()...)
	allowed = append(allowed,
		server.HeaderKeySessionID, mcp.HeaderProtocolVersion, mcp.HeaderMethod, mcp.HeaderName)
	pages := cors{opts.AllowOrigins, allowed}
	streamable := server.NewStreamableHTTPServer(s,
		server.WithStateLess(true),
		server.WithDisableStreaming(true),
		server.WithStreamableHTTPLogger(opts.Logger),
		server.WithHTTPContextFunc(func(ctx context.Context, r *http.Request) context.Context {
			fromSessionID(ctx, r)
			return ctx // which has the credentials, by the guard
		}),
	)
	endpoint := rememberClients(fast.handler(onlyMessages(streamable, pages)))
	narrowing := opts.withFilterHeaders(opts.withConfirmHeader(opts.withLimitHeaders(endpoint)), adapter)
	guarded, err := newGuard(narrowed(narrowing, endpoint), opts)
	if err != nil {
		return nil, err
	}
	return pages.handler(logged(guarded, opts.Logger, opts.Metrics, opts.Headers)), nil
}

// canonicalNames returns the names as the keys of [http.Header], so that every request can look them up as they are.
func canonicalNames(headers []string) []string {
	names := make([]string, len(headers))
	for i, header := range headers {
		names[i] = http.CanonicalHeaderKey(header)
	}
	return names
}

// onlyMessages lets requests with messages, the end of a session and probes pass, and responds to preflights. A GET
// would open a stream, which this server has not (MCP revision 2025-11-25, basic/transports, "Listening for Messages
// from the Server").
func onlyMessages(next http.Handler, pages cors) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost, r.Method == http.MethodDelete, r.Method == http.MethodHead:
			next.ServeHTTP(w, r)
		case pages.isPreflight(r):
			pages.preflight(w)
		default:
			w.Header().Set("Allow", "POST, DELETE, HEAD") // RFC 9110 section 15.5.6
			writePlain(w, http.StatusMethodNotAllowed, "want POST: this server has no streams")
		}
	})
}

// httpHandler returns the handler of the MCP endpoint and of what its clients need to find out how to sign in.
func (p program) httpHandler(f flags, l listening, logger *slog.Logger) (http.Handler, error) {
	opts := l.opts
	confirmation, err := p.confirmation(f.confirm)
	if err != nil {
		return nil, err
	}
	if confirmation.Key == nil {
		logger.Warn("confirmations are valid in this process alone"+p.setKey(), "confirm", confirmation.Policy.String())
	}
	adapter, err := p.adapter(f, Settings{Getenv: p.getenv, HTTP: l.auth.auth == authPassthrough}, logger, opts.Metrics)
	if err != nil {
		return nil, err
	}
	s, err := p.newServer(f, adapter)
	if err != nil {
		return nil, err
	}
	opts.Logger = logger
	if opts, err = p.authenticate(opts, l, adapter); err != nil {
		return nil, err
	}
	trusted, err := l.proxies.check()
	if err != nil {
		return nil, err
	}
	handler, err := newHandler(s, adapter, opts, newFastPath(s, adapter, f))
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(l.basePath+mcpPath, handler)
	mux.Handle(l.basePath+"/", http.StripPrefix(l.basePath, onlyKnownHosts(p.site(f, l, opts, adapter), opts)))
	if opts.signIn != nil {
		for _, path := range opts.signIn.MetadataPaths() { // of the host, not below the base path: RFC 9728 section 3.1
			mux.Handle(path, opts.signIn.Metadata())
		}
	}
	return trusted.handler(mux), nil
}

// setKey returns advice on how several servers share confirmations.
func (p program) setKey() string {
	if p.api.EnvPrefix == "" {
		return ""
	}
	return "; set " + p.variable(confirmKey) + " if there are several"
}
