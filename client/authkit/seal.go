package authkit

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/client/internal/redact"
)

const (
	minPassword       = 32 // characters
	defaultPasswordID = "1"

	// maxSealed limits the input of Open, in bytes. A cookie has at most 4096 (RFC 6265 section 6.1).
	maxSealed = 64 << 10
)

// Password seals and opens cookies. Its printed form omits the secret.
type Password struct {
	// ID identifies the password of a seal: letters, digits and "_". "" stands for "1", which is what the
	// AuthKit SDKs write and read.
	ID string
	// Secret has at least 32 characters and should be random, such as the output of `openssl rand -hex 32`.
	Secret string `json:"-"`
}

// String returns the ID.
func (p Password) String() string {
	return fmt.Sprintf("Password{ID: %q, Secret: %s}", p.ID, redact.Mask(p.Secret))
}

// GoString returns String.
func (p Password) GoString() string { return p.String() }

// Format writes String for every verb.
func (p Password) Format(state fmt.State, verb rune) { redact.Format(state, verb, p.String()) }

// LogValue returns the ID.
func (p Password) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", p.ID), slog.String("secret", redact.Mask(p.Secret)))
}

// Sealer encrypts and authenticates cookies in the format Fe26.2 of the other AuthKit SDKs, so that each can open the
// other's. It also opens cookies of the official Go SDK. It is safe for concurrent use. Create it with [NewSealer]; the
// zero value seals and opens nothing.
type Sealer struct {
	// passwords is a function so that package fmt cannot print them.
	passwords func() []Password
}

// NewSealer returns a sealer that seals with the first password and opens with any. To replace a password, add the new
// one before the old one, and remove the old one when its cookies have expired. Several may have the same ID, like
// those of the AuthKit SDKs.
func NewSealer(passwords ...Password) (*Sealer, error) {
	if len(passwords) == 0 {
		return nil, errors.New("workos/authkit: sealer: no passwords")
	}
	own := slices.Clone(passwords)
	for i := range own {
		if own[i].ID == "" {
			own[i].ID = defaultPasswordID
		}
		if err := own[i].check(); err != nil {
			return nil, fmt.Errorf("workos/authkit: sealer: password %d: %w", i+1, err)
		}
		if slices.ContainsFunc(own[:i], func(p Password) bool { return p == own[i] }) {
			return nil, fmt.Errorf("workos/authkit: sealer: password %d is an earlier one again", i+1)
		}
	}
	return &Sealer{passwords: func() []Password { return own }}, nil
}

func (p Password) check() error {
	for i := range len(p.ID) {
		if c := p.ID[i]; !isUnreserved(c) || c == '-' || c == '.' || c == '~' {
			return fmt.Errorf(`ID has an invalid character at %d: want letters, digits and "_"`, i)
		}
	}
	if n := utf8.RuneCountInString(p.Secret); n < minPassword {
		return fmt.Errorf("secret has %d characters; it must have %d or more", n, minPassword)
	}
	return nil
}

// secrets returns the passwords, of which a sealer that NewSealer did not return has none.
func (s *Sealer) secrets() ([]Password, error) {
	if s == nil || s.passwords == nil {
		return nil, fmt.Errorf("%w: sealer has no password: use NewSealer", ErrSealPassword)
	}
	return s.passwords(), nil
}

// Seal returns sealed JSON as a valid cookie value. Open rejects it after ttl, counted in milliseconds, plus one minute
// for clock differences; 0 means that it never expires. The text has about 1.4 times the length of the JSON plus 300
// bytes. More than 64 KiB, the limit of Open, is an [ErrCookieSize].
func (s *Sealer) Seal(data []byte, ttl time.Duration) (string, error) {
	sealed, err := s.seal(data, ttl)
	if err != nil {
		return "", fmt.Errorf("workos/authkit: seal: %w", err)
	}
	return sealed, nil
}

func (s *Sealer) seal(data []byte, ttl time.Duration) (string, error) {
	if !json.Valid(data) {
		return "", errors.New("data is not JSON")
	}
	var expiry time.Time
	switch {
	case ttl < 0 || ttl > 0 && ttl < time.Millisecond:
		return "", fmt.Errorf("invalid time to live %v: want 0, or at least 1 ms", ttl)
	case ttl > 0:
		expiry = time.Now().Add(ttl)
	}
	passwords, err := s.secrets()
	if err != nil {
		return "", err
	}
	sealed, err := sealIron(passwords[0], data, expiry)
	if err != nil {
		return "", err
	}
	sealed += "~" + ironVersion
	if len(sealed) > maxSealed {
		return "", fmt.Errorf("%w: sealed it has %d bytes, of which Open reads %d", ErrCookieSize, len(sealed), maxSealed)
	}
	return sealed, nil
}

// Open returns JSON that this package or another AuthKit SDK sealed. Errors wrap [ErrSealFormat], [ErrSealPassword],
// [ErrSealIntegrity] or [ErrSealExpired]. It authenticates the seal before it uses any part of it.
func (s *Sealer) Open(sealed string) ([]byte, error) {
	data, err := s.open(sealed)
	if err != nil {
		return nil, fmt.Errorf("workos/authkit: open: %w", err)
	}
	return data, nil
}

func (s *Sealer) open(sealed string) ([]byte, error) {
	if len(sealed) > maxSealed {
		return nil, fmt.Errorf("%w: it has %d bytes; at most %d are read", ErrSealFormat, len(sealed), maxSealed)
	}
	if !strings.HasPrefix(sealed, ironPrefix+"*") {
		return s.openGo(sealed)
	}
	text, version, versioned := strings.Cut(sealed, "~")
	if versioned && version != ironVersion && version != "1" {
		return nil, fmt.Errorf("%w: version is %.10q, not %s", ErrSealFormat, version, ironVersion)
	}
	seal, err := parseIron(text)
	if err != nil {
		return nil, err
	}
	secret, err := s.match(seal)
	if err != nil {
		return nil, err
	}
	if seal.expired(time.Now()) {
		return nil, fmt.Errorf("%w at %s", ErrSealExpired, time.UnixMilli(seal.expiry).UTC().Format(time.RFC3339))
	}
	data, err := seal.open(secret)
	if err != nil {
		return nil, err
	}
	if !json.Valid(data) {
		return nil, fmt.Errorf("%w: content is not JSON", ErrSealFormat)
	}
	if version == "1" {
		return persistent(data), nil
	}
	return data, nil
}

// match returns the secret of the seal.
func (s *Sealer) match(seal *ironSealed) (string, error) {
	passwords, err := s.secrets()
	if err != nil {
		return "", err
	}
	id, known := seal.id, false
	for _, p := range passwords {
		if p.ID != id {
			continue
		}
		known = true
		if seal.genuine(p.Secret) {
			return p.Secret, nil
		}
	}
	if !known {
		return "", fmt.Errorf("%w %.20q", ErrSealPassword, id)
	}
	return "", ErrSealIntegrity
}

// persistent returns the data inside the wrapper of version 1.
func persistent(data []byte) []byte {
	var wrapper struct {
		Persistent json.RawMessage `json:"persistent"`
	}
	if err := json.Unmarshal(data, &wrapper); err != nil || len(wrapper.Persistent) == 0 ||
		string(wrapper.Persistent) == "null" {
		return data
	}
	return wrapper.Persistent
}
