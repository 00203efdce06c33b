package sandbox

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"math/bits"
	"sync"
	"time"
)

// signingPrimes are those of the key that all sandboxes sign with. It is public, and so good for nothing but tests: to
// make one for each would take longer than most tests. Its name differs by client and environment, so that no verifier
// takes the token of one for that of another.
//
// A key of 2048 bits has two primes as a rule. With 32 of one machine word each, a signature takes a small part of the
// time. They are easy to find, but the key is public anyway. A verifier sees only their product (RFC 8017 section 3.1).
//
//nolint:gochecknoglobals // constant
var signingPrimes = [...]uint64{
	0xfc1e74838f0fa8ad, 0xfc2bc61bdbc48c81, 0xfc2bf1b982579581, 0xfc95ed80eae66ffb,
	0xfcd3641bcc1428c3, 0xfcfc85da9e2c1333, 0xfd596cdffe9d17eb, 0xfd59a1660b8f741d,
	0xfd66eb44e0c67745, 0xfd782b768f468bc3, 0xfd7b24574097aa7b, 0xfdc826579033f2fd,
	0xfde8171cb1529d6d, 0xfdea45cdd76ad281, 0xfe198f9a335fc107, 0xfe5142697e72c383,
	0xfe526760c97ce057, 0xfea24c61a62adf5b, 0xfebd8d408d09f649, 0xfedf09ac7e59afa9,
	0xfef034c143d2ba11, 0xff265ce16dda5a8d, 0xff32143b0d9b34cd, 0xff32ce014d447f85,
	0xff5780bedd288afd, 0xff7297603de11b0f, 0xff9c97b2edc1863b, 0xff9eed24c2c063ff,
	0xffbadf6495477c15, 0xffe3cbfc6a25fd1f, 0xffe8becbef11d575, 0xfffb2eb69211e471,
}

const publicExponent = 65537

// signingKey is the key of all sandboxes, with its certificate.
//
//nolint:gochecknoglobals // made once, of constants
var signingKey = sync.OnceValue(newSigningKey)

// rsaKey is a private key with any number of primes. It implements [crypto.Signer].
type rsaKey struct {
	public rsa.PublicKey
	cert   []byte // DER
	primes []rsaPrime
}

// rsaPrime is what a prime contributes to a signature (RFC 8017 section 5.2.1).
type rsaPrime struct {
	p        uint64
	exponent uint64
	before   *big.Int // the product of the primes before
	inverse  uint64   // of that
}

func newSigningKey() *rsaKey {
	one, e, n := big.NewInt(1), big.NewInt(publicExponent), big.NewInt(1)
	k := &rsaKey{}
	for _, word := range signingPrimes {
		p := new(big.Int).SetUint64(word)
		k.primes = append(k.primes, rsaPrime{
			p: word, exponent: new(big.Int).ModInverse(e, new(big.Int).Sub(p, one)).Uint64(),
			before: n, inverse: new(big.Int).ModInverse(n, p).Uint64(),
		})
		n = new(big.Int).Mul(n, p)
	}
	k.public = rsa.PublicKey{N: n, E: publicExponent}
	template := &x509.Certificate{
		SerialNumber: one, Subject: pkix.Name{CommonName: "sandbox"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0),
	}
	k.cert, _ = x509.CreateCertificate(nil, template, template, k.Public(), k) // which has no random part
	return k
}

// Public returns the public key.
func (k *rsaKey) Public() crypto.PublicKey { return &k.public }

// Sign returns the signature of a SHA-256 digest by RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2). It takes no care to take
// the same time for each digest, as the key is public.
func (k *rsaKey) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if opts.HashFunc() != crypto.SHA256 || len(digest) != crypto.SHA256.Size() {
		return nil, errors.New("sandbox: want a SHA-256 digest to sign")
	}
	// The algorithm and the beginning of the digest, as ASN.1 (RFC 8017 section 9.2).
	const info = "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
	encoded := bytes.Repeat([]byte{0xff}, k.public.Size())
	tail := len(encoded) - len(info) - len(digest)
	encoded[0], encoded[1], encoded[tail-1] = 0, 1, 0
	copy(encoded[tail:], info)
	copy(encoded[tail+len(info):], digest)

	message, signature := new(big.Int).SetBytes(encoded), new(big.Int)
	for _, r := range k.primes {
		h := r.power(r.reduce(message))
		h = r.multiply(r.minus(h, r.reduce(signature)), r.inverse)
		signature.Add(signature, new(big.Int).Mul(r.before, new(big.Int).SetUint64(h)))
	}
	return signature.FillBytes(encoded), nil
}

// The arithmetic of one prime. All operands are below it.

func (r *rsaPrime) reduce(n *big.Int) uint64 {
	return new(big.Int).Mod(n, new(big.Int).SetUint64(r.p)).Uint64()
}

func (r *rsaPrime) minus(a, b uint64) uint64 {
	if a < b {
		return a + (r.p - b)
	}
	return a - b
}

func (r *rsaPrime) multiply(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	_, rest := bits.Div64(high, low, r.p)
	return rest
}

// power returns the base to the private exponent.
func (r *rsaPrime) power(base uint64) uint64 {
	result := uint64(1)
	for e := r.exponent; e > 0; e >>= 1 {
		if e&1 == 1 {
			result = r.multiply(result, base)
		}
		base = r.multiply(base, base)
	}
	return result
}
