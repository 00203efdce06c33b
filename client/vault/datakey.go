package vault

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

const keySize = 32 // of AES-256

// dataKey is a data key in plaintext and encrypted. Its methods make of it what encrypts or decrypts, and overwrite the
// plaintext.
type dataKey struct{ plain, encrypted []byte }

// createKey asks for a new data key.
func (v *Vault) createKey(ctx context.Context, keyContext map[string]string) (dataKey, error) {
	answer, err := v.client.Vault.Keys.CreateDataKey(ctx, gen.CreateDataKey{Context: keyContext})
	if err != nil {
		return dataKey{}, err
	}
	return newDataKey(answer.DataKey, answer.EncryptedKeys)
}

// decryptKey asks for the data key that the encrypted keys are of.
func (v *Vault) decryptKey(ctx context.Context, encrypted []byte) (dataKey, error) {
	answer, err := v.client.Vault.Keys.Decrypt(ctx, gen.DecryptDataKey{Keys: encode(encrypted)})
	if err != nil {
		return dataKey{}, err
	}
	return newDataKey(answer.DataKey, encode(encrypted))
}

// rekey asks for other encrypted keys of the data key that the given ones are of.
func (v *Vault) rekey(ctx context.Context, encrypted []byte, keyContext map[string]string) ([]byte, error) {
	answer, err := v.client.Vault.Keys.Rekey(ctx, gen.RekeyDataKey{
		EncryptedKeys: encode(encrypted), Context: keyContext,
	})
	if err != nil {
		return nil, err
	}
	return decodeKeys(answer.EncryptedKeys)
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

func newDataKey(plain, encrypted string) (dataKey, error) {
	keys, err := decodeKeys(encrypted)
	if err != nil {
		return dataKey{}, err
	}
	key, err := base64.StdEncoding.DecodeString(plain)
	switch {
	case err != nil:
		clear(key)
		return dataKey{}, fmt.Errorf("%w: the API's answer: the key: %w", ErrDataKey, err)
	case len(key) != keySize:
		clear(key)
		return dataKey{}, fmt.Errorf("%w: the API's answer: the key has %d bytes, and AES-256 takes %d",
			ErrDataKey, len(key), keySize)
	}
	return dataKey{plain: key, encrypted: keys}, nil
}

func decodeKeys(encrypted string) ([]byte, error) {
	keys, err := base64.StdEncoding.DecodeString(encrypted)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: the API's answer: the encrypted keys: %w", ErrDataKey, err)
	case len(keys) == 0 || len(keys) > maxKeys:
		return nil, fmt.Errorf("%w: the API's answer: encrypted keys of %d bytes; expected 1 to %d",
			ErrDataKey, len(keys), maxKeys)
	}
	return keys, nil
}

// sealer encrypts with a data key and nonces of its own, random ones of 96 bits.
func (k dataKey) sealer() (cipher.AEAD, error) {
	defer clear(k.plain)
	block, err := aes.NewCipher(k.plain)
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
	defer clear(k.plain)
	block, err := aes.NewCipher(k.plain)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDataKey, err)
	}
	aead, err := cipher.NewGCMWithNonceSize(block, nonce)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDataKey, err)
	}
	return aead, nil
}
