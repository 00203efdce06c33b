package vault

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/client"
)

// Vault encrypts and decrypts. It is safe for concurrent use. [New] makes it: the zero value is of no use.
type Vault struct {
	client       *client.Client
	maxPlaintext int
	reuse, cache *keyring
}

// New returns a vault whose data keys come from the client's environment. It sends nothing.
func New(c *client.Client, opts ...Option) (*Vault, error) {
	if c == nil || c.Vault == nil {
		return nil, errors.New("vault: client is nil; client.New makes one")
	}
	cfg := config{maxPlaintext: defaultMaxPlaintext}
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("vault: option %d is nil", i+1)
		}
		if err := opt(&cfg); err != nil {
			return nil, fmt.Errorf("vault: %w", err)
		}
	}
	return &Vault{client: c, maxPlaintext: cfg.maxPlaintext, reuse: cfg.reuse, cache: cfg.cache}, nil
}

// Encrypt returns a blob, which is Base64, of the plaintext under a data key of the key context. The context selects
// the key that the data key is encrypted with, such as {"organization_id": "org_…"}: at most 10 values of up to 500
// characters each. The associated data, which may be nil, are authenticated but not part of the blob: Decrypt must be
// given the same. Bind them to where the blob belongs, such as table and row, so that it opens nowhere else.
//
// The Node SDK and those for Python and Ruby decrypt the blob; as text, if it is to be text there.
func (v *Vault) Encrypt(
	ctx context.Context, plaintext []byte, keyContext map[string]string, associatedData []byte,
) (string, error) {
	text, err := v.encrypt(ctx, plaintext, keyContext, associatedData)
	if err != nil {
		return "", fmt.Errorf("vault: encrypt: %w", err)
	}
	return text, nil
}

func (v *Vault) encrypt(
	ctx context.Context, plaintext []byte, keyContext map[string]string, associatedData []byte,
) (string, error) {
	if ctx == nil {
		return "", errors.New("context is nil")
	}
	if len(plaintext) > v.maxPlaintext {
		return "", fmt.Errorf("%w: the plaintext has %d bytes; at most %d, or use EncryptTo",
			ErrTooLarge, len(plaintext), v.maxPlaintext)
	}
	keyContext, err := checkContext(keyContext)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(keyContext) // with its names in order
	if err != nil {
		return "", fmt.Errorf("key context: %w", err)
	}
	key, err := v.reuse.use(ctx, v.tenant(ctx)+string(text), func(ctx context.Context) (heldKey, error) {
		key, err := v.createKey(ctx, keyContext)
		if err != nil {
			return heldKey{}, err
		}
		aead, err := key.sealer()
		return heldKey{aead, key.encrypted}, err
	})
	if err != nil {
		return "", err
	}
	return encode(key.seal(plaintext, associatedData)), nil
}

// seal returns a blob in the first layout. The AEAD writes nonce ‖ ciphertext ‖ tag; nonce and tag go to where they
// belong without the ciphertext moving, and the encrypted keys over the place that the nonce had.
func (k heldKey) seal(plaintext, associatedData []byte) []byte {
	const head = nonceSize + tagSize
	length := binary.AppendUvarint(nil, uint64(len(k.encrypted)))
	body := head + len(length) + len(k.encrypted)
	raw := make([]byte, body, body+len(plaintext)+tagSize)
	sealed := k.aead.Seal(raw[:body-nonceSize], nil, plaintext, associatedData) //nolint:gosec // see sealer
	copy(sealed, sealed[body-nonceSize:body])
	copy(sealed[nonceSize:head], sealed[body+len(plaintext):])
	copy(sealed[head:], length)
	copy(sealed[head+len(length):], k.encrypted)
	return sealed[:body+len(plaintext)]
}

// Decrypt returns the plaintext of a blob that this package or another SDK encrypted, in any layout. The associated
// data must be those of the encryption. Nothing of a plaintext is returned with an error.
func (v *Vault) Decrypt(ctx context.Context, blob string, associatedData []byte) ([]byte, error) {
	plaintext, err := v.decrypt(ctx, blob, associatedData)
	if err != nil {
		return nil, fmt.Errorf("vault: decrypt: %w", err)
	}
	return plaintext, nil
}

func (v *Vault) decrypt(ctx context.Context, text string, associatedData []byte) ([]byte, error) {
	if ctx == nil {
		return nil, errors.New("context is nil")
	}
	readings, err := v.read(text)
	if err != nil {
		return nil, err
	}
	var refusal, failure error
	for _, b := range readings {
		key, err := v.openerOf(ctx, b)
		switch {
		case refused(err):
			refusal = err
			continue
		case err != nil:
			return nil, err
		}
		plaintext, err := b.open(key, associatedData)
		if err == nil {
			return plaintext, nil
		}
		failure = err
	}
	if failure != nil {
		return nil, failure
	}
	return nil, fmt.Errorf("%w: the API refuses the encrypted keys: %w", ErrDataKey, refusal)
}

