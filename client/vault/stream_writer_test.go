package vault_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
)

// shortWriter takes all but a byte of what comes after its room, without an error.
type shortWriter struct {
	bytes.Buffer

	room int
}

func (s *shortWriter) Write(p []byte) (int, error) {
	if s.Len()+len(p) > s.room {
		p = p[:len(p)-1]
	}
	return s.Buffer.Write(p)
}

func TestShortWriteIsAnError(t *testing.T) {
	v := newWire().vault(t)
	whole := stream(t, v, random(chunkSize+9), nil)
	head := partsOf(whole).chunks
	for name, room := range map[string]int{"the head": 0, "a chunk": head, "the last chunk": head + 4 + chunkSize + 16} {
		sink := &shortWriter{room: room}
		w, err := v.EncryptTo(t.Context(), sink, acme(), nil)
		if err == nil {
			_, err = w.Write(random(chunkSize + 9))
			if closed := w.Close(); !errors.Is(closed, io.ErrShortWrite) {
				t.Errorf("%s: close: got %v, want io.ErrShortWrite", name, closed)
			}
			if name == "the last chunk" && err == nil {
				continue // which Close writes
			}
		}
		if !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s: got %v, want io.ErrShortWrite", name, err)
		}
	}
	err := v.RekeyTo(t.Context(), &shortWriter{room: 10}, bytes.NewReader(whole), acme())
	if !errors.Is(err, io.ErrShortWrite) || err.Error() != "workos/vault: rekey: write the head of the stream: short write" {
		t.Errorf("rekey: got %v, want io.ErrShortWrite", err)
	}
}

// A disk that is full is what /dev/full stands for.
func TestStreamOntoAFullDiskFails(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skipf("this system has no /dev/full: %v", err)
	}
	defer func() { _ = full.Close() }()
	v := newWire().vault(t)
	if w, err := v.EncryptTo(t.Context(), full, acme(), nil); w != nil || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got %v, %v; want ENOSPC", w, err)
	}
	s := bytes.NewReader(stream(t, v, nil, nil))
	if err := v.RekeyTo(t.Context(), full, s, acme()); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("rekey: got %v, want ENOSPC", err)
	}
}

func TestFailedWriteReturnsHowMuchWasWritten(t *testing.T) {
	v := newWire().vault(t)
	head := partsOf(stream(t, v, nil, nil)).chunks
	const chunk = 4 + chunkSize + 16
	for chunks, want := range []int{chunkSize, 2 * chunkSize, 3 * chunkSize} {
		sink := &brokenWriter{head + chunks*chunk + chunk - 1}
		w, err := v.EncryptTo(t.Context(), sink, acme(), nil)
		if err != nil {
			t.Fatal(err)
		}
		n, err := w.Write(make([]byte, 4*chunkSize))
		const failed = "workos/vault: encrypt: write: disk full"
		if n != want || err == nil || err.Error() != failed {
			t.Errorf("room for %d chunks: got %d, %v; want %d, %s", chunks, n, err, want, failed)
		}
		left := sink.room
		more, err := w.Write([]byte("more"))
		_, readErr := w.ReadFrom(strings.NewReader("more"))
		_, emptyErr := w.Write(nil)
		for _, err := range []error{err, readErr, emptyErr, w.Close(), w.Close()} {
			if err == nil || err.Error() != failed {
				t.Errorf("after it: got %v, want the same error", err)
			}
		}
		if more != 0 || sink.room != left {
			t.Errorf("after it: %d bytes were taken, and %d written; want none", more, left-sink.room)
		}
	}
}

