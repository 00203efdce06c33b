package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// HeaderName is the header with the signature: "t=<Unix milliseconds>, v1=<hexadecimal HMAC-SHA256>". The key of the
// HMAC (RFC 2104) is the endpoint's secret, its message "<t>.<body>" with the body as received. A header may contain
// several v1; one of them must match.
const HeaderName = "WorkOS-Signature"

const maxHeader = 4 << 10 // bytes; WorkOS sends about 90

// Sign returns the header that WorkOS would send with the body at that time, for tests of endpoints. A secret that
// [NewVerifier] rejects gives a signature that no verifier accepts.
func Sign(body []byte, secret string, at time.Time) string {
	t := strconv.FormatInt(at.UnixMilli(), 10)
	return "t=" + t + ", v1=" + hex.EncodeToString(keyOf(secret)(t, body))
}

// key signs a body. It is a function so that package fmt cannot print the secret.
type key func(t string, body []byte) []byte

func keyOf(secret string) key {
	return func(t string, body []byte) []byte {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(t)) // a hash.Hash returns no error
		mac.Write([]byte{'.'})
		mac.Write(body)
		return mac.Sum(nil)
	}
}

// signature is a parsed header.
type signature struct {
	t    string // as signed
	at   time.Time
	macs [][]byte
}

// parseSignature is strict but ignores unknown names, because a scheme v2 may be added beside v1.
func parseSignature(header string) (signature, error) {
	var s signature
	switch {
	case header == "":
		return signature{}, ErrNoSignature
	case len(header) > maxHeader:
		return signature{}, fmt.Errorf("%w: header has %d bytes: want at most %d", ErrMalformedSignature, len(header),
			maxHeader)
	}
	for part := range strings.SplitSeq(header, ",") {
		name, value, found := strings.Cut(strings.Trim(part, " \t"), "=")
		if !found {
			return signature{}, fmt.Errorf("%w: want name=value pairs", ErrMalformedSignature)
		}
		switch name {
		case "t":
			if s.t != "" {
				return signature{}, fmt.Errorf("%w: two timestamps", ErrMalformedSignature)
			}
			ms, err := strconv.ParseUint(value, 10, 63)
			if err != nil {
				return signature{}, fmt.Errorf("%w: timestamp is not a number of milliseconds", ErrMalformedSignature)
			}
			s.t, s.at = value, time.UnixMilli(int64(ms))
		case "v1":
			mac, err := hex.DecodeString(value)
			if err != nil || len(mac) != sha256.Size {
				return signature{}, fmt.Errorf("%w: v1 is not %d hexadecimal digits", ErrMalformedSignature, 2*sha256.Size)
			}
			s.macs = append(s.macs, mac)
		}
	}
	switch {
	case s.t == "":
		return signature{}, fmt.Errorf("%w: no timestamp t", ErrMalformedSignature)
	case len(s.macs) == 0:
		return signature{}, fmt.Errorf("%w: no v1", ErrMalformedSignature)
	}
	return s, nil
}

// has reports whether one of the signatures is the wanted one, in constant time.
func (s signature) has(want []byte) bool {
	found := false
	for _, mac := range s.macs {
		if hmac.Equal(mac, want) {
			found = true
		}
	}
	return found
}
