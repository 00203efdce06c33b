package vault_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/vault"
)

// wantUnsent checks that a call was refused with that error, and that no request was made for it.
func wantUnsent(t *testing.T, w *wire, before int, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if sent := w.count("") - before; sent != 0 {
		t.Errorf("%v: %d requests were sent, want none", err, sent)
	}
}

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
		"plaintext limit is -1 bytes; it must be 1 to 1073741824":         {good, vault.WithMaxPlaintextBytes(-1), good},
		"plaintext limit is 1073741825 bytes; it must be 1 to 1073741824": {vault.WithMaxPlaintextBytes(1<<30 + 1), good},
		"key reuse of -1 uses; it must be 1 to 4294967296":                {good, vault.WithKeyReuse(-1, 1)},
		"key reuse has no age; it must be more than 0":                    {good, vault.WithKeyReuse(1, -1)},
		"key cache of -1 keys; it must have at least 1":                   {good, vault.WithKeyCache(-1, 1)},
		"key cache has no age; it must be more than 0":                    {good, vault.WithKeyCache(1, -1)},
	} {
		if v, err := vault.New(c, opts...); v != nil || err == nil || err.Error() != "vault: "+want {
			t.Errorf("got %v, %v; want vault: %s", v, err, want)
		}
	}
}

func TestPlaintextIsBoundedUnlessSet(t *testing.T) {
	w := newWire()
	_, err := w.vault(t).Encrypt(t.Context(), make([]byte, 64<<20+1), acme(), nil)
	wantOnly(t, err, "too large")
	wantUnsent(t, w, 0, err,
		"vault: encrypt: too large: the plaintext has 67108865 bytes; at most 67108864, or use EncryptTo")
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
					fmt.Sprintf("vault: %s: too large: the plaintext has more than %d bytes", prefix, limit))
			}
			wantUnsent(t, w, before, encryptErr, fmt.Sprintf(
				"vault: encrypt: too large: the plaintext has %d bytes; at most %d, or use EncryptTo", size, limit))
			if got != nil {
				t.Errorf("%d bytes of %d: got a plaintext with the error", size, limit)
			}
		}
	}
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
		t.Fatalf("the blob has %d characters, want the %d that are read", len(blob), most)
	}
	if got, err := v.Decrypt(t.Context(), blob, []byte("row")); err != nil || string(got) != "0123456789" {
		t.Errorf("got %q, %v; want the plaintext", got, err)
	}
	before := w.count("")
	_, err := v.Decrypt(t.Context(), blob+"A", nil)
	wantOnly(t, err, "too large")
	says := fmt.Sprintf("too large: the blob has %d characters; at most %d", most+1, most)
	wantUnsent(t, w, before, err, "vault: decrypt: "+says)
	_, err = v.Rekey(t.Context(), blob+"A", nil)
	wantUnsent(t, w, before, err, "vault: rekey: "+says)
}

func TestKeyContextIsTakenUpToItsLimits(t *testing.T) {
	many := map[string]string{}
	for i := range 10 {
		many[strconv.Itoa(i)] = strings.Repeat("é", 490+i)
	}
	for name, keyContext := range map[string]map[string]string{
		"nil": nil, "empty": {}, "10 values": many, "499 characters": {"a": strings.Repeat("é", 499)},
		"500 characters": {"a": strings.Repeat("é", 500)}, "an empty value": {"a": ""}, "an empty name": {"": "a"},
		"a long name": {strings.Repeat("x", 1000): ""},
	} {
		w := newWire()
		v := w.vault(t)
		blob, err := v.Encrypt(t.Context(), nil, keyContext, nil)
		if err != nil {
			t.Errorf("%s: encrypt: %v", name, err)
		}
		if _, err := v.Rekey(t.Context(), blob, keyContext); err != nil {
			t.Errorf("%s: rekey: %v", name, err)
		}
		if keyContext == nil {
			keyContext = map[string]string{}
		}
		for _, r := range w.sent {
			var sent struct{ Context map[string]string }
			err := json.Unmarshal([]byte(r.body), &sent)
			if err != nil || sent.Context == nil || !maps.Equal(sent.Context, keyContext) {
				t.Errorf("%s: sent to %s: got %s, want the context", name, r.path, r.body)
			}
		}
		if len(w.sent) != 2 {
			t.Errorf("%s: got %d requests, want 2", name, len(w.sent))
		}
	}
}

