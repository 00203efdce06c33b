package serve

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Timeouts and limits of the HTTP server.
const (
	headerTime  = 10 * time.Second
	readTime    = time.Minute
	idleTime    = 2 * time.Minute
	callTime    = 90 * time.Second // more than the timeout of a call
	headerBytes = 64 << 10
	// acceptTime is how long connections that are being opened take to be accepted.
	acceptTime = 100 * time.Millisecond
	// closeTime limits how long calls that were canceled take to respond.
	closeTime = 2 * time.Second
)

const (
	metricsAddrFlag = "metrics-addr"
	drainFlag       = "drain-delay"
	addrFlag        = "addr"
	shutdownFlag    = "shutdown-timeout"

	// defaultShutdown is less than the 30 seconds after which Kubernetes kills a container.
	defaultShutdown = 25 * time.Second
)

// listening are the settings of a server over HTTP.
type listening struct {
	addr           string
	metricsAddr    string // "": metrics are not served
	maxConnections int
	drainDelay     time.Duration
	tls            tlsFiles
	basePath       string
	proxies        proxySettings
	page, pageSet  bool // whether the page for people is served, and whether the flag says so
	auth           authSettings
	opts           HTTPOptions
	sharedRate     bool // whether the rate is that of all replicas
}

// check rejects settings that make no sense, and normalizes the base path.
func (l *listening) check(ctx context.Context) error {
	switch {
	case l.maxConnections < 1:
		return usageError{fmt.Errorf("--%s: invalid limit %d: want at least 1", maxConnectionsFlag, l.maxConnections)}
	case l.drainDelay < 0:
		return usageError{fmt.Errorf("--%s: invalid time %v: want at least 0", drainFlag, l.drainDelay)}
	}
	for _, a := range []struct{ flag, address string }{{addrFlag, l.addr}, {metricsAddrFlag, l.metricsAddr}} {
		if a.flag == metricsAddrFlag && a.address == "" {
			continue
		}
		_, port, err := net.SplitHostPort(a.address)
		if err == nil {
			_, err = net.DefaultResolver.LookupPort(ctx, "tcp", port)
		}
		if err != nil { // for an empty address the system would choose a port, at all of its addresses
			return usageError{fmt.Errorf("--%s: invalid address %.100q: want one such as 127.0.0.1:8080", a.flag, a.address)}
		}
	}
	var err error
	l.basePath, err = checkBasePath(l.basePath)
	return err
}

func (p program) httpCommand(f *flags) *cobra.Command {
	var l listening
	cmd := &cobra.Command{
		Use: "http", Short: "Serve MCP as streamable HTTP", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l.pageSet = cmd.Flags().Changed(pageFlag)
			return p.serveHTTP(cmd.Context(), *f, l)
		},
	}
	p.httpFlags(cmd.Flags(), &l)
	return cmd
}

// httpFlags adds the flags of a server over HTTP.
func (p program) httpFlags(set *pflag.FlagSet, l *listening) {
	set.StringVar(&l.addr, addrFlag, "127.0.0.1:8080", "`address` to listen on")
	set.StringVar(&l.metricsAddr, metricsAddrFlag, "",
		"`address` on which Prometheus metrics are served, at /metrics, such as 127.0.0.1:9090 (none by default)")
	set.StringArrayVar(&l.opts.AllowOrigins, "allow-origin", nil,
		"`origin` of web pages that may call, such as https://app.example.com; repeatable")
	set.StringArrayVar(&l.opts.AllowHosts, "allow-host", nil,
		"`host` by which clients reach this server or the proxy in front of it, such as mcp.example.com; repeatable.\n"+
			"Loopback names and the address itself are always allowed")
	set.BoolVar(&l.opts.RequireCredential, requireFlag, false,
		"refuse requests without a credential, also those that only list tools")
	set.DurationVar(&l.drainDelay, drainFlag, 0,
		"after SIGTERM, report not to be ready for this `long` before the server stops to listen")
	tlsFlags(set, &l.tls)
	set.StringVar(&l.basePath, basePathFlag, "",
		"`path` below which everything is served, such as /workos for /workos/mcp")
	proxyFlags(set, &l.proxies)
	set.BoolVar(&l.page, pageFlag, false,
		"serve a page for people at /, with the clients, the operations and the limits (default: on loopback)")
	p.authFlags(set, &l.auth)
	admissionFlags(set, &l.opts.Admission, &l.maxConnections)
	set.BoolVar(&l.sharedRate, sharedRateFlag, false,
		"count --rate in --store, for all replicas together; by default each replica has the rate")
}

