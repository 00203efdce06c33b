package authkit

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// openGo opens a cookie of the official Go SDK: base64 of a 12-byte nonce, the AES-256-GCM ciphertext and its tag. The
// key is the password if that is 64 hexadecimal digits; older releases hashed any password.
func (s *Sealer) openGo(sealed string) ([]byte, error) {
	raw, err := base64.StdEncoding.Strict().DecodeString(sealed)
	if err != nil {
		return nil, fmt.Errorf("%w: it is neither %s nor base64", ErrSealFormat, ironPrefix)
	}
	passwords, err := s.secrets()
	if err != nil {
		return nil, err
	}
	for _, password := range passwords {
		block, err := aes.NewCipher(goKey(password.Secret))
		if err != nil {
			return nil, fmt.Errorf("cipher: %w", err)
		}
		gcm, err := cipher.NewGCM(block)
		if err != nil {
			return nil, fmt.Errorf("cipher: %w", err)
		}
		if len(raw) <= gcm.NonceSize()+gcm.Overhead() {
			return nil, fmt.Errorf("%w: it has %d bytes", ErrSealFormat, len(raw))
		}
		data, err := gcm.Open(nil, raw[:gcm.NonceSize()], raw[gcm.NonceSize():], nil)
		if err != nil {
			continue
		}
		if !json.Valid(data) {
			return nil, fmt.Errorf("%w: content is not JSON", ErrSealFormat)
		}
		return data, nil
	}
	return nil, ErrSealIntegrity
}

func goKey(secret string) []byte {
	if key, err := hex.DecodeString(secret); err == nil && len(key) == sha256.Size {
		return key
	}
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
