package client

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadAllReadsEachLength(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, length := range []int{0, 1, 511, 512, 513, undeclared, undeclared + 512, undeclared + 513, 100_000, 3 << 20} {
		text := []byte(strings.Repeat("x", length-length/2) + strings.Repeat("y", length/2))
		for _, declared := range []int64{-1, 0, int64(length), int64(length) / 2, 2 * int64(length)} {
			for name, reader := range map[string]func() io.Reader{
				"whole":   func() io.Reader { return bytes.NewReader(text) },
				"halves":  func() io.Reader { return iotest.HalfReader(bytes.NewReader(text)) },
				"the end": func() io.Reader { return iotest.DataErrReader(bytes.NewReader(text)) },
			} {
				for _, limit := range []int64{int64(length), int64(length) + 1, 16 << 20} {
					body, complete, err := readAll(reader(), declared, limit)
					if err != nil || !complete || !bytes.Equal(body, text) {
						t.Errorf("%s: %d bytes, %d declared, limit %d: got %d bytes, %t, %v", name, length, declared, limit,
							len(body), complete, err)
					}
				}
				if length == 0 {
					continue
				}
				body, complete, err := readAll(reader(), declared, int64(length)-1)
				if err != nil || complete || len(body) < min(length, maxErrorBody) || !bytes.HasPrefix(text, body) {
					t.Errorf("%s: %d bytes, %d declared, one too many: got %d bytes, %t, %v", name, length, declared,
						len(body), complete, err)
				}
			}
			body, complete, err := readAll(io.MultiReader(bytes.NewReader(text), iotest.ErrReader(broken)), declared, 16<<20)
			if !errors.Is(err, broken) || complete || len(body) < min(length, maxErrorBody) || !bytes.HasPrefix(text, body) {
				t.Errorf("%d bytes, %d declared, broken: got %d bytes, %t, %v", length, declared, len(body), complete, err)
			}
		}
	}
}

func TestBeginningKeepsWhatAnErrorShows(t *testing.T) {
	t.Parallel()
	part := bytes.Repeat([]byte("x"), maxErrorBody-1)
	for _, c := range []struct {
		buffers [][]byte
		want    int
	}{
		{nil, 0},
		{[][]byte{part}, maxErrorBody - 1},
		{[][]byte{part, []byte("y"), []byte("z")}, maxErrorBody},
		{[][]byte{part, []byte("yy"), []byte("z")}, maxErrorBody + 1},
		{[][]byte{[]byte("a"), []byte("b"), []byte("c")}, 3},
	} {
		if got := beginning(c.buffers); len(got) != c.want {
			t.Errorf("%d buffers: got %d bytes, want %d", len(c.buffers), len(got), c.want)
		}
	}
}
