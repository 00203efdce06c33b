package sandbox

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"errors"
	"io"
	"math/big"
	"math/bits"
	"slices"
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

// words is a number of as many words as the key has, the lowest first.
type words [len(signingPrimes)]uint64

const wordBytes = 8

// digestInfo is the algorithm and the beginning of the digest, as ASN.1 (RFC 8017 section 9.2).
const digestInfo = "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"

// rsaKey is a private key with a prime for each of its words. It implements [crypto.Signer].
type rsaKey struct {
	public rsa.PublicKey
	cert   []byte // DER
	primes [len(signingPrimes)]rsaPrime
}

// rsaPrime is what a prime contributes to a signature (RFC 8017 section 5.2.1). Its arithmetic is Montgomery's, in
// which a number stands for itself times 2^64.
type rsaPrime struct {
	p        uint64
	exponent uint64
	negated  uint64 // the inverse of -p, modulo 2^64
	square   uint64 // 2^128
	padding  uint64 // what is signed, without the digest
	before   words  // the product of the primes before
	inverse  uint64 // of that, times 2^64
}

func newSigningKey() *rsaKey {
	one, e, n := big.NewInt(1), big.NewInt(publicExponent), big.NewInt(1)
	k := &rsaKey{}
	padding := wordsOf(encodedDigest(make([]byte, crypto.SHA256.Size())))
	for i, word := range signingPrimes {
		p := new(big.Int).SetUint64(word)
		r := &k.primes[i]
		r.p, r.exponent = word, new(big.Int).ModInverse(e, new(big.Int).Sub(p, one)).Uint64()
		for inverse, bits := word, 3; ; inverse, bits = inverse*(2-word*inverse), 2*bits { // Hensel
			if r.negated = -inverse; bits >= 64 {
				break
			}
		}
		r.square = new(big.Int).Mod(new(big.Int).Lsh(one, 128), p).Uint64()
		r.padding, r.before = r.reduce(padding[:]), wordsOf(n.Bytes())
		r.inverse = r.multiply(new(big.Int).ModInverse(n, p).Uint64(), r.square)
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

// wordsOf reads a number, the highest byte first.
func wordsOf(text []byte) words {
	var w words
	for i, b := range slices.Backward(text) {
		at := len(text) - 1 - i
		w[at/wordBytes] |= uint64(b) << (at % wordBytes * 8)
	}
	return w
}

// encodedDigest is what is signed for a digest (RFC 8017 section 9.2).
func encodedDigest(digest []byte) []byte {
	encoded := bytes.Repeat([]byte{0xff}, len(signingPrimes)*wordBytes)
	tail := len(encoded) - len(digestInfo) - len(digest)
	encoded[0], encoded[1], encoded[tail-1] = 0, 1, 0
	copy(encoded[tail:], digestInfo)
	copy(encoded[tail+len(digestInfo):], digest)
	return encoded
}

// Public returns the public key.
func (k *rsaKey) Public() crypto.PublicKey { return &k.public }

// Sign returns the signature of a SHA-256 digest by RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2). It takes no care to take
// the same time for each digest, as the key is public.
func (k *rsaKey) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if opts.HashFunc() != crypto.SHA256 || len(digest) != crypto.SHA256.Size() {
		return nil, errors.New("sandbox: want a SHA-256 digest to sign")
	}
	message, signature := wordsOf(digest), words{}
	for i := range k.primes {
		r := &k.primes[i]
		h := r.power(r.add(r.reduce(message[:len(digest)/wordBytes]), r.padding))
		h = r.multiply(r.add(h, r.p-r.reduce(signature[:i])), r.inverse)
		signature.addProduct(&r.before, h, i)
	}
	text := make([]byte, 0, len(signature)*wordBytes)
	for _, word := range slices.Backward(signature[:]) {
		text = binary.BigEndian.AppendUint64(text, word)
	}
	return text, nil
}

// addProduct adds the product of a number of n words and a word.
func (w *words) addProduct(number *words, word uint64, n int) {
	var carry uint64
	for i := range n + 1 {
		high, low := bits.Mul64(number[i], word)
		var over uint64
		low, over = bits.Add64(low, carry, 0)
		high += over
		w[i], over = bits.Add64(w[i], low, 0)
		carry = high + over
	}
}

// The arithmetic of one prime. All operands are below it, but for the number that is reduced and one of add.

func (r *rsaPrime) reduce(number []uint64) (rest uint64) {
	for _, word := range slices.Backward(number) {
		_, rest = bits.Div64(rest, word, r.p)
	}
	return rest
}

// add takes one operand that may be the prime.
func (r *rsaPrime) add(a, b uint64) uint64 {
	sum, over := bits.Add64(a, b, 0)
	if over != 0 || sum >= r.p {
		sum -= r.p
	}
	return sum
}

// multiply returns the product divided by 2^64.
func (r *rsaPrime) multiply(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	multiple, rest := bits.Mul64(low*r.negated, r.p)
	_, over := bits.Add64(low, rest, 0)
	product, over := bits.Add64(high, multiple, over)
	if over != 0 || product >= r.p {
		product -= r.p
	}
	return product
}

// power returns the base to the private exponent.
func (r *rsaPrime) power(base uint64) uint64 {
	result := r.multiply(1, r.square)
	base = r.multiply(base, r.square)
	for e := r.exponent; e > 0; e >>= 1 {
		if e&1 == 1 {
			result = r.multiply(result, base)
		}
		base = r.multiply(base, base)
	}
	return r.multiply(result, 1)
}
