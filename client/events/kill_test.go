//go:build unix

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

// scale is how much a victim goes through: with the build tag e2e, what finds rare faults too.
type scale struct{ events, kills int }

func scaled() scale {
	if manyKills && !testing.Short() {
		return scale{events: 10_000, kills: 50}
	}
	return scale{events: 500, kills: 6}
}

// TestNoEventIsLostWhenTheConsumerIsKilled kills a consumer at random points while events are emitted, and starts it
// again from what its file says.
func TestNoEventIsLostWhenTheConsumerIsKilled(t *testing.T) {
	t.Parallel()
	t.Run("with a checkpoint after 4 events", func(t *testing.T) {
		t.Parallel()
		newVictim(t, &stub{tb: t}, 4, 100).live()
	})
	t.Run("with a checkpoint after 25 events, by 429, 500, resets and slow bodies", func(t *testing.T) {
		t.Parallel()
		bad := new(faults)
		newVictim(t, &stub{tb: t, broken: bad.answer}, 25, 40).live()
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
	scale

	url, store, log string
	every, size     int
	stub            *stub
	seen            int // bytes of the log that were looked at
	next            int // the event that must come next
	handled, again  int
}

func newVictim(t *testing.T, s *stub, every, size int) *victim {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	dir := t.TempDir()
	return &victim{
		T: t, scale: scaled(), url: server.URL, every: every, size: size, stub: s,
		store: filepath.Join(dir, "checkpoint.json"), log: filepath.Join(dir, "log"),
	}
}

func (v *victim) live() {
	v.Helper()
	for k := range v.kills {
		emitted := v.events * (k + 1) / (v.kills + 1)
		v.stub.emitted.Store(int64(emitted))
		process := v.start()
		v.await(min(v.next+rand.N(v.events/v.kills), emitted))
		time.Sleep(rand.N(2 * time.Millisecond)) // wherever it is by then
		if err := process.Process.Kill(); err != nil {
			v.Fatalf("kill %d: %v", k, err)
		}
		_ = process.Wait() // "signal: killed"
		v.check()
	}

	v.stub.emitted.Store(int64(v.events))
	process := v.start()
	v.await(v.events)
	if err := process.Process.Signal(syscall.SIGTERM); err != nil {
		v.Fatalf("stop: %v", err)
	}
	if err := process.Wait(); err != nil {
		v.Errorf("stop: got %v, want exit status 0", err)
	}
	v.check()
	if v.next != v.events {
		v.Errorf("the consumer stopped before event %d, want all %d done", v.next, v.events)
	}
	if v.again > v.kills*v.every {
		v.Errorf("%d events came again, want at most %d for each of %d kills", v.again, v.every, v.kills)
	}
	v.Logf("%d events came %d times, %d of them again, after %d kills", v.events, v.handled, v.again, v.kills)
}

// await waits until the events before that number are handled.
func (v *victim) await(number int) {
	v.Helper()
	for end := time.Now().Add(time.Minute); v.logged() < number; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			v.Fatalf("%d events are handled after a minute, want %d", v.logged(), number)
		}
	}
}

// start runs this test as the program that consumes, see TestMain.
func (v *victim) start() *exec.Cmd {
	v.Helper()
	every, size := strconv.Itoa(v.every), strconv.Itoa(v.size)
	process := exec.CommandContext(v.Context(), os.Args[0], v.url, v.store, v.log, every, size)
	process.Env = append(os.Environ(), isVictim+"=1")
	process.Stderr = os.Stderr
	if err := process.Start(); err != nil {
		v.Fatalf("start: %v", err)
	}
	v.Cleanup(func() { // or it might outlive the test, whose output it holds open
		_ = process.Process.Kill()
		_ = process.Wait()
	})
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
