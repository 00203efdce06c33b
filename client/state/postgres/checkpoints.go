package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-f165d83c/workos/client/events"
)

// Pool begins transactions: a [github.com/jackc/pgx/v5/pgxpool.Pool].
type Pool interface {
	DB
	Begin(ctx context.Context) (pgx.Tx, error)
}

// Checkpoints is an [events.Transactor]: the handler of its consumer is called in the transaction that saves the
// checkpoint, so that each event takes effect exactly once. The handler gets it by [Tx]:
//
//	func handle(ctx context.Context, e *events.Event) error {
//		tx, ok := postgres.Tx(ctx)
//		…
//		_, err := tx.Exec(ctx, "INSERT INTO …")
//		return err
//	}
//
// It must neither commit the transaction nor roll it back. Run several consumers with [events.WithLease] over the
// [Store]. Create it with [NewCheckpoints].
type Checkpoints struct {
	// IdleTimeout ends the session of a handler that sends nothing for so long, so that a process that hangs does not
	// keep locks. Make it at most half the term of the lease, but longer than what a handler does between two
	// statements. The default, for 0, is 5 seconds. Set it before the first use.
	IdleTimeout time.Duration

	pool  Pool
	store *Store
	name  string
	plain *events.StateStore
}

var _ events.Transactor = (*Checkpoints)(nil)

const defaultIdleTimeout = 5 * time.Second

// NewCheckpoints returns the checkpoints of the consumer of that name, in the table of store, which must be in the
// database of pool.
func NewCheckpoints(pool Pool, store *Store, name string) (*Checkpoints, error) {
	if pool == nil || store == nil {
		return nil, errors.New("workos/state/postgres: NewCheckpoints: pool or store is nil")
	}
	plain, err := events.NewStateStore(store.With(pool), name)
	if err != nil {
		return nil, fmt.Errorf("workos/state/postgres: NewCheckpoints: %w", err)
	}
	return &Checkpoints{IdleTimeout: 0, pool: pool, store: store, name: name, plain: plain}, nil
}

// Load implements [events.Store].
func (c *Checkpoints) Load(ctx context.Context) (events.Checkpoint, error) { return c.plain.Load(ctx) }

// Save implements [events.Store].
func (c *Checkpoints) Save(ctx context.Context, previous, next events.Checkpoint) error {
	return c.plain.Save(ctx, previous, next)
}

type txKey struct{}

// Tx returns the transaction of a handler's context; ok is false outside [Checkpoints.Transact].
func Tx(ctx context.Context) (tx pgx.Tx, ok bool) {
	tx, ok = ctx.Value(txKey{}).(pgx.Tx)
	return tx, ok
}

// Transact implements [events.Transactor]. The row of the checkpoint is locked first: two consumers never change the
// database at the same time.
func (c *Checkpoints) Transact(
	ctx context.Context, previous, next events.Checkpoint, do func(ctx context.Context) error,
) error {
	tx, err := c.pool.Begin(ctx)
	if err != nil {
		return wrap("begin", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // does nothing after Commit
	idle := c.IdleTimeout
	if idle == 0 {
		idle = defaultIdleTimeout
	}
	_, err = tx.Exec(ctx, fmt.Sprintf("SET LOCAL idle_in_transaction_session_timeout = %d", max(1, idle.Milliseconds())))
	if err != nil {
		return wrap("limit the transaction", err)
	}
	in, err := events.NewStateStore(c.store.With(tx), c.name)
	if err != nil {
		return err
	}
	stored, err := in.Load(ctx)
	if err != nil {
		return err
	}
	if stored.Equal(next) {
		return nil // committed by an attempt that did not learn of it
	}
	if err := in.Save(ctx, previous, next); err != nil {
		return err
	}
	if err := do(context.WithValue(ctx, txKey{}, tx)); err != nil {
		return err
	}
	return wrap("commit", tx.Commit(ctx))
}
