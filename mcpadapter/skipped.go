package mcpadapter

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Skipped is an operation of the table that is no tool, because it cannot be called.
type Skipped struct {
	Operation string // operationId
	Method    string
	Path      string
	Reason    string
	Cure      string // what would make it a tool
}

// String returns the operation, the reason and the cure in one line.
func (s Skipped) String() string {
	return fmt.Sprintf("operation %q (%s %s) is not a tool: %s; to cure it, %s",
		s.Operation, s.Method, s.Path, s.Reason, s.Cure)
}

// WithStrict makes New fail at the first operation that cannot be a tool, instead of leaving it out, and at whatever
// the client's types and the table disagree about, even if a call would succeed. It also requires operationIds that are
// names of tools as they are. It is for a client and a table of one's own, whose tests cover every operation: New does
// not try any.
func WithStrict() Option {
	return func(o *options) error {
		o.strict = true
		return nil
	}
}

// Skipped returns the operations that are not tools although the filters of [WithFilter] permit them, in the order of
// the table. The slice is the caller's. Each is also logged as a warning; see [WithLogger].
func (a *Adapter) Skipped() []Skipped { return slices.Clone(a.skipped) }

// unfitError is why an operation cannot be a tool, with a cure that the reason alone does not suggest.
type unfitError struct {
	error

	cure string
}

func (e unfitError) Unwrap() error { return e.error }

// unfit adds a cure to an error.
func unfit(err error, cure string) error { return unfitError{err, cure} }

// cureOf returns the cure of an error.
func cureOf(err error) string {
	var e unfitError
	errors.As(err, &e)
	return cmp.Or(e.cure, "generate the client and the table from the same document")
}

// skip records an operation that cannot be a tool.
func (a *Adapter) skip(op *optable.Operation, err error) {
	s := Skipped{Operation: op.ID, Method: op.Method, Path: op.Path, Reason: err.Error(), Cure: cureOf(err)}
	a.skipped = append(a.skipped, s)
	a.engine.logger.LogAttrs(context.Background(), slog.LevelWarn, "operation is not a tool",
		slog.String("operation", s.Operation), slog.String("method", s.Method), slog.String("path", s.Path),
		slog.String("reason", s.Reason), slog.String("cure", s.Cure))
}
