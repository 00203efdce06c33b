package vault_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/client/vault"
)

func TestRoundTrip(t *testing.T) {
	w := newWire()
	v := w.vault(t)
	for _, size := range []int{0, 1, 15, 16, 17, 1000, 1 << 20} {
		for _, associated := range [][]byte{nil, []byte("users/42")} {
			plaintext := make([]byte, size)
			_, _ = rand.Read(plaintext)
			blob, err := v.Encrypt(t.Context(), plaintext, acme(), associated)
			if err != nil {
				t.Fatalf("encrypt %d bytes: %v", size, err)
			}
			if size > 15 && bytes.Contains(raw(t, blob), plaintext) {
				t.Errorf("the blob of %d bytes holds the plaintext", size)
			}
			got, err := v.Decrypt(t.Context(), blob, associated)
			if err != nil || !bytes.Equal(got, plaintext) || got == nil {
				t.Errorf("decrypt %d bytes: got %d bytes (nil: %t), error %v; want what was encrypted", size, len(got), got == nil,
					err)
			}
		}
	}
}

func TestEachBlobHasADataKeyAndANonceOfItsOwn(t *testing.T) {
	w := newWire()
	v := w.vault(t)
	nonces := map[string]bool{}
	for range 3 {
		blob, err := v.Encrypt(t.Context(), []byte("secret"), acme(), nil)
		if err != nil {
			t.Fatal(err)
		}
		nonces[string(raw(t, blob)[:12])] = true
	}
	if got := w.count("/data-key"); got != 3 || len(nonces) != 3 {
		t.Errorf("3 blobs: got %d data keys and %d nonces, want 3 and 3", got, len(nonces))
	}
}

func TestKeyContextIsSentAndPlaintextIsNot(t *testing.T) {
	w := newWire()
	v := w.vault(t)
	blob, err := v.Encrypt(t.Context(), []byte("4242-secret"), acme(), []byte("row-secret"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Decrypt(t.Context(), blob, []byte("row-secret")); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Encrypt(t.Context(), nil, nil, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := w.sent[0].body, `{"context":{"organization_id":"org_01"}}`; got != want {
		t.Errorf("data key request: got %s, want %s", got, want)
	}
	if got, want := w.sent[2].body, `{"context":{}}`; got != want {
		t.Errorf("data key request without context: got %s, want %s", got, want)
	}
	for _, r := range w.sent {
		if strings.Contains(r.body, "secret") {
			t.Errorf("%s was sent plaintext or associated data: %s", r.path, r.body)
		}
	}
}

func TestEveryLayoutIsRead(t *testing.T) {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	for keysName, encrypted := range map[string]string{
		"keys of the API":    "WOS.EKM.v1\x00" + strings.Repeat("k", 150),
		"keys of another":    strings.Repeat("\x07", 150),
		"short ones":         "k",
		"many of them":       strings.Repeat("WOS.EKM.", 2000),
		"digits, as lengths": strings.Repeat("\x01", 60),
	} {
		server := keyServer{key: key, encrypted: []byte(encrypted)}
		for layout, name := range []string{"nonce first", "keys first", "32-byte nonce first"} {
			t.Run(keysName+", "+name, func(t *testing.T) {
				for _, plaintext := range []string{"", "s", strings.Repeat("secret ", 100)} {
					w := newWire()
					w.instead = server.answer
					v := w.vault(t)
					blob := text(server.blob(t, layout, plaintext, "row 1"))
					got, err := v.Decrypt(t.Context(), blob, []byte("row 1"))
					if err != nil || string(got) != plaintext {
						t.Errorf("decrypt: got %q, error %v; want %q", got, err, plaintext)
					}
					if n := w.count("/decrypt"); strings.HasPrefix(encrypted, "WOS.EKM.") && n != 1 {
						t.Errorf("requests where the keys bear the mark: got %d, want 1", n)
					} else if n > 3 {
						t.Errorf("requests: got %d, want at most one a layout", n)
					}
				}
			})
		}
	}
}

func TestEncryptWritesTheNonceFirst(t *testing.T) {
	for _, length := range []int{1, 5, 12, 127, 128, 300, 1 << 16} {
		server := keyServer{key: bytes.Repeat([]byte{7}, 32), encrypted: bytes.Repeat([]byte{9}, length)}
		w := newWire()
		w.instead = server.answer
		blob, err := w.vault(t).Encrypt(t.Context(), []byte("secret"), acme(), []byte("row"))
		if err != nil {
			t.Fatal(err)
		}
		b := raw(t, blob)
		want := server.blob(t, nonceFirst, "secret", "row")
		if len(b) != len(want) || !bytes.Equal(b[28:len(b)-6], want[28:len(want)-6]) {
			t.Fatalf("keys of %d bytes: blob has another layout than nonce ‖ tag ‖ length ‖ keys ‖ ciphertext", length)
		}
		if got := server.open(t, b, "row"); got != "secret" {
			t.Errorf("keys of %d bytes: by hand the blob opens to %q, want the plaintext", length, got)
		}
	}
}

func TestRekey(t *testing.T) {
	w := newWire()
	v := w.vault(t)
	blob, err := v.Encrypt(t.Context(), []byte("secret"), acme(), []byte("row"))
	if err != nil {
		t.Fatal(err)
	}
	moved, err := v.Rekey(t.Context(), blob, map[string]string{"organization_id": "org_02"})
	if err != nil {
		t.Fatal(err)
	}
	if moved == blob {
		t.Error("rekey: got the same blob, want other encrypted keys")
	}
	var sent struct {
		Context map[string]string `json:"context"`
	}
	if err := json.Unmarshal([]byte(w.sent[1].body), &sent); err != nil || sent.Context["organization_id"] != "org_02" {
		t.Errorf("rekey request: got %s, want the new context", w.sent[1].body)
	}
	for name, b := range map[string]string{"new": moved, "old": blob} {
		if got, err := v.Decrypt(t.Context(), b, []byte("row")); err != nil || string(got) != "secret" {
			t.Errorf("%s blob: got %q, error %v; want the plaintext", name, got, err)
		}
	}
}

func TestRekeyKeepsEveryLayoutReadable(t *testing.T) {
	server := keyServer{key: bytes.Repeat([]byte{7}, 32), encrypted: []byte("WOS.EKM.v1\x00old")}
	for layout, length := range []int{12 + 16, 12 + 16, 32 + 16} {
		w := newWire()
		w.instead = server.answer
		v := w.vault(t)
		moved, err := v.Rekey(t.Context(), text(server.blob(t, layout, "secret", "row")), acme())
		if err != nil {
			t.Fatalf("layout %d: %v", layout, err)
		}
		if got := raw(t, moved)[length+1:][:8]; string(got) != "WOS.EKM." {
			t.Errorf("layout %d: got %q behind nonce, tag and length, want the keys", layout, got)
		}
		if got, err := v.Decrypt(t.Context(), moved, []byte("row")); err != nil || string(got) != "secret" {
			t.Errorf("layout %d: got %q, error %v; want the plaintext", layout, got, err)
		}
	}
}

func TestWhatTheAPIRefusesIsItsError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // some are repeated, after a wait
		for _, status := range []int{400, 401, 403, 404, 422, 429, 500} {
			w := newWire()
			w.instead = func(*http.Request) *http.Response { return responseJSON(status, `{"message":"no"}`) }
			v := w.vault(t)
			_, encryptErr := v.Encrypt(t.Context(), nil, acme(), nil)
			var sink bytes.Buffer
			writer, streamErr := v.EncryptTo(t.Context(), &sink, nil, nil)
			if writer != nil || sink.Len() != 0 {
				t.Errorf("status %d: got the writer %v and %d bytes, want neither", status, writer, sink.Len())
			}
			for name, err := range map[string]error{"encrypt": encryptErr, "stream": streamErr} {
				var failure *client.Error
				if !errors.As(err, &failure) || failure.StatusCode != status || errors.Is(err, vault.ErrDataKey) {
					t.Errorf("%s, status %d: got %v, want the API's error alone", name, status, err)
				}
			}
		}
	})
}

