package serve

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"
)

const (
	// maxLogBytes limits the log lines that wait to be written.
	maxLogBytes = 1 << 20
	// logFlushTime limits how long the start and the end of a server wait until they are written.
	logFlushTime = time.Second
)

// logWriter writes the log of a server and never makes its callers wait: some programs that start a server never read
// its standard error, whose pipe is full after a few hundred lines, and a log collector may hang. Lines beyond the
// limit are lost and counted. It is safe for concurrent use; each Write has whole lines.
type logWriter struct {
	out  io.Writer
	lost func(lines int) []byte // returns the line that says how many were lost

	mu      sync.Mutex
	waiting []byte        // lines
	missing int           // lines that were lost behind those that wait
	idle    chan struct{} // closed when nothing waits any more; nil: nothing waits
}

var errLogFull = errors.New("the log is not read, and too much of it waits to be written")

func (w *logWriter) Write(lines []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.idle == nil {
		w.idle = make(chan struct{})
		go w.write()
	}
	if len(w.waiting)+len(lines) > maxLogBytes {
		w.missing += bytes.Count(lines, []byte{'\n'})
		return 0, errLogFull
	}
	w.waiting = append(w.waiting, lines...)
	return len(lines), nil
}

// write writes lines until none wait. A line that cannot be written is lost, as the log is where that would be said.
func (w *logWriter) write() {
	var lines []byte
	for {
		w.mu.Lock()
		if len(w.waiting) == 0 && w.missing == 0 {
			close(w.idle)
			w.idle, w.waiting = nil, nil
			w.mu.Unlock()
			return
		}
		missing := w.missing
		lines, w.waiting, w.missing = w.waiting, lines[:0], 0
		w.mu.Unlock()
		_, _ = w.out.Write(lines)
		if missing > 0 {
			_, _ = w.out.Write(w.lost(missing))
		}
	}
}

// flush waits until no line waits any more, for a limited time.
func (w *logWriter) flush() {
	w.mu.Lock()
	idle := w.idle
	w.mu.Unlock()
	if idle == nil {
		return
	}
	timeout := time.NewTimer(logFlushTime)
	defer timeout.Stop()
	select {
	case <-idle:
	case <-timeout.C:
	}
}

// forServer returns the program as a server runs it: the log makes no request wait, and a standard error that nobody
// reads any more does not end the process. The lines of requests that the logger makes wait for each other. flush waits
// a moment until the log is written.
func (p program) forServer(f flags) (_ program, logger *slog.Logger, flush func()) {
	p.serving()
	w := &logWriter{out: p.stderr, lost: func(lines int) []byte {
		var line bytes.Buffer
		here := p
		here.stderr = &line
		here.logger(f).Warn("log lines were lost, as the log was not read", slog.Int("lines", lines))
		return line.Bytes()
	}}
	p.stderr = w
	buffer := &logBuffer{out: w}
	logger = slog.New(bufferedHandler{p.logHandler(f, &buffer.lines), buffer})
	return p, logger, func() { buffer.flush(); w.flush() }
}
