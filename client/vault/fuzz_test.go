package vault_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"testing"
)

// The sizes to which the fuzz tests keep their input.
const (
	maxBlob   = 4 << 10
	maxStream = chunkSize + 4<<10
)

// FuzzDecrypt gives an arbitrary blob to a vault whose API knows some keys: what opens is what was encrypted, and
// nothing else does.
func FuzzDecrypt(f *testing.F) {
	server := keyServer{key: bytes.Repeat([]byte{7}, 32), encrypted: []byte("WOS.EKM.v1\x00example")}
	other := keyServer{key: server.key, encrypted: bytes.Repeat([]byte{1}, 40)}
	for layout := range 3 {
		for _, s := range []keyServer{server, other} {
			b := s.blob(f, layout, "secret", "row")
			f.Add(text(b), "row")
			f.Add(text(b[:len(b)/2]), "row")
			f.Add(text(append(bytes.Clone(b), b...)), "")
		}
	}
	f.Add("", "")
	f.Add("=", "row")
	f.Add(text(bytes.Repeat([]byte{0xff}, 100)), "row")
	f.Add(strings.Repeat("\n", 100)+"AAAA", "row")
	f.Fuzz(func(t *testing.T, blob, associated string) {
		if len(blob) > maxBlob {
			t.Skip()
		}
		for _, s := range []keyServer{server, other} {
			w := newWire()
			w.instead = s.answer
			v := w.vault(t)
			got, err := v.Decrypt(t.Context(), blob, []byte(associated))
			if err == nil && (string(got) != "secret" || associated != "row") {
				t.Errorf("opened to %q with associated data %q", got, associated)
			}
			if n := w.count(""); n > 3 {
				t.Errorf("requests: got %d, want at most one a layout", n)
			}
			moved, err := v.Rekey(t.Context(), blob, acme())
			if _, invalid := base64.StdEncoding.DecodeString(moved); err == nil && invalid != nil {
				t.Errorf("rekey: got %q, which is not Base64", moved)
			}
		}
	})
}

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
