package events_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
)

func newFileStore(t *testing.T, name string) *events.FileStore {
	t.Helper()
	s, err := events.NewFileStore(name)
	if err != nil {
		t.Fatalf("NewFileStore: %v", err)
	}
	return s
}

func TestFileStoreGivesBackWhatWasSavedLast(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "checkpoint.json")
	s := newFileStore(t, name)
	if got, err := s.Load(t.Context()); err != nil || got != (events.Checkpoint{}) {
		t.Errorf("without a file: got %+v, %v; want the zero checkpoint", got, err)
	}
	for _, want := range []events.Checkpoint{
		{Since: time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)}, {After: "event_01"}, {After: "event_02"},
	} {
		if err := s.Save(t.Context(), want); err != nil {
			t.Fatalf("Save: %v", err)
		}
		got, err := newFileStore(t, name).Load(t.Context())
		if err != nil || got != want {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode: got %v, %v; want 0600", info.Mode(), err)
	}
}

func TestFileStoreIsNotConfusedByAnUnfinishedSave(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "checkpoint.json")
	s, want := newFileStore(t, name), events.Checkpoint{After: "event_01"}
	if err := s.Save(t.Context(), want); err != nil {
		t.Fatalf("Save: %v", err)
	}
	if err := os.WriteFile(name+".tmp", []byte(`{"aft`), 0o600); err != nil {
		t.Fatalf("write: %v", err)
	}
	if got, err := s.Load(t.Context()); err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	want.After = "event_02"
	if err := s.Save(t.Context(), want); err != nil {
		t.Fatalf("Save: %v", err)
	}
	if got, err := s.Load(t.Context()); err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

// TestFileWithoutACheckpointIsNoNewBeginning: to read all events again, or none, is not for the store to decide.
func TestFileWithoutACheckpointIsNoNewBeginning(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{}", "null", `{"after":""}`, `{"after":7}`, `{"after":"event_01"`, "event_01",
		`{"after":"` + strings.Repeat("x", 5000) + `"}`} {
		name := filepath.Join(t.TempDir(), "checkpoint.json")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatalf("write: %v", err)
		}
		got, err := newFileStore(t, name).Load(t.Context())
		if err == nil || got != (events.Checkpoint{}) || !strings.Contains(err.Error(), name) {
			t.Errorf("%.30q: got %+v, %v; want an error that names the file", text, got, err)
		}
	}
}

func TestFileStoreReportsWhatItCannotDo(t *testing.T) {
	t.Parallel()
	if s, err := events.NewFileStore(""); s != nil || err == nil {
		t.Errorf("NewFileStore without a name: got %v, %v; want an error", s, err)
	}
	missing := newFileStore(t, filepath.Join(t.TempDir(), "missing", "checkpoint.json"))
	if err := missing.Save(t.Context(), events.Checkpoint{After: "event_01"}); err == nil {
		t.Error("Save into a directory that does not exist returns no error")
	}
	dir := newFileStore(t, t.TempDir())
	if got, err := dir.Load(t.Context()); err == nil {
		t.Errorf("Load of a directory: got %+v, want an error", got)
	}
}
