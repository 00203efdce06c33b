package webhook

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
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

func TestReplaysForgetAllThatHasExpired(t *testing.T) {
	t.Parallel()
	for count := range byte(4) {
		var r replays
		now := time.UnixMilli(0)
		for i := range count {
			if mac := [sha256.Size]byte{i}; !r.first(mac[:], now, now.Add(time.Minute)) {
				t.Fatalf("signature %d is new and taken for a replay", i)
			}
		}
		for step, test := range []struct {
			after time.Duration
			mac   byte
			isNew bool
			kept  int
		}{
			{time.Minute, 100, true, int(count) + 1}, // at its very end a signature would still be accepted
			{time.Minute, 0, count == 0, int(count) + 1 + bit(count == 0)},
			{time.Minute + 1, 101, true, 2 + bit(count == 0)},
		} {
			mac := [sha256.Size]byte{test.mac}
			at := now.Add(test.after)
			if got := r.first(mac[:], at, at.Add(time.Minute)); got != test.isNew {
				t.Errorf("%d kept, step %d: is it new: got %t, want %t", count, step, got, test.isNew)
			}
			if len(r.seen) != test.kept || len(r.queue) != test.kept {
				t.Errorf("%d kept, step %d: got %d and %d signatures in memory, want %d", count, step, len(r.seen),
					len(r.queue), test.kept)
			}
		}
	}
}

func bit(set bool) int {
	if set {
		return 1
	}
	return 0
}

// Only what WorkOS has signed and is accepted costs memory.
func TestRefusedRequestsAreNotRemembered(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_767_323_045_678)
	v, err := NewVerifier("secret", WithReplayCheck(), WithClock(func() time.Time { return now }))
	if err != nil {
		t.Fatalf("NewVerifier: %v", err)
	}
	body := []byte("{}")
	for _, header := range []string{
		"", "t=1", Sign(body, "guess", now), Sign([]byte("[]"), "secret", now), Sign(body, "secret", now.Add(time.Hour)),
		Sign(body, "secret", now.Add(-time.Hour)),
	} {
		if err := v.Verify(body, header); err == nil || len(v.replays.seen) != 0 || len(v.replays.queue) != 0 {
			t.Errorf("%q: got %v, and %d signatures in memory; want a refusal and none", header, err, len(v.replays.seen))
		}
	}
	if err := v.Verify(body, Sign(body, "secret", now)); err != nil || len(v.replays.seen) != 1 {
		t.Errorf("accepted: got %v, and %d signatures in memory; want one", err, len(v.replays.seen))
	}
}

func TestNothingOfAMalformedSignatureIsReturned(t *testing.T) {
	t.Parallel()
	const good = "v1=0000000000000000000000000000000000000000000000000000000000000000"
	for _, header := range []string{
		"", strings.Repeat("x", maxHeader+1), good + ",x", good + ",t=1,t=1", good + ",t=x", good + ",t=1,v1=0", good, "t=1",
	} {
		if s, err := parseSignature(header); err == nil || s.t != "" || !s.at.IsZero() || s.macs != nil {
			t.Errorf("%.90q: got %+v, %v; want an error alone", header, s, err)
		}
	}
}
