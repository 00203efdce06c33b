package vault

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
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

func TestDataKeysAreOverwrittenOnceTheyAreUsed(t *testing.T) {
	for name, use := range map[string]func(dataKey) error{
		"to encrypt":  func(k dataKey) error { _, err := k.sealer(); return err },
		"to decrypt":  func(k dataKey) error { _, err := k.opener(nonceSize); return err },
		"in a stream": func(k dataKey) error { _, err := k.stream(make([]byte, saltSize), nil); return err },
	} {
		key := dataKey{plain: bytes.Repeat([]byte{7}, keySize)}
		if err := use(key); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Equal(key.plain, make([]byte, keySize)) {
			t.Errorf("%s: got a key that is still there, want zeros", name)
		}
	}
}

// A key that is being fetched, and then refused, takes nobody's place meanwhile.
func TestKeysUnderWayPushNoneOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newKeyring(2, 100, time.Hour)
		fetched := map[string]int{}
		use := func(name string, took time.Duration, err error) {
			if _, failed := r.use(t.Context(), name, func(context.Context) (heldKey, error) {
				fetched[name]++
				time.Sleep(took)
				return heldKey{encrypted: []byte(name)}, err
			}); !errors.Is(failed, err) {
				t.Errorf("%s: got %v, want %v", name, failed, err)
			}
		}
		use("a", 0, nil)
		var wait sync.WaitGroup
		for range 5 {
			wait.Go(func() { use("refused", time.Second, ErrDataKey) })
		}
		synctest.Wait()
		use("b", 0, nil)
		use("a", 0, nil)
		wait.Wait()
		if fetched["a"] != 1 || fetched["refused"] != 5 {
			t.Errorf("fetched %v, want one a, which has its place", fetched)
		}
		use("c", 0, nil)
		use("a", 0, nil)
		if fetched["a"] != 1 || len(r.slots) != 2 || r.order.Len() != 2 || r.busy != 0 {
			t.Errorf("fetched %v, %d places and %d busy; want a and c in 2", fetched, len(r.slots), r.busy)
		}
	})
}

func TestKeysAreLetGoOfAtTheirAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newKeyring(10, 5, time.Minute)
		fetch := func(context.Context) (heldKey, error) { return heldKey{encrypted: []byte("key")}, nil }
		for _, name := range []string{"a", "b"} {
			if _, err := r.use(t.Context(), name, fetch); err != nil {
				t.Fatal(err)
			}
			time.Sleep(30 * time.Second)
		}
		for _, want := range []int{1, 0} {
			synctest.Wait()
			r.mu.Lock()
			held := 0
			for _, e := range r.slots {
				if slotOf(e).key.encrypted != nil {
					held++
				}
			}
			r.mu.Unlock()
			if held != want {
				t.Errorf("got %d keys in memory, want %d", held, want)
			}
			time.Sleep(30 * time.Second)
		}
	})
}

func TestDataKeyOfAnotherSizeIsOfNoUse(t *testing.T) {
	for _, size := range []int{0, 1, 31, 33} {
		for name, use := range map[string]func(dataKey) error{
			"to encrypt": func(k dataKey) error { _, err := k.sealer(); return err },
			"to decrypt": func(k dataKey) error { _, err := k.opener(nonceSize); return err },
		} {
			key := dataKey{plain: bytes.Repeat([]byte{7}, size)}
			if err := use(key); !errors.Is(err, ErrDataKey) || !bytes.Equal(key.plain, make([]byte, size)) {
				t.Errorf("%d bytes, %s: got %v and the key %x, want ErrDataKey and zeros", size, name, err, key.plain)
			}
		}
	}
	key := dataKey{plain: bytes.Repeat([]byte{7}, keySize)}
	if aead, err := key.opener(0); aead != nil || !errors.Is(err, ErrDataKey) {
		t.Errorf("nonce of no bytes: got %v, %v; want ErrDataKey", aead, err)
	}
}

