//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package durable

// Lock does nothing: the system has no flock, and one process may use the file.
func Lock(string) (unlock func() error, err error) { return func() error { return nil }, nil }

// TryLock does nothing, as Lock does.
func TryLock(name string) (unlock func() error, err error) { return Lock(name) }
