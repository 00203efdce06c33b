package serve

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

const (
	// logDelay is how long the line of a request waits for others: a write for each takes a part of what a call takes.
	logDelay = 10 * time.Millisecond
	// logRoom is how many bytes of lines wait; then they are written at once.
	logRoom = 32 << 10
)

// logBuffer writes the lines of a log together, logDelay after the first of them at the latest. It is safe for
// concurrent use.
type logBuffer struct {
	out io.Writer

	mu    sync.Mutex
	lines []byte
	timer *time.Timer // writes the lines; nil: there was none yet
}

// Write takes lines. An error of the writer is not returned: a log has nobody to tell it to.
func (b *logBuffer) Write(lines []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.lines) == 0 {
		if b.timer == nil {
			b.timer = time.AfterFunc(logDelay, b.flush)
		} else {
			b.timer.Reset(logDelay)
		}
	}
	b.lines = append(b.lines, lines...)
	if len(b.lines) >= logRoom {
		b.write()
	}
	return len(lines), nil
}

// flush writes the lines that wait.
func (b *logBuffer) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.write()
}

// write writes the lines. The caller holds the mutex.
func (b *logBuffer) write() {
	if len(b.lines) == 0 {
		return
	}
	b.timer.Stop()
	_, _ = b.out.Write(b.lines)
	if b.lines = b.lines[:0]; cap(b.lines) > 2*logRoom { // after a line of unusual length
		b.lines = nil
	}
}

// bufferedHandler lets the lines of requests wait. All others are written at once: somebody waits for them, or they are
// the last ones of a process.
type bufferedHandler struct {
	slog.Handler

	buffer *logBuffer
}

func (h bufferedHandler) Handle(ctx context.Context, r slog.Record) error {
	err := h.Handler.Handle(ctx, r)
	if r.Message != requestMessage {
		h.buffer.flush()
	}
	return err //nolint:wrapcheck // as the handler itself
}

func (h bufferedHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return bufferedHandler{h.Handler.WithAttrs(attrs), h.buffer}
}

func (h bufferedHandler) WithGroup(name string) slog.Handler {
	return bufferedHandler{h.Handler.WithGroup(name), h.buffer}
}
