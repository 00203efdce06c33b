package vault_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/client/vault"
)

// wire is the sandbox with a record of what was asked, and a place to answer something else.
type wire struct {
	*sandbox.Sandbox

	instead func(*http.Request) *http.Response // nil, or returning nil: the sandbox

	mu    sync.Mutex
	sent  []request
	given [][]byte // data keys that were answered
}

type request struct{ path, body string }

func newWire() *wire { return &wire{Sandbox: sandbox.New(sandbox.WithSharedEnvironment())} }

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	w.mu.Lock()
	w.sent = append(w.sent, request{req.URL.Path, string(body)})
	w.mu.Unlock()
	req.Body = io.NopCloser(bytes.NewReader(body))
	if w.instead != nil {
		if resp := w.instead(req); resp != nil {
			resp.Request = req
			return resp, nil
		}
	}
	resp, err := w.Sandbox.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	answer, _ := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(bytes.NewReader(answer))
	var key struct {
		Key []byte `json:"data_key"`
	}
	if json.Unmarshal(answer, &key) == nil && len(key.Key) > 0 {
		w.mu.Lock()
		w.given = append(w.given, key.Key)
		w.mu.Unlock()
	}
	return resp, nil
}

// count returns how many requests went to a path that ends so.
func (w *wire) count(suffix string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, r := range w.sent {
		if strings.HasSuffix(r.path, suffix) {
			n++
		}
	}
	return n
}

func (w *wire) vault(tb testing.TB, opts ...vault.Option) *vault.Vault {
	tb.Helper()
	c, err := client.New("sk_test", client.WithHTTPClient(&http.Client{Transport: w}))
	if err != nil {
		tb.Fatal(err)
	}
	v, err := vault.New(c, opts...)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func responseJSON(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// keyServer answers with one data key for the encrypted keys that it knows, and refuses all others.
type keyServer struct{ key, encrypted []byte }

func (k keyServer) answer(req *http.Request) *http.Response {
	if strings.HasSuffix(req.URL.Path, "/decrypt") {
		var body struct{ Keys []byte }
		if json.NewDecoder(req.Body).Decode(&body) != nil || !bytes.Equal(body.Keys, k.encrypted) {
			return responseJSON(http.StatusBadRequest, `{"message":"unknown keys"}`)
		}
	}
	return responseJSON(http.StatusOK, fmt.Sprintf(`{"id":"key_01","data_key":%q,"encrypted_keys":%q,"context":{}}`,
		text(k.key), text(k.encrypted)))
}

// The layouts of blobs, written here by hand.
const (
	nonceFirst = iota
	keysFirst
	longNonceFirst
)

func (k keyServer) blob(tb testing.TB, layout int, plaintext, associatedData string) []byte {
	tb.Helper()
	block, err := aes.NewCipher(k.key)
	if err != nil {
		tb.Fatal(err)
	}
	size := 12
	if layout == longNonceFirst {
		size = 32
	}
	aead, err := cipher.NewGCMWithNonceSize(block, size)
	if err != nil {
		tb.Fatal(err)
	}
	nonce := make([]byte, size)
	_, _ = rand.Read(nonce)
	sealed := aead.Seal(nil, nonce, []byte(plaintext), []byte(associatedData))
	keys := append(binary.AppendUvarint(nil, uint64(len(k.encrypted))), k.encrypted...)
	if layout == keysFirst {
		return slices.Concat(keys, nonce, sealed)
	}
	end := len(sealed) - 16
	return slices.Concat(nonce, sealed[end:], keys, sealed[:end])
}

func text(raw []byte) string { return base64.StdEncoding.EncodeToString(raw) }

func raw(tb testing.TB, text string) []byte {
	tb.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func acme() map[string]string { return map[string]string{"organization_id": "org_01"} }

// open decrypts a blob in the first layout by hand.
func (k keyServer) open(tb testing.TB, blob []byte, associatedData string) string {
	tb.Helper()
	block, err := aes.NewCipher(k.key)
	if err != nil {
		tb.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		tb.Fatal(err)
	}
	length, n := binary.Uvarint(blob[28:])
	sealed := slices.Concat(blob[28+n+int(length):], blob[12:28])
	plaintext, err := aead.Open(nil, blob[:12], sealed, []byte(associatedData))
	if err != nil {
		tb.Fatalf("open by hand: %v", err)
	}
	return string(plaintext)
}

// The sizes to which the fuzz tests keep their input.
const (
	maxBlob   = 4 << 10
	maxStream = chunkSize + 4<<10
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

type brokenWriter struct{ room int }

func (b *brokenWriter) Write(p []byte) (int, error) {
	if b.room -= len(p); b.room < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

// parts finds where the parts of a stream begin.
type streamParts struct{ keys, salt, check, tag, chunks int }

func partsOf(s []byte) streamParts {
	length, n := binary.Uvarint(s[8:])
	keys := 8 + n
	salt := keys + int(length)
	return streamParts{keys: keys, salt: salt, check: salt + 32, tag: salt + 48, chunks: salt + 80}
}
