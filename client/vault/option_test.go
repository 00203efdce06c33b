package vault_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/vault"
)

func TestOptionsTakeTheLeastAndTheMost(t *testing.T) {
	c, err := client.New("sk_test", client.WithHTTPClient(&http.Client{Transport: newWire()}))
	if err != nil {
		t.Fatal(err)
	}
	for name, opt := range map[string]vault.Option{
		"plaintext of 1 byte": vault.WithMaxPlaintextBytes(1), "plaintext of 1 GiB": vault.WithMaxPlaintextBytes(1 << 30),
		"one use": vault.WithKeyReuse(1, 1), "2^32 uses": vault.WithKeyReuse(1<<32, 1), "one key": vault.WithKeyCache(1, 1),
	} {
		if v, err := vault.New(c, opt); v == nil || err != nil {
			t.Errorf("%s: got %v, %v; want a vault", name, v, err)
		}
	}
	good := vault.WithMaxPlaintextBytes(1)
	for want, opts := range map[string][]vault.Option{
		"option 1 is nil": {nil, good, good}, "option 2 is nil": {good, nil, good}, "option 3 is nil": {good, good, nil},
		"WithMaxPlaintextBytes: invalid limit -1: want 1 to 1073741824":         {good, vault.WithMaxPlaintextBytes(-1), good},
		"WithMaxPlaintextBytes: invalid limit 1073741825: want 1 to 1073741824": {vault.WithMaxPlaintextBytes(1<<30 + 1), good},
		"WithKeyReuse: invalid uses -1: want 1 to 4294967296":                   {good, vault.WithKeyReuse(-1, 1)},
		"WithKeyReuse: invalid age: want more than 0":                           {good, vault.WithKeyReuse(1, -1)},
		"WithKeyCache: invalid number of keys -1: want at least 1":              {good, vault.WithKeyCache(-1, 1)},
		"WithKeyCache: invalid age: want more than 0":                           {good, vault.WithKeyCache(1, -1)},
	} {
		if v, err := vault.New(c, opts...); v != nil || err == nil || err.Error() != "workos/vault: "+want {
			t.Errorf("got %v, %v; want workos/vault: %s", v, err, want)
		}
	}
}

func TestPlaintextIsBoundedUnlessSet(t *testing.T) {
	w := newWire()
	_, err := w.vault(t).Encrypt(t.Context(), make([]byte, 64<<20+1), acme(), nil)
	wantOnly(t, err, "too large")
	wantUnsent(t, w, 0, err,
		"workos/vault: encrypt: too large: plaintext has 67108865 bytes: want at most 67108864, or use EncryptTo")
}

func TestPlaintextIsTakenUpToItsLimit(t *testing.T) {
	w := newWire()
	large := w.vault(t)
	for _, limit := range []int{1, 10, 1000} {
		v := w.vault(t, vault.WithMaxPlaintextBytes(1<<20), vault.WithMaxPlaintextBytes(limit)) // the later one counts
		for _, size := range []int{0, limit - 1, limit, limit + 1} {
			plaintext := random(size)
			blob, err := large.Encrypt(t.Context(), plaintext, acme(), nil)
			if err != nil {
				t.Fatal(err)
			}
			before := w.count("")
			_, encryptErr := v.Encrypt(t.Context(), plaintext, acme(), nil)
			got, decryptErr := v.Decrypt(t.Context(), blob, nil)
			_, rekeyErr := v.Rekey(t.Context(), blob, acme())
			if size <= limit {
				if err := errors.Join(encryptErr, decryptErr, rekeyErr); err != nil || !bytes.Equal(got, plaintext) {
					t.Errorf("%d bytes of %d: got %x, %v; want the plaintext", size, limit, got, err)
				}
				continue
			}
			for prefix, err := range map[string]error{"decrypt": decryptErr, "rekey": rekeyErr} {
				wantOnly(t, err, "too large")
				wantUnsent(t, w, before, err,
					fmt.Sprintf("workos/vault: %s: too large: the plaintext has more than %d bytes", prefix, limit))
			}
			wantUnsent(t, w, before, encryptErr, fmt.Sprintf(
				"workos/vault: encrypt: too large: plaintext has %d bytes: want at most %d, or use EncryptTo", size, limit))
			if got != nil {
				t.Errorf("%d bytes of %d: got a plaintext with the error", size, limit)
			}
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
	if want := "workos/vault: encrypt: too large: plaintext has 11 bytes: want at most 10, or use EncryptTo"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
	if got := w.count(""); got != 1 {
		t.Errorf("requests: got %d, want 1", got)
	}
}
