package serve

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

const (
	// logDelay is how long the line of a request waits for others. Made and written one by one, while the calls go on,
	// lines take several times as long.
	logDelay = 10 * time.Millisecond
	// logRoom is how many lines wait; then they are written at once.
	logRoom = 128
)

// logBuffer writes the lines of a log. Those of requests wait for others, for logDelay at most. It is safe for
// concurrent use.
type logBuffer struct {
	out io.Writer

	mu      sync.Mutex
	waiting []waitingLine
	lines   lineBytes   // made, and not written
	timer   *time.Timer // writes the lines that wait; nil: there was none yet
}

type waitingLine struct {
	handler slog.Handler // writes to logBuffer.lines
	record  slog.Record
}

// lineBytes is the writer of the handlers.
type lineBytes []byte

func (b *lineBytes) Write(line []byte) (int, error) {
	*b = append(*b, line...)
	return len(line), nil
}

// add adds a line, which is written at once with those before it, or waits.
func (b *logBuffer) add(line waitingLine, waits bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting = append(b.waiting, line)
	switch {
	case !waits, len(b.waiting) >= logRoom:
		b.write()
	case len(b.waiting) > 1: // the timer runs
	case b.timer == nil:
		b.timer = time.AfterFunc(logDelay, b.flush)
	default:
		b.timer.Reset(logDelay)
	}
}

// flush writes the lines that wait.
func (b *logBuffer) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.write()
}

// write writes the lines. The caller holds the mutex. Errors are ignored: a log has nobody to tell them to.
func (b *logBuffer) write() {
	if b.timer != nil {
		b.timer.Stop()
	}
	for _, line := range b.waiting {
		_ = line.handler.Handle(context.Background(), line.record)
	}
	clear(b.waiting)
	b.waiting = b.waiting[:0]
	if len(b.lines) > 0 {
		_, _ = b.out.Write(b.lines)
		b.lines = b.lines[:0]
	}
}

// bufferedHandler lets the lines of requests wait. All others are written at once: somebody waits for them, or they are
// the last ones of a process.
type bufferedHandler struct {
	slog.Handler // writes to the lines of the buffer

	buffer *logBuffer
}

func (h bufferedHandler) Handle(_ context.Context, r slog.Record) error {
	//nolint:contextcheck // the handlers of a server ignore it, and a line outlives its request
	h.buffer.add(waitingLine{h.Handler, r.Clone()}, r.Message == requestMessage)
	return nil
}

func (h bufferedHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return bufferedHandler{h.Handler.WithAttrs(attrs), h.buffer}
}

func (h bufferedHandler) WithGroup(name string) slog.Handler {
	return bufferedHandler{h.Handler.WithGroup(name), h.buffer}
}
