package main

import (
	"context"
	"database/sql"
	"fmt"

	_ "modernc.org/sqlite" // the driver

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

// mirror is a table of users, with the IDs of the events that it was made from.
type mirror struct{ db *sql.DB }

func open(ctx context.Context, file string) (*mirror, error) {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(60000)&_pragma=journal_mode(WAL)&_txlock=immediate")
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	_, err = db.ExecContext(ctx, `
		CREATE TABLE IF NOT EXISTS handled (position INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL UNIQUE);
		CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, email TEXT NOT NULL, events INTEGER NOT NULL)`)
	if err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("create the tables: %w", err)
	}
	return &mirror{db}, nil
}

func (m *mirror) close() { _ = m.db.Close() }

// apply changes the table of users, unless the event has done so before.
func (m *mirror) apply(ctx context.Context, e *events.Event) error {
	tx, err := m.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // without effect after a commit
	result, err := tx.ExecContext(ctx, `INSERT INTO handled (event) VALUES (?) ON CONFLICT DO NOTHING`, e.ID)
	if err != nil {
		return fmt.Errorf("record %s: %w", e.ID, err)
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return err //nolint:wrapcheck // of a driver that counts rows it is nil
	}
	route, err := events.Route(
		events.UserCreated.Do(upsert(tx)), events.UserUpdated.Do(upsert(tx)),
		events.UserDeleted.Do(func(ctx context.Context, _ *events.Event, user *workos.User) error {
			_, err := tx.ExecContext(ctx, `DELETE FROM users WHERE id = ?`, user.ID)
			return err //nolint:wrapcheck // names the statement
		}))
	if err != nil {
		return fmt.Errorf("route: %w", err)
	}
	if err := route(ctx, e); err != nil {
		return fmt.Errorf("apply %s: %w", e.ID, err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit %s: %w", e.ID, err)
	}
	return nil
}

func upsert(tx *sql.Tx) func(context.Context, *events.Event, *workos.User) error {
	return func(ctx context.Context, _ *events.Event, user *workos.User) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO users (id, email, events) VALUES (?, ?, 1)
			ON CONFLICT (id) DO UPDATE SET email = excluded.email, events = events + 1`, user.ID, user.Email)
		return err //nolint:wrapcheck // names the statement
	}
}
