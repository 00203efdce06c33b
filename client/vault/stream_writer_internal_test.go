package vault

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

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

// ReadFrom counts what it took from the source, also where the stream cannot be written.
func TestReadFromCountsWhatItTook(t *testing.T) {
	for limit, want := range []int64{chunkSize, 2 * chunkSize, 3 * chunkSize} {
		k, err := dataKey{plain: make([]byte, keySize)}.stream(make([]byte, saltSize), nil)
		if err != nil {
			t.Fatal(err)
		}
		w := &Writer{dst: &failingWriter{limit}, chunks: chunks{aead: k.chunk}, plain: make([]byte, 0, chunkSize)}
		src := bytes.NewReader(make([]byte, 4*chunkSize))
		n, err := w.ReadFrom(iotest.HalfReader(src))
		if n != want || !errors.Is(err, errSource) || int64(src.Len()) != 4*chunkSize-want {
			t.Errorf("%d chunks written: got %d, %v; want %d and the writer's error", limit, n, err, want)
		}
	}
}

type failingWriter struct{ writes int }

func (f *failingWriter) Write(p []byte) (int, error) {
	if f.writes--; f.writes < 0 {
		return 0, errSource
	}
	return len(p), nil
}
