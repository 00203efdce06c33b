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

// Vault encrypts and decrypts. It is safe for concurrent use. Create it with [New]; the zero value is not usable.
type Vault struct {
	client       *client.Client
	maxPlaintext int
	layout       Layout
	reuse, cache *keyring
}

// New returns a vault with data keys of the client's environment. It sends nothing.
func New(c *client.Client, opts ...Option) (*Vault, error) {
	if c == nil || c.Vault == nil {
		return nil, errors.New("workos/vault: client is nil: use client.New")
	}
	cfg := config{maxPlaintext: defaultMaxPlaintext}
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("workos/vault: option %d is nil", i+1)
		}
		if err := opt(&cfg); err != nil {
			return nil, fmt.Errorf("workos/vault: %w", err)
		}
	}
	return &Vault{client: c, maxPlaintext: cfg.maxPlaintext, layout: cfg.layout, reuse: cfg.reuse, cache: cfg.cache}, nil
}

// Encrypt returns the blob of the plaintext, as Base64, encrypted with a data key of the key context. The context
// selects the key that encrypts the data key, such as {"organization_id": "org_…"}: at most 10 values of up to 500
// characters. The associated data, which may be nil, are authenticated but not part of the blob: Decrypt requires the
// same. Use the place of the blob, such as table and row, so that it cannot be decrypted elsewhere.
//
// The SDKs for Node, Python and Ruby can decrypt the blob; Python and Ruby if the plaintext is text. For workos-go see
// [WithLayout].
func (v *Vault) Encrypt(
	ctx context.Context, plaintext []byte, keyContext map[string]string, associatedData []byte,
) (string, error) {
	text, err := v.encrypt(ctx, plaintext, keyContext, associatedData)
	if err != nil {
		return "", fmt.Errorf("workos/vault: encrypt: %w", err)
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
		return "", fmt.Errorf("%w: plaintext has %d bytes: want at most %d, or use EncryptTo",
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
	key, err := v.reuse.use(ctx, v.tenant(ctx)+string(text), func(ctx context.Context) (cachedKey, error) {
		key, err := v.createKey(ctx, keyContext)
		if err != nil {
			return cachedKey{}, err
		}
		seal := key.sealer
		if v.layout == LongNonceFirst {
			seal = key.longSealer
		}
		aead, err := seal()
		return cachedKey{aead, key.encrypted}, err
	})
	if err != nil {
		return "", err
	}
	switch v.layout {
	case KeysFirst:
		return encode(key.sealKeysFirst(plaintext, associatedData)), nil
	case LongNonceFirst:
		return encode(key.sealLong(plaintext, associatedData)), nil
	default:
		return encode(key.seal(plaintext, associatedData)), nil
	}
}

// seal returns a blob with the nonce first. The AEAD writes nonce ‖ ciphertext ‖ tag; seal moves nonce and tag to their
// places without moving the ciphertext, and writes the encrypted keys over the old place of the nonce.
func (k cachedKey) seal(plaintext, associatedData []byte) []byte {
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

// Decrypt returns the plaintext of a blob of this package or another SDK, in any layout. The associated data must be
// those of the encryption. The plaintext is nil only after an error; that of an empty value is empty.
func (v *Vault) Decrypt(ctx context.Context, blob string, associatedData []byte) ([]byte, error) {
	plaintext, err := v.decrypt(ctx, blob, associatedData)
	if err != nil {
		return nil, fmt.Errorf("workos/vault: decrypt: %w", err)
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
			if plaintext == nil {
				plaintext = []byte{}
			}
			return plaintext, nil
		}
		failure = err
	}
	if failure != nil {
		return nil, failure
	}
	return nil, fmt.Errorf("%w: the API rejected the encrypted keys: %w", ErrDataKey, refusal)
}

// read returns the readings of a blob within the size limit.
func (v *Vault) read(text string) ([]blob, error) {
	const overhead = nonceSizeFirst + tagSize + maxKeysLength + maxKeys
	if most := base64.StdEncoding.EncodedLen(v.maxPlaintext + overhead); len(text) > most {
		return nil, fmt.Errorf("%w: blob has %d characters: want at most %d", ErrTooLarge, len(text), most)
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
func (v *Vault) openerOf(ctx context.Context, b blob) (cachedKey, error) {
	name := v.tenant(ctx) + string(binary.AppendUvarint(nil, uint64(len(b.nonce)))) + string(b.keys)
	return v.cache.use(ctx, name, func(ctx context.Context) (cachedKey, error) {
		key, err := v.decryptKey(ctx, b.keys)
		if err != nil {
			return cachedKey{}, err
		}
		aead, err := key.opener(len(b.nonce))
		return cachedKey{aead: aead}, err
	})
}

func (b blob) open(key cachedKey, associatedData []byte) ([]byte, error) {
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

// Rekey returns the blob with its data key encrypted for another key context. It does not decrypt, check or change the
// ciphertext, and needs no associated data. A blob of another layout gets that of Encrypt, but keeps its nonce: one of
// 32 bytes only the first releases of workos-go and this package read. The old blob stays valid.
func (v *Vault) Rekey(ctx context.Context, blob string, keyContext map[string]string) (string, error) {
	text, err := v.rekeyed(ctx, blob, keyContext)
	if err != nil {
		return "", fmt.Errorf("workos/vault: rekey: %w", err)
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
		return b.text(v.layout), nil
	}
	return "", fmt.Errorf("%w: the API rejected the encrypted keys or the key context: %w", ErrDataKey, refusal)
}

// Forget drops all data keys of [WithKeyReuse] and [WithKeyCache]. Later calls request new ones.
func (v *Vault) Forget() {
	v.reuse.forget()
	v.cache.forget()
}

// checkContext returns the context to send, which is never nil.
func checkContext(keyContext map[string]string) (map[string]string, error) {
	const maxValues, maxLength = 10, 500
	if len(keyContext) > maxValues {
		return nil, fmt.Errorf("key context has %d values: want at most %d", len(keyContext), maxValues)
	}
	for _, name := range slices.Sorted(maps.Keys(keyContext)) {
		value := keyContext[name]
		switch {
		case !utf8.ValidString(name) || !utf8.ValidString(value):
			return nil, fmt.Errorf("key context value %q: name or value is not valid UTF-8", name)
		case utf8.RuneCountInString(value) > maxLength:
			return nil, fmt.Errorf("key context value %q has %d characters: want at most %d",
				name, utf8.RuneCountInString(value), maxLength)
		}
	}
	if keyContext == nil {
		keyContext = map[string]string{}
	}
	return keyContext, nil
}

// tenant returns a name of the API key that the call uses.
func (v *Vault) tenant(ctx context.Context) string {
	sum := sha256.Sum256([]byte(v.client.Credentials(ctx).APIKey))
	return string(sum[:])
}

func encode(raw []byte) string { return base64.StdEncoding.EncodeToString(raw) }
