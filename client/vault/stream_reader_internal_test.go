package vault

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
)

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

// forge returns a stream without its head, of chunks of those sizes, all of them authentic.
func forge(t *testing.T, frames ...uint32) (*Reader, []byte) {
	t.Helper()
	k, err := dataKey{plain: make([]byte, keySize)}.stream(make([]byte, saltSize), nil)
	if err != nil {
		t.Fatal(err)
	}
	c := chunks{aead: k.chunk}
	var s []byte
	for _, frame := range frames {
		nonce, err := c.nonce()
		if err != nil {
			t.Fatal(err)
		}
		begin := binary.BigEndian.AppendUint32(nil, frame)
		s = append(s, begin...)
		s = c.aead.Seal(s, nonce, make([]byte, frame&^lastChunk), begin)
	}
	r := &Reader{
		src: bytes.NewReader(s), chunks: chunks{aead: k.chunk},
		sealed: make([]byte, sealedMaximum), plain: make([]byte, 0, chunkSize),
	}
	return r, s
}

// Whoever has the data key cannot make a stream whose chunks are of other sizes than those of the format.
func TestSizesOfChunksAreThoseOfTheFormat(t *testing.T) {
	const notOne, cut = "is not a chunk of the stream", "the stream ends in its chunk"
	for _, test := range []struct {
		frames []uint32
		size   int
		says   string
	}{
		{[]uint32{lastChunk}, 0, ""},
		{[]uint32{lastChunk | 1}, 1, ""},
		{[]uint32{lastChunk | chunkSize - 1}, chunkSize - 1, ""},
		{[]uint32{lastChunk | chunkSize}, chunkSize, ""},
		{[]uint32{lastChunk | chunkSize + 1}, 0, "chunk 0 " + notOne},
		{[]uint32{chunkSize, lastChunk}, chunkSize, ""},
		{[]uint32{chunkSize, lastChunk | 1}, chunkSize + 1, ""},
		{[]uint32{0}, 0, "chunk 0 " + notOne},
		{[]uint32{chunkSize - 1}, 0, "chunk 0 " + notOne},
		{[]uint32{chunkSize + 1}, 0, "chunk 0 " + notOne},
		{[]uint32{chunkSize - 1, lastChunk}, 0, "chunk 0 " + notOne},
		{[]uint32{chunkSize, 0, lastChunk}, chunkSize, "chunk 1 " + notOne},
		{[]uint32{chunkSize, chunkSize - 1, lastChunk}, chunkSize, "chunk 1 " + notOne},
		{[]uint32{chunkSize, lastChunk | chunkSize + 1}, chunkSize, "chunk 1 " + notOne},
		{[]uint32{chunkSize}, chunkSize, cut + " 1"},
		{[]uint32{lastChunk | 1, lastChunk | 1}, 1, "bytes follow the end of the stream"},
	} {
		r, _ := forge(t, test.frames...)
		got, err := io.ReadAll(r)
		if len(got) != test.size || (err == nil) != (test.says == "") ||
			err != nil && !strings.HasSuffix(err.Error(), test.says) {
			t.Errorf("frames %x: got %d bytes, %v; want %d, %s", test.frames, len(got), err, test.size, test.says)
		}
		if test.says == "" {
			err = io.EOF
		}
		if again, second := r.Read(make([]byte, 1)); again != 0 || !errors.Is(second, err) {
			t.Errorf("frames %x, read again: got %d, %v; want %v", test.frames, again, second, err)
		}
	}
}

// An empty stream ends with the first Read.
func TestReadOfAnEmptyStreamReturnsItsEnd(t *testing.T) {
	r, _ := forge(t, lastChunk)
	if n, err := r.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("got %d, %v; want io.EOF", n, err)
	}
}

// failingOnce fails once, after so many bytes, and then goes on.
type failingOnce struct {
	io.Reader

	after int
}

func (f *failingOnce) Read(p []byte) (int, error) {
	if f.after == 0 {
		f.after = -1
		return 0, errSource
	}
	if f.after > 0 {
		p = p[:min(len(p), f.after)]
	}
	n, err := f.Reader.Read(p)
	if f.after > 0 {
		f.after -= n
	}
	return n, err
}

// What a source returns after it has failed is not read.
func TestFailedSourceStaysFailed(t *testing.T) {
	_, s := forge(t, lastChunk|3)
	for after := range len(s) + 1 {
		r, _ := forge(t, lastChunk|3)
		r.src = &failingOnce{bytes.NewReader(s), after}
		want := "workos/vault: decrypt: read the chunk 0 of the stream: connection reset"
		if after == len(s) {
			want = "workos/vault: decrypt: read beyond the stream: connection reset"
		}
		_, err := io.ReadAll(r)
		for range 2 {
			if !errors.Is(err, errSource) || err.Error() != want {
				t.Errorf("after %d bytes: got %v; want %s", after, err, want)
			}
			_, err = r.Read(make([]byte, 1))
		}
		r, _ = forge(t, lastChunk|3)
		r.src = bytes.NewReader(s[:after])
		if _, err := io.ReadAll(r); (err == nil) != (after == len(s)) || err != nil && !errors.Is(err, ErrTruncated) {
			t.Errorf("cut after %d bytes: got %v", after, err)
		}
	}
}
