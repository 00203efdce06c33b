package vault_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/vault"
)

func encrypt(ctx context.Context, tb testing.TB, v *vault.Vault, keyContext map[string]string) string {
	tb.Helper()
	blob, err := v.Encrypt(ctx, []byte("secret"), keyContext, nil)
	if err != nil {
		tb.Errorf("encrypt: %v", err)
	}
	return blob
}

func decrypt(ctx context.Context, tb testing.TB, v *vault.Vault, blob string) {
	tb.Helper()
	if got, err := v.Decrypt(ctx, blob, nil); err != nil || string(got) != "secret" {
		tb.Errorf("decrypt: got %q, error %v; want the plaintext", got, err)
	}
}

func TestDataKeyIsReusedAsOftenAsAllowed(t *testing.T) {
	w := newWire()
	v := w.vault(t, vault.WithKeyReuse(3, time.Hour))
	nonces := map[string]bool{}
	for range 7 {
		nonces[string(raw(t, encrypt(t.Context(), t, v, acme()))[:12])] = true
	}
	if got := w.count("/data-key"); got != 3 {
		t.Errorf("7 blobs of 3 a key: got %d data keys, want 3", got)
	}
	if len(nonces) != 7 {
		t.Errorf("7 blobs: got %d nonces, want 7", len(nonces))
	}
}

func TestDataKeyIsReusedAsLongAsAllowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		v := w.vault(t, vault.WithKeyReuse(1000, time.Minute))
		for range 4 { // at 0, 30, 60 and 90 seconds
			encrypt(t.Context(), t, v, acme())
			time.Sleep(30 * time.Second)
		}
		if got := w.count("/data-key"); got != 2 {
			t.Errorf("4 blobs in 90 s, of 60 s a key: got %d data keys, want 2", got)
		}
	})
}

func TestDataKeyIsReusedForItsContextAlone(t *testing.T) {
	w := newWire()
	v := w.vault(t, vault.WithKeyReuse(1000, time.Hour))
	for range 2 {
		for _, keyContext := range []map[string]string{
			nil, acme(), {"organization_id": "org_02"}, {"a": "1", "b": "2"}, {"b": "2", "a": "1"}, {"a": `1","b":"2`},
		} {
			encrypt(t.Context(), t, v, keyContext)
		}
	}
	if got := w.count("/data-key"); got != 5 {
		t.Errorf("5 key contexts: got %d data keys, want 5", got)
	}
}

func TestKeptKeysStayWithTheirTenant(t *testing.T) {
	w := newWire()
	c, err := client.New("", client.WithCredentialsFromContext(), client.WithHTTPClient(&http.Client{Transport: w}))
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.New(c, vault.WithKeyReuse(1000, time.Hour), vault.WithKeyCache(1000, time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	one := client.WithCredentials(t.Context(), client.Credentials{APIKey: "sk_one"})
	two := client.WithCredentials(t.Context(), client.Credentials{APIKey: "sk_two"})
	for range 2 {
		blob := encrypt(one, t, v, acme())
		encrypt(two, t, v, acme())
		decrypt(one, t, v, blob)
		decrypt(two, t, v, blob)
		if _, err := v.Decrypt(t.Context(), blob, nil); !errors.Is(err, client.ErrNoCredentials) {
			t.Errorf("decrypt without credentials: got %v, want ErrNoCredentials", err)
		}
		if _, err := v.Encrypt(t.Context(), nil, acme(), nil); !errors.Is(err, client.ErrNoCredentials) {
			t.Errorf("encrypt without credentials: got %v, want ErrNoCredentials", err)
		}
	}
	if made, decrypted := w.count("/data-key"), w.count("/decrypt"); made != 2 || decrypted != 2 {
		t.Errorf("2 tenants: got %d and %d requests, want one each for a data key and for its decryption", made, decrypted)
	}
}

func TestDecryptedKeysAreKeptWithinBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		blobs := make([]string, 3)
		for i := range blobs {
			blobs[i] = encrypt(t.Context(), t, w.vault(t), acme())
		}
		v := w.vault(t, vault.WithKeyCache(2, time.Minute))
		requests := 0
		step := func(what string, blob, more int) {
			t.Helper()
			decrypt(t.Context(), t, v, blobs[blob])
			if requests += more; w.count("/decrypt") != requests {
				t.Fatalf("%s: got %d requests in all, want %d", what, w.count("/decrypt"), requests)
			}
		}
		step("first", 0, 1)
		step("again", 0, 0)
		step("second", 1, 1)
		step("first again", 0, 0)
		step("third, in the place of the second", 2, 1)
		step("first, used lately", 0, 0)
		step("second", 1, 1)
		time.Sleep(time.Minute)
		step("after a minute", 1, 1)
		v.Forget()
		step("after Forget", 1, 1)
	})
}

