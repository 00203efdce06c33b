package serve

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// drainTime bounds how long the end of the input waits for responses.
const drainTime = 2 * time.Minute

// drain holds back the end of the input until every request that was read is answered, because the transport cancels
// the calls in flight when it sees the end; likewise what follows initialize, because the transport works on all
// requests at once and their responses depend on the client. Requests and responses are matched by their JSON-RPC IDs.
// A call that waits for the client's person is not waited for: what would answer it comes after what is held back, or
// never.
type drain struct {
	ctx context.Context //nolint:containedctx // of the connection, which this is
	in  *bufio.Reader
	out io.Writer

	mu      sync.Mutex
	pending map[string]int  // by ID
	asked   map[string]bool // requests of the server that the client has not answered, by ID
	done    chan struct{}   // closed and renewed whenever something is written that wait looks at
}

func newDrain(ctx context.Context, in io.Reader, out io.Writer) *drain {
	return &drain{
		ctx: ctx, in: bufio.NewReader(in), out: out,
		pending: map[string]int{}, asked: map[string]bool{}, done: make(chan struct{}),
	}
}

// message is what tells requests, responses and cancellations apart (JSON-RPC 2.0 sections 4 and 5).
type message struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params struct {
		RequestID json.RawMessage `json:"requestId"`
	} `json:"params"`
}

func (d *drain) input() io.Reader {
	r, w := io.Pipe()
	go func() {
		for {
			line, err := d.in.ReadBytes('\n')
			if len(line) > 0 {
				method := d.read(line)
				if _, err := w.Write(line); err != nil {
					return
				}
				if method == "initialize" {
					d.wait()
				}
			}
			if err != nil {
				if errors.Is(err, io.EOF) {
					d.wait()
				}
				_ = w.CloseWithError(err)
				return
			}
		}
	}()
	return r
}

func (d *drain) output() io.Writer { return writerFunc(d.write) }

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// read takes note of a message and returns its method.
func (d *drain) read(line []byte) (method string) {
	var m message
	if json.Unmarshal(line, &m) != nil {
		return ""
	}
	switch {
	case m.Method == "notifications/cancelled":
		d.settle(m.Params.RequestID) // it gets no answer
	case m.Method == "subscriptions/listen": // it stays open
	case key(m.ID) == "":
	case m.Method != "":
		d.mu.Lock()
		d.pending[key(m.ID)]++
		d.mu.Unlock()
	default:
		d.mu.Lock()
		delete(d.asked, key(m.ID))
		d.mu.Unlock()
	}
	return m.Method
}

func (d *drain) write(b []byte) (int, error) {
	var answered []json.RawMessage
	for line := range bytes.Lines(b) {
		var m message
		switch {
		case json.Unmarshal(line, &m) != nil:
		case m.Method == "":
			answered = append(answered, m.ID)
		case key(m.ID) != "":
			d.ask(m.ID) // before the client can answer
		}
	}
	n, err := d.out.Write(b)
	for _, id := range answered {
		d.settle(id)
	}
	return n, err //nolint:wrapcheck // the transport sees what the pipe says
}

// key is an ID as the transport reads it, which may write it another way in the answer; "" for none.
func key(id json.RawMessage) string {
	var v any
	if json.Unmarshal(id, &v) != nil || v == nil {
		return ""
	}
	return fmt.Sprintf("%T %v", v, v)
}

func (d *drain) settle(id json.RawMessage) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch key := key(id); d.pending[key] {
	case 0:
		return
	case 1:
		delete(d.pending, key)
	default:
		d.pending[key]--
	}
	if len(d.pending) == 0 {
		clear(d.asked) // nothing waits for what the client has not answered
	}
	d.wake()
}

func (d *drain) ask(id json.RawMessage) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked[key(id)] = true
	d.wake()
}

// wake has wait look again. The lock is held.
func (d *drain) wake() {
	close(d.done)
	d.done = make(chan struct{})
}

// wait returns when no request is pending but those that wait for the client, the context ends or the time is up.
func (d *drain) wait() {
	timeout := time.NewTimer(drainTime)
	defer timeout.Stop()
	for {
		d.mu.Lock()
		pending, done := len(d.pending)-len(d.asked), d.done
		d.mu.Unlock()
		if pending <= 0 {
			return
		}
		select {
		case <-done:
		case <-d.ctx.Done():
			return
		case <-timeout.C:
			return
		}
	}
}
