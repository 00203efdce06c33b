package vault

import (
	"bytes"
	"errors"
	"testing"
	"testing/iotest"
)

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
