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

// dataKey is a data key in plaintext and encrypted. Its methods return ciphers and overwrite the plaintext.
type dataKey struct{ plain, encrypted []byte }

// createKey requests a new data key.
func (v *Vault) createKey(ctx context.Context, keyContext map[string]string) (dataKey, error) {
	response, err := v.client.Vault.Keys.CreateDataKey(ctx, gen.CreateDataKey{Context: keyContext},
		client.WithStrictDecoding()) // a key is whole or none
	if err != nil {
		return dataKey{}, err
	}
	return newDataKey(response.DataKey, response.EncryptedKeys)
}

// decryptKey requests the data key of the encrypted keys.
func (v *Vault) decryptKey(ctx context.Context, encrypted []byte) (dataKey, error) {
	response, err := v.client.Vault.Keys.Decrypt(ctx, gen.DecryptDataKey{Keys: encode(encrypted)},
		client.WithStrictDecoding())
	if err != nil {
		return dataKey{}, err
	}
	return newDataKey(response.DataKey, encode(encrypted))
}

// rekey requests new encrypted keys of the same data key.
func (v *Vault) rekey(ctx context.Context, encrypted []byte, keyContext map[string]string) ([]byte, error) {
	response, err := v.client.Vault.Keys.Rekey(ctx, gen.RekeyDataKey{
		EncryptedKeys: encode(encrypted), Context: keyContext,
	}, client.WithStrictDecoding())
	if err != nil {
		return nil, err
	}
	return decodeKeys(response.EncryptedKeys)
}

// refused reports whether the API rejected the encrypted keys, as opposed to not checking them.
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
		return dataKey{}, fmt.Errorf("%w: API response: key: %w", ErrDataKey, err)
	case len(key) != keySize:
		clear(key)
		return dataKey{}, fmt.Errorf("%w: API response: key has %d bytes: want %d",
			ErrDataKey, len(key), keySize)
	}
	return dataKey{plain: key, encrypted: keys}, nil
}

func decodeKeys(encrypted string) ([]byte, error) {
	keys, err := base64.StdEncoding.DecodeString(encrypted)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: API response: encrypted keys: %w", ErrDataKey, err)
	case len(keys) == 0 || len(keys) > maxKeys:
		return nil, fmt.Errorf("%w: API response: encrypted keys of %d bytes: want 1 to %d",
			ErrDataKey, len(keys), maxKeys)
	}
	return keys, nil
}

// sealer returns a cipher that encrypts with random nonces of 96 bits.
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

// longSealer returns a cipher for nonces of 32 bytes.
func (k dataKey) longSealer() (cipher.AEAD, error) { return k.opener(nonceSizeFirst) }

// opener returns a cipher that decrypts.
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
