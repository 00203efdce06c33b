package vault_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/vault"
)

// wantOnly checks that the error is those of the sentinels and no other.
func wantOnly(tb testing.TB, err error, names ...string) {
	tb.Helper()
	for name, sentinel := range map[string]error{
		"format": vault.ErrFormat, "truncated": vault.ErrTruncated, "too large": vault.ErrTooLarge,
		"not authentic": vault.ErrNotAuthentic, "associated data": vault.ErrAssociatedData, "data key": vault.ErrDataKey,
	} {
		if got, want := errors.Is(err, sentinel), slices.Contains(names, name); got != want {
			tb.Errorf("got error %v; is it %q: %t, want %t", err, name, got, want)
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
		{"a stream", stream.String(), "row 1", []string{"format"}, "a stream; DecryptFrom reads it"},
		{"oversized text", long, "row 1", []string{"too large"}, "the blob has 106668 characters; at most"},
		{"oversized plaintext", long[:4000], "row 1", []string{"too large"}, "more than 1000 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := own.Decrypt(t.Context(), test.blob, []byte(test.associated))
			if err == nil || got != nil {
				t.Fatalf("decrypt: got %d bytes, error %own; want nothing but an error", len(got), err)
			}
			wantOnly(t, err, test.want...)
			if !strings.HasPrefix(err.Error(), "vault: decrypt: ") || !strings.Contains(err.Error(), test.text) {
				t.Errorf("error: got %q, want vault: decrypt: … %s …", err, test.text)
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

func TestPlaintextBeyondTheLimitIsRefused(t *testing.T) {
	w := newWire()
	v := w.vault(t, vault.WithMaxPlaintextBytes(10))
	if _, err := v.Encrypt(t.Context(), make([]byte, 10), acme(), nil); err != nil {
		t.Errorf("10 bytes: got %v, want no error", err)
	}
	_, err := v.Encrypt(t.Context(), make([]byte, 11), acme(), nil)
	wantOnly(t, err, "too large")
	if want := "vault: encrypt: too large: the plaintext has 11 bytes; at most 10, or use EncryptTo"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
	if got := w.count(""); got != 1 {
		t.Errorf("requests: got %d, want 1", got)
	}
}

func TestNothingPrintsAKeyOrAPlaintext(t *testing.T) {
	const plaintext = "plaintext-to-hide"
	w := newWire()
	v := w.vault(t, vault.WithKeyReuse(10, 1<<40), vault.WithKeyCache(10, 1<<40))
	blob, err := v.Encrypt(t.Context(), []byte(plaintext), acme(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Decrypt(t.Context(), blob, nil); err != nil {
		t.Fatal(err)
	}
	var sink bytes.Buffer
	writer, err := v.EncryptTo(t.Context(), &sink, acme(), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = writer.Write([]byte(plaintext))
	show := func(value any) string {
		return fmt.Sprintf("%v %+v %#v %x %s ", value, value, value, value, value)
	}
	printed := show(writer)
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	reader, err := v.DecryptFrom(t.Context(), &sink, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = reader.Read(make([]byte, 5))
	printed += show(reader) + show(v)
	for _, secret := range append(w.given, []byte(plaintext), []byte(plaintext[5:])) {
		for _, form := range []string{string(secret), fmt.Sprintf("%d", secret), hex.EncodeToString(secret), text(secret)} {
			if strings.Contains(printed, strings.Trim(form, "[]=")) {
				t.Errorf("printed: %s", printed)
			}
		}
	}
}
