package events_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
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

// savedStore is a store with a checkpoint in it, and the name of its file.
func savedStore(t *testing.T) (*events.FileStore, string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "checkpoint.json")
	s := newFileStore(t, name)
	if err := save(t, s, before()); err != nil {
		t.Fatalf("Save: %v", err)
	}
	return s, name
}

func before() events.Checkpoint { return events.Checkpoint{After: "event_01"} }

// wantKept fails unless a Save was refused with that error and the checkpoint before it is still there.
func wantKept(t *testing.T, s *events.FileStore, got error, want string) {
	t.Helper()
	if got == nil || got.Error() != want {
		t.Errorf("Save: got %v, want %s", got, want)
	}
	if c, err := s.Load(t.Context()); err != nil || c != before() {
		t.Errorf("after a Save that failed: got %+v, %v; want the checkpoint before it, %+v", c, err, before())
	}
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
		{After: "event_03", Since: time.Unix(0, 0).UTC()}, {After: "<&>\u2028\""},
	} {
		if err := save(t, s, want); err != nil {
			t.Fatalf("Save: %v", err)
		}
		got, err := newFileStore(t, name).Load(t.Context())
		if err != nil || got != want {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
		wantFiles(t, filepath.Dir(name), "checkpoint.json", "checkpoint.json.lock")
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode: got %v, %v; want 0600", info.Mode(), err)
	}
}

func wantFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatalf("read the directory: %v", err)
	}
	var got []string
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	wantStrings(t, "files", got, want...)
}

func TestFileIsOneLineOfJSON(t *testing.T) {
	t.Parallel()
	_, name := savedStore(t)
	if text, err := os.ReadFile(name); err != nil || string(text) != `{"after":"event_01"}`+"\n" {
		t.Errorf("got %q, %v; want the checkpoint alone", text, err)
	}
}

// A file of that name beside the working directory is the usual one.
func TestFileStoreTakesANameWithoutADirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	s := newFileStore(t, "checkpoint.json")
	if err := save(t, s, before()); err != nil {
		t.Errorf("Save: %v", err)
	}
	if got, err := s.Load(t.Context()); err != nil || got != before() {
		t.Errorf("got %+v, %v; want %+v", got, err, before())
	}
}

func TestFileStoreIsNotConfusedByAnUnfinishedSave(t *testing.T) {
	t.Parallel()
	for _, rest := range []string{"", `{"aft`, `{"after":"event_00"}` + strings.Repeat("x", 5000)} {
		s, name := savedStore(t)
		if err := os.WriteFile(name+".tmp", []byte(rest), 0o600); err != nil {
			t.Fatalf("write: %v", err)
		}
		if got, err := s.Load(t.Context()); err != nil || got != before() {
			t.Errorf("%.10q beside it: got %+v, %v; want %+v", rest, got, err, before())
		}
		want := events.Checkpoint{After: "event_02"}
		if err := save(t, s, want); err != nil {
			t.Fatalf("Save: %v", err)
		}
		if got, err := s.Load(t.Context()); err != nil || got != want {
			t.Errorf("%.10q beside it, after Save: got %+v, %v; want %+v", rest, got, err, want)
		}
		wantFiles(t, filepath.Dir(name), "checkpoint.json", "checkpoint.json.lock")
	}
}

// TestFileWithoutACheckpointIsNoNewBeginning: to read all events again, or none, is not for the store to decide.
func TestFileWithoutACheckpointIsNoNewBeginning(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		"":                               ": unexpected end of JSON input",
		"{}":                             " has none",
		"null":                           " has none",
		`{"after":""}`:                   " has none",
		`{"since":null}`:                 " has none",
		`{"after":7}`:                    ": json: cannot unmarshal number",
		`{"after":"event_01"`:            ": unexpected end of JSON input",
		`{"after":"event_01"}{}`:         ": invalid character '{' after top-level value",
		`{"after":"event_01","since":7}`: ": Time.UnmarshalJSON: input is not a JSON string",
		"event_01":                       ": invalid character 'e'",
	} {
		name := filepath.Join(t.TempDir(), "checkpoint.json")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatalf("write: %v", err)
		}
		got, err := newFileStore(t, name).Load(t.Context())
		want := "read the checkpoint: " + name + says
		if err == nil || got != (events.Checkpoint{}) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.30q: got %+v, %v; want an error that begins with %s", text, got, err, want)
		}
		if again, err := os.ReadFile(name); err != nil || string(again) != text {
			t.Errorf("%.30q: the file holds %q now, %v", text, again, err)
		}
	}
}

