//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package durable

import (
	"errors"
	"os"
	"syscall"
)

// Lock creates a file if it does not exist and locks it for this process. It waits for other processes, and follows no
// link. The lock ends with the process, too.
func Lock(name string) (unlock func() error, err error) { return lock(name, syscall.LOCK_EX) }

// TryLock is Lock without the wait: if another process has the lock, the error wraps [ErrLocked].
func TryLock(name string) (unlock func() error, err error) {
	return lock(name, syscall.LOCK_EX|syscall.LOCK_NB)
}

func lock(name string, how int) (unlock func() error, err error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600) //nolint:gosec // the caller's file
	if err != nil {
		return nil, err //nolint:wrapcheck // package os names operation and file
	}
	for {
		err = syscall.Flock(int(file.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrLocked
	}
	if err != nil {
		return nil, errors.Join(&os.PathError{Op: "flock", Path: name, Err: err}, file.Close())
	}
	return file.Close, nil // which unlocks
}
