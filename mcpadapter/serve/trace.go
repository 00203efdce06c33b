package serve

import (
	"bytes"
	"crypto/rand"
	"net/http"
	"regexp"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// Names of the headers, and of the members of _meta, with which a client continues a trace (W3C Trace Context; MCP
// revision 2026-07-28, basic, "_meta").
const (
	traceparentName, tracestateName = "traceparent", "tracestate"

	requestIDHeader = "X-Request-Id"
)

// Lengths in bytes are checked apart: a regular expression that counts to 512 takes half a megabyte.
const maxTracestate, maxRequestID = 512, 128

var (
	traceparentForm = regexp.MustCompile(`^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$`)
	tracestateForm  = regexp.MustCompile(`^[!-~][ -~]*$`)
	requestIDForm   = regexp.MustCompile(`^[0-9A-Za-z._:@=+/-]+$`)
)

// traceParent is the span that a request continues. The zero value is none.
type traceParent struct{ id, state string }

// trace returns the ID of the whole trace, or "".
func (p traceParent) trace() string {
	if found := traceparentForm.FindStringSubmatch(p.id); found != nil {
		return found[1]
	}
	return ""
}

// newTraceParent returns a span that a client names. Without a valid ID there is none, as the specification wants it.
func newTraceParent(id, state string) traceParent {
	if !traceparentForm.MatchString(id) {
		return traceParent{}
	}
	if len(state) > maxTracestate || !tracestateForm.MatchString(state) {
		state = ""
	}
	return traceParent{id, state}
}

// traceOfHeader returns the span that the headers of a request name.
func traceOfHeader(header http.Header) traceParent {
	return newTraceParent(header.Get(traceparentName), header.Get(tracestateName)) //nolint:canonicalheader // W3C spelling
}

// traceOfMeta returns the span that the _meta of a request names.
func traceOfMeta(params []byte) traceParent {
	if !bytes.Contains(params, []byte(`"`+traceparentName+`"`)) {
		return traceParent{}
	}
	var id, state string
	jsontext.Walk(params, func(name, meta []byte) bool {
		if string(name) != "_meta" {
			return true
		}
		jsontext.Walk(meta, func(name, value []byte) bool {
			switch string(name) {
			case traceparentName:
				id, _ = plainString(value)
			case tracestateName:
				state, _ = jsontext.String(value)
			}
			return true
		})
		return false
	})
	return newTraceParent(id, state)
}

// requestID returns the ID of a request: that of its header, or a new one.
func requestID(header http.Header) string {
	if id := header.Get(requestIDHeader); len(id) <= maxRequestID && requestIDForm.MatchString(id) {
		return id
	}
	return rand.Text()
}
