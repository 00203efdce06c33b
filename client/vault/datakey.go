package vault

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

const (
	keySize   = 32      // of AES-256
	maxAnswer = 1 << 18 // bytes of an answer with a data key
)

// dataKey is a data key as the API answers it. encoding/json decodes the Base64 into slices that can be cleared,
// where the generated types hold strings, which cannot.
type dataKey struct {
	Key       []byte `json:"data_key"`
	Encrypted []byte `json:"encrypted_keys"`
}

// createKey asks for a new data key. The caller clears it.
func (v *Vault) createKey(ctx context.Context, keyContext map[string]string) (dataKey, error) {
	resp, err := v.api.VaultKeysDataKeyCreate(ctx, gen.CreateDataKey{Context: keyContext})
	if err != nil {
		return dataKey{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	return withEncrypted(readKey(resp.Body))
}

// rekey asks for new encrypted keys of the data key that the given ones are of. The caller clears it.
func (v *Vault) rekey(ctx context.Context, encrypted []byte, keyContext map[string]string) (dataKey, error) {
	resp, err := v.api.VaultKeysRekeyCreate(ctx, gen.RekeyDataKey{
		EncryptedKeys: encode(encrypted), Context: keyContext,
	})
	if err != nil {
		return dataKey{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	return withEncrypted(readKey(resp.Body))
}

// decryptKey asks for the data key that the encrypted keys are of. The caller clears it.
func (v *Vault) decryptKey(ctx context.Context, encrypted []byte) (dataKey, error) {
	resp, err := v.api.VaultKeysDecryptCreate(ctx, gen.DecryptDataKey{Keys: encode(encrypted)})
	if err != nil {
		return dataKey{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	return readKey(resp.Body)
}

// refused tells whether the API does not know the encrypted keys, as opposed to not having looked at them.
func refused(err error) bool {
	var failure *client.Error
	if !errors.As(err, &failure) {
		return false
	}
	switch failure.StatusCode {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity:
		return true
	default:
		return false
	}
}

// readKey reads an answer into memory that it clears.
func readKey(answer io.Reader) (dataKey, error) {
	body := make([]byte, maxAnswer+1)
	defer clear(body)
	n, err := io.ReadFull(answer, body)
	switch {
	case err == nil:
		return dataKey{}, fmt.Errorf("%w: the answer has more than %d bytes", ErrDataKey, maxAnswer)
	case !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF):
		return dataKey{}, fmt.Errorf("%w: read the answer: %w", ErrDataKey, err)
	}
	var key dataKey
	if err := json.Unmarshal(body[:n], &key); err != nil {
		clear(key.Key)
		return dataKey{}, fmt.Errorf("%w: the answer is not as documented: %w", ErrDataKey, err)
	}
	if len(key.Key) != keySize {
		clear(key.Key)
		return dataKey{}, fmt.Errorf("%w: it has %d bytes, and AES-256 takes %d", ErrDataKey, len(key.Key), keySize)
	}
	return key, nil
}

func withEncrypted(key dataKey, err error) (dataKey, error) {
	if n := len(key.Encrypted); err == nil && (n == 0 || n > maxKeys) {
		clear(key.Key)
		return dataKey{}, fmt.Errorf("%w: its encrypted form has %d bytes; expected 1 to %d", ErrDataKey, n, maxKeys)
	}
	return key, err
}

// sealer encrypts with a data key and nonces of its own, random ones of 96 bits.
func (k dataKey) sealer() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.Key)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDataKey, err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDataKey, err)
	}
	return aead, nil
}

// opener decrypts with a data key.
func (k dataKey) opener(nonce int) (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.Key)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDataKey, err)
	}
	aead, err := cipher.NewGCMWithNonceSize(block, nonce)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDataKey, err)
	}
	return aead, nil
}