// serveHTTP serves until the context ends, then waits for the requests in flight.
func (p program) serveHTTP(ctx context.Context, settings flags, network listening) error {
	if err := network.check(ctx); err != nil {
		return err
	}
	p, logger, flush := p.forServer(settings) //nolint:contextcheck // lines outlive requests
	defer flush()
	network.opts.Metrics = NewMetrics()
	store, err := p.openStore(ctx, settings)
	if err != nil {
		return err
	}
	settings.used = confirmationsIn(store)
	if network.sharedRate {
		if store == nil {
			return usageError{fmt.Errorf("--%s needs --%s: the replicas count in it", sharedRateFlag, storeFlag)}
		}
		network.opts.Admission.RateStore = store
	}
	passed, err := p.passedListener()
	if err != nil {
		return err
	}
	if passed != nil {
		network.addr = passed.Addr().String() // on which it depends what callers need
	}
	handler, err := p.httpHandler(settings, network, logger)
	if err != nil {
		return err
	}
	work := &workload{processors: processors{set: p.setProcessors, company: httpCompany}}
	state := serverState{basePath: network.basePath}
	calls, cancelCalls := context.WithCancel(context.WithoutCancel(ctx))
	defer cancelCalls()
	s := limited(work.handler(state.handler(handler)), logger)
	newConnections(network.connectionLimit(maxDescriptors(), logger), network.opts.Metrics, work).watch(s)
	s.BaseContext = func(net.Listener) context.Context { return calls }
	serve, err := network.tls.serve(s, logger, network.opts.Metrics)
	if err != nil {
		return err
	}
	listener := passed
	if listener == nil {
		if listener, err = listen(ctx, network.addr); err != nil {
			return err
		}
	}
	stopMetrics, err := state.serveMetrics(ctx, network, logger)
	if err != nil {
		_ = listener.Close()
		return err
	}
	defer stopMetrics()
	failed := make(chan error, 1)
	go func() { failed <- serve(listener) }()
	attrs := []any{"url", network.tls.scheme() + "://" + listener.Addr().String() + network.basePath + mcpPath}
	settings.own.VisitAll(func(flag *pflag.Flag) {
		if flag.Value.Type() == "bool" { // others may hold secrets
			attrs = append(attrs, flag.Name, flag.Value)
		}
	})
	logger.InfoContext(ctx, "serving MCP", attrs...)
	flush() // before a program that is notified looks for the address
	p.started(httpGC)
	p.notify(ctx, "READY=1", logger)
	select {
	case err := <-failed:
		return fmt.Errorf("serve HTTP: %w", err)
	case <-ctx.Done():
	}
	state.draining.Store(true)
	logger.Info("shutting down", "drain_delay", network.drainDelay, "timeout", settings.shutdown)
	p.notify(context.WithoutCancel(ctx), "STOPPING=1", logger)
	if network.drainDelay > 0 {
		select {
		case err := <-failed:
			return fmt.Errorf("serve HTTP: %w", err)
		case <-p.after(network.drainDelay):
		}
	}
	if passed == nil && quiesce(listener) { // the socket of the service manager goes on
		<-p.after(acceptTime)
	}
	if err := finish(context.WithoutCancel(ctx), s, settings.shutdown, cancelCalls); err != nil {
		return err
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve HTTP: %w", err)
	}
	return nil
}

