package vault_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/seed-f165d83c/workos/client"
)

// FuzzDecryptFrom changes a stream in one place, and gives an arbitrary one: what is read is a beginning of what was
// encrypted, and the end comes only with the whole of it.
func FuzzDecryptFrom(f *testing.F) {
	w := newWire()
	w.instead = keyServer{key: bytes.Repeat([]byte{7}, 32), encrypted: []byte("WOS.EKM.v1\x00example")}.answer
	v := w.vault(f)
	plaintext := bytes.Repeat([]byte("secret"), 11_000) // a chunk and a bit
	whole := fixedStream(f, plaintext, "row")
	head := partsOf(whole).chunks
	f.Add(whole[:head], whole[head+200:], 0)
	f.Add(whole[:head+4], []byte{}, 3)
	f.Add([]byte("\x89WOSVS\n\x01"), []byte{0x12}, 1)
	f.Add([]byte("\x89WOSVS\n\x01\xff\xff\x03"), []byte{}, 0)
	f.Add([]byte{}, whole, 0)
	f.Add(whole, []byte{}, 0)
	f.Add(whole, []byte{0}, 0)
	f.Fuzz(func(t *testing.T, begin, end []byte, skip int) {
		if len(begin)+len(end) > maxStream {
			t.Skip()
		}
		// The middle is taken from the real stream, so that the chunks are reached.
		var middle []byte
		if skip >= 0 && len(begin) <= len(whole) && len(begin)+skip < len(whole)-len(end) {
			middle = whole[len(begin)+skip : len(whole)-len(end)]
		}
		for _, src := range [][]byte{append(bytes.Clone(begin), end...), bytes.Join([][]byte{begin, middle, end}, nil)} {
			r, err := v.DecryptFrom(t.Context(), bytes.NewReader(src), []byte("row"))
			if err != nil {
				continue
			}
			got, err := io.ReadAll(r)
			if !bytes.HasPrefix(plaintext, got) {
				t.Fatalf("read %d bytes that were not encrypted", len(got))
			}
			if err == nil && !bytes.Equal(src, whole) {
				t.Fatalf("another stream, of %d bytes, ended well after %d bytes of plaintext", len(src), len(got))
			}
		}
	})
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
		{"a blob", []byte(blob), "row 1", 0, "format", "for a blob, which is Base64, use Decrypt"},
		{"empty", nil, "row 1", 0, "format", "not a stream"},
		{"no keys", with(8, 0), "row 1", 0, "format", "length other than 1 to 65536"},
		{"too many keys", with(8, 0xff, 0xff, 0x7f), "row 1", 0, "format", "length other than 1 to 65536"},
		{"endless length", with(8, 0xff, 0xff, 0xff), "row 1", 0, "format", "length other than 1 to 65536"},
		{"changed keys", flip(at.keys + 20), "row 1", 0, "data key", "the API rejected the encrypted keys"},
		{"keys of another environment", foreign, "row 1", 0, "data key", "the API rejected the encrypted keys"},
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
			if !strings.Contains(err.Error(), "workos/vault: decrypt: ") || !strings.Contains(err.Error(), test.text) {
				t.Errorf("error: got %q, want workos/vault: decrypt: … %s …", err, test.text)
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

func TestStreamFailureOfTheAPI(t *testing.T) {
	w := newWire()
	v := w.vault(t)
	s := stream(t, v, []byte("secret"), nil)
	w.instead = func(*http.Request) *http.Response { return responseJSON(http.StatusForbidden, `{"message":"no"}`) }
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

// fixedStream writes a stream by its description, the same in every process that fuzzes: key and salt are fixed.
func fixedStream(tb testing.TB, plaintext []byte, associatedData string) []byte {
	tb.Helper()
	const magic, info = "\x89WOSVS\n\x01", "workos-go vault stream 1: "
	salt := bytes.Repeat([]byte{5}, 32)
	derive := func(info string, size int) []byte {
		key, err := hkdf.Key(sha256.New, bytes.Repeat([]byte{7}, 32), salt, info, size)
		if err != nil {
			tb.Fatal(err)
		}
		return key
	}
	mac := hmac.New(sha256.New, derive(info+"head", 32))
	mac.Write([]byte(magic + string(salt) + associatedData))
	tag := mac.Sum(nil)
	block, err := aes.NewCipher(derive(info+"chunk"+string(tag), 32))
	if err != nil {
		tb.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		tb.Fatal(err)
	}
	const keys = "WOS.EKM.v1\x00example"
	s := slices.Concat([]byte(magic), []byte{byte(len(keys))}, []byte(keys), salt, derive(info+"check", 16), tag)
	for count := byte(0); ; count++ {
		n := min(len(plaintext), chunkSize)
		frame := binary.BigEndian.AppendUint32(nil, uint32(n))
		if n == len(plaintext) {
			frame[0] |= 0x80
		}
		s = append(s, frame...)
		s = aead.Seal(s, append(make([]byte, 11), count), plaintext[:n], frame)
		if plaintext = plaintext[n:]; frame[0]&0x80 != 0 {
			return s
		}
	}
}
