package vault

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Option configures a [Vault] in [New]. Later options override earlier ones.
type Option func(*config) error

type config struct {
	maxPlaintext int
	layout       Layout
	reuse, cache *keyring
}

const (
	defaultMaxPlaintext = 64 << 20
	mostMaxPlaintext    = 1 << 30

	// maxUses is the maximum number of random 96-bit nonces per key (NIST SP 800-38D section 8.3).
	maxUses = 1 << 32
	// maxContexts is the maximum number of key contexts with a reusable data key.
	maxContexts = 1000
)

// WithMaxPlaintextBytes limits the plaintexts of Encrypt and Decrypt, which are in memory as a whole. The default is 64
// MiB, the maximum 1 GiB. A larger plaintext is an [ErrTooLarge]; streams have no such limit.
func WithMaxPlaintextBytes(n int) Option {
	return func(cfg *config) error {
		if n < 1 || n > mostMaxPlaintext {
			return fmt.Errorf("WithMaxPlaintextBytes: invalid limit %d: want 1 to %d", n, mostMaxPlaintext)
		}
		cfg.maxPlaintext = n
		return nil
	}
}

// WithLayout sets the layout of the blobs that Encrypt and Rekey write, so that an SDK that reads only its own can read
// them, for example workos-go during a migration. The default is [NonceFirst]. Decrypt reads every layout. Rekey cannot
// change the size of a nonce: a blob whose nonce the layout does not allow keeps it and has it first.
func WithLayout(layout Layout) Option {
	return func(cfg *config) error {
		if int(layout) >= len(layouts()) {
			return fmt.Errorf("WithLayout: invalid layout %d: want NonceFirst, KeysFirst or LongNonceFirst", layout)
		}
		cfg.layout = layout
		return nil
	}
}

// WithKeyReuse makes Encrypt use a data key up to that many times and up to that age, so that one request serves many
// blobs. By default each blob has its own data key, as with other SDKs.
//
// A data key is reused for one key context, and one API key if [client.WithCredentials] sets several. At most 1,000 are
// cached, the most recently used. Uses are 1 to 2^32, the limit of NIST SP 800-38D section 8.3 for random nonces of 96
// bits. Other processes and [Vault] values use other data keys, so they do not count towards the limit.
//
// [client.WithCredentials]: https://pkg.go.dev/github.com/seed-f165d83c/workos/client#WithCredentials
func WithKeyReuse(uses int64, age time.Duration) Option {
	return func(cfg *config) error {
		if uses < 1 || uses > maxUses {
			return fmt.Errorf("WithKeyReuse: invalid uses %d: want 1 to %d", uses, int64(maxUses))
		}
		if age <= 0 {
			return errors.New("WithKeyReuse: invalid age: want more than 0")
		}
		cfg.reuse = newKeyring(maxContexts, uses, age)
		return nil
	}
}

// WithKeyCache makes Decrypt cache up to that many data keys, each up to that age, the most recently used, so that
// blobs of the same data key cost one request. By default each Decrypt makes one.
//
// Until a cached key expires, decryption does not involve WorkOS: it appears in no audit log there, and continues after
// access is revoked. Each API key of [client.WithCredentials] has its own data keys.
//
// [client.WithCredentials]: https://pkg.go.dev/github.com/seed-f165d83c/workos/client#WithCredentials
func WithKeyCache(keys int, age time.Duration) Option {
	return func(cfg *config) error {
		if keys < 1 {
			return fmt.Errorf("WithKeyCache: invalid number of keys %d: want at least 1", keys)
		}
		if age <= 0 {
			return errors.New("WithKeyCache: invalid age: want more than 0")
		}
		cfg.cache = newKeyring(keys, math.MaxInt64, age)
		return nil
	}
}
