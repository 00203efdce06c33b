package serve

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Limits of the connections to the API.
const (
	dialTime           = 10 * time.Second
	upstreamHeaderTime = 45 * time.Second // less than the timeout of a call
	upstreamIdleTime   = 90 * time.Second
	upstreamHeaders    = 256 << 10 // bytes
	// upstreamIdle is how many idle connections to one host are kept: as many as calls run at once. With the default of
	// net/http, two, nearly every call of a busy server would open one, and leave it in TIME-WAIT.
	upstreamIdle = DefaultMaxCalls
)

// newTransport returns the transport for the client of an API: with timeouts and limits, counted, and continuing the
// traces of the calls. Credentials and paths, which may contain secrets, are not logged.
func newTransport(m *Metrics, logger *slog.Logger, p protection) http.RoundTripper {
	return &transport{metrics: m, logger: logger, protection: p, base: &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true,
		DialContext:         (&net.Dialer{Timeout: dialTime}).DialContext,
		TLSHandshakeTimeout: dialTime, ResponseHeaderTimeout: upstreamHeaderTime, MaxResponseHeaderBytes: upstreamHeaders,
		OnProxyConnectResponse: checkProxy,
		MaxIdleConns:           2 * upstreamIdle, MaxIdleConnsPerHost: upstreamIdle, IdleConnTimeout: upstreamIdleTime,
	}}
}

// transport counts requests and continues traces. It sends none that the protection of the API holds.
type transport struct {
	base       http.RoundTripper
	metrics    *Metrics
	logger     *slog.Logger
	protection protection
}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	done, err := t.protection.admit(r)
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close() // as a transport must
		}
		return nil, err
	}
	l := requestLogOf(r.Context())
	if parent := l.parent(); parent.id != "" && r.Header.Get(traceparentName) == "" { //nolint:canonicalheader // W3C
		r = r.Clone(r.Context())                 // a transport must not change the request
		r.Header.Set(traceparentName, parent.id) //nolint:canonicalheader // as above
		if parent.state != "" {
			r.Header.Set(tracestateName, parent.state) //nolint:canonicalheader // as above
		}
	}
	began := time.Now()
	response, err := t.base.RoundTrip(r)
	taken := time.Since(began)
	status := 0
	if err == nil {
		status = response.StatusCode
		response.Body = &countedBody{ReadCloser: mcpadapter.LimitMemory(r.Context(), response.Body), done: l.received}
	}
	l.attempted(status)
	done(judge(r.Context(), status, err, taken))
	t.metrics.upstream(status, taken)
	t.log(r, response, err, taken)
	return response, err //nolint:wrapcheck // as the base
}

// CloseIdleConnections is for [http.Client.CloseIdleConnections].
func (t *transport) CloseIdleConnections() {
	if base, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		base.CloseIdleConnections()
	}
}

func (t *transport) log(r *http.Request, response *http.Response, err error, taken time.Duration) {
	ctx := r.Context()
	if !t.logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := []slog.Attr{
		slog.String("http.request.method", r.Method), slog.String("server.address", r.URL.Host),
		slog.Float64("duration_s", taken.Seconds()),
	}
	if l := requestLogOf(ctx); l != nil {
		attrs = append(attrs, slog.String("request_id", l.id))
	}
	if err != nil {
		if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
			err = wrapped.Err // without the URL
		}
		attrs = append(attrs, slog.String("error", err.Error()))
	} else {
		attrs = append(attrs, slog.Int("http.response.status_code", response.StatusCode),
			slog.String("upstream.request_id", response.Header.Get("X-Request-Id")))
		if after := response.Header.Get("Retry-After"); after != "" {
			attrs = append(attrs, slog.String("retry_after", after))
		}
	}
	t.logger.LogAttrs(ctx, slog.LevelDebug, "mcp.upstream", attrs...)
}

// countedBody reports how many bytes of a body were read when it is closed.
type countedBody struct {
	io.ReadCloser

	n    int64
	done func(n int64)
	once sync.Once
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.n += int64(n)
	return n, err //nolint:wrapcheck // as the body
}

func (b *countedBody) Close() error {
	b.once.Do(func() { b.done(b.n) })
	return b.ReadCloser.Close() //nolint:wrapcheck // as the body
}

// statusClass returns a status as a label: 2xx, and so on, or "none" without a response.
func statusClass(status int) string {
	if status == 0 {
		return "none"
	}
	return strconv.Itoa(status/100) + "xx"
}
