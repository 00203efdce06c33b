package serve

import (
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
)

// handler responds to the usual requests itself and leaves all others to next, mcp-go's transport. It runs after
// all checks of a request.
func (p *fastPath) handler(next http.Handler) http.Handler {
	if p == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m, err := messageOf(r)
		l := requestLogOf(r.Context())
		if err != nil || !usual(r) {
			next.ServeHTTP(w, r)
			return
		}
		from := sender{client: clientOf(r.Header), header: r.Header}
		if from.client == "" {
			from.client = r.Header.Get("User-Agent")
		}
		ctx := r.Context()
		response := p.respond(ctx, m.envelope, from, l)
		if response == nil {
			next.ServeHTTP(w, r)
			return
		}
		if ctx.Err() != nil { // the client is gone
			return
		}
		w.Header().Set("Content-Type", "application/json")
		length := 0
		for _, part := range response {
			length += len(part)
		}
		w.Header().Set("Content-Length", strconv.Itoa(length))
		for _, part := range response {
			_, _ = w.Write(part)
		}
		_ = http.NewResponseController(w).Flush() // before the log is written
	})
}

// usual reports whether mcp-go's transport would look at nothing but the message: no other method, version or
// content, and no host that its protection against DNS rebinding rejects.
func usual(r *http.Request) bool {
	version := r.Header.Get(mcp.HeaderProtocolVersion)
	known := version == "" || mcp.IsValidProtocolVersion(version) && !mcp.IsModernProtocol(version)
	if !known || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
		return false
	}
	if loopback(r.Host) {
		return true
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return !ok || !loopback(local.String())
}

// loopback reports whether a host, with or without a port, is this machine.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
