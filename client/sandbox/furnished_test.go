package sandbox_test

import (
	"sync"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// furniture is a world that was made once.
var furniture struct {
	once     sync.Once
	world    world
	clock    ticker
	snapshot []byte
}

// furnished returns a sandbox that has one of each thing, which the tests have to themselves. Its responses are always
// the same.
func furnished(t *testing.T) (*sandbox.Sandbox, world) {
	t.Helper()
	f := &furniture
	f.once.Do(func() {
		clock := newTicker()
		sb := sandbox.New(sandbox.WithExamples(), sandbox.WithSeed(1), sandbox.WithClock(clock.next))
		f.world = furnish(t, sb)
		f.snapshot, f.clock = sb.Snapshot(), *clock
	})
	if f.snapshot == nil {
		t.Fatal("the world could not be furnished; see the first test that failed")
	}
	clock := f.clock
	sb := sandbox.New(sandbox.WithExamples(), sandbox.WithClock(clock.next))
	if err := sb.Restore(f.snapshot); err != nil {
		t.Fatal(err)
	}
	return sb, f.world
}
