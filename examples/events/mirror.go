package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	_ "modernc.org/sqlite" // the driver "sqlite"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

const schema = `
CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, email TEXT NOT NULL, events INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS checkpoint (only INTEGER PRIMARY KEY CHECK (only = 1), value TEXT NOT NULL);`

// saveCheckpoint changes no row if the checkpoint is there already.
const saveCheckpoint = `INSERT INTO checkpoint (only, value) VALUES (1, ?)
ON CONFLICT DO UPDATE SET value = excluded.value WHERE value <> excluded.value`

// mirror is a table of users and, in the same database, the checkpoint of the events that it was made from.
type mirror struct{ db *sql.DB }

func open(ctx context.Context, file string) (*mirror, error) {
	pragmas := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(5000)"}}
	db, err := sql.Open("sqlite", "file:"+url.PathEscape(file)+"?"+pragmas.Encode())
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return nil, errors.Join(fmt.Errorf("create the tables: %w", err), db.Close())
	}
	return &mirror{db}, nil
}

// Load is a part of [events.Store].
func (m *mirror) Load(ctx context.Context) (events.Checkpoint, error) {
	var c events.Checkpoint
	var value []byte
	err := m.db.QueryRowContext(ctx, "SELECT value FROM checkpoint").Scan(&value)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return c, nil
	case err != nil:
		return c, fmt.Errorf("read the checkpoint: %w", err)
	}
	if err := json.Unmarshal(value, &c); err != nil {
		return c, fmt.Errorf("decode the checkpoint: %w", err)
	}
	return c, nil
}

// Save is a part of [events.Store]. After an event it finds the checkpoint saved, by handle.
func (m *mirror) Save(ctx context.Context, c events.Checkpoint) error {
	_, err := save(ctx, m.db, c)
	return err
}

// handle does what an event says and saves the checkpoint, both or neither.
func (m *mirror) handle(ctx context.Context, e *events.Event) error {
	tx, err := m.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	isNew, err := save(ctx, tx, events.Checkpoint{After: e.ID})
	if err != nil || !isNew { // it is done if a Commit has reported a failure and taken place
		return err
	}
	if err := apply(ctx, tx, e); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// execer is a database or a transaction.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func apply(ctx context.Context, tx execer, e *events.Event) error {
	query := `INSERT INTO users (id, email, events) VALUES (?, ?, 1)
		ON CONFLICT DO UPDATE SET email = excluded.email, events = events + 1`
	switch e.Type {
	case string(events.UserCreated), string(events.UserUpdated):
	case string(events.UserDeleted):
		query = "DELETE FROM users WHERE id = ?"
	default:
		return nil
	}
	user, err := events.Type[workos.User](e.Type).Data(e)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, query, user.ID, user.Email); err != nil {
		return fmt.Errorf("apply %s: %w", e.ID, err)
	}
	return nil
}

// save tells whether the checkpoint is another than before.
func save(ctx context.Context, db execer, c events.Checkpoint) (isNew bool, err error) {
	value, err := json.Marshal(c)
	if err != nil {
		return false, fmt.Errorf("encode the checkpoint: %w", err)
	}
	result, err := db.ExecContext(ctx, saveCheckpoint, value)
	if err != nil {
		return false, fmt.Errorf("save the checkpoint: %w", err)
	}
	changed, err := result.RowsAffected()
	if err != nil {
		return false, fmt.Errorf("save the checkpoint: %w", err)
	}
	return changed > 0, nil
}
