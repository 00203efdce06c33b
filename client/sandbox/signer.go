package sandbox

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"math/big"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The two primes of the key that all sandboxes sign with. It is public, and so good for nothing but tests: to make one
// for each would take longer than most tests. Its name differs by client and environment, so that no verifier takes the
// token of one for that of another.
const (
	primeP = "" +
		"cded47a2607c9c8f33897afdebffb1e82661a9747961ddc5022195f9ab33e3bd" +
		"524915532ef9e5cad8c34467e11b582ff5716a00ac98544e0bf14c226255d5a8" +
		"10b0fe5204181deb8c8b69fc675626acb0bb43181dd4f185c1f31774be98a22e" +
		"c2ac40e7f509258606c4c59e0d8cedeca787ceb1bd72df6eb99582a6fa7f8f87"
	primeQ = "" +
		"f5047f4bed204a314c3b0bff7a27db787af9eefc8e2f66aa37a53e3b7f839998" +
		"a1b3fe7027a9f6f9b65c241026ca0766ce780c46eb0667228e35a50deeee03b4" +
		"7a9f3f38ae80ddb6b1b53f11c4ed4d0d8bed9b89229506434e385690f65d61c9" +
		"72485bce3825d2b47dd32e3284456e8009df98755490d04113c44d7fc89faf67"
)

const publicExponent = 65537

// signer signs an environment's access tokens with RS256 (RFC 7518 section 3.3).
type signer struct{ seed uint64 }

// signingKey is the key of all sandboxes, with its certificate.
//
//nolint:gochecknoglobals // made once, of constants
var signingKey = sync.OnceValue(newSigningKey)

type certifiedKey struct {
	key  *rsa.PrivateKey
	cert []byte // DER
}

func newSigningKey() certifiedKey {
	const hex = 16
	one := big.NewInt(1)
	p, _ := new(big.Int).SetString(primeP, hex)
	q, _ := new(big.Int).SetString(primeQ, hex)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: publicExponent},
		D:         new(big.Int).ModInverse(big.NewInt(publicExponent), phi), Primes: []*big.Int{p, q},
	}
	key.Precompute()
	template := &x509.Certificate{
		SerialNumber: one, Subject: pkix.Name{CommonName: "sandbox"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0),
	}
	// An RSA PKCS #1 v1.5 signature has no random part.
	cert, _ := x509.CreateCertificate(nil, template, template, key.Public(), key)
	return certifiedKey{key, cert}
}

// keyID is the name of the key for tokens of a client.
func (s *signer) keyID(client string) string {
	const length = 26
	return "sso_oidc_key_pair_" + digest(client + " " + strconv.FormatUint(s.seed, 10))[:length]
}

// jwt returns a signed JSON Web Token (RFC 7519).
func (s *signer) jwt(client string, claims object) string {
	head := object{{"alg", "RS256"}, {"kid", s.keyID(client)}, {"typ", "JWT"}}
	enc := base64.RawURLEncoding
	signed := enc.EncodeToString(encode(head)) + "." + enc.EncodeToString(encode(claims))
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(nil, signingKey().key, crypto.SHA256, sum[:])
	if err != nil {
		return "" // not reached: the key is long enough
	}
	return signed + "." + enc.EncodeToString(signature)
}

// claims are those of a token that the environment signed; nil for any other text.
func (s *signer) claims(token string) map[string]any {
	dot := max(0, strings.LastIndexByte(token, '.'))
	signed, signature := token[:dot], strings.TrimPrefix(token[dot:], ".")
	head, payload, _ := strings.Cut(signed, ".")
	enc := base64.RawURLEncoding
	var parts [2]map[string]any
	for i, part := range []string{head, payload} {
		text, err := enc.DecodeString(part)
		if err != nil {
			return nil
		}
		v, _ := decode(text)
		parts[i], _ = v.(map[string]any)
	}
	proof, err := enc.DecodeString(signature)
	sum := sha256.Sum256([]byte(signed))
	if err != nil || rsa.VerifyPKCS1v15(&signingKey().key.PublicKey, crypto.SHA256, sum[:], proof) != nil ||
		text(parts[0]["kid"]) != s.keyID(text(parts[1]["client_id"])) {
		return nil
	}
	return parts[1]
}

// jwks is the JSON Web Key Set of a client (RFC 7517 section 5).
func (s *signer) jwks(client string) object {
	own := signingKey()
	sum := sha256.Sum256(own.cert)
	e := big.NewInt(publicExponent).Bytes()
	return object{{"keys", []any{object{
		{"alg", "RS256"}, {"kty", "RSA"}, {"use", "sig"},
		{"x5c", []any{base64.StdEncoding.EncodeToString(own.cert)}},
		{"n", base64.RawURLEncoding.EncodeToString(own.key.N.Bytes())},
		{"e", base64.RawURLEncoding.EncodeToString(e)},
		{"kid", s.keyID(client)}, {"x5t#S256", base64.RawURLEncoding.EncodeToString(sum[:])},
	}}}}
}