// connectionLimit returns the limit of connections, and warns if it is lower than the flag says.
func (l *listening) connectionLimit(descriptors int, logger *slog.Logger) int {
	limit := connectionLimit(l.maxConnections, cmp.Or(l.opts.Admission.MaxCalls, DefaultMaxCalls), descriptors)
	if limit < l.maxConnections {
		logger.Warn("fewer connections than --"+maxConnectionsFlag+" says: the process may open too few files (ulimit -n)",
			maxConnectionsFlag, l.maxConnections, "open_files", descriptors, "limit", limit)
	}
	return limit
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	var config net.ListenConfig
	config.SetMultipathTCP(false) // quiesce works without it alone
	listener, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return listener, nil
}

// finish stops a server: it closes the listener and waits for the requests in flight. After the time it cancels them.
func finish(ctx context.Context, s *http.Server, patience time.Duration, cancel context.CancelFunc) error {
	within, end := context.WithTimeout(ctx, patience)
	defer end()
	err := s.Shutdown(within)
	if err == nil {
		return nil
	}
	cancel()
	within, end = context.WithTimeout(ctx, closeTime)
	defer end()
	if s.Shutdown(within) != nil {
		_ = s.Close() // what is open does not end by itself
	}
	return fmt.Errorf("shut down: calls did not finish within %v and were canceled: %w", patience, err)
}

// limited returns a server with timeouts and limits against slow and large requests.
func limited(handler http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, IdleTimeout: idleTime,
		WriteTimeout:   readTime + callTime,
		MaxHeaderBytes: headerBytes, ErrorLog: log.New(serverErrors{logger}, "", 0),
	}
}

// serverErrors logs the errors of an HTTP server: what clients do wrong for those who look for it, and that it cannot
// accept connections, as without file descriptors, for everybody.
type serverErrors struct{ logger *slog.Logger }

func (e serverErrors) Write(text []byte) (int, error) {
	level := slog.LevelDebug
	if bytes.HasPrefix(text, []byte("http: Accept error: ")) {
		level = slog.LevelWarn
	}
	e.logger.Log(context.Background(), level, string(bytes.TrimSpace(text)))
	return len(text), nil
}

// serverState is whether a server takes new clients.
type serverState struct {
	draining atomic.Bool
	basePath string // of the health checks
}

// handler returns the handler of the whole server: health checks, and next for the rest.
func (s *serverState) handler(next http.Handler) http.Handler {
	mux := http.NewServeMux()
	s.addHealth(mux, s.basePath)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if s.draining.Load() {
			w.Header().Set("Connection", "close") // the client's next request goes to another server
		}
		next.ServeHTTP(w, r)
	})
	return mux
}

// addHealth adds, below a path, /healthz, whether the process works, and /readyz, whether it takes new clients.
func (s *serverState) addHealth(mux *http.ServeMux, base string) {
	check := func(path string, ready func() bool) {
		mux.HandleFunc(base+path, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method != http.MethodGet && r.Method != http.MethodHead:
				w.Header().Set("Allow", "GET, HEAD")
				writePlain(w, http.StatusMethodNotAllowed, "want GET")
			case !ready():
				writePlain(w, http.StatusServiceUnavailable, "shutting down")
			default:
				writePlain(w, http.StatusOK, "ok")
			}
		})
	}
	check("/healthz", func() bool { return true })
	check("/readyz", func() bool { return !s.draining.Load() })
}

func writePlain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n"))
}

// serveMetrics serves metrics and health checks on an address of their own, if there is one, until stop is called.
func (s *serverState) serveMetrics(ctx context.Context, l listening, logger *slog.Logger) (stop func(), err error) {
	if l.metricsAddr == "" {
		return func() {}, nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", l.metricsAddr)
	if err != nil {
		return nil, fmt.Errorf("listen for metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", l.opts.Metrics)
	s.addHealth(mux, "")
	server := limited(mux, logger)
	newConnections(maxMetricsConnections, NewMetrics(), nil).watch(server)
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("serve metrics", "error", err)
		}
	}()
	logger.InfoContext(ctx, "serving metrics", "url", "http://"+listener.Addr().String()+"/metrics")
	return func() { _ = server.Close() }, nil
}

// maxMetricsConnections limits the connections for metrics.
const maxMetricsConnections = 64
