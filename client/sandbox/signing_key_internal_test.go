package sandbox

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"math/big"
	"testing"
)

func TestSigningKeySignsAsAnyKeyDoes(t *testing.T) {
	t.Parallel()
	k := signingKey()
	if got := k.public.N.BitLen(); got != 2048 {
		t.Errorf("got a key of %d bits, want 2048", got)
	}
	for _, r := range k.primes {
		if !new(big.Int).SetUint64(r.p).ProbablyPrime(20) {
			t.Errorf("%x: got no prime", r.p)
		}
	}
	for _, text := range []string{"", "a", "another"} {
		digest := sha256.Sum256([]byte(text))
		signature, err := k.Sign(nil, digest[:], crypto.SHA256)
		if err != nil {
			t.Fatal(err)
		}
		if err := rsa.VerifyPKCS1v15(&k.public, crypto.SHA256, digest[:], signature); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		other := sha256.Sum256([]byte(text + "!"))
		if rsa.VerifyPKCS1v15(&k.public, crypto.SHA256, other[:], signature) == nil {
			t.Errorf("%q: the signature is one of another text too", text)
		}
	}
	cert, err := x509.ParseCertificate(k.cert)
	if err != nil || cert.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature) != nil {
		t.Errorf("got a certificate that is not of the key: %v", err)
	}
	for _, wrong := range []struct {
		digest []byte
		hash   crypto.Hash
	}{{make([]byte, 20), crypto.SHA256}, {make([]byte, 32), crypto.SHA512_256}} {
		if got, err := k.Sign(nil, wrong.digest, wrong.hash); err == nil || got != nil {
			t.Errorf("%d bytes of %s: got %x, want an error", len(wrong.digest), wrong.hash, got)
		}
	}
}
