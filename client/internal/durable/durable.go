// Package durable writes files so that they survive a crash of the system, and locks them between processes.
package durable

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
)

// ErrLocked means that another process has the lock.
var ErrLocked = errors.New("another process uses the file")

// Create creates a file with this content, syncs it, and returns it open at its end. It removes one that a crash has
// left, or a link, which it must not follow. Errors name the operation and the file.
func Create(name string, text []byte) (*os.File, error) {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err //nolint:wrapcheck // package os names operation and file
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the caller's file
	if err != nil {
		return nil, err //nolint:wrapcheck // as above
	}
	_, err = file.Write(text)
	if err == nil {
		err = file.Sync()
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// SyncDir makes a rename in the directory durable. Windows has no equivalent.
func SyncDir(name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(name) //nolint:gosec // the caller's file
	if err != nil {
		return err //nolint:wrapcheck // as above
	}
	return errors.Join(dir.Sync(), dir.Close())
}
