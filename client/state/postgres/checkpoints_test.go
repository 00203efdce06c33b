package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/state/postgres"
	"github.com/seed-f165d83c/workos/client/state/servertest"
)

var errHandler = errors.New("handler failed")

func newCheckpoints(t *testing.T, pool *pgxpool.Pool) *postgres.Checkpoints {
	t.Helper()
	c, err := postgres.NewCheckpoints(pool, open(t, pool, "state"), "users")
	if err != nil {
		t.Fatalf("NewCheckpoints: %v", err)
	}
	return c
}

// effect inserts a row in the transaction of the context.
func effect(ctx context.Context) error {
	tx, ok := postgres.Tx(ctx)
	if !ok {
		return errors.New("no transaction")
	}
	_, err := tx.Exec(ctx, "INSERT INTO effects DEFAULT VALUES")
	return err
}

func TestEffectAndCheckpointAreOneTransaction(t *testing.T) {
	pool := connect(t, servertest.PostgreSQL(t))
	c := newCheckpoints(t, pool)
	if _, err := pool.Exec(t.Context(), "CREATE TABLE effects ()"); err != nil {
		t.Fatal(err)
	}
	start, one, two := events.Checkpoint{}, events.Checkpoint{After: "1", Run: "a"}, events.Checkpoint{After: "2", Run: "a"}
	other := events.Checkpoint{After: "2", Run: "b"}
	want := func(what string, at events.Checkpoint, effects int) {
		t.Helper()
		if got, err := c.Load(t.Context()); err != nil || !got.Equal(at) {
			t.Errorf("%s: got %+v, %v; want %+v", what, got, err, at)
		}
		if got := count(t, pool, "effects"); got != effects {
			t.Errorf("%s: got %d effects, want %d", what, got, effects)
		}
	}
	if err := c.Transact(t.Context(), start, one, effect); err != nil {
		t.Fatalf("Transact: %v", err)
	}
	want("the first", one, 1)
	if err := c.Transact(t.Context(), start, one, effect); err != nil {
		t.Errorf("the same again: %v", err)
	}
	want("the same again", one, 1)
	err := c.Transact(t.Context(), one, two, func(ctx context.Context) error { return errors.Join(effect(ctx), errHandler) })
	if !errors.Is(err, errHandler) {
		t.Errorf("a handler that fails: got %v, want its error", err)
	}
	want("a handler that fails", one, 1)
	called := false
	err = c.Transact(t.Context(), start, other, func(context.Context) error {
		called = true
		return nil
	})
	if !errors.Is(err, events.ErrSuperseded) || called {
		t.Errorf("from another checkpoint: got %v, called %t; want ErrSuperseded", err, called)
	}
	want("from another checkpoint", one, 1)
	cut := func(ctx context.Context) error {
		if err := effect(ctx); err != nil {
			return err
		}
		_, err := pool.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE pid <> pg_backend_pid() AND state = 'idle in transaction'`)
		return err
	}
	if err := c.Transact(t.Context(), one, two, cut); err == nil || errors.Is(err, events.ErrSuperseded) {
		t.Errorf("a connection that is cut: got %v, want an error", err)
	}
	want("a connection that is cut", one, 1)
	if err := c.Save(t.Context(), one, other); err != nil {
		t.Errorf("Save: %v", err)
	}
	if err := c.Transact(t.Context(), one, two, effect); !errors.Is(err, events.ErrSuperseded) {
		t.Errorf("after another consumer has saved: got %v, want ErrSuperseded", err)
	}
	want("after another consumer has saved", other, 1)
	if _, ok := postgres.Tx(t.Context()); ok {
		t.Error("Tx outside Transact: got one")
	}
}

// A consumer that hangs in its handler keeps the row of the checkpoint locked until the database ends its session.
func TestHungHandlerBlocksNobodyForLong(t *testing.T) {
	server := servertest.PostgreSQL(t)
	hung, pool := newCheckpoints(t, connect(t, server)), connect(t, server)
	c := newCheckpoints(t, pool)
	at := events.Checkpoint{After: "1", Run: "hung"}
	called := false
	var replaced error
	for hung.IdleTimeout = 50 * time.Millisecond; !called; hung.IdleTimeout *= 2 { // a slow machine is idle before
		err := hung.Transact(t.Context(), events.Checkpoint{}, at, func(context.Context) error {
			called = true
			replaced = c.Save(t.Context(), events.Checkpoint{}, events.Checkpoint{After: "1", Run: "new"})
			return nil
		})
		if err == nil {
			t.Fatal("Transact: got no error, though its session has ended")
		}
	}
	if replaced != nil {
		t.Errorf("Save beside a handler that hangs: %v", replaced)
	}
	if got, err := c.Load(t.Context()); err != nil || got.Run != "new" {
		t.Errorf("got %+v, %v; want the new checkpoint", got, err)
	}
}

func TestNewCheckpointsRejects(t *testing.T) {
	store, err := postgres.New(new(pgxpool.Pool))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		pool  postgres.Pool
		store *postgres.Store
		name  string
	}{
		"no pool": {nil, store, "users"}, "no store": {new(pgxpool.Pool), nil, "users"},
		"no name": {new(pgxpool.Pool), store, ""},
	} {
		if c, err := postgres.NewCheckpoints(test.pool, test.store, test.name); c != nil || err == nil {
			t.Errorf("%s: got %v, %v; want an error", name, c, err)
		}
	}
}
