package events

import (
	"errors"
	"syscall"
	"testing"
)

// A directory of procfs opens and cannot be synced, which no privilege changes.
func TestDirectoryThatCannotBeSyncedIsReported(t *testing.T) {
	t.Parallel()
	if err := syncDir("/proc/self"); !errors.Is(err, syscall.EINVAL) {
		t.Errorf("a directory that cannot be synced: got %v, want EINVAL", err)
	}
	if err := syncDir("/proc/self/none"); !errors.Is(err, syscall.ENOENT) {
		t.Errorf("a directory that does not exist: got %v, want ENOENT", err)
	}
	if err := syncDir(t.TempDir()); err != nil {
		t.Errorf("a directory on a disk: got %v, want no error", err)
	}
}