// Each value is looked at, and where several cannot be, the first by name is told.
func TestEachValueOfTheKeyContextIsChecked(t *testing.T) {
	long := strings.Repeat("x", 501)
	tooLong := func(name string) string { return `key context value "` + name + `" has 501 characters; at most 500` }
	invalid := func(name string) string { return `key context value "` + name + `": name or value is not valid UTF-8` }
	for _, test := range []struct {
		keyContext map[string]string
		want       string
	}{
		{map[string]string{"a": long, "b": "", "c": ""}, tooLong("a")},
		{map[string]string{"a": "", "b": long, "c": ""}, tooLong("b")},
		{map[string]string{"a": "", "b": "", "c": long}, tooLong("c")},
		{map[string]string{"a": "\xff", "b": long}, invalid("a")},
		{map[string]string{"a": "", "b": "\xff", "c": long}, invalid("b")},
		{map[string]string{"a": "", "\xff": ""}, invalid(`\xff`)},
	} {
		w := newWire()
		v := w.vault(t)
		var sink bytes.Buffer
		blob, s := text(make([]byte, 100)), strings.NewReader("x")
		_, err := v.Encrypt(t.Context(), nil, test.keyContext, nil)
		wantUnsent(t, w, 0, err, "vault: encrypt: "+test.want)
		_, err = v.Rekey(t.Context(), blob, test.keyContext)
		wantUnsent(t, w, 0, err, "vault: rekey: "+test.want)
		writer, err := v.EncryptTo(t.Context(), &sink, test.keyContext, nil)
		wantUnsent(t, w, 0, err, "vault: encrypt: "+test.want)
		err = v.RekeyTo(t.Context(), &sink, s, test.keyContext)
		wantUnsent(t, w, 0, err, "vault: rekey: "+test.want)
		if writer != nil || sink.Len() != 0 || s.Len() != 1 {
			t.Errorf("%s: got the writer %v, %d bytes written and %d to read; want nothing done", test.want, writer,
				sink.Len(), s.Len())
		}
	}
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

func TestRequestsThatFailAreNotThoseOfRefusedKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // some are repeated, after a wait
		refused := map[int]bool{400: true, 404: true, 422: true}
		for _, status := range []int{400, 401, 402, 403, 404, 405, 409, 413, 421, 422, 423, 429, 500, 503} {
			w := newWire()
			v := w.vault(t)
			s := stream(t, v, nil, nil)
			w.instead = func(*http.Request) *http.Response { return answerJSON(status, `{"message":"no"}`) }
			ways := bytes.Repeat([]byte{1}, 200)
			ways[0], ways[28], ways[48] = 3, 4, 5 // lengths of the keys, in three layouts
			unmarked := text(ways)
			var sink bytes.Buffer
			_, decryptErr := v.Decrypt(t.Context(), unmarked, nil)
			_, rekeyErr := v.Rekey(t.Context(), unmarked, nil)
			_, streamErr := v.DecryptFrom(t.Context(), bytes.NewReader(s), nil)
			streamRekeyErr := v.RekeyTo(t.Context(), &sink, bytes.NewReader(s), nil)
			for name, err := range map[string]error{
				"decrypt": decryptErr, "rekey": rekeyErr, "stream": streamErr, "rekey of a stream": streamRekeyErr,
			} {
				var failure *client.Error
				if !errors.As(err, &failure) || failure.StatusCode != status ||
					errors.Is(err, vault.ErrDataKey) != refused[status] {
					t.Errorf("%s, status %d: got %v, want the API's error, and ErrDataKey: %t", name, status, err, refused[status])
				}
			}
			if sink.Len() != 0 {
				t.Errorf("status %d: %d bytes of a stream were written, want none", status, sink.Len())
			}
			want := 2 + 2 // for the blob, of which no other reading is tried after a failure, and for the stream
			if refused[status] {
				want = 2*3 + 2
			}
			different := map[request]bool{}
			for _, r := range w.sent[1:] {
				different[r] = true
			}
			if len(different) != want {
				t.Errorf("status %d: got %d different requests, want %d", status, len(different), want)
			}
		}
	})
}
