//go:build !race && unix

// The race detector would watch this test alone, and not the program that it kills.

package events_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
)

const (
	allEvents = 10_000
	kills     = 50
)

// TestNoEventIsLostWhenTheConsumerIsKilled kills a consumer at random points while events are emitted, and starts it
// again from what its file says.
func TestNoEventIsLostWhenTheConsumerIsKilled(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds a program and kills it")
	}
	binary := filepath.Join(t.TempDir(), "consume")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "./testdata/consume")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}

	t.Run("with a checkpoint after 4 events", func(t *testing.T) {
		newVictim(t, binary, &stub{tb: t}, 4, 100).live()
	})
	t.Run("with a checkpoint after 25 events, by 429, 500, resets and slow bodies", func(t *testing.T) {
		var bad faults
		newVictim(t, binary, &stub{tb: t, broken: bad.answer}, 25, 40).live()
		for fault, count := range map[string]int64{
			"429": bad.limited.Load(), "500": bad.failed.Load(), "reset": bad.reset.Load(),
			"cut": bad.cut.Load(), "slow": bad.slow.Load(),
		} {
			if count == 0 {
				t.Errorf("the stub has answered with no %s", fault)
			}
			t.Logf("%d answers: %s", count, fault)
		}
	})
}

// victim is a consumer that is killed again and again.
type victim struct {
	*testing.T

	binary, url, store, log string
	every, size             int
	stub                    *stub
	seen                    int // bytes of the log that were looked at
	next                    int // the event that must come next
	handled, again          int
}

func newVictim(t *testing.T, binary string, s *stub, every, size int) *victim {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	dir := t.TempDir()
	return &victim{
		T: t, binary: binary, url: server.URL, every: every, size: size, stub: s,
		store: filepath.Join(dir, "checkpoint.json"), log: filepath.Join(dir, "log"),
	}
}

func (v *victim) live() {
	v.Helper()
	for k := range kills {
		v.stub.emitted.Store(int64(allEvents * (k + 1) / (kills + 1)))
		process := v.start()
		until := v.next + rand.N(allEvents/kills)
		for end := time.Now().Add(time.Second); v.logged() < until && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(rand.N(2 * time.Millisecond))
		if err := process.Process.Kill(); err != nil {
			v.Fatalf("kill %d: %v", k, err)
		}
		_ = process.Wait() // "signal: killed"
		v.check()
	}

	v.stub.emitted.Store(allEvents)
	process := v.start()
	for end := time.Now().Add(time.Minute); v.logged() < allEvents; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			v.Fatalf("only %d events have come", v.logged())
		}
	}
	if err := process.Process.Signal(syscall.SIGTERM); err != nil {
		v.Fatalf("stop: %v", err)
	}
	if err := process.Wait(); err != nil {
		v.Errorf("stop: got %v, want exit status 0", err)
	}
	v.check()
	if v.next != allEvents {
		v.Errorf("the consumer stopped before event %d, want all %d done", v.next, allEvents)
	}
	if v.again > kills*v.every {
		v.Errorf("%d events came again, want at most %d for each of %d kills", v.again, v.every, kills)
	}
	v.Logf("%d events came %d times, %d of them again, after %d kills", allEvents, v.handled, v.again, kills)
}

func (v *victim) start() *exec.Cmd {
	v.Helper()
	every, size := strconv.Itoa(v.every), strconv.Itoa(v.size)
	process := exec.CommandContext(v.Context(), v.binary, v.url, v.store, v.log, every, size)
	process.Stderr = os.Stderr
	if err := process.Start(); err != nil {
		v.Fatalf("start: %v", err)
	}
	return process
}

// logged is the number of the event after the last one that was handled.
func (v *victim) logged() int {
	v.Helper()
	lines := v.lines()
	if len(lines) == 0 {
		return v.next
	}
	return stubIndex(v, lines[len(lines)-1]) + 1
}

// lines are the IDs logged since the last check.
func (v *victim) lines() []string {
	v.Helper()
	text, err := os.ReadFile(v.log)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		v.Fatalf("log: %v", err)
	}
	if len(text) == 0 {
		return nil
	}
	text = text[v.seen : bytes.LastIndexByte(text, '\n')+1]
	return strings.Fields(string(text))
}

// check holds what a process has handled to the checkpoint before it, and takes the one that it has left for the next.
func (v *victim) check() {
	v.Helper()
	lines, done := v.lines(), v.next
	for i, id := range lines {
		if got, want := stubIndex(v, id), v.next+i; got != want {
			v.Fatalf("event %d came where %d was due, as number %d after the checkpoint", got, want, i+1)
		}
		done = v.next + i + 1
		v.seen += len(id) + 1
	}
	v.handled += len(lines)

	store, err := events.NewFileStore(v.store)
	if err != nil {
		v.Fatalf("store: %v", err)
	}
	saved, err := store.Load(v.Context())
	if err != nil {
		v.Fatalf("the checkpoint is broken after a kill: %v", err)
	}
	if saved.After == "" {
		v.next = 0
	} else {
		v.next = stubIndex(v, saved.After) + 1
	}
	switch {
	case v.next > done:
		v.Fatalf("the checkpoint is before event %d, though only %d are done: the rest is lost", v.next, done)
	case done-v.next > v.every:
		v.Errorf("the checkpoint is before event %d, though %d are done; want one after each %d", v.next, done, v.every)
	}
	v.again += done - v.next
}