func TestDataKeysAreOfTheirSize(t *testing.T) {
	for size, good := range map[int]bool{0: false, 16: false, 31: false, 32: true, 33: false, 64: false} {
		k, err := newDataKey(encode(make([]byte, size)), encode([]byte("keys")))
		if good != (err == nil) || good != (len(k.plain) == size && string(k.encrypted) == "keys") {
			t.Errorf("key of %d bytes: got %v, %v; want it taken: %t", size, k, err, good)
		}
		if !good && (!errors.Is(err, ErrDataKey) || k.plain != nil || k.encrypted != nil) {
			t.Errorf("key of %d bytes: got %v, %v; want ErrDataKey alone", size, k, err)
		}
	}
	for size, good := range map[int]bool{0: false, 1: true, maxKeys - 1: true, maxKeys: true, maxKeys + 1: false} {
		keys, err := decodeKeys(encode(make([]byte, size)))
		if good != (err == nil) || good != (len(keys) == size && size > 0) || !good && !errors.Is(err, ErrDataKey) {
			t.Errorf("encrypted keys of %d bytes: got %d, %v; want them taken: %t", size, len(keys), err, good)
		}
	}
}

// What was read or written does not stay in memory, whichever way the stream ends.
func TestPlaintextOfAStreamIsOverwritten(t *testing.T) {
	aead := func() chunks {
		k, err := dataKey{plain: make([]byte, keySize)}.stream(make([]byte, saltSize), nil)
		if err != nil {
			t.Fatal(err)
		}
		return chunks{aead: k.chunk}
	}
	writer := func(dst io.Writer) *Writer {
		return &Writer{dst: dst, chunks: aead(), plain: make([]byte, 0, chunkSize)}
	}
	zero := func(name string, memory []byte) {
		t.Helper()
		if memory = memory[:cap(memory)]; !bytes.Equal(memory, make([]byte, len(memory))) {
			t.Errorf("%s: the plaintext is still there", name)
		}
	}
	secret := bytes.Repeat([]byte("secret! "), chunkSize/8)

	var sink bytes.Buffer
	w := writer(&sink)
	if _, err := w.Write(append(secret, 1)); err != nil {
		t.Fatal(err)
	}
	zero("after a chunk", w.plain[1:])
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	zero("after Close", w.plain)

	r := &Reader{src: &sink, chunks: aead(), sealed: make([]byte, sealedMaximum), plain: make([]byte, 0, chunkSize)}
	if got, err := io.ReadAll(r); err != nil || len(got) != chunkSize+1 {
		t.Fatalf("read: got %d bytes, %v", len(got), err)
	}
	zero("after reading", r.plain)

	w = writer(io.Discard)
	broken := errors.New("disk on fire")
	src := io.MultiReader(bytes.NewReader(secret[:100]), iotest.ErrReader(broken))
	if n, err := w.ReadFrom(src); n != 100 || !errors.Is(err, broken) {
		t.Errorf("ReadFrom: got %d, %v; want 100 and the source's error", n, err)
	}
	zero("after a failed source", w.plain)

	w = writer(io.Discard)
	w.chunks.count = maxChunks
	if _, err := w.Write(secret); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if n, err := w.Write([]byte("more")); n != 0 || !errors.Is(err, ErrTooLarge) {
			t.Errorf("beyond the last chunk: got %d, %v; want ErrTooLarge", n, err)
		}
	}
	if err := w.Close(); !errors.Is(err, ErrTooLarge) {
		t.Errorf("close: got %v, want ErrTooLarge", err)
	}
	zero("beyond the last chunk", w.plain)
}

func TestReaderEndsAtTheLastChunkThereIs(t *testing.T) {
	k, err := dataKey{plain: make([]byte, keySize)}.stream(make([]byte, saltSize), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &Reader{
		src: bytes.NewReader(append([]byte{0, 1, 0, 0}, make([]byte, sealedMaximum)...)), sealed: make([]byte, sealedMaximum),
		chunks: chunks{aead: k.chunk, count: maxChunks},
	}
	for range 2 {
		if n, err := r.Read(make([]byte, 1)); n != 0 || !errors.Is(err, ErrTooLarge) {
			t.Errorf("got %d, %v; want ErrTooLarge", n, err)
		}
	}
	if n, err := r.Read(nil); n != 0 || err != nil {
		t.Errorf("read of nothing: got %d, %v; want 0", n, err)
	}
}
