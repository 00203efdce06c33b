package mcpadapter

import (
	"net/http"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Annotations are the tool annotations of MCP. They describe, they do not enforce.
type Annotations struct {
	ReadOnly    bool // changes nothing
	Destructive bool // removes something, or does what cannot be undone
	Idempotent  bool // a repeated call has no further effect
	OpenWorld   bool // talks to something beyond the server
}

// Extensions of an operation that say what its method does not.
const (
	readsOnly    = "x-reads-only"   // true on a POST that changes nothing, false on a GET that does
	irreversible = "x-irreversible" // true on what is no DELETE and still cannot be undone
	sendsEmail   = "x-sends-email"  // true on what sends email to people
)

// annotationsOf follows the properties of methods in RFC 9110 section 9.2, unless the operation says otherwise.
func annotationsOf(op *optable.Operation) Annotations {
	h := Annotations{OpenWorld: true}
	switch op.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		h.ReadOnly, h.Idempotent = true, true
	case http.MethodPut:
		h.Idempotent = true
	case http.MethodDelete:
		h.Destructive, h.Idempotent = true, true
	}
	switch op.Extension(readsOnly) {
	case "true":
		h.ReadOnly, h.Idempotent = true, true
	case "false":
		h.ReadOnly = false
	}
	if op.Extension(irreversible) == "true" {
		h.Destructive = true
	}
	return h
}
