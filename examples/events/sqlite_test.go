package main

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/seed-f165d83c/workos/client/state"
	"github.com/seed-f165d83c/workos/client/state/statetest"
)

func TestSQLiteState(t *testing.T) {
	statetest.Run(t, statetest.Subject{Open: func(t *testing.T) state.Store {
		t.Helper()
		m, err := openSQLite(t.Context(), filepath.Join(t.TempDir(), "state.db"), users)
		if err != nil {
			t.Fatalf("open: %v", err)
		}
		t.Cleanup(m.close)
		return m.state
	}})
}

// database is what the tests look at.
type database interface {
	// query returns the first column of the rows.
	query(t *testing.T, query string) []string
}

type sqliteDatabase struct{ file string }

func (d *sqliteDatabase) open(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+url.PathEscape(d.file)+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return db
}

func (d *sqliteDatabase) exec(t *testing.T, query string) {
	t.Helper()
	db := d.open(t)
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), query); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func (d *sqliteDatabase) query(t *testing.T, query string) []string {
	t.Helper()
	db := d.open(t)
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	var values []string
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		values = append(values, value)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return values
}

// sequence returns the IDs of events in their order, without that of one.
func sequence(count, without int) []string {
	var ids []string
	for i := range count {
		if i != without {
			ids = append(ids, strconv.Itoa(i))
		}
	}
	return ids
}

// wantState fails unless each of the events has had its effect once, in that order.
func wantState(t *testing.T, d database, changes []string, email string, count int) {
	t.Helper()
	if got := d.query(t, "SELECT event FROM changes ORDER BY position"); !slices.Equal(got, changes) {
		at := 0
		for at < min(len(got), len(changes)) && got[at] == changes[at] {
			at++
		}
		t.Errorf("changes: got %d, want %d; they differ from number %d on: got %.10q, want %.10q", len(got), len(changes),
			at, got[at:min(at+10, len(got))], changes[at:min(at+10, len(changes))])
	}
	if got := d.query(t, "SELECT email FROM users"); !slices.Equal(got, []string{email}) {
		t.Errorf("users: got %q, want %s", got, email)
	}
	if got := d.query(t, "SELECT events FROM users"); !slices.Equal(got, []string{strconv.Itoa(count)}) {
		t.Errorf("events of the user: got %q, want %d", got, count)
	}
}
