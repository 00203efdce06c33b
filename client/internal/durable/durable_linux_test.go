package durable_test

import (
	"errors"
	"syscall"
	"testing"

	"github.com/seed-f165d83c/workos/client/internal/durable"
)

// A directory of procfs opens and cannot be synced, which no privilege changes.
func TestDirectoryThatCannotBeSyncedIsReported(t *testing.T) {
	t.Parallel()
	if err := durable.SyncDir("/proc/self"); !errors.Is(err, syscall.EINVAL) {
		t.Errorf("a directory that cannot be synced: got %v, want EINVAL", err)
	}
	if err := durable.SyncDir("/proc/self/none"); !errors.Is(err, syscall.ENOENT) {
		t.Errorf("a directory that does not exist: got %v, want ENOENT", err)
	}
	if err := durable.SyncDir(t.TempDir()); err != nil {
		t.Errorf("a directory on a disk: got %v, want no error", err)
	}
}
