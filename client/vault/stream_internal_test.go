package vault

import (
	"errors"
	"testing"
)

func TestNoncesOfAStreamAreUniqueAndEnd(t *testing.T) {
	seen := map[string]bool{}
	for _, count := range []uint64{0, 1, 255, 256, 1<<16 - 1, 1 << 16, maxChunks - 1} {
		c := chunks{count: count}
		nonce, err := c.nonce()
		if err != nil || len(nonce) != nonceSize || seen[string(nonce)] {
			t.Errorf("chunk %d: got nonce %x, error %v; want %d bytes of its own", count, nonce, err, nonceSize)
		}
		seen[string(nonce)] = true
		if c.count != count+1 {
			t.Errorf("after chunk %d: got %d next, want the one after it", count, c.count)
		}
	}
	c := chunks{count: maxChunks}
	if nonce, err := c.nonce(); !errors.Is(err, ErrTooLarge) || nonce != nil {
		t.Errorf("chunk %d: got nonce %x, error %v; want ErrTooLarge", uint64(maxChunks), nonce, err)
	}
}
