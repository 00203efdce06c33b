package vault_test

import (
	"bytes"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/seed-f165d83c/workos/client/vault"
)

func TestStreamRoundTrip(t *testing.T) {
	v := newWire().vault(t)
	for _, size := range []int{0, 1, 1000, chunkSize - 1, chunkSize, chunkSize + 1, 2 * chunkSize, 5*chunkSize + 7} {
		plaintext := random(size)
		s := stream(t, v, plaintext, []byte("row"))
		chunks := max(1, (size+chunkSize-1)/chunkSize)
		if got, most := len(s), size+chunks*20+400; got > most {
			t.Errorf("%d bytes: got a stream of %d, want at most %d", size, got, most)
		}
		for name, src := range map[string]io.Reader{
			"whole":         bytes.NewReader(s),
			"byte by byte":  iotest.OneByteReader(bytes.NewReader(s)),
			"EOF with data": iotest.DataErrReader(bytes.NewReader(s)),
		} {
			if size > chunkSize+1 && name != "whole" {
				continue
			}
			got, err := unstream(t, v, src, []byte("row"))
			if err != nil || !bytes.Equal(got, plaintext) {
				t.Errorf("%d bytes, read %s: got %d, error %v; want what was encrypted", size, name, len(got), err)
			}
		}
	}
}

func TestStreamOfManyWritesIsThatOfOne(t *testing.T) {
	v := newWire().vault(t)
	plaintext := random(3*chunkSize + 11)
	for _, size := range []int{1000, chunkSize - 1, chunkSize, chunkSize + 1, 2 * chunkSize} {
		var sink bytes.Buffer
		w, err := v.EncryptTo(t.Context(), &sink, acme(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for part := range slices.Chunk(plaintext, size) {
			if n, err := w.Write(part); err != nil || n != len(part) {
				t.Fatalf("write: got %d, %v; want %d", n, err, len(part))
			}
		}
		if err := errors.Join(w.Close(), w.Close()); err != nil {
			t.Fatalf("close, twice: %v", err)
		}
		if _, err := w.Write([]byte("more")); err == nil {
			t.Error("write after Close: got no error")
		}
		if got, err := unstream(t, v, &sink, nil); err != nil || !bytes.Equal(got, plaintext) {
			t.Errorf("writes of %d bytes: got %d bytes, error %v; want what was encrypted", size, len(got), err)
		}
	}
}

func TestStreamIsEncryptedAsItIsRead(t *testing.T) {
	v := newWire().vault(t)
	plaintext := random(2*chunkSize + 5)
	var sink bytes.Buffer
	w, err := v.EncryptTo(t.Context(), &sink, acme(), nil)
	if err != nil {
		t.Fatal(err)
	}
	head := sink.Len()
	if _, err := w.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	n, err := w.ReadFrom(iotest.HalfReader(bytes.NewReader(plaintext)))
	if err != nil || n != int64(len(plaintext)) {
		t.Fatalf("ReadFrom: got %d, %v; want %d", n, err, len(plaintext))
	}
	if got, want := sink.Len()-head, 2*(chunkSize+20); got != want {
		t.Errorf("before Close: got %d bytes behind the head, want the %d of two chunks", got, want)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := unstream(t, v, &sink, nil); err != nil || string(got) != "x"+string(plaintext) {
		t.Errorf("got %d bytes, error %v; want what was encrypted", len(got), err)
	}
}

// A source that fails must not end the stream as if it had been complete, however Close is called.
func TestFailedSourceLeavesTheStreamOpen(t *testing.T) {
	v := newWire().vault(t)
	for _, broken := range []error{
		errors.New("disk on fire"), &url.Error{Op: "Get", URL: "https://files.example", Err: io.EOF}, // a lost connection
	} {
		var sink bytes.Buffer
		w, err := v.EncryptTo(t.Context(), &sink, acme(), nil)
		if err != nil {
			t.Fatal(err)
		}
		src := io.MultiReader(bytes.NewReader(random(chunkSize+1)), iotest.ErrReader(broken))
		if _, err := io.Copy(w, src); !errors.Is(err, broken) {
			t.Errorf("copy: got %v, want the source's error", err)
		}
		if err := w.Close(); !errors.Is(err, broken) {
			t.Errorf("close: got %v, want the source's error", err)
		}
		if _, err := w.Write([]byte("more")); !errors.Is(err, broken) {
			t.Errorf("write: got %v, want the source's error", err)
		}
		_, err = unstream(t, v, &sink, nil)
		wantOnly(t, err, "truncated")
	}
}

func TestFailedDestinationIsReported(t *testing.T) {
	v := newWire().vault(t)
	for _, room := range []int{0, 1000, chunkSize + 1000} {
		w, err := v.EncryptTo(t.Context(), &brokenWriter{room}, acme(), nil)
		if err == nil {
			_, err = w.Write(make([]byte, 3*chunkSize))
			if closed := w.Close(); closed == nil {
				t.Errorf("room for %d bytes: close: got no error", room)
			}
		}
		if err == nil || !strings.HasPrefix(err.Error(), "workos/vault: encrypt: write") {
			t.Errorf("room for %d bytes: got %v, want that of the writer", room, err)
		}
	}
}

func TestStreamHasADataKeyOfItsOwn(t *testing.T) {
	w := newWire()
	v := w.vault(t, vault.WithKeyReuse(100, 1<<40), vault.WithKeyCache(100, 1<<40))
	for range 2 {
		if _, err := v.Encrypt(t.Context(), nil, acme(), nil); err != nil {
			t.Fatal(err)
		}
		stream(t, v, nil, nil)
	}
	if got := w.count("/data-key"); got != 3 {
		t.Errorf("two blobs and two streams: got %d data keys, want one for the blobs and one for each stream", got)
	}
}
