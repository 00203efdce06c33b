package webhook

import (
	"crypto/sha256"
	"encoding/binary"
	"testing"
	"time"
)

// TestReplaysForgetWhatHasExpired looks inside, as a memory that only grows would show nowhere else.
func TestReplaysForgetWhatHasExpired(t *testing.T) {
	t.Parallel()
	var r replays
	now := time.UnixMilli(0)
	for i := range uint64(10_000) {
		var mac [sha256.Size]byte
		binary.BigEndian.PutUint64(mac[:], i)
		if !r.first(mac[:], now, now.Add(time.Minute)) {
			t.Fatalf("signature %d is new and taken for a replay", i)
		}
		now = now.Add(time.Second)
	}
	if most := 62; len(r.seen) > most || len(r.queue) > most { // a minute of one a second, and both ends
		t.Errorf("got %d and %d signatures in memory, want at most %d", len(r.seen), len(r.queue), most)
	}
	if capacity := cap(r.queue); capacity > 1000 {
		t.Errorf("the queue has grown to a capacity of %d", capacity)
	}
}
