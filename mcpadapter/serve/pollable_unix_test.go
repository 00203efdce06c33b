//go:build unix

package serve

import (
	"errors"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
)

// A pipe is read without a thread that waits: with O_NONBLOCK until the connection ends.
func TestAPipeIsReadByThePoller(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = r.Close(), w.Close() }()
	fd := r.Fd() // blocks from now on, as the standard input does
	in, polled, restore := pollable(r)
	if !polled {
		t.Error("the poller does not wait for it")
	}
	if _, err := syscall.Read(int(fd), make([]byte, 1)); !errors.Is(err, syscall.EAGAIN) {
		t.Errorf("got %v, want a read that does not wait", err)
	}
	read := make(chan string)
	go func() {
		b := make([]byte, 10)
		n, _ := in.Read(b)
		read <- string(b[:n])
	}()
	if _, err := io.WriteString(w, "hello"); err != nil {
		t.Fatal(err)
	}
	if got := <-read; got != "hello" {
		t.Errorf("got %q", got)
	}
	restore()
	if _, err := io.WriteString(w, "again"); err != nil {
		t.Fatal(err)
	}
	flags, _, failed := syscall.Syscall(syscall.SYS_FCNTL, fd, syscall.F_GETFL, 0)
	if failed != 0 || flags&syscall.O_NONBLOCK != 0 {
		t.Errorf("got the flags %o and %v, want a pipe that blocks again", flags, failed)
	}
}

// What is no pipe is read as it is.
func TestOtherInputsAreReadAsTheyAre(t *testing.T) {
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	for _, in := range []io.Reader{strings.NewReader("x"), file} {
		if got, polled, _ := pollable(in); got != in || polled {
			t.Errorf("%T: got %T, polled: %t", in, got, polled)
		}
	}
}

// A server gets along with one processor if no read holds it.
func TestOneProcessorServesAPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, initialize+"\n"+listTools+"\n"); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	defer func() { _ = r.Close() }()
	for _, c := range []struct {
		in         io.Reader
		processors int
	}{{r, 1}, {strings.NewReader(initialize + "\n" + listTools + "\n"), 0}} {
		given := make(chan tuning, 10) // one for each response
		code := Run(t.Context(), newStore(t).api(), Process{
			Args: []string{"stdio"}, Stdin: c.in, Stdout: io.Discard, Stderr: io.Discard,
			started: func(tuned tuning) { given <- tuned },
		})
		if got := <-given; code != ExitOK || got.processors != c.processors || got.gcPercent != tunedForOne().gcPercent {
			t.Errorf("%T: got code %d and %+v, want %d processors", c.in, code, got, c.processors)
		}
	}
}
