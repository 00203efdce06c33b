package mcpadapter

import (
	"context"
	"io"
	"runtime"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/budget"
)

// sharedMemory is how many bytes of responses calls hold at once, beside what each may, see package budget. The
// processing of one takes a few times its size.
const sharedMemory = 16 << 20

// someProcessors is how many processors large responses, or programs, may use: half of them, so that small calls do not
// wait.
func someProcessors() int { return max(1, runtime.GOMAXPROCS(0)/2) } //nolint:mnd // half

// hold opens the account of the call's responses. release gives back what it holds.
func (c *call) hold() (release func()) {
	c.memory = c.tool.engine.memory.Open()
	return func() {
		c.pause()
		c.memory.Close()
	}
}

// work waits for the turn to work on a large response, which takes a processor for a while.
func (c *call) work(ctx context.Context) error {
	select {
	case c.tool.engine.large <- struct{}{}:
		c.working = true
		return nil
	case <-ctx.Done():
		return context.Cause(ctx) //nolint:wrapcheck // as of the request itself
	}
}

// pause lets others work on large responses.
func (c *call) pause() {
	if c.working {
		c.working = false
		<-c.tool.engine.large
	}
}

type memoryKey struct{}

// LimitMemory returns a response body whose reads wait until there is memory for them: the calls of an adapter share
// some for large responses, and a call fails if it gets none before its timeout. The context is that of the request.
//
// It is for transports below a client that reads responses whole, before the adapter does. Responses that arrive
// otherwise are limited by the adapter itself.
func LimitMemory(ctx context.Context, body io.ReadCloser) io.ReadCloser {
	account, ok := ctx.Value(memoryKey{}).(*budget.Account)
	if !ok {
		return body
	}
	return struct {
		io.Reader
		io.Closer
	}{account.Transport(ctx, body), body}
}
