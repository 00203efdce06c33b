package vault_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/vault"
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

// The longest blob has a nonce of 32 bytes and 64 KiB of encrypted keys.
func TestLongestBlobWithinTheLimitIsRead(t *testing.T) {
	const limit = 10
	server := keyServer{key: random(32), encrypted: append([]byte("WOS.EKM."), random(1<<16-8)...)}
	w := newWire()
	w.instead = server.answer
	v := w.vault(t, vault.WithMaxPlaintextBytes(limit))
	blob := text(server.blob(t, longNonceFirst, "0123456789", "row"))
	const most = (limit + 32 + 16 + 3 + 1<<16 + 2) / 3 * 4
	if len(blob) != most {
		t.Fatalf("blob has %d characters, want the %d that are read", len(blob), most)
	}
	if got, err := v.Decrypt(t.Context(), blob, []byte("row")); err != nil || string(got) != "0123456789" {
		t.Errorf("got %q, %v; want the plaintext", got, err)
	}
	before := w.count("")
	_, err := v.Decrypt(t.Context(), blob+"A", nil)
	wantOnly(t, err, "too large")
	says := fmt.Sprintf("too large: blob has %d characters: want at most %d", most+1, most)
	wantUnsent(t, w, before, err, "workos/vault: decrypt: "+says)
	_, err = v.Rekey(t.Context(), blob+"A", nil)
	wantUnsent(t, w, before, err, "workos/vault: rekey: "+says)
}

func TestBlobsThatAreRefusedSendNothing(t *testing.T) {
	w := newWire()
	v := w.vault(t, vault.WithKeyCache(10, 1<<40), vault.WithMaxPlaintextBytes(1000))
	blob, err := v.Encrypt(t.Context(), []byte("secret"), acme(), nil)
	if err != nil {
		t.Fatal(err)
	}
	whole := raw(t, blob)
	before := w.count("")
	for name, bad := range map[string]string{
		"empty": "", "not Base64": "{}", "cut in the Base64": blob[:99], "cut in the tag": text(whole[:20]),
		"a length of 0": text(make([]byte, 100)), "too long": strings.Repeat("A", 100_000),
		"too large": text(append(whole, make([]byte, 1001)...)), "a stream": "\x89WOSVS\n\x01",
	} {
		got, decryptErr := v.Decrypt(t.Context(), bad, nil)
		moved, rekeyErr := v.Rekey(t.Context(), bad, nil)
		if decryptErr == nil || rekeyErr == nil || got != nil || moved != "" {
			t.Errorf("%s: got %q, %v and %q, %v; want errors alone", name, got, decryptErr, moved, rekeyErr)
		}
		if sent := w.count("") - before; sent != 0 {
			t.Errorf("%s: %d requests were sent, want none", name, sent)
		}
	}
}

