package mcpadapter

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"
)

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

	minKeyBytes = 32
)

// tokenText refuses what decodes to the same bytes but is not the same text.
var tokenText = base64.RawURLEncoding.Strict() //nolint:gochecknoglobals // a constant that Go cannot declare as such

// confirmedBy is the way in which a token says that a person was asked. A token of one way is none of the other's.
type confirmedBy byte

const (
	toldPerson  confirmedBy = 't' // the model was told to; the token stands among the arguments
	askedPerson confirmedBy = 'a' // the client asked; the token is its state, beside the person's answer
)

// sealer makes and opens tokens. It is safe for concurrent use.
type sealer struct {
	aead cipher.AEAD
	mac  []byte // key of the hashes that tokens are bound to
}

func newSealer(key []byte) (*sealer, error) {
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
	return &sealer{aead: aead, mac: secret[size:]}, nil
}

// seal returns a token that is bound to a hash.
func (s *sealer) seal(expires time.Time, bound []byte) string {
	var expiry [expiryBytes]byte
	binary.BigEndian.PutUint64(expiry[:], uint64(expires.Unix())) //nolint:gosec // after 1970
	token := append(make([]byte, 0, tokenBytes), tokenVersion)
	sealed := s.aead.Seal(token, nil, expiry[:], additional(bound)) //nolint:gosec // G407: the nonce is the AEAD's affair
	return tokenText.EncodeToString(sealed)
}

// additional is what is sealed in with an expiry, though not in the token.
func additional(bound []byte) []byte { return append([]byte{tokenVersion}, bound...) }

// open returns the ID and the expiry of a token that this key has sealed and bound to the hash.
func (s *sealer) open(token string, bound []byte) (id string, expires time.Time, ok bool) {
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

// bound returns the hash of all that a confirmation is for: how it was asked, by whom the call is made, and exactly
// what would be sent.
func (c *call) bound(ctx context.Context, way confirmedBy) ([]byte, error) {
	sent, err := json.Marshal([]any{c.request.path, c.request.params, c.request.body, c.request.given})
	if err != nil {
		return nil, fmt.Errorf("write what would be sent: %w", err)
	}
	h := hmac.New(sha256.New, c.tool.engine.sealer.mac)
	h.Write([]byte{byte(way)})
	for _, part := range [][]byte{[]byte(c.tool.name), sent, []byte(c.tool.engine.confirmation.Caller(ctx))} {
		_ = binary.Write(h, binary.BigEndian, uint64(len(part))) // a hash takes everything
		h.Write(part)
	}
	return h.Sum(nil), nil
}
