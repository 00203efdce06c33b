package mcpadapter

import (
	"context"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/confirm"
)

// ConfirmationStore remembers which confirmations were used. Processes that share a key and a store accept each of them
// once among them all. It must be safe for concurrent use.
type ConfirmationStore interface {
	// Use remembers an ID until it expires, and reports whether it was not remembered yet. Of all calls with the same ID,
	// however close to each other, one alone gets true: a row that must be new in a database, or SET with NX and EXAT in
	// Redis. After an error the call is not sent.
	Use(ctx context.Context, id string, expires time.Time) (first bool, err error)
}

// ConfirmationMemory is a [ConfirmationStore] in the memory of a process, for one adapter or several. It remembers at
// most 100,000 IDs, in some ten megabytes, and rejects more until some expire. The zero value is ready for use and must
// not be copied after that.
type ConfirmationMemory struct{ memory confirm.Memory }

// Use implements [ConfirmationStore]. It fails if too many IDs are remembered.
func (m *ConfirmationMemory) Use(_ context.Context, id string, expires time.Time) (bool, error) {
	return m.memory.Use(id, expires) //nolint:wrapcheck // the error is the store's own
}