func TestUnusableDataKeys(t *testing.T) {
	key, keys := text(bytes.Repeat([]byte{7}, 32)), text(make([]byte, 50))
	for _, test := range []struct{ name, key, encrypted, want string }{
		{"no key", "", keys, "key has 0 bytes: want 32"},
		{"key not Base64", key[:20] + "!", keys, "key: illegal base64 data at input byte 20"},
		{"key of 128 bits", text(make([]byte, 16)), keys, "key has 16 bytes: want 32"},
		{"no encrypted keys", key, "", "encrypted keys of 0 bytes: want 1 to 65536"},
		{"encrypted keys not Base64", key, "{}", "encrypted keys: illegal base64 data at input byte 0"},
		{"too many", key, text(make([]byte, 1<<16+1)), "encrypted keys of 65537 bytes: want 1 to 65536"},
	} {
		w := newWire()
		w.instead = func(*http.Request) *http.Response {
			return responseJSON(http.StatusOK, fmt.Sprintf(`{"id":"key_01","data_key":%q,"encrypted_keys":%q,"context":{}}`,
				test.key, test.encrypted))
		}
		v := w.vault(t)
		_, err := v.Encrypt(t.Context(), []byte("secret"), acme(), nil)
		wantOnly(t, err, "data key")
		if want := "workos/vault: encrypt: no usable data key: API response: " + test.want; err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", test.name, err, want)
		}
		blob := text(keyServer{key: make([]byte, 32), encrypted: []byte("WOS.EKM.x")}.blob(t, nonceFirst, "secret", ""))
		_, decryptErr := v.Decrypt(t.Context(), blob, nil)
		_, rekeyErr := v.Rekey(t.Context(), blob, acme())
		for _, err := range []error{decryptErr, rekeyErr} {
			if strings.Contains(fmt.Sprint(err), "Bwc") {
				t.Errorf("%s: the error shows key: %v", test.name, err)
			}
		}
		if strings.HasPrefix(test.want, "key") {
			wantOnly(t, decryptErr, "data key")
		} else {
			wantOnly(t, rekeyErr, "data key")
		}
	}
}

