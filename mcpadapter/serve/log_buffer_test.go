package serve

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// writes is a writer that keeps what each call of Write brought.
type writes struct {
	mu   sync.Mutex
	made []string
}

func (w *writes) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.made = append(w.made, string(b))
	return len(b), nil
}

// take returns the writes since the last call, once nothing else runs.
func (w *writes) take() []string {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	made := w.made
	w.made = nil
	return made
}

func bufferedLogger() (*slog.Logger, func(), *writes) {
	out := &writes{}
	_, logger, flush := newProgram(API{Name: "shop"}, Process{Stderr: out}).forServer(flags{})
	return logger, flush, out
}

func logRequest(logger *slog.Logger, id string) {
	l := newRequestLog()
	l.id, l.method = id, "ping"
	l.write(context.Background(), logger, time.Millisecond)
}

func TestLinesOfRequestsAreWrittenTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logger, flush, out := bufferedLogger()
		for round := range 2 {
			logRequest(logger, "req-1")
			logRequest(logger.With("a", 1).WithGroup("g"), "req-2")
			if got := out.take(); got != nil {
				t.Errorf("round %d: got %q at once, want the lines to wait", round, got)
			}
			time.Sleep(logDelay)
			if got := out.take(); len(got) != 1 || strings.Count(got[0], "\n") != 2 ||
				strings.Index(got[0], "req-1") > strings.Index(got[0], "req-2") {
				t.Errorf("round %d: got %q, want one write of both lines, in order", round, got)
			}
		}
		logRequest(logger, "req-3")
		flush()
		if got := out.take(); len(got) != 1 {
			t.Errorf("got %q at the end, want the line that waited", got)
		}
		time.Sleep(time.Hour)
		if got := out.take(); got != nil {
			t.Errorf("got %q later, want nothing again", got)
		}
	})
}

// What is no request is written at once, after the lines that wait.
func TestOtherLinesDoNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logger, _, out := bufferedLogger()
		logRequest(logger, "req-1")
		logger.Info("serving")
		got := strings.Join(out.take(), "")
		if strings.Count(got, "\n") != 2 || strings.Index(got, "req-1") > strings.Index(got, "serving") {
			t.Errorf("got %q, want both lines in order", got)
		}
	})
}

func TestLinesThatWaitAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logger, _, out := bufferedLogger()
		for i := range logRoom {
			if got := out.take(); got != nil {
				t.Fatalf("got %q after %d lines, want them to wait", got, i)
			}
			logRequest(logger, fmt.Sprint("req-", i))
		}
		if got := out.take(); len(got) != 1 || strings.Count(got[0], "\n") != logRoom {
			t.Errorf("got %q, want one write of %d lines", got, logRoom)
		}
	})
}

func TestALineHasTheTimeOfItsResponse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logger, flush, out := bufferedLogger()
		began := time.Now()
		l := newRequestLog()
		l.id, l.method = "req-1", "ping"
		time.Sleep(3 * time.Second)
		l.write(t.Context(), logger, time.Since(l.began))
		flush()
		want := "time=" + began.Add(3*time.Second).Format("2006-01-02T15:04:05.000Z07:00")
		if got := out.take()[0]; !strings.HasPrefix(got, want) || !strings.Contains(got, "duration_s=3 ") {
			t.Errorf("got %q, want it to begin with %s and to have the duration", got, want)
		}
	})
}