// read returns the readings of a blob of a size within the limit.
func (v *Vault) read(text string) ([]blob, error) {
	const overhead = nonceSizeFirst + tagSize + maxKeysLength + maxKeys
	if most := base64.StdEncoding.EncodedLen(v.maxPlaintext + overhead); len(text) > most {
		return nil, fmt.Errorf("%w: the blob has %d characters; at most %d", ErrTooLarge, len(text), most)
	}
	raw, err := decode(text)
	if err != nil {
		return nil, err
	}
	readings, err := parse(raw)
	if err != nil {
		return nil, err
	}
	readings = slices.DeleteFunc(readings, func(b blob) bool { return len(b.ciphertext) > v.maxPlaintext })
	if len(readings) == 0 {
		return nil, fmt.Errorf("%w: the plaintext has more than %d bytes", ErrTooLarge, v.maxPlaintext)
	}
	return readings, nil
}

// openerOf returns the data key of a blob, for the size of its nonce.
func (v *Vault) openerOf(ctx context.Context, b blob) (heldKey, error) {
	name := v.tenant(ctx) + string(binary.AppendUvarint(nil, uint64(len(b.nonce)))) + string(b.keys)
	return v.cache.use(ctx, name, func(ctx context.Context) (heldKey, error) {
		key, err := v.decryptKey(ctx, b.keys)
		if err != nil {
			return heldKey{}, err
		}
		aead, err := key.opener(len(b.nonce))
		return heldKey{aead: aead}, err
	})
}

func (b blob) open(key heldKey, associatedData []byte) ([]byte, error) {
	// The bytes of a blob have room for one more tag at their end, see decode.
	sealed := append(b.ciphertext, b.tag...) //nolint:gocritic // nothing else lies behind the ciphertext
	plaintext, err := key.aead.Open(nil, b.nonce, sealed, associatedData)
	if err == nil {
		return plaintext, nil
	}
	if len(associatedData) > 0 {
		if plaintext, err := key.aead.Open(nil, b.nonce, sealed, nil); err == nil {
			clear(plaintext)
			return nil, fmt.Errorf("%w: %w: the blob was encrypted without any", ErrNotAuthentic, ErrAssociatedData)
		}
	}
	return nil, fmt.Errorf("%w: the blob was changed or cut, or its associated data or key is another", ErrNotAuthentic)
}

// Rekey returns the blob with its data key encrypted for another key context: the ciphertext stays, nothing is
// decrypted, and no associated data are needed. A blob of another layout gets that of Encrypt, but a nonce of 32 bytes
// stays, which only Decrypt here reads. The old blob stays valid until it is deleted; the ciphertext is not checked.
func (v *Vault) Rekey(ctx context.Context, blob string, keyContext map[string]string) (string, error) {
	text, err := v.rekeyed(ctx, blob, keyContext)
	if err != nil {
		return "", fmt.Errorf("vault: rekey: %w", err)
	}
	return text, nil
}

func (v *Vault) rekeyed(ctx context.Context, text string, keyContext map[string]string) (string, error) {
	keyContext, err := checkContext(keyContext)
	if err != nil {
		return "", err
	}
	readings, err := v.read(text)
	if err != nil {
		return "", err
	}
	var refusal error
	for _, b := range readings {
		keys, err := v.rekey(ctx, b.keys, keyContext)
		switch {
		case refused(err):
			refusal = err
			continue
		case err != nil:
			return "", err
		}
		b.keys = keys
		return b.text(), nil
	}
	return "", fmt.Errorf("%w: the API refuses the encrypted keys or the key context: %w", ErrDataKey, refusal)
}

// Forget lets go of all data keys that [WithKeyReuse] and [WithKeyCache] keep. Calls after it ask for new ones.
func (v *Vault) Forget() {
	v.reuse.forget()
	v.cache.forget()
}

// checkContext returns the context to send, which is never null.
func checkContext(keyContext map[string]string) (map[string]string, error) {
	const maxValues, maxLength = 10, 500
	if len(keyContext) > maxValues {
		return nil, fmt.Errorf("key context has %d values; at most %d", len(keyContext), maxValues)
	}
	for _, name := range slices.Sorted(maps.Keys(keyContext)) {
		value := keyContext[name]
		switch {
		case !utf8.ValidString(name) || !utf8.ValidString(value):
			return nil, fmt.Errorf("key context value %q: name or value is not valid UTF-8", name)
		case utf8.RuneCountInString(value) > maxLength:
			return nil, fmt.Errorf("key context value %q has %d characters; at most %d",
				name, utf8.RuneCountInString(value), maxLength)
		}
	}
	if keyContext == nil {
		keyContext = map[string]string{}
	}
	return keyContext, nil
}

// tenant tells apart the API keys that calls authenticate with.
func (v *Vault) tenant(ctx context.Context) string {
	sum := sha256.Sum256([]byte(v.client.Credentials(ctx).APIKey))
	return string(sum[:])
}

func encode(raw []byte) string { return base64.StdEncoding.EncodeToString(raw) }
