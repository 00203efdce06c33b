package mcpadapter

import (
	"fmt"
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

// Effect is what calling an operation does to the world.
type Effect int

// The effects, by [Annotations]: what is destructive is no mere write.
const (
	EffectRead Effect = iota
	EffectWrite
	EffectDestructive
)

// String returns the effect in a word: read, write or destructive.
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

// Effect returns the effect that the hints describe.
func (h Annotations) Effect() Effect {
	switch {
	case h.Destructive:
		return EffectDestructive
	case h.ReadOnly:
		return EffectRead
	}
	return EffectWrite
}
