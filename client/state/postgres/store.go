package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/seed-f165d83c/workos/client/state"
)

// DB executes statements: a [github.com/jackc/pgx/v5/pgxpool.Pool], a connection or a transaction.
type DB interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Store is a [state.Store] in a table. Expiry follows the clock of the database, in microseconds. It is safe for
// concurrent use if its [DB] is, as a pool is. Create it with [New].
//
// Isolation must be READ COMMITTED, PostgreSQL's default; with a stricter one, concurrent writes fail with
// serialization errors. Its table has no limit other than the disk, so it never returns [state.ErrFull].
type Store struct {
	db     DB
	table  string
	purged *atomic.Int64 // Unix seconds of the last purge
}

var _ state.Store = (*Store)(nil)

// DefaultTable is the name of the table without [WithTable].
const DefaultTable = "workos_state"

// Option configures a store in [New].
type Option func(*Store) error

// WithTable sets the name of the table, or of its schema and the table. The default is [DefaultTable] in the first
// schema of the search path.
func WithTable(name ...string) Option {
	return func(s *Store) error {
		if len(name) < 1 || len(name) > 2 {
			return fmt.Errorf("WithTable: %d names: want a table, or a schema and a table", len(name))
		}
		for _, part := range name {
			if part == "" || strings.Contains(part, "\x00") {
				return fmt.Errorf("WithTable: invalid name %q", part)
			}
		}
		s.table = pgx.Identifier(name).Sanitize()
		return nil
	}
}

// New returns a store in the table that [Store.Migrate] creates. It sends nothing.
func New(db DB, opts ...Option) (*Store, error) {
	if db == nil {
		return nil, errors.New("workos/state/postgres: New: db is nil")
	}
	s := &Store{db: db, table: pgx.Identifier{DefaultTable}.Sanitize(), purged: new(atomic.Int64)}
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("workos/state/postgres: option %d is nil", i+1)
		}
		if err := opt(s); err != nil {
			return nil, fmt.Errorf("workos/state/postgres: %w", err)
		}
	}
	return s, nil
}

// With returns the same store on another DB, such as a transaction of the caller: what it writes is then done if and
// only if the transaction commits. Other writers of a key wait until the transaction ends.
func (s *Store) With(db DB) *Store { return &Store{db: db, table: s.table, purged: s.purged} }

// Schema returns the statement that creates the table if it is missing, for programs that manage their schema
// themselves.
func (s *Store) Schema() string {
	return `CREATE TABLE IF NOT EXISTS ` + s.table + ` (
	key     bytea       PRIMARY KEY,
	value   bytea       NOT NULL,
	expires timestamptz NOT NULL
)`
}

// migrationLock is the advisory lock of Migrate: concurrent CREATE TABLE IF NOT EXISTS can fail.
const migrationLock = 0x776f726b6f73 // "workos"

// Migrate creates the table if it is missing. Several processes may call it at the same time.
func (s *Store) Migrate(ctx context.Context) error {
	_, err := s.db.Exec(ctx, fmt.Sprintf("DO $workos$ BEGIN PERFORM pg_advisory_xact_lock(%d); %s; END $workos$",
		int64(migrationLock), s.Schema()))
	return wrap("migrate", err)
}

// expiry is the SQL of the time after a ttl in microseconds.
func expiry(parameter string) string {
	return `CASE WHEN ` + parameter + `::bigint = 0 THEN 'infinity'
		ELSE clock_timestamp() + ` + parameter + `::bigint * interval '1 microsecond' END`
}

// microseconds rounds up.
func microseconds(ttl time.Duration) int64 {
	n := ttl.Microseconds()
	if ttl > time.Duration(n)*time.Microsecond {
		n++
	}
	return n
}

// notNull returns an empty value for nil, which would be NULL.
func notNull(value []byte) []byte {
	if value == nil {
		return []byte{}
	}
	return value
}

func wrap(operation string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("workos/state/postgres: %s: %w", operation, err)
}

// Add implements [state.Store]. At most once a minute it also removes some of what has expired.
func (s *Store) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if err := state.Check(key, value, ttl); err != nil {
		return false, err
	}
	if err := s.purgeSometimes(ctx); err != nil {
		return false, err
	}
	tag, err := s.db.Exec(ctx, `INSERT INTO `+s.table+` AS present (key, value, expires)
		VALUES ($1, $2, `+expiry("$3")+`)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires
		WHERE present.expires <= clock_timestamp()`, []byte(key), notNull(value), microseconds(ttl))
	return tag.RowsAffected() == 1, wrap("add", err)
}

// Get implements [state.Store].
func (s *Store) Get(ctx context.Context, key string) ([]byte, bool, error) {
	if err := state.Check(key, nil, 0); err != nil {
		return nil, false, err
	}
	var value []byte
	err := s.db.QueryRow(ctx, `SELECT value FROM `+s.table+` WHERE key = $1 AND expires > clock_timestamp()`,
		[]byte(key)).Scan(&value)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	return value, err == nil, wrap("get", err)
}

// Swap implements [state.Store].
func (s *Store) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	if err := state.Check(key, value, ttl); err != nil {
		return false, err
	}
	tag, err := s.db.Exec(ctx, `UPDATE `+s.table+` SET value = $3, expires = `+expiry("$4")+`
		WHERE key = $1 AND value = $2 AND expires > clock_timestamp()`,
		[]byte(key), notNull(old), notNull(value), microseconds(ttl))
	return tag.RowsAffected() == 1, wrap("swap", err)
}

// Delete implements [state.Store].
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := state.Check(key, nil, 0); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, `DELETE FROM `+s.table+` WHERE key = $1`, []byte(key))
	return wrap("delete", err)
}

const (
	purgeEvery = 60 // seconds
	purgeLimit = 1000
)

// purgeSometimes removes what has expired if that was not done lately.
func (s *Store) purgeSometimes(ctx context.Context) error {
	now, last := time.Now().Unix(), s.purged.Load()
	if now-last < purgeEvery || !s.purged.CompareAndSwap(last, now) {
		return nil
	}
	_, err := s.Purge(ctx, purgeLimit)
	return err
}

// Purge removes up to limit keys that have expired and returns their number. Expired keys are absent to all methods
// anyway; Purge only makes room. [Store.Add] removes up to 1,000 a minute in each process: a program that adds more
// calls Purge regularly.
func (s *Store) Purge(ctx context.Context, limit int) (int64, error) {
	tag, err := s.db.Exec(ctx, `DELETE FROM `+s.table+` WHERE key IN (
		SELECT key FROM `+s.table+` WHERE expires <= clock_timestamp() LIMIT $1 FOR UPDATE SKIP LOCKED)`, limit)
	return tag.RowsAffected(), wrap("purge", err)
}
