package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/state"
)

const stateTable = `CREATE TABLE IF NOT EXISTS state (key BLOB PRIMARY KEY, value BLOB NOT NULL, expires INTEGER NOT NULL)`

func openSQLite(ctx context.Context, file string, of subject) (*mirror, error) {
	query := url.Values{
		"_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(5000)"},
		"_txlock": {"immediate"}, // so that a transaction waits at its beginning
	}
	db, err := sql.Open("sqlite", "file:"+url.PathEscape(file)+"?"+query.Encode())
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	for _, statement := range append(of.all("INTEGER"), stateTable) {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return nil, errors.Join(fmt.Errorf("create the tables: %w", err), db.Close())
		}
	}
	store := &sqliteState{db}
	plain, err := events.NewStateStore(store, of.name)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &mirror{
		of: of, checkpoints: &sqliteCheckpoints{plain, db, of.name}, state: store, exec: execSQLite,
		close: func() { _ = db.Close() },
	}, nil
}

var errNoTransaction = errors.New("the context has no transaction")

type txKey struct{}

func execSQLite(ctx context.Context, query string, args ...any) error {
	tx, ok := ctx.Value(txKey{}).(*sql.Tx)
	if !ok {
		return errNoTransaction
	}
	_, err := tx.ExecContext(ctx, strings.ReplaceAll(query, "$", "?"), args...) // ?1 is SQLite's form of $1
	return err
}

// sqliteCheckpoints is an [events.Transactor]. SQLite has one writer at a time: a process that hangs in a transaction
// blocks the others until it continues or ends. A server such as PostgreSQL ends its session instead.
type sqliteCheckpoints struct {
	*events.StateStore

	db   *sql.DB
	name string
}

// Transact implements [events.Transactor].
func (c *sqliteCheckpoints) Transact(
	ctx context.Context, previous, next events.Checkpoint, do func(ctx context.Context) error,
) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	in, err := events.NewStateStore(&sqliteState{tx}, c.name)
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
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// sqliteState is a [state.Store] for the processes of one machine, whose clock they share.
type sqliteState struct {
	db interface { // a database or a transaction
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
		QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	}
}

var _ state.Store = (*sqliteState)(nil)

// expiry returns the present time and that of the expiry, in microseconds.
func expiry(ttl time.Duration) (now, expires int64) {
	now = time.Now().UnixMicro()
	if ttl == 0 {
		return now, math.MaxInt64
	}
	return now, now + int64((ttl+time.Microsecond-1)/time.Microsecond)
}

// Add implements [state.Store].
func (s *sqliteState) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if err := state.Check(key, value, ttl); err != nil {
		return false, err
	}
	now, expires := expiry(ttl)
	return s.exec(ctx, "add", `INSERT INTO state (key, value, expires) VALUES (?1, ?2, ?3) ON CONFLICT (key)
		DO UPDATE SET value = excluded.value, expires = excluded.expires WHERE state.expires <= ?4`,
		[]byte(key), notNull(value), expires, now)
}

// Get implements [state.Store].
func (s *sqliteState) Get(ctx context.Context, key string) ([]byte, bool, error) {
	if err := state.Check(key, nil, 0); err != nil {
		return nil, false, err
	}
	now, _ := expiry(0)
	var value []byte
	err := s.db.QueryRowContext(ctx, "SELECT value FROM state WHERE key = ?1 AND expires > ?2", []byte(key), now).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("get: %w", err)
	}
	return value, true, nil
}

// Swap implements [state.Store].
func (s *sqliteState) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	if err := state.Check(key, value, ttl); err != nil {
		return false, err
	}
	now, expires := expiry(ttl)
	return s.exec(ctx, "swap", `UPDATE state SET value = ?3, expires = ?4 WHERE key = ?1 AND value = ?2 AND expires > ?5`,
		[]byte(key), notNull(old), notNull(value), expires, now)
}

// Delete implements [state.Store].
func (s *sqliteState) Delete(ctx context.Context, key string) error {
	if err := state.Check(key, nil, 0); err != nil {
		return err
	}
	_, err := s.exec(ctx, "delete", "DELETE FROM state WHERE key = ?1", []byte(key))
	return err
}

func (s *sqliteState) exec(ctx context.Context, operation, query string, args ...any) (changed bool, err error) {
	result, err := s.db.ExecContext(ctx, query, args...)
	if err != nil {
		return false, fmt.Errorf("%s: %w", operation, err)
	}
	rows, err := result.RowsAffected()
	return rows > 0, err
}

// notNull returns an empty value for nil, which would be NULL.
func notNull(value []byte) []byte {
	if value == nil {
		return []byte{}
	}
	return value
}
