package vault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/client/vault"
)

// inSandbox returns a client that is answered from memory.
func inSandbox() *workos.Client {
	c, err := workos.New("sk_sandbox", workos.WithHTTPClient(&http.Client{Transport: sandbox.New()}))
	if err != nil {
		panic(err)
	}
	return c
}

func Example() {
	ctx := context.Background()
	v, err := vault.New(inSandbox())
	if err != nil {
		panic(err)
	}
	// What selects the key, and what the blob is bound to: it opens in no other row.
	keyContext := map[string]string{"organization_id": "org_01"}
	row := []byte("users/42/ssn")

	blob, err := v.Encrypt(ctx, []byte("078-05-1120"), keyContext, row)
	if err != nil {
		panic(err)
	}
	plaintext, err := v.Decrypt(ctx, blob, row)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(plaintext))

	_, err = v.Decrypt(ctx, blob, []byte("users/43/ssn"))
	fmt.Println(errors.Is(err, vault.ErrNotAuthentic))
	// Output:
	// 078-05-1120
	// true
}

func ExampleWithKeyReuse() {
	ctx := context.Background()
	// One data key for up to 1,000 blobs or a minute, whichever ends first, and 100 decrypted ones at hand.
	v, err := vault.New(inSandbox(), vault.WithKeyReuse(1000, time.Minute), vault.WithKeyCache(100, time.Minute))
	if err != nil {
		panic(err)
	}
	defer v.Forget()
	for _, name := range []string{"Ada", "Grace"} {
		blob, err := v.Encrypt(ctx, []byte(name), map[string]string{"organization_id": "org_01"}, nil)
		if err != nil {
			panic(err)
		}
		plaintext, err := v.Decrypt(ctx, blob, nil)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(plaintext))
	}
	// Output:
	// Ada
	// Grace
}

func ExampleVault_EncryptTo() {
	ctx := context.Background()
	v, err := vault.New(inSandbox())
	if err != nil {
		panic(err)
	}
	var stored bytes.Buffer // a file, an upload
	w, err := v.EncryptTo(ctx, &stored, map[string]string{"organization_id": "org_01"}, []byte("exports/7"))
	if err != nil {
		panic(err)
	}
	if _, err := io.Copy(w, strings.NewReader("a long export")); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}

	r, err := v.DecryptFrom(ctx, &stored, []byte("exports/7"))
	if err != nil {
		panic(err)
	}
	plaintext, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(plaintext))
	// Output: a long export
}

func ExampleVault_Rekey() {
	ctx := context.Background()
	v, err := vault.New(inSandbox())
	if err != nil {
		panic(err)
	}
	blob, err := v.Encrypt(ctx, []byte("secret"), map[string]string{"organization_id": "org_01"}, nil)
	if err != nil {
		panic(err)
	}
	// The organization was merged into another: its data keys move, the ciphertext stays.
	blob, err = v.Rekey(ctx, blob, map[string]string{"organization_id": "org_02"})
	if err != nil {
		panic(err)
	}
	plaintext, err := v.Decrypt(ctx, blob, nil)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(plaintext))
	// Output: secret
}
