// Package untried marks errors of handlers that did not try to handle their event. They do not count as attempts.
package untried

import "errors"

type untried struct{ error }

func (u *untried) Unwrap() error { return u.error }

// Mark returns err with the mark; nil for nil.
func Mark(err error) error {
	if err == nil {
		return nil
	}
	return &untried{err}
}

// Is reports whether err wraps an error with the mark.
func Is(err error) bool {
	_, ok := errors.AsType[*untried](err)
	return ok
}
