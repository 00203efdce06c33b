package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
)

// Limits of a request.
const (
	// DefaultMaxRequestBytes limits the body of a request unless [HTTPOptions] sets another limit.
	DefaultMaxRequestBytes = 256 << 10
	// maxValues is the largest number of JSON values in a request; no operation takes more than a fraction of it.
	maxValues = 10_000
	// unauthorizedBytes limits the body of a request without a credential.
	unauthorizedBytes = 16 << 10
)

// guard adds the checks that the transport lacks: it rejects web pages of other origins (MCP revision 2025-11-25,
// basic/transports, "Security Warning"), limits a request before it is parsed, and prevents clients from canceling each
// other's calls.
func guard(next http.Handler, opts HTTPOptions) (http.Handler, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range opts.AllowOrigins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, usageError{fmt.Errorf("--allow-origin: %w", err)}
		}
	}
	for _, host := range opts.AllowHosts {
		if u, err := url.Parse("http://" + host); err != nil || u.Host != host || u.Hostname() == "" {
			return nil, usageError{fmt.Errorf("--allow-host: invalid host %q: want a host name with or without a port", host)}
		}
	}
	return protection.Handler(allowHosts(limitBody(next, opts), opts.AllowHosts)), nil
}

// allowHosts exempts requests for some hosts from the transport's protection against DNS rebinding, which accepts only
// loopback names on a loopback address. It replaces the Host, as some reverse proxies do.
func allowHosts(next http.Handler, hosts []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.Host
		if host, _, err := net.SplitHostPort(r.Host); err == nil {
			name = host
		}
		for _, allowed := range hosts {
			if strings.EqualFold(r.Host, allowed) || strings.EqualFold(name, allowed) {
				clone := *r
				clone.Host = "localhost"
				r = &clone
				break
			}
		}
		next.ServeHTTP(w, r)
	})
}

// limitBody reads the body of a request and rejects one beyond the limits.
func limitBody(next http.Handler, opts HTTPOptions) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit := opts.MaxRequestBytes
		if limit == 0 {
			limit = DefaultMaxRequestBytes
		}
		var unauthorized error
		if opts.Authorized != nil {
			unauthorized = opts.Authorized(r)
		}
		if unauthorized != nil {
			limit = min(limit, unauthorizedBytes)
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
		m := message{text: body}
		switch tooLarge := (*http.MaxBytesError)(nil); {
		case errors.As(err, &tooLarge) && unauthorized != nil:
			w.Header().Set("WWW-Authenticate", "Bearer") // RFC 9110 section 15.5.2
			writeError(w, http.StatusUnauthorized, unauthorized.Error())
		case errors.As(err, &tooLarge):
			writeError(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("the request has more than %d bytes", limit))
		case err != nil:
			http.Error(w, "the request could not be read", http.StatusBadRequest)
		case values(body) > maxValues:
			writeError(w, http.StatusRequestEntityTooLarge,
				fmt.Sprintf("the request has more than %d JSON values", maxValues))
		default:
			// Without sessions the request ID is all that names the request to cancel, and another client may use the same
			// one; closing the connection cancels for sure.
			if m.envelope, _ = readEnvelope(body); m.method == methodCancelled {
				w.WriteHeader(http.StatusAccepted)
				return
			}
			r.Body = newMessageBody(m)
			next.ServeHTTP(w, r)
		}
	})
}

// writeError responds with a JSON-RPC error without an ID (JSON-RPC 2.0 section 5.1).
func writeError(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	//nolint:errchkjson // without an ID, and a client that is gone reads no error
	_ = json.NewEncoder(w).Encode(mcp.NewJSONRPCError(mcp.RequestId{}, mcp.INVALID_REQUEST, message, nil))
}

// values returns the number of JSON values in a text; empty arrays and objects count twice. It allocates nothing.
func values(text []byte) int {
	n, quoted := 1, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ',' || c == '[' || c == '{'):
			n++
		}
	}
	return n
}

// message is the body of a request, read once.
type message struct {
	envelope

	text []byte
}

// messageBody is a body that has been read.
type messageBody struct {
	*bytes.Reader

	message message
}

func newMessageBody(m message) *messageBody { return &messageBody{bytes.NewReader(m.text), m} }

func (*messageBody) Close() error { return nil }

// messageOf returns the message of a request, whose body can still be read.
func messageOf(r *http.Request) (message, error) {
	if body, ok := r.Body.(*messageBody); ok {
		return body.message, nil
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return message{}, err //nolint:wrapcheck // the caller responds with a text of its own
	}
	m := message{text: text}
	m.envelope, _ = readEnvelope(text)
	r.Body = newMessageBody(m)
	return m, nil
}
