//go:build unix

package serve

import (
	"io"
	"os"
	"syscall"
)

// pollable returns an input that the network poller waits for, if it is a pipe or a socket. A read from it that waits
// then takes no thread: the request that arrives is handled by the thread that has read it, and not by one that has to
// be woken, which takes longer than the rest of the work. restore undoes it.
//
// Other inputs are returned as they are: a terminal may be shared with programs that do not expect it.
func pollable(in io.Reader) (_ io.Reader, restore func()) {
	restore = func() {}
	file, ok := in.(*os.File)
	if !ok {
		return in, restore
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&(os.ModeNamedPipe|os.ModeSocket) == 0 {
		return in, restore
	}
	fd, err := syscall.Dup(int(file.Fd())) // the file is the caller's
	if err != nil {
		return in, restore
	}
	if syscall.SetNonblock(fd, true) != nil {
		_ = syscall.Close(fd)
		return in, restore
	}
	own := os.NewFile(uintptr(fd), file.Name())
	return own, func() {
		_ = syscall.SetNonblock(fd, false)
		_ = own.Close()
	}
}
