package events_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/seed-f165d83c/workos/client/events"
)

const nobody = 65534

// asNobody runs f in a thread with the file access of a user without privileges, as root may do everything.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	failed := make(chan error)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		if os.Getuid() == 0 {
			if err := syscall.Setfsuid(nobody); err != nil {
				failed <- err
				return
			}
		}
		f()
		failed <- nil
	}()
	if err := <-failed; err != nil {
		t.Fatalf("change the user: %v", err)
	}
}

// directory is one for nobody. It is not that of t.TempDir, as nobody may have no way there.
func directory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "events") //nolint:usetesting // see above
	if err != nil {
		t.Fatalf("mkdir: %v", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if os.Getuid() == 0 {
		if err := os.Chown(dir, nobody, -1); err != nil {
			t.Fatalf("chown: %v", err)
		}
	}
	return dir
}

func TestDirectoryThatIsNotAccessibleIsReported(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		mode     os.FileMode
		failure  string
		replaced bool
	}{
		"unwritable": {0o500, "write the checkpoint: open %s/checkpoint.json.tmp: permission denied", false},
		"closed":     {0o000, "lock the checkpoint: open %s/checkpoint.json.lock: permission denied", false},
		"unreadable": {0o300, "write the checkpoint: open %s: permission denied", true}, // it cannot be synced
	} {
		dir := directory(t)
		s := newFileStore(t, filepath.Join(dir, "checkpoint.json"))
		if err := save(t, s, before()); err != nil {
			t.Fatalf("Save: %v", err)
		}
		for _, file := range []string{"checkpoint.json", "checkpoint.json.lock"} {
			if err := os.Chmod(filepath.Join(dir, file), 0o666); err != nil {
				t.Fatalf("chmod: %v", err)
			}
		}
		if err := os.Chmod(dir, test.mode); err != nil {
			t.Fatalf("chmod: %v", err)
		}
		var err error
		after := events.Checkpoint{After: "event_02"}
		asNobody(t, func() { err = s.Save(t.Context(), before(), after) })
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatalf("chmod: %v", err)
		}
		if want := strings.Replace(test.failure, "%s", dir, 1); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
		kept := before()
		if test.replaced {
			kept = after
		}
		if got, err := s.Load(t.Context()); err != nil || got != kept {
			t.Errorf("%s: got %+v, %v; want %+v", name, got, err, kept)
		}
	}
}
