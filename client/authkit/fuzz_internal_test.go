package authkit

import (
	"errors"
	"math"
	"testing"
	"time"
)

// FuzzParseClaims holds that claims of any JSON are read or refused, with times that can be written. It calls what
// reads them after the signature, as signing each would take longer than everything else.
func FuzzParseClaims(f *testing.F) {
	for _, text := range []string{
		`{"sub":"user_01","exp":1700000000,"aud":"a"}`, `{"aud":["a","b"],"iat":1.5e9,"nbf":0.1}`, `{"exp":253402300799.9}`,
		`{"exp":1e309}`, `{"act":{"sub":"x"},"roles":["a"],"permissions":null}`, `{"aud":7}`, `[]`, `{"exp":-1}`, `null`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		if len(payload) > maxToken {
			t.Skip()
		}
		claims, err := parseClaims(payload)
		if err != nil {
			if !errors.Is(err, ErrTokenClaims) || claims != nil {
				t.Errorf("%q: got %v and %v, want ErrTokenClaims alone", payload, claims, err)
			}
			return
		}
		for _, at := range []time.Time{claims.ExpiresAt, claims.IssuedAt, claims.NotBefore} {
			if _, err := at.MarshalJSON(); err != nil {
				t.Errorf("%q: got the time %v: %v", payload, at, err)
			}
		}
		rules := rules{issuers: []string{"https://api.workos.com"}, leeway: defaultLeeway}
		_ = rules.check(claims, time.Now())
		claims.HasRole("a")
	})
}

// FuzzParseKeySet holds that a key set gives keys that can be used, or an error.
func FuzzParseKeySet(f *testing.F) {
	for _, text := range []string{
		`{"keys":[{"kty":"RSA","kid":"a","alg":"RS256","use":"sig","n":"AQAB","e":"AQAB"}]}`, `{"keys":[]}`, `{"keys":[7]}`,
		`{"keys":[{"kty":"oct","k":"AQAB"},{"kty":"EC","crv":"P-256","x":"","y":""}]}`, `[]`, ``,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > math.MaxUint16 {
			t.Skip()
		}
		keys, err := parseKeySet(body)
		if (err == nil) != (len(keys) > 0) {
			t.Fatalf("%q: got %d keys and %v", body, len(keys), err)
		}
		for id, key := range keys {
			if id == "" || key.N.BitLen() < minRSA {
				t.Errorf("%q: got the key %q of %d bits", body, id, key.N.BitLen())
			}
		}
	})
}
