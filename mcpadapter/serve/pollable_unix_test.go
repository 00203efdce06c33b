//go:build unix

package serve

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
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

// Requests that come one by one get along with one processor if no read holds it.
func TestOneProcessorServesAPipe(t *testing.T) {
	for _, piped := range []bool{true, false} {
		in, ask, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		responses, out := io.Pipe()
		var set []bool
		p := Process{
			Args: []string{"stdio"}, Stdin: in, Stdout: out, Stderr: io.Discard,
			setProcessors: func(one bool) { set = append(set, one) },
		}
		if !piped {
			p.Stdin = struct{ io.Reader }{in}
		}
		ended := make(chan int)
		go func() { ended <- Run(t.Context(), newStore(t).api(), p) }()
		lines := bufio.NewReader(responses)
		for i := range 2 * aloneFor {
			message := initialize
			if i > 0 {
				message = fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"ping"}`, i)
			}
			if _, err := io.WriteString(ask, message+"\n"); err != nil {
				t.Fatal(err)
			}
			if _, err := lines.ReadBytes('\n'); err != nil {
				t.Fatal(err)
			}
		}
		_ = ask.Close()
		if code := <-ended; code != ExitOK {
			t.Errorf("piped: %t: got code %d", piped, code)
		}
		_ = in.Close()
		if slices.Equal(set, []bool{true}) != piped || len(set) > 1 {
			t.Errorf("piped: %t: got %v set", piped, set)
		}
	}
}
