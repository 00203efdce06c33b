package mcpadapter

import (
	"fmt"
	"net/http"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Annotations are the tool annotations of MCP. They describe an operation and enforce nothing.
type Annotations struct {
	ReadOnly    bool // changes nothing
	Destructive bool // deletes something or cannot be undone
	Idempotent  bool // a repeated call has no further effect
	OpenWorld   bool // reaches systems beyond the server
}

// Extensions of an operation that override what its method implies.
const (
	readsOnly    = "x-reads-only"   // true on a POST that changes nothing, false on a GET that does
	irreversible = "x-irreversible" // true on an operation other than DELETE that cannot be undone
	sendsEmail   = "x-sends-email"  // true on an operation that sends email
)

// annotationsOf derives annotations from the method (RFC 9110 section 9.2) and the extensions of an operation.
func annotationsOf(op *optable.Operation) Annotations {
	a := Annotations{OpenWorld: true}
	switch op.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		a.ReadOnly, a.Idempotent = true, true
	case http.MethodPut:
		a.Idempotent = true
	case http.MethodDelete:
		a.Destructive, a.Idempotent = true, true
	}
	switch op.Extension(readsOnly) {
	case "true":
		a.ReadOnly, a.Idempotent = true, true
	case "false":
		a.ReadOnly = false
	}
	if op.Extension(irreversible) == "true" {
		a.Destructive = true
	}
	return a
}

// Effect classifies what an operation does.
type Effect int

// The effects, by [Annotations]. A destructive operation is not a write.
const (
	EffectRead Effect = iota
	EffectWrite
	EffectDestructive
)

// String returns read, write or destructive.
func (e Effect) String() string {
	switch e {
	case EffectRead:
		return "read"
	case EffectWrite:
		return "write"
	case EffectDestructive:
		return "destructive"
	}
	return fmt.Sprintf("Effect(%d)", int(e))
}

// Effect returns the effect that the annotations describe.
func (a Annotations) Effect() Effect {
	switch {
	case a.Destructive:
		return EffectDestructive
	case a.ReadOnly:
		return EffectRead
	}
	return EffectWrite
}
