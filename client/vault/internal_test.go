package vault

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"strings"
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

// keepingReader remembers the memory that it read into.
type keepingReader struct {
	io.Reader

	memory [][]byte
}

func (k *keepingReader) Read(p []byte) (int, error) {
	n, err := k.Reader.Read(p)
	k.memory = append(k.memory, p[:n])
	return n, err //nolint:wrapcheck // as if nothing were between
}

func TestAnswersWithDataKeysAreOverwritten(t *testing.T) {
	key := bytes.Repeat([]byte{7}, keySize)
	text := base64.StdEncoding.EncodeToString(key)
	for name, answer := range map[string]string{
		"key":            `{"data_key":"` + text + `"}`,
		"key too long":   `{"data_key":"` + text[:40] + text + `"}`,
		"not documented": `{"data_key":"` + text + `","encrypted_keys":7}`,
		"cut":            `{"data_key":"` + text,
		"too large":      `{"data_key":"` + text + `"` + strings.Repeat(" ", maxAnswer),
	} {
		r := &keepingReader{Reader: strings.NewReader(answer)}
		got, err := readKey(r)
		if (err == nil) != (name == "key") || err == nil && !bytes.Equal(got.Key, key) {
			t.Errorf("%s: got %d bytes of a key, error %v", name, len(got.Key), err)
		}
		for _, memory := range r.memory {
			if bytes.Count(memory, []byte{0}) != len(memory) {
				t.Errorf("%s: what was read is still in memory", name)
			}
		}
	}
}
