// Package confirm seals the tokens by which calls are confirmed, and remembers which tokens were used. It knows neither
// tools nor MCP.
package confirm

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"
)

// MinKeyBytes is the size in bytes of the shortest key.
const MinKeyBytes = 32

// A token is base64url without padding of
//
//	version (1 byte) | nonce (12) | sealed expiry in Unix seconds (8) and tag (16)
//
// by AES-256-GCM (NIST SP 800-38D) under a random nonce. What the token is bound to is its additional data and not in
// it, so that it is short, as models must repeat it, and tells nothing. The nonce is also its ID.
const (
	tokenVersion = 1
	nonceBytes   = 12
	expiryBytes  = 8
	tagBytes     = 16
	tokenBytes   = 1 + nonceBytes + expiryBytes + tagBytes
)

// tokenText refuses what decodes to the same bytes but is not the same text.
var tokenText = base64.RawURLEncoding.Strict() //nolint:gochecknoglobals // a constant that Go cannot declare as such

// Sealer makes and opens tokens. It is immutable and safe for concurrent use.
type Sealer struct {
	aead cipher.AEAD
	mac  []byte // key of the hashes that tokens are bound to
}

// NewSealer returns a sealer with keys that are derived from the given one, of which it keeps nothing. The caller
// rejects keys that are shorter than [MinKeyBytes].
func NewSealer(key []byte) (*Sealer, error) {
	const size = 32
	secret, err := hkdf.Key(sha256.New, key, nil, "mcpadapter confirmation v1", 2*size)
	if err != nil {
		return nil, fmt.Errorf("derive the keys of confirmations: %w", err)
	}
	block, err := aes.NewCipher(secret[:size])
	if err != nil {
		return nil, fmt.Errorf("confirmations: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("confirmations: %w", err)
	}
	return &Sealer{aead: aead, mac: secret[size:]}, nil
}

// Bind returns a keyed hash of the parts, for [Sealer.Seal] and [Sealer.Open]. Other parts, or the same bytes divided
// differently, have another hash.
func (s *Sealer) Bind(purpose byte, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, s.mac)
	h.Write([]byte{purpose})
	for _, part := range parts {
		_ = binary.Write(h, binary.BigEndian, uint64(len(part))) // a hash takes everything
		h.Write(part)
	}
	return h.Sum(nil)
}

// Seal returns a token that expires at a time, in whole seconds, and is bound to a hash. No two tokens are equal.
func (s *Sealer) Seal(expires time.Time, bound []byte) string {
	var expiry [expiryBytes]byte
	binary.BigEndian.PutUint64(expiry[:], uint64(expires.Unix())) //nolint:gosec // after 1970
	token := append(make([]byte, 0, tokenBytes), tokenVersion)
	sealed := s.aead.Seal(token, nil, expiry[:], additional(bound)) //nolint:gosec // G407: the nonce is the AEAD's affair
	return tokenText.EncodeToString(sealed)
}

// additional is the additional data of the AEAD: sealed with the expiry, but not in the token.
func additional(bound []byte) []byte { return append([]byte{tokenVersion}, bound...) }

// Open returns the ID and the expiry of a token that a sealer with the same key has bound to the hash; otherwise ok is
// false. It does not check whether the token has expired.
func (s *Sealer) Open(token string, bound []byte) (id string, expires time.Time, ok bool) {
	if len(token) != tokenText.EncodedLen(tokenBytes) {
		return "", time.Time{}, false
	}
	raw, err := tokenText.DecodeString(token)
	if err != nil || raw[0] != tokenVersion {
		return "", time.Time{}, false
	}
	expiry, err := s.aead.Open(nil, nil, raw[1:], additional(bound))
	if err != nil {
		return "", time.Time{}, false
	}
	seconds := int64(binary.BigEndian.Uint64(expiry)) //nolint:gosec // as sealed
	return tokenText.EncodeToString(raw[1 : 1+nonceBytes]), time.Unix(seconds, 0), true
}
