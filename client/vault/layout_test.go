package vault_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/vault"
)

// openLayout decrypts a blob by hand, as an SDK does that reads only one layout.
func (k keyServer) openLayout(t *testing.T, layout int, b []byte, associatedData string) string {
	t.Helper()
	block, err := aes.NewCipher(k.key)
	if err != nil {
		t.Fatal(err)
	}
	var nonce, sealed, keys []byte
	switch layout {
	case keysFirst:
		length, n := binary.Uvarint(b)
		end := n + int(length)
		keys, nonce, sealed = b[n:end], b[end:end+12], b[end+12:]
	default:
		size := 12
		if layout == longNonceFirst {
			size = 32
		}
		length, n := binary.Uvarint(b[size+16:])
		at := size + 16 + n
		end := at + int(length)
		nonce, keys, sealed = b[:size], b[at:end], slices.Concat(b[end:], b[size:size+16])
	}
	if !bytes.Equal(keys, k.encrypted) {
		t.Fatalf("layout %d: got the keys %q, want %q", layout, keys, k.encrypted)
	}
	aead, err := cipher.NewGCMWithNonceSize(block, len(nonce))
	if err != nil {
		t.Fatal(err)
	}
	plaintext, err := aead.Open(nil, nonce, sealed, []byte(associatedData))
	if err != nil {
		t.Fatalf("layout %d: %v", layout, err)
	}
	return string(plaintext)
}

func TestLayoutsOfOtherSDKs(t *testing.T) {
	for i, layout := range []vault.Layout{vault.NonceFirst, vault.KeysFirst, vault.LongNonceFirst} {
		for _, length := range []int{1, 127, 128, 300} {
			server := keyServer{key: bytes.Repeat([]byte{7}, 32), encrypted: bytes.Repeat([]byte{9}, length)}
			w := newWire()
			w.instead = server.answer
			v := w.vault(t, vault.WithLayout(layout), vault.WithKeyReuse(10, 1<<40))
			seen := map[string]bool{}
			for _, plaintext := range []string{"", "secret", strings.Repeat("x", 5000)} {
				blob, err := v.Encrypt(t.Context(), []byte(plaintext), acme(), []byte("row"))
				if err != nil {
					t.Fatal(err)
				}
				b := raw(t, blob)
				if got := server.openLayout(t, i, b, "row"); got != plaintext {
					t.Errorf("layout %d: by hand the blob opens to %.20q, want %.20q", i, got, plaintext)
				}
				if got, err := v.Decrypt(t.Context(), blob, []byte("row")); err != nil || string(got) != plaintext {
					t.Errorf("layout %d: got %.20q and %v, want %.20q", i, got, err, plaintext)
				}
				seen[blob] = true
			}
			if n := w.count("data-key"); n != 1 || len(seen) != 3 {
				t.Errorf("layout %d: %d data keys for %d blobs, want 1 for 3", i, n, len(seen))
			}
		}
	}
}

func TestRekeyWritesTheLayout(t *testing.T) {
	server := keyServer{key: bytes.Repeat([]byte{7}, 32), encrypted: []byte("WOS.EKM.v1\x00old")}
	w := newWire()
	w.instead = server.answer
	for i, layout := range []vault.Layout{vault.NonceFirst, vault.KeysFirst, vault.LongNonceFirst} {
		v := w.vault(t, vault.WithLayout(layout))
		for from := range 3 {
			moved, err := v.Rekey(t.Context(), text(server.blob(t, from, "secret", "row")), acme())
			if err != nil {
				t.Fatal(err)
			}
			want := i
			switch {
			case from == longNonceFirst:
				want = longNonceFirst
			case i == longNonceFirst:
				want = nonceFirst
			}
			if got := server.openLayout(t, want, raw(t, moved), "row"); got != "secret" {
				t.Errorf("from layout %d to %d: got %q, want the plaintext", from, i, got)
			}
		}
	}
}

func TestInvalidLayout(t *testing.T) {
	c, err := client.New("sk_test")
	if err != nil {
		t.Fatal(err)
	}
	const want = "workos/vault: WithLayout: invalid layout 3: want NonceFirst, KeysFirst or LongNonceFirst"
	if _, err := vault.New(c, vault.WithLayout(3)); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