func TestResponsesThatAreNotDocumented(t *testing.T) {
	for name, answer := range map[string]string{
		"not JSON": `Bwc`, "no object": `["Bwc"]`, "wrong types": `{"data_key":"Bwc","encrypted_keys":7}`,
	} {
		w := newWire()
		w.instead = func(*http.Request) *http.Response { return responseJSON(http.StatusOK, answer) }
		_, err := w.vault(t).Encrypt(t.Context(), []byte("secret"), acme(), nil)
		if _, ok := errors.AsType[*client.Error](err); !ok {
			t.Errorf("%s: got %v, want the client's error", name, err)
		}
		if strings.Contains(fmt.Sprint(err), "Bwc") {
			t.Errorf("%s: the error shows the answer: %v", name, err)
		}
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	c, err := client.New("sk_test", client.WithHTTPClient(&http.Client{Transport: sandbox.New()}))
	if err != nil {
		t.Fatal(err)
	}
	for want, opt := range map[string]vault.Option{
		"workos/vault: option 1 is nil":                                              nil,
		"workos/vault: WithMaxPlaintextBytes: invalid limit 0: want 1 to 1073741824": vault.WithMaxPlaintextBytes(0),
		"workos/vault: WithKeyReuse: invalid uses 0: want 1 to 4294967296":           vault.WithKeyReuse(0, 1),
		"workos/vault: WithKeyReuse: invalid uses 4294967297: want 1 to 4294967296":  vault.WithKeyReuse(1<<32+1, 1),
		"workos/vault: WithKeyReuse: invalid age: want more than 0":                  vault.WithKeyReuse(1, 0),
		"workos/vault: WithKeyCache: invalid number of keys 0: want at least 1":      vault.WithKeyCache(0, 1),
		"workos/vault: WithKeyCache: invalid age: want more than 0":                  vault.WithKeyCache(1, 0),
	} {
		if _, err := vault.New(c, opt); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	for name, none := range map[string]*client.Client{"nil": nil, "zero": {}} {
		if _, err := vault.New(none); err == nil || !strings.Contains(err.Error(), "client.New") {
			t.Errorf("%s client: got %v, want an error that names client.New", name, err)
		}
	}
}

func TestWithoutAContext(t *testing.T) {
	w := newWire()
	v := w.vault(t)
	var none context.Context
	blob := text(bytes.Repeat([]byte{1}, 100))
	_, encrypt := v.Encrypt(none, nil, nil, nil)
	_, decrypt := v.Decrypt(none, blob, nil)
	_, rekey := v.Rekey(none, blob, nil)
	_, encryptTo := v.EncryptTo(none, io.Discard, nil, nil)
	_, decryptFrom := v.DecryptFrom(none, bytes.NewReader(stream(t, v, nil, nil)), nil)
	for i, err := range []error{encrypt, decrypt, rekey, encryptTo, decryptFrom} {
		if err == nil || !strings.HasSuffix(err.Error(), "context is nil") {
			t.Errorf("call %d: got %v, want an error that says so", i, err)
		}
	}
}

func TestKeyContextIsChecked(t *testing.T) {
	many := map[string]string{}
	for i := range 11 {
		many[strconv.Itoa(i)] = ""
	}
	for want, keyContext := range map[string]map[string]string{
		"key context has 11 values: want at most 10":                   many,
		`key context value "org" has 501 characters: want at most 500`: {"org": strings.Repeat("é", 501)},
		`key context value "org": name or value is not valid UTF-8`:    {"org": "\xff"},
		`key context value "\xff": name or value is not valid UTF-8`:   {"\xff": ""},
	} {
		w := newWire()
		v := w.vault(t)
		_, encrypt := v.Encrypt(t.Context(), nil, keyContext, nil)
		_, rekey := v.Rekey(t.Context(), text(make([]byte, 100)), keyContext)
		_, stream := v.EncryptTo(t.Context(), &bytes.Buffer{}, keyContext, nil)
		for prefix, err := range map[string]error{"encrypt": encrypt, "rekey": rekey} {
			if err == nil || err.Error() != "workos/vault: "+prefix+": "+want {
				t.Errorf("got %v, want workos/vault: %s: %s", err, prefix, want)
			}
		}
		if stream == nil || stream.Error() != "workos/vault: encrypt: "+want {
			t.Errorf("got %v, want workos/vault: encrypt: %s", stream, want)
		}
		if len(w.sent) != 0 {
			t.Errorf("%s: %d requests were sent, want none", want, len(w.sent))
		}
	}
}
