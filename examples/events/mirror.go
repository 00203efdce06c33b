package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/state"
	"github.com/seed-f165d83c/workos/client/state/postgres"
)

// tables are those of the mirror. The first statement's position is the order in which events took effect.
func tables(position string) []string {
	return []string{
		`CREATE TABLE IF NOT EXISTS changes (position ` + position + ` PRIMARY KEY, event TEXT NOT NULL)`,
		`CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, email TEXT NOT NULL, events BIGINT NOT NULL)`,
		`CREATE TABLE IF NOT EXISTS dead_letters (event TEXT PRIMARY KEY, error TEXT NOT NULL)`,
	}
}

// mirror is a table of users and, in the same database, the checkpoint of the events that it was made from.
type mirror struct {
	checkpoints events.Transactor
	state       state.Store // for the lease
	// exec executes a statement with parameters $1, $2, … in the transaction of a handler's context.
	exec  func(ctx context.Context, query string, args ...any) error
	close func()
}

func openPostgres(ctx context.Context, url string, term time.Duration) (*mirror, error) {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	m, err := newPostgres(ctx, pool, term)
	if err != nil {
		pool.Close()
		return nil, err
	}
	return m, nil
}

func newPostgres(ctx context.Context, pool *pgxpool.Pool, term time.Duration) (*mirror, error) {
	store, err := postgres.New(pool)
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx); err != nil {
		return nil, err
	}
	create := append([]string{"SELECT pg_advisory_xact_lock(7263)"}, tables("BIGINT GENERATED ALWAYS AS IDENTITY")...)
	// Without parameters it is one transaction, which one process at a time enters.
	if _, err := pool.Exec(ctx, strings.Join(create, ";")); err != nil {
		return nil, fmt.Errorf("create the tables: %w", err)
	}
	checkpoints, err := postgres.NewCheckpoints(pool, store, "users")
	if err != nil {
		return nil, err
	}
	checkpoints.IdleTimeout = term / 2
	return &mirror{checkpoints: checkpoints, state: store, close: pool.Close, exec: execPostgres}, nil
}

func execPostgres(ctx context.Context, query string, args ...any) error {
	tx, ok := postgres.Tx(ctx)
	if !ok {
		return errNoTransaction
	}
	_, err := tx.Exec(ctx, query, args...)
	return err
}

// handle does what an event says, in the transaction of the checkpoint.
func (m *mirror) handle(ctx context.Context, e *events.Event) error {
	query := `INSERT INTO users (id, email, events) VALUES ($1, $2, 1)
		ON CONFLICT (id) DO UPDATE SET email = excluded.email, events = users.events + 1`
	switch e.Type {
	case string(events.UserCreated), string(events.UserUpdated):
	case string(events.UserDeleted):
		query = "DELETE FROM users WHERE id = $1"
	default:
		return nil
	}
	user, err := events.Type[workos.User](e.Type).Data(e)
	if err != nil {
		return err
	}
	args := []any{user.ID, user.Email}
	if e.Type == string(events.UserDeleted) {
		args = args[:1]
	}
	if err := m.exec(ctx, query, args...); err != nil {
		return fmt.Errorf("apply %s: %w", e.ID, err)
	}
	if err := m.exec(ctx, "INSERT INTO changes (event) VALUES ($1)", e.ID); err != nil {
		return fmt.Errorf("record %s: %w", e.ID, err)
	}
	return nil
}

// bury stores an event that is given up.
func (m *mirror) bury(ctx context.Context, e *events.Event, cause error) error {
	err := m.exec(ctx, "INSERT INTO dead_letters (event, error) VALUES ($1, $2)", e.ID, cause.Error())
	if err != nil {
		return fmt.Errorf("bury %s: %w", e.ID, err)
	}
	return nil
}