func TestCloseThatFailsFailsAgain(t *testing.T) {
	v := newWire().vault(t)
	head := partsOf(stream(t, v, nil, nil)).chunks
	w, err := v.EncryptTo(t.Context(), &brokenWriter{head}, acme(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := w.Write([]byte("secret")); n != 6 || err != nil {
		t.Errorf("write: got %d, %v; want 6", n, err)
	}
	for range 2 {
		if err := w.Close(); err == nil || err.Error() != "workos/vault: encrypt: write: disk full" {
			t.Errorf("close: got %v, want that of the writer", err)
		}
	}
}

func TestClosedWriterRejectsWrites(t *testing.T) {
	v := newWire().vault(t)
	var sink bytes.Buffer
	w, err := v.EncryptTo(t.Context(), &sink, acme(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := w.Write(nil); n != 0 || err != nil {
		t.Errorf("write of nothing: got %d, %v; want 0", n, err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	length := sink.Len()
	n, err := w.Write([]byte("more"))
	m, readErr := w.ReadFrom(strings.NewReader("more"))
	for _, err := range []error{err, readErr} {
		if err == nil || err.Error() != "workos/vault: encrypt: write after Close" {
			t.Errorf("got %v, want that the writer is closed", err)
		}
	}
	if err := w.Close(); n != 0 || m != 0 || err != nil || sink.Len() != length {
		t.Errorf("got %d and %d bytes taken, %v from Close and %d bytes more; want nothing done", n, m, err,
			sink.Len()-length)
	}
}

// Every size around each boundary, written and read in every way.
func TestChunksAreFullButTheLast(t *testing.T) {
	v := newWire().vault(t)
	for _, size := range []int{
		0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 2*chunkSize - 1, 2 * chunkSize, 2*chunkSize + 1, 3 * chunkSize,
	} {
		plaintext := random(size)
		var sink bytes.Buffer
		w, err := v.EncryptTo(t.Context(), &sink, acme(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := w.ReadFrom(iotest.DataErrReader(bytes.NewReader(plaintext))); n != int64(size) || err != nil {
			t.Errorf("%d bytes: ReadFrom: got %d, %v", size, n, err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		for name, s := range map[string][]byte{"Write": stream(t, v, plaintext, nil), "ReadFrom": sink.Bytes()} {
			var frames []uint32
			for rest := s[partsOf(s).chunks:]; len(rest) > 0; {
				frame := binary.BigEndian.Uint32(rest)
				frames = append(frames, frame)
				rest = rest[4+int(frame&^(1<<31))+16:]
			}
			var want []uint32
			left := size
			for ; left > chunkSize; left -= chunkSize {
				want = append(want, chunkSize)
			}
			want = append(want, uint32(left)|1<<31)
			if !slices.Equal(frames, want) {
				t.Errorf("%d bytes by %s: got the frames %x, want %x", size, name, frames, want)
			}
			if got, err := unstream(t, v, bytes.NewReader(s), nil); err != nil || !bytes.Equal(got, plaintext) {
				t.Errorf("%d bytes by %s: got %d, %v; want the plaintext", size, name, len(got), err)
			}
		}
	}
}

func TestNoTwoStreamsShareAnything(t *testing.T) {
	w := newWire()
	w.instead = keyServer{key: random(32), encrypted: []byte("WOS.EKM.same")}.answer // the same key each time
	v := w.vault(t)
	seen := map[string]string{}
	for range 3 {
		s := stream(t, v, []byte("secret"), []byte("row"))
		at := partsOf(s)
		for name, part := range map[string][]byte{
			"salt": s[at.salt:at.check], "check": s[at.check:at.tag], "tag": s[at.tag:at.chunks], "chunk": s[at.chunks+4:],
		} {
			if other, found := seen[string(part)]; found || len(part) == 0 || bytes.Equal(part, make([]byte, len(part))) {
				t.Errorf("got the %s %x, which is zero or that of another: %s", name, part, other)
			}
			seen[string(part)] = name
		}
	}
	blobs := map[string]bool{}
	for range 3 {
		blob, err := v.Encrypt(t.Context(), []byte("secret"), acme(), nil)
		if err != nil {
			t.Fatal(err)
		}
		nonce := string(raw(t, blob)[:12])
		if blobs[nonce] || nonce == string(make([]byte, 12)) {
			t.Errorf("got the nonce %x, which is zero or that of another", nonce)
		}
		blobs[nonce] = true
	}
}

func TestRefusedStreamWritesNothing(t *testing.T) {
	w := newWire()
	v := w.vault(t)
	s := stream(t, v, []byte("secret"), nil)
	at := partsOf(s)
	before := w.count("")
	for name, bad := range map[string][]byte{
		"empty": nil, "text": []byte("secret"), "a later version": append([]byte("\x89WOSVS\n\x02"), s[8:]...),
		"cut in the magic": s[:7], "cut before the length": s[:8], "cut in the keys": s[:at.salt-1],
		"cut in the salt": s[:at.check-1], "cut in the check": s[:at.tag-1], "cut in the tag": s[:at.chunks-1],
		"no keys": append(slices.Clone(s[:8]), 0),
	} {
		var sink bytes.Buffer
		if err := v.RekeyTo(t.Context(), &sink, bytes.NewReader(bad), acme()); err == nil || sink.Len() != 0 {
			t.Errorf("%s: rekey: got %v and %d bytes, want an error alone", name, err, sink.Len())
		}
		if r, err := v.DecryptFrom(t.Context(), bytes.NewReader(bad), nil); r != nil || err == nil {
			t.Errorf("%s: got %v, %v; want an error alone", name, r, err)
		}
		if sent := w.count("") - before; sent != 0 {
			t.Errorf("%s: %d requests were sent, want none", name, sent)
		}
	}
	const none = "workos/vault: rekey: src or dst is nil"
	wantUnsent(t, w, before, v.RekeyTo(t.Context(), nil, bytes.NewReader(s), acme()), none)
	wantUnsent(t, w, before, v.RekeyTo(t.Context(), io.Discard, nil, acme()), none)
	_, err := v.EncryptTo(t.Context(), nil, acme(), nil)
	wantUnsent(t, w, before, err, "workos/vault: encrypt: dst is nil")
	_, err = v.DecryptFrom(t.Context(), nil, nil)
	wantUnsent(t, w, before, err, "workos/vault: decrypt: src is nil")
}

func TestEncryptedKeysOfAStreamAreReadUpToTheirLimit(t *testing.T) {
	for _, length := range []int{1, 2, 127, 128, 1<<14 - 1, 1 << 14, 1<<16 - 1, 1 << 16} {
		w := newWire()
		w.instead = keyServer{key: random(32), encrypted: random(length)}.answer
		v := w.vault(t)
		s := stream(t, v, []byte("secret"), nil)
		if got, err := unstream(t, v, bytes.NewReader(s), nil); err != nil || string(got) != "secret" {
			t.Errorf("keys of %d bytes: got %q, %v; want the plaintext", length, got, err)
		}
	}
	w := newWire()
	for _, length := range [][]byte{{0}, {0x81, 0x80, 4}, {0xff, 0xff, 0x7f}, {0x80, 0x80, 0x80}, {0x80, 0x80, 0x80, 1}} {
		s := slices.Concat([]byte("\x89WOSVS\n\x01"), length, make([]byte, 1<<17))
		_, err := w.vault(t).DecryptFrom(t.Context(), bytes.NewReader(s), nil)
		wantUnsent(t, w, 0, err, "workos/vault: decrypt: not in a format that vault encryption writes: "+
			"encrypted keys of a length other than 1 to 65536 bytes")
	}
}
