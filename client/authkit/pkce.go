package authkit

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"

	"github.com/seed-f165d83c/workos/client/internal/redact"
)

const (
	minVerifier = 43 // characters, RFC 7636 section 4.1
	maxVerifier = 128

	randomBytes = 32
)

// PKCE is a code verifier and its S256 challenge (RFC 7636). The challenge is part of the authorization URL; the
// verifier stays here until the code is exchanged. Its printed form omits the verifier.
type PKCE struct {
	Verifier  string `json:"-"` // secret, 43 to 128 characters
	Challenge string
}

// NewPKCE returns a pair with a random verifier of 43 characters (32 bytes).
func NewPKCE() PKCE {
	verifier := randomText()
	return PKCE{Verifier: verifier, Challenge: challenge(verifier)}
}

// PKCEOf returns the pair of a given verifier. It rejects verifiers with fewer than 43 or more than 128 characters, and
// characters other than letters, digits and "-._~".
func PKCEOf(verifier string) (PKCE, error) {
	if err := checkVerifier(verifier); err != nil {
		return PKCE{}, fmt.Errorf("workos/authkit: %w", err)
	}
	return PKCE{Verifier: verifier, Challenge: challenge(verifier)}, nil
}

// NewState returns 32 random bytes as 43 characters, for the state of an authorization URL (RFC 6749 section 10.12).
func NewState() string { return randomText() }

func randomText() string {
	random := make([]byte, randomBytes)
	_, _ = rand.Read(random) // never fails
	return base64.RawURLEncoding.EncodeToString(random)
}

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func checkVerifier(verifier string) error {
	if len(verifier) < minVerifier || len(verifier) > maxVerifier {
		return fmt.Errorf("code verifier has %d characters; it must have %d to %d", len(verifier), minVerifier, maxVerifier)
	}
	for i := range len(verifier) {
		if !isUnreserved(verifier[i]) {
			return fmt.Errorf(`code verifier has an invalid character at %d: want letters, digits and "-._~"`, i)
		}
	}
	return nil
}

// isUnreserved reports whether c is unreserved (RFC 3986 section 2.3).
func isUnreserved(c byte) bool {
	switch {
	case 'a' <= c|' ' && c|' ' <= 'z', '0' <= c && c <= '9':
		return true
	default:
		return c == '-' || c == '.' || c == '_' || c == '~'
	}
}

// String returns the challenge, and whether there is a verifier.
func (p PKCE) String() string {
	return fmt.Sprintf("PKCE{Verifier: %s, Challenge: %q}", redact.Mask(p.Verifier), p.Challenge)
}

// GoString returns String.
func (p PKCE) GoString() string { return p.String() }

// Format writes String for every verb.
func (p PKCE) Format(state fmt.State, verb rune) { redact.Format(state, verb, p.String()) }

// LogValue returns the challenge, and whether there is a verifier.
func (p PKCE) LogValue() slog.Value {
	return slog.GroupValue(slog.String("verifier", redact.Mask(p.Verifier)), slog.String("challenge", p.Challenge))
}
