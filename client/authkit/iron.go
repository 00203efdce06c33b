package authkit

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // the format derives its keys by PBKDF2 with HMAC-SHA-1, which collisions do not touch
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The Fe26.2 format of the iron modules for Node.js, with the parameters that the AuthKit SDKs use: AES-256-CBC, then
// HMAC-SHA-256, each with a key of its own that PBKDF2 derives from the password and a random salt. One round is
// enough for it: the password is a random secret, not one that a person thought of.
//
//	Fe26.2*<password ID>*<salt>*<iv>*<ciphertext>*<expiry in ms, or nothing>*<HMAC salt>*<HMAC>~2
//
// What stands before the seventh asterisk is authenticated. The suffix is the version of what is sealed, which the
// AuthKit SDKs add.
const (
	ironPrefix  = "Fe26.2"
	ironParts   = 8
	ironKey     = 32 // bytes
	ironSalt    = 32 // bytes, which the format writes and takes as hexadecimal text
	ironRounds  = 1
	ironVersion = "2"
	ironSkew    = time.Minute // that clocks may differ by
)

// ironSealed is a parsed seal.
type ironSealed struct {
	id         string
	salt       string
	iv         []byte
	ciphertext []byte
	expiry     int64 // milliseconds since 1970; 0: never
	signed     string
	hmacSalt   string
	hmac       []byte
}

// parseIron parses a seal without version suffix.
func parseIron(text string) (*ironSealed, error) {
	parts := strings.Split(text, "*")
	if len(parts) != ironParts {
		return nil, fmt.Errorf("%w: it has %d parts, not %d", ErrSealFormat, len(parts), ironParts)
	}
	s := &ironSealed{
		id: parts[1], salt: parts[2], hmacSalt: parts[6],
		signed: text[:len(text)-len(parts[6])-len(parts[7])-2],
	}
	if parts[0] != ironPrefix {
		return nil, fmt.Errorf("%w: it does not begin with %s", ErrSealFormat, ironPrefix)
	}
	var err error
	for _, field := range []struct {
		name, text string
		to         *[]byte
	}{{"initialization vector", parts[3], &s.iv}, {"ciphertext", parts[4], &s.ciphertext}, {"HMAC", parts[7], &s.hmac}} {
		if *field.to, err = base64.RawURLEncoding.Strict().DecodeString(field.text); err != nil {
			return nil, fmt.Errorf("%w: %s is not base64url", ErrSealFormat, field.name)
		}
	}
	if len(s.iv) != aes.BlockSize || len(s.ciphertext) == 0 || len(s.ciphertext)%aes.BlockSize != 0 ||
		len(s.hmac) != sha256.Size {
		return nil, fmt.Errorf("%w: an initialization vector of %d, a ciphertext of %d and an HMAC of %d bytes",
			ErrSealFormat, len(s.iv), len(s.ciphertext), len(s.hmac))
	}
	if parts[5] != "" {
		s.expiry, err = strconv.ParseInt(parts[5], 10, 64)
		if err != nil || s.expiry <= 0 || parts[5][0] == '+' || parts[5][0] == '0' {
			return nil, fmt.Errorf("%w: expiry is not a positive number", ErrSealFormat)
		}
	}
	return s, nil
}

// genuine reports whether the seal was made with the password and not changed.
func (s *ironSealed) genuine(secret string) bool {
	sum, err := ironHMAC(secret, s.hmacSalt, s.signed)
	return err == nil && hmac.Equal(sum, s.hmac)
}

// open decrypts an authentic seal.
func (s *ironSealed) open(secret string) ([]byte, error) {
	block, err := ironCipher(secret, s.salt)
	if err != nil {
		return nil, err
	}
	plain := make([]byte, len(s.ciphertext))
	cipher.NewCBCDecrypter(block, s.iv).CryptBlocks(plain, s.ciphertext)
	padding := int(plain[len(plain)-1]) // PKCS #7, RFC 5652 section 6.3
	if padding == 0 || padding > aes.BlockSize {
		return nil, fmt.Errorf("%w: padding", ErrSealFormat)
	}
	for _, c := range plain[len(plain)-padding:] {
		if int(c) != padding {
			return nil, fmt.Errorf("%w: padding", ErrSealFormat)
		}
	}
	return plain[:len(plain)-padding], nil
}

func (s *ironSealed) expired(now time.Time) bool {
	return s.expiry != 0 && s.expiry <= now.Add(-ironSkew).UnixMilli()
}

// sealIron returns a seal without version suffix. A zero expiry means that it never expires.
func sealIron(password Password, plain []byte, expiry time.Time) (string, error) {
	random := make([]byte, 2*ironSalt+aes.BlockSize)
	_, _ = rand.Read(random) // never fails
	salt, hmacSalt := hex.EncodeToString(random[:ironSalt]), hex.EncodeToString(random[ironSalt:2*ironSalt])
	iv := random[2*ironSalt:]
	block, err := ironCipher(password.Secret, salt)
	if err != nil {
		return "", err
	}
	padding := aes.BlockSize - len(plain)%aes.BlockSize
	ciphertext := make([]byte, len(plain)+padding)
	for i := copy(ciphertext, plain); i < len(ciphertext); i++ {
		ciphertext[i] = byte(padding)
	}
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(ciphertext, ciphertext)

	until := ""
	if !expiry.IsZero() {
		until = strconv.FormatInt(expiry.UnixMilli(), 10)
	}
	signed := strings.Join([]string{
		ironPrefix, password.ID, salt, base64.RawURLEncoding.EncodeToString(iv),
		base64.RawURLEncoding.EncodeToString(ciphertext), until,
	}, "*")
	sum, err := ironHMAC(password.Secret, hmacSalt, signed)
	if err != nil {
		return "", err
	}
	return signed + "*" + hmacSalt + "*" + base64.RawURLEncoding.EncodeToString(sum), nil
}

func ironCipher(secret, salt string) (cipher.Block, error) {
	key, err := pbkdf2.Key(sha1.New, secret, []byte(salt), ironRounds, ironKey)
	if err != nil {
		return nil, fmt.Errorf("derive the key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("cipher: %w", err)
	}
	return block, nil
}

func ironHMAC(secret, salt, text string) ([]byte, error) {
	key, err := pbkdf2.Key(sha1.New, secret, []byte(salt), ironRounds, ironKey)
	if err != nil {
		return nil, fmt.Errorf("derive the key: %w", err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil), nil
}
