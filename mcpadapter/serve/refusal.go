package serve

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
)

// refusalReason is why a request is refused before it is handled: a label of a metric, and "reason" in the error.
type refusalReason string

const (
	refusedConnection refusalReason = "connection"  // closed: too many are open
	refusedHost       refusalReason = "host"        // 403: the Host is not one of this server
	refusedOrigin     refusalReason = "origin"      // 403: the page's origin is not allowed
	refusedHeader     refusalReason = "header"      // 400: a header is unknown, invalid or repeated
	refusedTooLarge   refusalReason = "too_large"   // 413: bytes, values or depth
	refusedBroken     refusalReason = "unreadable"  // 400: the body ended early, came too slowly or is not JSON
	refusedInvalid    refusalReason = "invalid"     // 400: no JSON-RPC message of one of MCP's forms
	refusedDuplicate  refusalReason = "duplicate"   // 400: a name occurs twice, or in another case
	refusedCredential refusalReason = "credential"  // 401: there is none, or it is malformed
	refusedGrant      refusalReason = "grant"       // 403: the caller has signed in and may call nothing
	refusedRate       refusalReason = "rate"        // 429: too many requests of this caller
	refusedCallerBusy refusalReason = "caller_busy" // 429: too many calls of this caller at once
	refusedBusy       refusalReason = "busy"        // 503: too many calls or bytes in flight
)

// refusal is a request that is not handled.
type refusal struct {
	reason  refusalReason
	message string
	id      json.RawMessage // of the request; nil: unknown
	// retryAfter is when another attempt may succeed; 0: it will fail as well.
	retryAfter time.Duration
	challenge  string // for WWW-Authenticate; "": none
}

// codeRefused is the JSON-RPC error code of refusals that may pass: one that JSON-RPC leaves to servers (section 5.1).
const codeRefused = -32000

func (r refusal) status() int {
	switch r.reason {
	case refusedHost, refusedOrigin, refusedGrant:
		return http.StatusForbidden
	case refusedTooLarge:
		return http.StatusRequestEntityTooLarge
	case refusedCredential:
		return http.StatusUnauthorized
	case refusedRate, refusedCallerBusy:
		return http.StatusTooManyRequests
	case refusedBusy:
		return http.StatusServiceUnavailable
	case refusedConnection, refusedHeader, refusedBroken, refusedInvalid, refusedDuplicate:
	}
	return http.StatusBadRequest
}

// write responds with the refusal as a JSON-RPC error, whose data has the reason and, in whole seconds, when to retry.
func (r refusal) write(w http.ResponseWriter) {
	type data struct {
		Reason     refusalReason `json:"reason"`
		RetryAfter int           `json:"retry_after,omitempty"`
	}
	d := data{Reason: r.reason}
	code := mcp.INVALID_REQUEST
	if r.retryAfter > 0 {
		d.RetryAfter = int(math.Ceil(r.retryAfter.Seconds()))
		w.Header().Set("Retry-After", strconv.Itoa(d.RetryAfter)) // RFC 9110 section 10.2.3
		code = codeRefused
	}
	if r.challenge != "" {
		w.Header().Set("WWW-Authenticate", r.challenge) // RFC 9110 section 11.6.1
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(r.status())
	response := errorResponse(r.id, code, r.message)
	response.Error.Data = d
	//nolint:errchkjson // the ID comes from JSON, and a client that is gone reads no error
	_ = json.NewEncoder(w).Encode(response)
}
