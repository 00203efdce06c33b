//go:build !unix

package serve

import "io"

// pollable returns the input as it is.
func pollable(in io.Reader) (_ io.Reader, polled bool, restore func()) { return in, false, func() {} }
