package sandbox

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"math/big"
	"strconv"
	"strings"
)

// signer signs an environment's access tokens with RS256 (RFC 7518 section 3.3).
type signer struct{ seed uint64 }

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
	signature, err := signingKey().Sign(nil, sum[:], crypto.SHA256)
	if err != nil {
		return "" // not reached: the digest is one of SHA-256
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
	kid := text(parts[0]["kid"])
	if err != nil || rsa.VerifyPKCS1v15(&signingKey().public, crypto.SHA256, sum[:], proof) != nil ||
		kid != s.keyID(text(parts[1]["client_id"])) && kid != s.keyID("") { // that of Connect
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
		{"n", base64.RawURLEncoding.EncodeToString(own.public.N.Bytes())},
		{"e", base64.RawURLEncoding.EncodeToString(e)},
		{"kid", s.keyID(client)}, {"x5t#S256", base64.RawURLEncoding.EncodeToString(sum[:])},
	}}}}
}
