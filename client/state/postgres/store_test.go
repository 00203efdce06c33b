package postgres_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/seed-f165d83c/workos/client/state"
	"github.com/seed-f165d83c/workos/client/state/postgres"
	"github.com/seed-f165d83c/workos/client/state/servertest"
	"github.com/seed-f165d83c/workos/client/state/statetest"
)

func connect(t *testing.T, server *servertest.Server) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), server.URL)
	if err != nil {
		t.Fatalf("pool: %v", err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func open(t *testing.T, db postgres.DB, table ...string) *postgres.Store {
	t.Helper()
	store, err := postgres.New(db, postgres.WithTable(table...))
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	if err := store.Migrate(t.Context()); err != nil {
		t.Fatalf("Migrate: %v", err)
	}
	return store
}

func count(t *testing.T, db postgres.DB, table string) int {
	t.Helper()
	var n int
	if err := db.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		t.Fatalf("count: %v", err)
	}
	return n
}

func TestStore(t *testing.T) {
	server := servertest.PostgreSQL(t)
	pool := connect(t, server)
	tables := 0
	statetest.Run(t, statetest.Subject{Open: func(t *testing.T) state.Store {
		t.Helper()
		tables++
		return open(t, pool, `odd "name" `+strconv.Itoa(tables))
	}})
	t.Run("in a schema", func(t *testing.T) {
		if _, err := pool.Exec(t.Context(), "CREATE SCHEMA other"); err != nil {
			t.Fatal(err)
		}
		store := open(t, pool, "other", "state")
		if added, err := store.Add(t.Context(), "key", nil, 0); !added || err != nil {
			t.Errorf("Add: got %t, %v", added, err)
		}
		if got := count(t, pool, "other.state"); got != 1 {
			t.Errorf("rows: got %d, want 1", got)
		}
	})
	t.Run("concurrent migrations", func(t *testing.T) {
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				store, err := postgres.New(pool)
				if err != nil {
					t.Errorf("New: %v", err)
					return
				}
				if err := store.Migrate(t.Context()); err != nil {
					t.Errorf("Migrate: %v", err)
				}
			})
		}
		group.Wait()
		if got := count(t, pool, postgres.DefaultTable); got != 0 {
			t.Errorf("rows: got %d, want none", got)
		}
	})
	t.Run("in a transaction", func(t *testing.T) { inTransaction(t, pool) })
	t.Run("purge", func(t *testing.T) { purges(t, pool) })
}

func inTransaction(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	store := open(t, pool, "tx")
	for _, commit := range []bool{false, true} {
		tx, err := pool.Begin(t.Context())
		if err != nil {
			t.Fatalf("begin: %v", err)
		}
		if added, err := store.With(tx).Add(t.Context(), "key", nil, time.Hour); !added || err != nil {
			t.Errorf("Add: got %t, %v", added, err)
		}
		end := tx.Rollback
		if commit {
			end = tx.Commit
		}
		if err := end(t.Context()); err != nil {
			t.Errorf("end: %v", err)
		}
		if _, ok, err := store.Get(t.Context(), "key"); ok != commit || err != nil {
			t.Errorf("committed %t: got %t, %v", commit, ok, err)
		}
	}
}

func purges(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	store := open(t, pool, "purged")
	for i := range 10 {
		ttl := time.Microsecond
		if i < 3 {
			ttl = time.Hour
		}
		if added, err := store.Add(t.Context(), strconv.Itoa(i), nil, ttl); !added || err != nil {
			t.Fatalf("Add: got %t, %v", added, err)
		}
	}
	time.Sleep(time.Millisecond)
	for _, want := range []int64{4, 3, 0} {
		if got, err := store.Purge(t.Context(), 4); got != want || err != nil {
			t.Errorf("Purge: got %d, %v; want %d", got, err, want)
		}
	}
	if got := count(t, pool, "purged"); got != 3 {
		t.Errorf("rows left: got %d, want 3", got)
	}
	if added, err := store.Add(t.Context(), "expired", nil, time.Microsecond); !added || err != nil {
		t.Fatalf("Add: got %t, %v", added, err)
	}
	time.Sleep(time.Millisecond)
	again := open(t, pool, "purged") // whose first Add purges
	if added, err := again.Add(t.Context(), "new", nil, 0); !added || err != nil {
		t.Fatalf("Add: got %t, %v", added, err)
	}
	if got := count(t, pool, "purged"); got != 4 {
		t.Errorf("rows after Add: got %d, want 4", got)
	}
}

func TestStoreThatIsDownGuessesNothing(t *testing.T) {
	server := servertest.PostgreSQL(t)
	store := open(t, connect(t, server), "state")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // which only ends a hang
	defer cancel()
	if added, err := store.Add(ctx, "key", nil, 0); !added || err != nil {
		t.Fatalf("Add: got %t, %v", added, err)
	}
	server.Stop()
	added, addErr := store.Add(ctx, "new", nil, 0)
	_, ok, getErr := store.Get(ctx, "key")
	swapped, swapErr := store.Swap(ctx, "key", nil, nil, 0)
	deleteErr := store.Delete(ctx, "key")
	for operation, err := range map[string]error{
		"add": addErr, "get": getErr, "swap": swapErr, "delete": deleteErr, "migrate": store.Migrate(ctx),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), "workos/state/postgres: "+operation+": ") {
			t.Errorf("%s: got %v, want an error that names the operation", operation, err)
		}
		if errors.Is(err, state.ErrInvalid) || errors.Is(err, state.ErrFull) {
			t.Errorf("%s: got %v, want neither ErrInvalid nor ErrFull", operation, err)
		}
	}
	if added || ok || swapped {
		t.Errorf("got added %t, found %t, swapped %t; want false", added, ok, swapped)
	}
}

func TestNewRejects(t *testing.T) {
	for want, opts := range map[string][]postgres.Option{
		"option 1 is nil": {nil}, "WithTable: 0 names": {postgres.WithTable()},
		"WithTable: 3 names": {postgres.WithTable("a", "b", "c")}, `invalid name ""`: {postgres.WithTable("")},
		`invalid name "a\x00"`: {postgres.WithTable("public", "a\x00")},
	} {
		if s, err := postgres.New(new(pgxpool.Pool), opts...); s != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, %v; want an error with %q", s, err, want)
		}
	}
	if s, err := postgres.New(nil); s != nil || err == nil {
		t.Errorf("no DB: got %v, %v; want an error", s, err)
	}
}
