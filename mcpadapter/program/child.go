package program

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	maxMessage = 8 << 20 // bytes of a message of the interpreter
	maxStderr  = 2 << 10 // bytes of its standard error that are kept
)

// errEnded is the end of a process that has not said how its program ended.
var errEnded = errors.New("the interpreter ended")

// child is one process of the interpreter.
type child struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	lines  chan line // of its standard output
	stderr limitedBuffer
	ended  func(*os.ProcessState)

	once sync.Once
	why  string
}

// line is a message, or the error that ends them.
type line struct {
	text []byte
	err  error
}

// start starts a process. Its end is that of the context at the latest.
func (e *Engine) start(ctx context.Context) (*child, error) {
	//nolint:gosec // see New
	c := &child{cmd: exec.CommandContext(ctx, e.path), lines: make(chan line, 1), ended: e.ended}
	c.cmd.Dir = filepath.Dir(e.path) // an image may have no other directory

	// The credentials of the server stay out of the process.
	c.cmd.Env = append(systemEnvironment(), "TZ=UTC", "GOMAXPROCS=2", "GOTRACEBACK=none")
	c.cmd.Stderr = &c.stderr
	c.cmd.WaitDelay = time.Second
	out, err := c.cmd.StdoutPipe()
	if err == nil {
		c.in, err = c.cmd.StdinPipe()
	}
	if err == nil {
		err = c.cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("workos/mcpadapter/program: start the interpreter: %w", err)
	}
	go c.read(out)
	return c, nil
}

// systemEnvironment returns the variables without which Windows starts no process.
func systemEnvironment() []string {
	var list []string
	for _, name := range []string{"SystemRoot", "windir"} {
		if value, ok := os.LookupEnv(name); ok {
			list = append(list, name+"="+value)
		}
	}
	return list
}

// read passes on the messages until there are no more.
func (c *child) read(out io.Reader) {
	defer close(c.lines)
	in := bufio.NewReaderSize(out, 64<<10)
	for {
		var text []byte
		for {
			part, err := in.ReadSlice('\n')
			text = append(text, part...)
			if len(text) > maxMessage {
				c.lines <- line{err: fmt.Errorf("a message has more than %d bytes", maxMessage)}
				return
			}
			if err == nil {
				break
			}
			if !errors.Is(err, bufio.ErrBufferFull) {
				return
			}
		}
		c.lines <- line{text: text}
	}
}

func (c *child) send(v any) error {
	text, err := encoded(v)
	if err != nil {
		return err
	}
	if _, err := c.in.Write(text); err != nil {
		return errEnded
	}
	return nil
}

// receive waits for the next message, and takes the wait off the time that is left.
func (c *child) receive(ctx context.Context, left *time.Duration) (message, error) {
	since := time.Now()
	timer := time.NewTimer(*left)
	defer timer.Stop()
	select {
	case l, ok := <-c.lines:
		*left = max(*left-time.Since(since), 1)
		switch {
		case !ok:
			return message{}, errEnded
		case l.err != nil:
			return message{}, l.err
		}
		var m message
		if err := json.Unmarshal(l.text, &m); err != nil {
			return message{}, fmt.Errorf("read a message of the interpreter: %w", err)
		}
		return m, nil
	case <-timer.C:
		*left = 0
		return message{}, errEnded
	case <-ctx.Done():
		return message{}, ctx.Err() //nolint:wrapcheck // see fault
	}
}

// end kills the process, waits for it, and returns what it wrote to its standard error.
func (c *child) end() string {
	c.once.Do(func() {
		_ = c.in.Close()
		_ = c.cmd.Process.Kill()
		for range c.lines {
		}
		err := c.cmd.Wait()
		if c.ended != nil {
			c.ended(c.cmd.ProcessState)
		}
		c.why = strings.TrimSpace(c.stderr.String())
		if first, _, more := strings.Cut(c.why, "\n"); more {
			c.why = first
		}
		if c.why == "" && err != nil {
			c.why = "the interpreter ended: " + err.Error()
		}
	})
	return c.why
}

// limitedBuffer keeps the first bytes that are written to it.
type limitedBuffer struct {
	mu   sync.Mutex
	text []byte
}

func (b *limitedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.text = append(b.text, p[:min(len(p), maxStderr-len(b.text))]...)
	return len(p), nil
}

func (b *limitedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return string(b.text)
}
