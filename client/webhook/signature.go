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

// HeaderName is the header that carries the signature: "t=<Unix milliseconds>, v1=<hexadecimal HMAC-SHA256>", where
// the HMAC (RFC 2104) is keyed with the endpoint's secret and runs over "<t>.<body>", the body as it came. Several v1
// may stand in one header; one that matches is enough.
const HeaderName = "WorkOS-Signature"

const maxHeader = 4 << 10 // bytes; WorkOS sends about 90

// Sign returns the header value that WorkOS would send with the body at that time, for tests of your own endpoint. A
// secret that no [Verifier] takes makes a signature that none accepts.
func Sign(body []byte, secret string, at time.Time) string {
	t := strconv.FormatInt(at.UnixMilli(), 10)
	return "t=" + t + ", v1=" + hex.EncodeToString(keyOf(secret)(t, body))
}

// key signs a body at a time. It is a function, so that package fmt cannot print the secret, by whatever holds it.
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

// signature is what stands in the header.
type signature struct {
	t    string // as signed
	at   time.Time
	macs [][]byte
}

// parseSignature is strict, as the header has one writer, but for names that it does not know: a scheme v2 may come to
// stand beside v1.
func parseSignature(header string) (signature, error) {
	var s signature
	switch {
	case header == "":
		return signature{}, ErrNoSignature
	case len(header) > maxHeader:
		return signature{}, fmt.Errorf("%w: it has %d bytes, at most %d are read", ErrMalformedSignature, len(header),
			maxHeader)
	}
	for part := range strings.SplitSeq(header, ",") {
		name, value, found := strings.Cut(strings.Trim(part, " \t"), "=")
		if !found {
			return signature{}, fmt.Errorf("%w: a part of it is not name=value", ErrMalformedSignature)
		}
		switch name {
		case "t":
			if s.t != "" {
				return signature{}, fmt.Errorf("%w: it has two timestamps", ErrMalformedSignature)
			}
			ms, err := strconv.ParseUint(value, 10, 63)
			if err != nil {
				return signature{}, fmt.Errorf("%w: its timestamp is no number of milliseconds", ErrMalformedSignature)
			}
			s.t, s.at = value, time.UnixMilli(int64(ms))
		case "v1":
			mac, err := hex.DecodeString(value)
			if err != nil || len(mac) != sha256.Size {
				return signature{}, fmt.Errorf("%w: a v1 is not %d hexadecimal digits", ErrMalformedSignature, 2*sha256.Size)
			}
			s.macs = append(s.macs, mac)
		}
	}
	switch {
	case s.t == "":
		return signature{}, fmt.Errorf("%w: it has no timestamp t", ErrMalformedSignature)
	case len(s.macs) == 0:
		return signature{}, fmt.Errorf("%w: it has no v1", ErrMalformedSignature)
	}
	return s, nil
}

// matches tells whether one of the signatures is the key's, in a time that does not tell how far it agrees.
func (s signature) matches(k key, body []byte) bool {
	want := k(s.t, body)
	found := false
	for _, mac := range s.macs {
		if hmac.Equal(mac, want) {
			found = true
		}
	}
	return found
}
