//go:build unix

package serve

import (
	"io"
	"os"
	"syscall"
)

// pollable returns an input that the network poller waits for, if it is a pipe or a socket. A read from it that waits
// then takes no thread: the request that arrives is handled by the thread that has read it, and not by one that has to
// be woken, which takes longer than the rest of the work. polled reports whether it does so, and restore undoes it.
//
// Other inputs are returned as they are: a terminal may be shared with programs that do not expect it.
func pollable(in io.Reader) (_ io.Reader, polled bool, restore func()) {
	restore = func() {}
	file, ok := in.(*os.File)
	if !ok {
		return in, false, restore
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&(os.ModeNamedPipe|os.ModeSocket) == 0 {
		return in, false, restore
	}
	fd, err := syscall.Dup(int(file.Fd())) // the file is the caller's
	if err != nil {
		return in, false, restore
	}
	if syscall.SetNonblock(fd, true) != nil {
		_ = syscall.Close(fd)
		return in, false, restore
	}
	own := os.NewFile(uintptr(fd), file.Name())
	return own, true, func() {
		_ = syscall.SetNonblock(fd, false)
		_ = own.Close()
	}
}
