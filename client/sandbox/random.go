package sandbox

import (
	"fmt"
	"time"
)

// crockford is the alphabet of ULIDs.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// newID returns prefix and a new ULID; without a prefix, a version 4 UUID (RFC 9562 section 5.4).
func (s *store) newID(prefix string, now time.Time) string {
	if prefix == "" {
		return s.newUUID()
	}
	const timeChars, randomChars, bits = 10, 16, 5
	b := make([]byte, 0, len(prefix)+timeChars+randomChars)
	b = append(b, prefix...)
	ms := uint64(max(0, now.UnixMilli()))
	for i := timeChars - 1; i >= 0; i-- {
		b = append(b, crockford[ms>>(bits*i)&(1<<bits-1)])
	}
	return string(s.appendSecret(b, randomChars))
}

func (s *store) newUUID() string {
	const version, variant = 0x4000, 0x8000000000000000
	hi, lo := s.random.Uint64(), s.random.Uint64()
	hi = hi&^0xf000 | version
	lo = lo&^0xc000000000000000 | variant
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", hi>>32, hi>>16&0xffff, hi&0xffff, lo>>48, lo&0xffffffffffff)
}

// newBytes returns n random bytes.
func (s *store) newBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = s.random.Read(b) // never fails
	return b
}

// newSecret returns n random characters.
//
//go:noinline
func (s *store) newSecret(n int) string { return string(s.appendSecret(make([]byte, 0, n), n)) }

func (s *store) appendSecret(b []byte, n int) []byte {
	for range n {
		b = append(b, crockford[s.random.Uint64()%uint64(len(crockford))])
	}
	return b
}

// newCode returns a one-time code of six digits.
func (s *store) newCode() string {
	const codes = 1_000_000
	return fmt.Sprintf("%06d", s.random.Uint64()%codes)
}
