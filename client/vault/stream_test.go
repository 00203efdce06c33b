package vault_test

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/vault"
)

const chunkSize = 1 << 16

func stream(tb testing.TB, v *vault.Vault, plaintext, associatedData []byte) []byte {
	tb.Helper()
	var sink bytes.Buffer
	w, err := v.EncryptTo(tb.Context(), &sink, acme(), associatedData)
	if err != nil {
		tb.Fatal(err)
	}
	if n, err := w.Write(plaintext); err != nil || n != len(plaintext) {
		tb.Fatalf("write: got %d bytes, error %v; want %d", n, err, len(plaintext))
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return sink.Bytes()
}

func unstream(tb testing.TB, v *vault.Vault, src io.Reader, associatedData []byte) ([]byte, error) {
	tb.Helper()
	r, err := v.DecryptFrom(tb.Context(), src, associatedData)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return b, fmt.Errorf("read: %w", err)
	}
	return b, nil
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

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

func TestStreamReaderKeepsToTheContract(t *testing.T) {
	v := newWire().vault(t)
	plaintext := random(2*chunkSize + 9)
	r, err := v.DecryptFrom(t.Context(), bytes.NewReader(stream(t, v, plaintext, nil)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := iotest.TestReader(r, plaintext); err != nil {
		t.Error(err)
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

type brokenWriter struct{ room int }

func (b *brokenWriter) Write(p []byte) (int, error) {
	if b.room -= len(p); b.room < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
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
		if err == nil || !strings.HasPrefix(err.Error(), "vault: encrypt: write") {
			t.Errorf("room for %d bytes: got %v, want that of the writer", room, err)
		}
	}
}

func TestFailedStreamSourceIsItsError(t *testing.T) {
	v := newWire().vault(t)
	s := stream(t, v, random(chunkSize+9), nil)
	broken := errors.New("connection reset")
	for _, cut := range []int{0, 5, 8, 20, 200, len(s) - 100, len(s)} {
		_, err := unstream(t, v, io.MultiReader(bytes.NewReader(s[:cut]), iotest.ErrReader(broken)), nil)
		if !errors.Is(err, broken) {
			t.Errorf("failure after %d bytes: got %v, want that of the source", cut, err)
		}
		wantOnly(t, err)
	}
}

// parts finds where the parts of a stream begin.
type streamParts struct{ keys, salt, check, tag, chunks int }

func partsOf(s []byte) streamParts {
	length, n := binary.Uvarint(s[8:])
	keys := 8 + n
	salt := keys + int(length)
	return streamParts{keys: keys, salt: salt, check: salt + 32, tag: salt + 48, chunks: salt + 80}
}

func TestStreamsThatAreRefused(t *testing.T) {
	wire := newWire()
	own := wire.vault(t)
	plaintext := append(bytes.Repeat([]byte("secret! "), 2*chunkSize/8), "the end"...)
	whole := stream(t, own, plaintext, []byte("row 1"))
	other := stream(t, own, plaintext, []byte("row 1"))
	foreign := stream(t, newWire().vault(t), plaintext, []byte("row 1"))
	blob, err := own.Encrypt(t.Context(), plaintext, acme(), nil)
	if err != nil {
		t.Fatal(err)
	}
	at := partsOf(whole)
	const chunk = 4 + chunkSize + 16
	first, second, last := whole[at.chunks:][:chunk], whole[at.chunks+chunk:][:chunk], whole[at.chunks+2*chunk:]
	head := whole[:at.chunks]
	flip := func(at int) []byte {
		changed := slices.Clone(whole)
		changed[at] ^= 1
		return changed
	}
	with := func(at int, b ...byte) []byte {
		changed := slices.Clone(whole)
		copy(changed[at:], b)
		return changed
	}
	mixed := slices.Concat(head, first, other[at.chunks+chunk:])
	spliced := slices.Concat(whole[:at.keys], other[at.keys:at.salt], whole[at.salt:])

	for _, test := range []struct {
		name       string
		stream     []byte
		associated string
		most       int // bytes of plaintext that come before the error
		want       string
		text       string
	}{
		{"changed magic", flip(3), "row 1", 0, "format", "not a stream, which begins with the bytes 89574f53"},
		{"later version", with(7, 2), "row 1", 0, "format", "a stream of version 2; this package reads version 1"},
		{"a blob", []byte(blob), "row 1", 0, "format", "for a blob, which is Base64, there is Decrypt"},
		{"empty", nil, "row 1", 0, "format", "not a stream"},
		{"no keys", with(8, 0), "row 1", 0, "format", "length other than 1 to 65536"},
		{"too many keys", with(8, 0xff, 0xff, 0x7f), "row 1", 0, "format", "length other than 1 to 65536"},
		{"endless length", with(8, 0xff, 0xff, 0xff), "row 1", 0, "format", "length other than 1 to 65536"},
		{"changed keys", flip(at.keys + 20), "row 1", 0, "data key", "the API refuses the encrypted keys"},
		{"keys of another environment", foreign, "row 1", 0, "data key", "the API refuses the encrypted keys"},
		{"keys of another stream", spliced, "row 1", 0, "data key", "not that of the stream"},
		{"changed salt", flip(at.salt), "row 1", 0, "data key", "not that of the stream"},
		{"changed check", flip(at.check), "row 1", 0, "data key", "not that of the stream"},
		{"changed tag", flip(at.tag), "row 1", 0, "associated data", "associated data differ"},
		{"other associated data", whole, "row 2", 0, "associated data", "associated data differ"},
		{"no associated data", whole, "", 0, "associated data", "associated data differ"},
		{"changed frame", flip(at.chunks), "row 1", 0, "not authentic", "chunk 0 is not a chunk"},
		{"changed mark of the end", with(at.chunks, 0x80), "row 1", 0, "not authentic", "chunk 0 was changed"},
		{"changed first chunk", flip(at.chunks + 4), "row 1", 0, "not authentic", "chunk 0 was changed"},
		{"changed last chunk", flip(len(whole) - 1), "row 1", 2 * chunkSize, "not authentic", "chunk 2 was changed"},
		{"exchanged chunks", slices.Concat(head, second, first, last), "row 1", 0, "not authentic", "out of place"},
		{"missing first chunk", slices.Concat(head, second, last), "row 1", 0, "not authentic", "chunk 0"},
		{"missing chunk", slices.Concat(head, first, last), "row 1", chunkSize, "not authentic", "chunk 1"},
		{"repeated chunk", slices.Concat(head, first, first, second, last), "row 1", chunkSize, "not authentic", "chunk 1"},
		{"chunk of another stream", mixed, "row 1", chunkSize, "not authentic", "chunk 1"},
		{"bytes at the end", append(slices.Clone(whole), 0), "row 1", len(plaintext), "not authentic", "bytes follow"},
		{"two streams", slices.Concat(whole, other), "row 1", len(plaintext), "not authentic", "bytes follow the end"},
		{"cut in the magic", whole[:3], "row 1", 0, "truncated", "ends in its head"},
		{"cut in the keys", whole[:at.keys+9], "row 1", 0, "truncated", "ends in its head"},
		{"cut in the salt", whole[:at.salt+9], "row 1", 0, "truncated", "ends in its head"},
		{"cut behind the head", head, "row 1", 0, "truncated", "ends in its chunk 0"},
		{"cut in a frame", whole[:at.chunks+2], "row 1", 0, "truncated", "ends in its chunk 0"},
		{"cut in a chunk", whole[:at.chunks+100], "row 1", 0, "truncated", "ends in its chunk 0"},
		{"cut behind a chunk", slices.Concat(head, first), "row 1", chunkSize, "truncated", "ends in its chunk 1"},
		{"cut before the last chunk", slices.Concat(head, first, second), "row 1", 2 * chunkSize, "truncated", "chunk 2"},
		{"cut in the last chunk", whole[:len(whole)-1], "row 1", 2 * chunkSize, "truncated", "ends in its chunk 2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := unstream(t, own, bytes.NewReader(test.stream), []byte(test.associated))
			if err == nil {
				t.Fatal("got no error")
			}
			want := []string{test.want}
			if test.want == "associated data" {
				want = append(want, "not authentic")
			}
			wantOnly(t, err, want...)
			if !strings.Contains(err.Error(), "vault: decrypt: ") || !strings.Contains(err.Error(), test.text) {
				t.Errorf("error: got %q, want vault: decrypt: … %s …", err, test.text)
			}
			if len(got) != test.most || !bytes.HasPrefix(plaintext, got) {
				t.Errorf("before the error: got %d bytes, want the first %d of the plaintext", len(got), test.most)
			}
		})
	}
}

func TestStreamErrorStays(t *testing.T) {
	v := newWire().vault(t)
	s := stream(t, v, random(10), nil)
	s[len(s)-1] ^= 1
	r, err := v.DecryptFrom(t.Context(), bytes.NewReader(s), nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		n, err := r.Read(make([]byte, 100))
		if n != 0 {
			t.Errorf("got %d bytes, want none", n)
		}
		wantOnly(t, err, "not authentic")
	}
}

func TestEveryBitOfAStreamIsAuthentic(t *testing.T) {
	v := newWire().vault(t)
	s := stream(t, v, []byte("secret"), []byte("row"))
	for bit := range 8 * len(s) {
		changed := slices.Clone(s)
		changed[bit/8] ^= 1 << (bit % 8)
		if got, err := unstream(t, v, bytes.NewReader(changed), []byte("row")); err == nil {
			t.Fatalf("bit %d of byte %d changed: got %q without error", bit%8, bit/8, got)
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

func TestStreamFailureOfTheAPI(t *testing.T) {
	w := newWire()
	v := w.vault(t)
	s := stream(t, v, []byte("secret"), nil)
	w.instead = func(*http.Request) *http.Response { return answerJSON(http.StatusForbidden, `{"message":"no"}`) }
	_, writeErr := v.EncryptTo(t.Context(), io.Discard, acme(), nil)
	_, readErr := v.DecryptFrom(t.Context(), bytes.NewReader(s), nil)
	for _, err := range []error{writeErr, readErr} {
		var failure *client.Error
		if !errors.As(err, &failure) || failure.StatusCode != http.StatusForbidden {
			t.Errorf("got %v, want the API's error", err)
		}
		wantOnly(t, err)
	}
}

func TestRekeyedStreamIsTheSameStream(t *testing.T) {
	w := newWire()
	v := w.vault(t)
	plaintext := random(chunkSize + 9)
	s := stream(t, v, plaintext, []byte("row"))
	var moved bytes.Buffer
	err := v.RekeyTo(t.Context(), &moved, bytes.NewReader(s), map[string]string{"organization_id": "org_02"})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.sent[1]; !strings.HasSuffix(got.path, "/rekey") || !strings.Contains(got.body, "org_02") {
		t.Errorf("sent: got %s %s, want the new context to rekey", got.path, got.body)
	}
	old, now := partsOf(s), partsOf(moved.Bytes())
	if bytes.Equal(s[old.keys:old.salt], moved.Bytes()[now.keys:now.salt]) {
		t.Error("got the same encrypted keys, want others")
	}
	if !bytes.Equal(s[old.salt:], moved.Bytes()[now.salt:]) {
		t.Error("got other bytes behind the encrypted keys, want the same")
	}
	if got, err := unstream(t, v, &moved, []byte("row")); err != nil || !bytes.Equal(got, plaintext) {
		t.Errorf("got %d bytes, error %v; want what was encrypted", len(got), err)
	}
}

func TestStreamsThatAreNotRekeyed(t *testing.T) {
	v := newWire().vault(t)
	s := stream(t, v, []byte("secret"), nil)
	foreign := stream(t, newWire().vault(t), []byte("secret"), nil)
	broken := errors.New("connection reset")
	for _, test := range []struct {
		name string
		src  io.Reader
		dst  io.Writer
		want []string
		text string
	}{
		{"keys of another environment", bytes.NewReader(foreign), io.Discard, []string{"data key"}, "400 bad_request"},
		{"no stream", strings.NewReader("secret"), io.Discard, []string{"format"}, "not a stream"},
		{"cut in the head", bytes.NewReader(s[:50]), io.Discard, []string{"truncated"}, "ends in its head"},
		{"failing source", io.MultiReader(bytes.NewReader(s[:220]), iotest.ErrReader(broken)), io.Discard, nil, "reset"},
		{"no room for the head", bytes.NewReader(s), &brokenWriter{10}, nil, "write the head of the stream: disk full"},
		{"no room for the rest", bytes.NewReader(s), &brokenWriter{len(s) - 1}, nil, "copy the chunks of the stream: disk"},
		{"no destination", bytes.NewReader(s), nil, nil, "no writer for it"},
		{"no source", nil, io.Discard, nil, "no reader of a stream"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := v.RekeyTo(t.Context(), test.dst, test.src, acme())
			if err == nil {
				t.Fatal("got no error")
			}
			wantOnly(t, err, test.want...)
			if !strings.HasPrefix(err.Error(), "vault: rekey: ") || !strings.Contains(err.Error(), test.text) {
				t.Errorf("error: got %q, want vault: rekey: … %s …", err, test.text)
			}
		})
	}
}

func TestStreamWithoutEnds(t *testing.T) {
	v := newWire().vault(t)
	if _, err := v.EncryptTo(t.Context(), nil, acme(), nil); err == nil {
		t.Error("no writer: got no error")
	}
	if _, err := v.DecryptFrom(t.Context(), nil, nil); err == nil {
		t.Error("no reader: got no error")
	}
}

// A stream written once must be readable for ever. Node wrote this one, by the format as doc.go describes it.
func TestStreamOfVersion1(t *testing.T) {
	file, err := os.ReadFile("testdata/stream1.hex")
	if err != nil {
		t.Fatal(err)
	}
	s, err := hex.DecodeString(strings.Join(strings.Fields(string(file)), ""))
	if err != nil {
		t.Fatal(err)
	}
	w := newWire()
	w.instead = keyServer{key: bytes.Repeat([]byte{7}, 32), encrypted: []byte("WOS.EKM.v1\x00example")}.answer
	got, err := unstream(t, w.vault(t), bytes.NewReader(s), []byte("row 1"))
	if err != nil || string(got) != "a secret to keep" {
		t.Errorf("got %q, error %v; want the plaintext", got, err)
	}
}