func TestRefusedKeysPushNoneOut(t *testing.T) {
	w := newWire()
	v := w.vault(t, vault.WithKeyCache(1, time.Hour))
	blob := encrypt(t.Context(), t, v, acme())
	decrypt(t.Context(), t, v, blob)
	for i := range 5 {
		garbage := text([]byte(strings.Repeat(strconv.Itoa(i), 28) + "\x09WOS.EKM.x"))
		_, err := v.Decrypt(t.Context(), garbage, nil)
		wantOnly(t, err, "data key")
	}
	before := w.count("/decrypt")
	decrypt(t.Context(), t, v, blob)
	if got := w.count("/decrypt"); got != before {
		t.Errorf("after refusals: got another request for the key in use, want none")
	}
}

func TestConcurrentCallsFetchOneKey(t *testing.T) {
	w := newWire()
	release := make(chan struct{})
	w.instead = func(*http.Request) *http.Response {
		<-release
		return nil
	}
	v := w.vault(t, vault.WithKeyReuse(1000, time.Hour), vault.WithKeyCache(10, time.Hour))
	var group sync.WaitGroup
	blobs := make([]string, 50)
	for i := range blobs {
		group.Go(func() { blobs[i], _ = v.Encrypt(t.Context(), []byte("secret"), acme(), nil) })
	}
	close(release)
	group.Wait()
	if got := w.count("/data-key"); got != 1 {
		t.Errorf("50 concurrent blobs: got %d data keys, want 1", got)
	}
	for _, blob := range blobs {
		group.Go(func() { decrypt(t.Context(), t, v, blob) })
	}
	group.Wait()
	if got := w.count("/decrypt"); got != 1 {
		t.Errorf("50 concurrent decryptions: got %d requests, want 1", got)
	}
}

// The number of uses is a limit that no race exceeds.
func TestConcurrentCallsShareTheUses(t *testing.T) {
	w := newWire()
	v := w.vault(t, vault.WithKeyReuse(7, time.Hour))
	uses := make([]string, 50)
	var group sync.WaitGroup
	for i := range uses {
		group.Go(func() {
			b := raw(t, encrypt(t.Context(), t, v, acme()))
			uses[i] = string(b[28 : len(b)-len("secret")])
		})
	}
	group.Wait()
	count := map[string]int{}
	for _, keys := range uses {
		if count[keys]++; count[keys] > 7 {
			t.Errorf("a data key: got %d uses, want at most 7", count[keys])
		}
	}
	if got := w.count("/data-key"); got != 8 {
		t.Errorf("50 blobs of 7 a key: got %d data keys, want 8", got)
	}
}

// One caller's cancellation or failure is not the next one's.
func TestWaitingCallsOutliveTheOneThatFetches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		ctx, cancel := context.WithCancel(t.Context())
		w.instead = func(req *http.Request) *http.Response {
			if w.count("/data-key") == 1 {
				<-req.Context().Done()
				return responseJSON(http.StatusInternalServerError, `{}`)
			}
			return nil
		}
		v := w.vault(t, vault.WithKeyReuse(1000, time.Hour))
		var first, second, third error
		var group sync.WaitGroup
		group.Go(func() { _, first = v.Encrypt(ctx, nil, acme(), nil) })
		synctest.Wait()
		group.Go(func() { _, second = v.Encrypt(t.Context(), nil, acme(), nil) })
		short, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		_, third = v.Encrypt(short, nil, acme(), nil)
		cancel()
		group.Wait()
		if first == nil || second != nil {
			t.Errorf("got errors %v and %v, want one of the call that was cancelled, none of the one that waited", first, second)
		}
		if !errors.Is(third, context.DeadlineExceeded) {
			t.Errorf("waiting beyond the deadline: got %v, want context.DeadlineExceeded", third)
		}
	})
}

func TestForgetWhileInUse(t *testing.T) {
	w := newWire()
	v := w.vault(t, vault.WithKeyReuse(2, time.Hour), vault.WithKeyCache(2, time.Hour))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				decrypt(t.Context(), t, v, encrypt(t.Context(), t, v, acme()))
				v.Forget()
			}
		})
	}
	group.Wait()
	w.vault(t).Forget() // nothing to forget
}
