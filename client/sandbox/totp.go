package sandbox

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the algorithm that authenticator apps use (RFC 6238 section 1.2)
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// totpPeriod is the time step (RFC 6238 section 4.1).
const totpPeriod = 30 * time.Second

// totp is the code of a secret in Base32 at a time (RFC 6238); "" for a secret that is none.
func totp(secret string, at time.Time) string {
	encoding := base32.StdEncoding.WithPadding(base32.NoPadding)
	key, err := encoding.DecodeString(strings.ToUpper(strings.TrimRight(strings.ReplaceAll(secret, " ", ""), "=")))
	if err != nil || len(key) == 0 {
		return ""
	}
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(at.Unix())/uint64(totpPeriod/time.Second)) //nolint:gosec // after 1970
	mac := hmac.New(sha1.New, key)
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0xf
	const mask, digits = 0x7fffffff, 1_000_000
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[offset:])&mask%digits)
}

// totpMatches reports whether a code is that of now, or of one step before or after (RFC 6238 section 5.2).
func totpMatches(secret, code string, now time.Time) bool {
	for _, skew := range []time.Duration{0, -totpPeriod, totpPeriod} {
		want := totp(secret, now.Add(skew))
		if want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return true
		}
	}
	return false
}