func TestBlobsThatAreRefused(t *testing.T) {
	const plaintext = "a secret to keep"
	w := newWire()
	own := w.vault(t, vault.WithMaxPlaintextBytes(1000))
	blob, err := own.Encrypt(t.Context(), []byte(plaintext), acme(), []byte("row 1"))
	if err != nil {
		t.Fatal(err)
	}
	bare, err := own.Encrypt(t.Context(), []byte(plaintext), acme(), nil)
	if err != nil {
		t.Fatal(err)
	}
	second, err := own.Encrypt(t.Context(), []byte(plaintext), acme(), []byte("row 1"))
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := newWire().vault(t).Encrypt(t.Context(), []byte(plaintext), acme(), []byte("row 1"))
	if err != nil {
		t.Fatal(err)
	}
	var stream bytes.Buffer
	if _, err := own.EncryptTo(t.Context(), &stream, acme(), nil); err != nil {
		t.Fatal(err)
	}
	b := raw(t, blob)
	flip := func(at int) string {
		changed := slices.Clone(b)
		changed[(at+len(b))%len(b)] ^= 1
		return text(changed)
	}
	keysAt := bytes.Index(b, []byte("WOS.EKM."))
	keysEnd := len(b) - len(plaintext)
	spliced := slices.Concat(b[:keysAt], raw(t, second)[keysAt:keysEnd], b[keysEnd:])
	long := text(bytes.Repeat([]byte{1}, 80_000))

	for _, test := range []struct {
		name, blob, associated string
		want                   []string
		text                   string
	}{
		{"changed nonce", flip(0), "row 1", []string{"not authentic"}, "changed or cut"},
		{"changed tag", flip(12), "row 1", []string{"not authentic"}, "changed or cut"},
		{"changed ciphertext", flip(-1), "row 1", []string{"not authentic"}, "changed or cut"},
		{"changed keys", flip(keysAt + 20), "row 1", []string{"data key"}, "400 bad_request"},
		{"keys of another blob", text(spliced), "row 1", []string{"not authentic"}, "key is another"},
		{"keys of another environment", foreign, "row 1", []string{"data key"}, "400 bad_request"},
		{"other associated data", blob, "row 2", []string{"not authentic"}, "associated data or key is another"},
		{"no associated data", blob, "", []string{"not authentic"}, "associated data or key is another"},
		{"associated data of none", bare, "row 1", []string{"not authentic", "associated data"}, "without any"},
		{"cut in the ciphertext", text(b[:len(b)-1]), "row 1", []string{"not authentic"}, "changed or cut"},
		{"cut in the keys", text(b[:keysEnd-1]), "row 1", []string{"truncated"}, "bytes are left for the encrypted keys"},
		{"cut in the length", text(b[:28]), "row 1", []string{"truncated"}, "length of the encrypted keys"},
		{"cut in the tag", text(b[:20]), "row 1", []string{"truncated"}, "8 bytes are left for the tag, which has 16"},
		{"cut in the nonce", text(b[:5]), "row 1", []string{"truncated"}, "5 bytes are left for the nonce, which has 12"},
		{"cut in the Base64", blob[:199], "row 1", []string{"truncated"}, "group of 4 characters"},
		{"empty", "", "row 1", []string{"truncated"}, "0 bytes are left for the nonce"},
		{"extended", text(append(slices.Clone(b), 0)), "row 1", []string{"not authentic"}, "changed or cut"},
		{"not Base64", "{}" + blob[2:], "row 1", []string{"format"}, "illegal base64 data at input byte 0"},
		{"zeros", text(make([]byte, 100)), "row 1", []string{"format"}, "length other than 1 to 65536"},
		{"a stream", stream.String(), "row 1", []string{"format"}, "a stream: use DecryptFrom"},
		{"oversized text", long, "row 1", []string{"too large"}, "blob has 106668 characters: want at most"},
		{"oversized plaintext", long[:4000], "row 1", []string{"too large"}, "more than 1000 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := own.Decrypt(t.Context(), test.blob, []byte(test.associated))
			if err == nil || got != nil {
				t.Fatalf("decrypt: got %d bytes, error %own; want nothing but an error", len(got), err)
			}
			wantOnly(t, err, test.want...)
			if !strings.HasPrefix(err.Error(), "workos/vault: decrypt: ") || !strings.Contains(err.Error(), test.text) {
				t.Errorf("error: got %q, want workos/vault: decrypt: … %s …", err, test.text)
			}
			if strings.Contains(err.Error(), plaintext) {
				t.Errorf("error shows the plaintext: %q", err)
			}
			var refused *client.Error
			if slices.Contains(test.want, "data key") && !errors.As(err, &refused) {
				t.Errorf("error: got %own, want the API's in it", err)
			}
		})
	}
	if got, err := own.Decrypt(t.Context(), blob, []byte("row 1")); err != nil || string(got) != plaintext {
		t.Errorf("unchanged: got %q, error %own; want the plaintext", got, err)
	}
}

// Every bit of a blob counts: none can be changed without its being noticed.
func TestEveryBitOfABlobIsAuthentic(t *testing.T) {
	w := newWire()
	v := w.vault(t)
	blob, err := v.Encrypt(t.Context(), []byte("secret"), acme(), []byte("row"))
	if err != nil {
		t.Fatal(err)
	}
	b := raw(t, blob)
	for bit := range 8 * len(b) {
		changed := slices.Clone(b)
		changed[bit/8] ^= 1 << (bit % 8)
		if got, err := v.Decrypt(t.Context(), text(changed), []byte("row")); err == nil {
			t.Fatalf("bit %d of byte %d changed: got %q without error", bit%8, bit/8, got)
		}
	}
}
