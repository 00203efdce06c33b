package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/state"
	"github.com/seed-f165d83c/workos/client/state/postgres"
)

// subject is what a mirror has.
type subject struct {
	name   string // of its checkpoint and its lease
	types  []fmt.Stringer
	tables []string
	// statements returns what an event changes; none if it is of no type of the subject.
	statements func(e *events.Event) ([]statement, error)
}

// statement has parameters $1, $2, ….
type statement struct {
	query string
	args  []any
}

// all returns the statements that make the tables. The first one's position is the order in which events took effect.
func (s subject) all(position string) []string {
	return append([]string{
		`CREATE TABLE IF NOT EXISTS changes (position ` + position + ` PRIMARY KEY, event TEXT NOT NULL)`,
		`CREATE TABLE IF NOT EXISTS dead_letters (event TEXT PRIMARY KEY, error TEXT NOT NULL)`,
	}, s.tables...)
}

// mirror is tables and, in the same database, the checkpoint of the events that they were made from.
type mirror struct {
	of          subject
	checkpoints events.Transactor
	state       state.Store // for the lease
	// exec executes a statement in the transaction of a handler's context.
	exec  func(ctx context.Context, query string, args ...any) error
	close func()
}

func openPostgres(ctx context.Context, url string, of subject, term time.Duration) (*mirror, error) {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	m, err := newPostgres(ctx, pool, of, term)
	if err != nil {
		pool.Close()
		return nil, err
	}
	return m, nil
}

func newPostgres(ctx context.Context, pool *pgxpool.Pool, of subject, term time.Duration) (*mirror, error) {
	store, err := postgres.New(pool)
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx); err != nil {
		return nil, err
	}
	create := append([]string{"SELECT pg_advisory_xact_lock(7263)"}, of.all("BIGINT GENERATED ALWAYS AS IDENTITY")...)
	// Without parameters it is one transaction, which one process at a time enters.
	if _, err := pool.Exec(ctx, strings.Join(create, ";")); err != nil {
		return nil, fmt.Errorf("create the tables: %w", err)
	}
	checkpoints, err := postgres.NewCheckpoints(pool, store, of.name)
	if err != nil {
		return nil, err
	}
	checkpoints.IdleTimeout = term / 2
	return &mirror{of: of, checkpoints: checkpoints, state: store, close: pool.Close, exec: execPostgres}, nil
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
	statements, err := m.of.statements(e)
	if err != nil || len(statements) == 0 {
		return err
	}
	for _, s := range statements {
		if err := m.exec(ctx, s.query, s.args...); err != nil {
			return fmt.Errorf("apply %s: %w", e.ID, err)
		}
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
