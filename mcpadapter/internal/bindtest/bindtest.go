// Package bindtest holds the bindings to MCP libraries to the same behaviour on the wire: each serves the same tools
// over HTTP, a client without an MCP library makes the same requests of it, and the results are compared with one file.
package bindtest

import (
	"context"
	"net/http"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Mode is how operations are registered.
type Mode int

// The modes are the functions of a binding.
const (
	Register Mode = iota
	RegisterAll
	RegisterDynamic
	RegisterPrograms
)

// Setup is a server.
type Setup struct {
	Mode   Mode
	Engine mcpadapter.ProgramEngine // of RegisterPrograms
	// Own are the names of tools that the server has before those of the adapter are registered. A call of one returns
	// the text "own".
	Own []string
	// Resources is whether the server has the catalogue and the documentation of operations.
	Resources bool
	// Named is whether the server gives each client the names of mcpadapter.StyleFor.
	Named bool
	// Stateless is whether the server keeps no sessions.
	Stateless bool
	// Context changes the context of each request by its headers; nil: it stays.
	Context func(ctx context.Context, header http.Header) context.Context
}

// Binding serves the tools of an adapter over streamable HTTP. It returns the error of the registration.
type Binding func(tb testing.TB, a *mcpadapter.Adapter, s Setup) (http.Handler, error)

// Run runs all tests of a binding. With update the file of results is written instead of compared.
func Run(t *testing.T, b Binding, update bool) {
	t.Helper()
	t.Run("results", func(t *testing.T) { testResults(t, b, update) })
	t.Run("schemas", func(t *testing.T) { testSchemas(t, b) })
	t.Run("registration", func(t *testing.T) { testRegistration(t, b) })
	t.Run("names", func(t *testing.T) { testNames(t, b) })
	t.Run("filters", func(t *testing.T) { testFilters(t, b) })
	t.Run("asked in the call", func(t *testing.T) { testAskedInCall(t, b) })
	t.Run("asked between two calls", func(t *testing.T) { testAskedBetween(t, b) })
	t.Run("what belongs to no round", func(t *testing.T) { testForeignRounds(t, b) })
	t.Run("asked by the model", func(t *testing.T) { testTokens(t, b) })
	t.Run("progress", func(t *testing.T) { testProgress(t, b) })
	t.Run("cancellation", func(t *testing.T) { testCancellation(t, b) })
}