func TestFileOfACheckpointIsReadUpToItsLimit(t *testing.T) {
	t.Parallel()
	const limit, around = 4096, len(`{"after":""}` + "\n")
	for size, fits := range map[int]bool{limit - 1: true, limit: true, limit + 1: false, 2 * limit: false} {
		c := events.Checkpoint{After: strings.Repeat("x", size-around)}
		name := filepath.Join(t.TempDir(), "checkpoint.json")
		if err := os.WriteFile(name, []byte(`{"after":"`+c.After+"\"}\n"), 0o600); err != nil {
			t.Fatalf("write: %v", err)
		}
		got, err := newFileStore(t, name).Load(t.Context())
		switch refusal := fmt.Sprintf("read the checkpoint: %s has %d bytes: not a checkpoint", name, size); {
		case fits && (err != nil || got != c):
			t.Errorf("Load of %d bytes: got %d, %v; want the checkpoint", size, len(got.After), err)
		case !fits && (err == nil || err.Error() != refusal || got != (events.Checkpoint{})):
			t.Errorf("Load of %d bytes: got %d, %v; want %s", size, len(got.After), err, refusal)
		}

		s, _ := savedStore(t)
		err = save(t, s, c)
		if !fits {
			wantKept(t, s, err, fmt.Sprintf("write the checkpoint: %d bytes: want at most 4096", size))
			continue
		}
		if got, loadErr := s.Load(t.Context()); err != nil || loadErr != nil || got != c {
			t.Errorf("Save of %d bytes: got %v, then %d bytes, %v; want the checkpoint", size, err, len(got.After), loadErr)
		}
	}
}

func TestCheckpointThatWouldNotBeReadAgainIsNotSaved(t *testing.T) {
	t.Parallel()
	s, name := savedStore(t)
	wantKept(t, s, save(t, s, events.Checkpoint{}), "write the checkpoint: zero checkpoint: remove the file instead")
	late := events.Checkpoint{Since: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}
	err := save(t, s, late)
	wantKept(t, s, err, "encode the checkpoint: json: error calling MarshalJSON for type time.Time: "+
		"Time.MarshalJSON: year outside of range [0,9999]")
	wantFiles(t, filepath.Dir(name), "checkpoint.json", "checkpoint.json.lock")
}

// A link at the names of temporary files could make a consumer overwrite any file of its user.
func TestFileStoreFollowsNoTemporaryLink(t *testing.T) {
	t.Parallel()
	target := filepath.Join(t.TempDir(), "target")
	if err := os.WriteFile(target, []byte("precious"), 0o600); err != nil {
		t.Fatalf("write: %v", err)
	}
	s, name := savedStore(t)
	if err := os.Symlink(target, name+".tmp"); err != nil {
		t.Fatalf("link: %v", err)
	}
	after := events.Checkpoint{After: "event_02"}
	if err := save(t, s, after); err != nil {
		t.Errorf("Save beside a link: %v", err)
	}
	if got, err := s.Load(t.Context()); err != nil || got != after {
		t.Errorf("Load: got %+v, %v; want %+v", got, err, after)
	}
	if err := errors.Join(os.Remove(name+".lock"), os.Symlink(target, name+".lock")); err != nil {
		t.Fatalf("link: %v", err)
	}
	if err := save(t, s, before()); !errors.Is(err, syscall.ELOOP) || !strings.HasPrefix(err.Error(), "lock the checkpoint: ") {
		t.Errorf("Save with a link as lock: got %v, want ELOOP", err)
	}
	if got, err := s.Load(t.Context()); err != nil || got != after {
		t.Errorf("after a Save that failed: got %+v, %v; want %+v", got, err, after)
	}
	if text, err := os.ReadFile(target); err != nil || string(text) != "precious" {
		t.Errorf("the target: got %q, %v; want it as it was", text, err)
	}
}

func TestDirectoryInTheWayOfASaveIsReported(t *testing.T) {
	t.Parallel()
	s, name := savedStore(t)
	if err := os.MkdirAll(filepath.Join(name+".tmp", "full"), 0o700); err != nil {
		t.Fatalf("mkdir: %v", err)
	}
	err := save(t, s, events.Checkpoint{After: "event_02"})
	wantKept(t, s, err, "write the checkpoint: remove "+name+".tmp: directory not empty")

	name = filepath.Join(t.TempDir(), "checkpoint.json")
	if err := os.MkdirAll(filepath.Join(name, "full"), 0o700); err != nil {
		t.Fatalf("mkdir: %v", err)
	}
	s = newFileStore(t, name)
	if err := s.Save(t.Context(), events.Checkpoint{}, before()); !errors.Is(err, syscall.EISDIR) {
		t.Errorf("onto a directory: got %v, want EISDIR", err)
	}
	if got, err := s.Load(t.Context()); got != (events.Checkpoint{}) || !errors.Is(err, syscall.EISDIR) ||
		!strings.HasPrefix(err.Error(), "read the checkpoint: ") {
		t.Errorf("Load of a directory: got %+v, %v; want an error", got, err)
	}
	wantFiles(t, name, "full")
}

func TestFileStoreReportsADirectoryThatIsNone(t *testing.T) {
	t.Parallel()
	if s, err := events.NewFileStore(""); s != nil || err == nil ||
		err.Error() != "workos/events: NewFileStore: file name is empty" {
		t.Errorf("NewFileStore without a name: got %v, %v; want an error", s, err)
	}
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing", "checkpoint.json")
	if s, err := events.NewFileStore(missing); s != nil || !errors.Is(err, os.ErrNotExist) ||
		!strings.HasPrefix(err.Error(), "workos/events: NewFileStore: lock the checkpoint: open "+missing+".lock: ") {
		t.Errorf("NewFileStore in a directory that does not exist: got %v, %v; want an error", s, err)
	}
	wantFiles(t, dir)

	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatalf("write: %v", err)
	}
	if s, err := events.NewFileStore(filepath.Join(file, "checkpoint.json")); s != nil || !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("NewFileStore below a file: got %v, %v; want ENOTDIR", s, err)
	}
}
