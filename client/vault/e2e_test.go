//go:build e2e

package vault_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/internal/nodesdk"
	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/client/vault"
)

// These tests exchange blobs with the official Node SDK, which `npm ci --prefix .ci/e2e` installs. Both take their data
// keys from one sandbox on loopback.

func peers(t *testing.T) (*vault.Vault, *nodesdk.Peer) {
	t.Helper()
	server := httptest.NewServer(sandbox.New(sandbox.WithSharedEnvironment()))
	t.Cleanup(server.Close)
	c, err := client.New("sk_test", client.WithBaseURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return v, nodesdk.StartWithAPI(t, server.URL)
}

// values are what is exchanged: the Node SDK takes text only.
func values() map[string]string {
	return map[string]string{
		"empty": "", "short": "s", "beyond ASCII": "Grüße, 世界 \U0001f511", "with NUL": "a\x00b",
		"a block": strings.Repeat("x", 16), "large": strings.Repeat("0123456789abcdef", 1<<16),
	}
}

func TestE2ENodeDecryptsOurBlobs(t *testing.T) {
	v, node := peers(t)
	for name, value := range values() {
		for _, associated := range []string{"", "users/42/é"} {
			blob, err := v.Encrypt(t.Context(), []byte(value), acme(), []byte(associated))
			if err != nil {
				t.Fatalf("%s: encrypt: %v", name, err)
			}
			var got string
			if err := node.Call(t, "vault.decrypt", &got, blob, associated); err != nil || got != value {
				t.Errorf("%s, associated data %q: Node got %.40q, error %v; want %.40q", name, associated, got, err, value)
			}
		}
	}
}

func TestE2ENodesBlobsDecryptHere(t *testing.T) {
	v, node := peers(t)
	for name, value := range values() {
		for _, associated := range []string{"", "users/42/é"} {
			var blob string
			if err := node.Call(t, "vault.encrypt", &blob, value, acme(), associated); err != nil {
				t.Fatalf("%s: Node: encrypt: %v", name, err)
			}
			got, err := v.Decrypt(t.Context(), blob, []byte(associated))
			if err != nil || string(got) != value {
				t.Errorf("%s, associated data %q: got %.40q, error %v; want %.40q", name, associated, got, err, value)
			}
			_, err = v.Decrypt(t.Context(), blob, []byte("users/43"))
			if !errors.Is(err, vault.ErrNotAuthentic) {
				t.Errorf("%s, other associated data: got %v, want ErrNotAuthentic", name, err)
			}
		}
	}
}

func TestE2ENodeRefusesOtherAssociatedData(t *testing.T) {
	v, node := peers(t)
	blob, err := v.Encrypt(t.Context(), []byte("secret"), acme(), []byte("users/42"))
	if err != nil {
		t.Fatal(err)
	}
	for _, associated := range []string{"", "users/43"} {
		var thrown *nodesdk.Error
		if err := node.Call(t, "vault.decrypt", nil, blob, associated); !errors.As(err, &thrown) {
			t.Errorf("associated data %q: got %v, want an exception of Node's", associated, err)
		}
	}
}

func TestE2ENodeDecryptsRekeyedBlobs(t *testing.T) {
	v, node := peers(t)
	var blob string
	if err := node.Call(t, "vault.encrypt", &blob, "secret", acme(), "users/42"); err != nil {
		t.Fatal(err)
	}
	moved, err := v.Rekey(t.Context(), blob, map[string]string{"organization_id": "org_02"})
	if err != nil {
		t.Fatal(err)
	}
	var got string
	if err := node.Call(t, "vault.decrypt", &got, moved, "users/42"); err != nil || got != "secret" {
		t.Errorf("rekeyed: Node got %q, error %v; want the plaintext", got, err)
	}
	if moved == blob {
		t.Error("rekeyed: got the same blob, want other encrypted keys")
	}

	// A blob of the layout that Node does not read becomes one that it does.
	b := raw(t, blob)
	const head, mark = 28, "WOS.EKM."
	at := strings.Index(string(b), mark)
	length := int(b[head]) // of the sandbox's keys: one byte of LEB128
	keysFirst := string(b[head:at+length]) + string(b[:12]) + string(b[at+length:]) + string(b[12:head])
	if err := node.Call(t, "vault.decrypt", nil, text([]byte(keysFirst)), "users/42"); err == nil {
		t.Error("keys first: Node reads it; want an exception, else this test is of no use")
	}
	moved, err = v.Rekey(t.Context(), text([]byte(keysFirst)), acme())
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Call(t, "vault.decrypt", &got, moved, "users/42"); err != nil || got != "secret" {
		t.Errorf("keys first, rekeyed: Node got %q, error %v; want the plaintext", got, err)
	}
}
