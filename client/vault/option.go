package vault

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Option configures a [Vault] in [New]. Of two that set the same thing the later one counts.
type Option func(*config) error

type config struct {
	maxPlaintext int
	reuse, cache *keyring
}

const (
	defaultMaxPlaintext = 64 << 20
	mostMaxPlaintext    = 1 << 30

	// maxUses is how often a key may meet a random nonce of 96 bits (NIST SP 800-38D section 8.3).
	maxUses = 1 << 32
	// maxContexts is how many key contexts have a data key at hand for reuse.
	maxContexts = 1000
)

// WithMaxPlaintextBytes bounds the plaintexts of Encrypt and Decrypt, which are in memory as a whole; 64 MiB unless
// set, at most 1 GiB. A larger one is [ErrTooLarge]; streams have no such limit.
func WithMaxPlaintextBytes(n int) Option {
	return func(cfg *config) error {
		if n < 1 || n > mostMaxPlaintext {
			return fmt.Errorf("plaintext limit is %d bytes; it must be 1 to %d", n, mostMaxPlaintext)
		}
		cfg.maxPlaintext = n
		return nil
	}
}

// WithKeyReuse lets Encrypt use a data key up to that many times, and no longer than that age, before it asks for
// another: one request for many blobs. Without it each blob has a data key of its own, as with other SDKs.
//
// A data key is reused for one key context, and for one API key where [client.WithCredentials] brings several. At most
// 1,000 are kept, of the contexts used last. Uses are 1 to 2^32, the limit of NIST SP 800-38D section 8.3 for random
// nonces of 96 bits. Another process or [Vault] has data keys of its own, so none of them counts for this one.
//
// [client.WithCredentials]: https://pkg.go.dev/github.com/seed-f165d83c/workos/client#WithCredentials
func WithKeyReuse(uses int64, age time.Duration) Option {
	return func(cfg *config) error {
		if uses < 1 || uses > maxUses {
			return fmt.Errorf("key reuse of %d uses; it must be 1 to %d", uses, int64(maxUses))
		}
		if age <= 0 {
			return errors.New("key reuse has no age; it must be more than 0")
		}
		cfg.reuse = newKeyring(maxContexts, uses, age)
		return nil
	}
}

// WithKeyCache lets Decrypt keep up to that many data keys, those used last, each no longer than that age, so that
// blobs of the same data key cost one request. Without it each Decrypt makes one.
//
// Within that age a blob opens without WorkOS: it shows in no audit log there, and goes on when access is revoked.
// Where [client.WithCredentials] brings several API keys, each has data keys of its own.
//
// [client.WithCredentials]: https://pkg.go.dev/github.com/seed-f165d83c/workos/client#WithCredentials
func WithKeyCache(keys int, age time.Duration) Option {
	return func(cfg *config) error {
		if keys < 1 {
			return fmt.Errorf("key cache of %d keys; it must have at least 1", keys)
		}
		if age <= 0 {
			return errors.New("key cache has no age; it must be more than 0")
		}
		cfg.cache = newKeyring(keys, math.MaxInt64, age)
		return nil
	}
}
