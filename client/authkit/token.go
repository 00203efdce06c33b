package authkit

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// maxToken bounds what is verified, in bytes. A cookie holds 4096.
const maxToken = 64 << 10

// VerifyAccessToken returns the claims of an access token if the application's keys signed it with RS256, an accepted
// issuer issued it, and it is valid now. The keys are fetched once and then cached, so that verifying needs no network:
// they are fetched again after an hour, or for a key ID that is new, at most once in 30 seconds. Without contact to the
// API they stay in use for a day.
//
// What is refused is told apart by errors.Is: [ErrTokenFormat], [ErrTokenAlgorithm], [ErrTokenKey],
// [ErrTokenSignature], [ErrTokenClaims], [ErrTokenIssuer], [ErrTokenAudience], [ErrTokenExpired] and
// [ErrTokenNotYetValid]. [ErrKeysUnavailable] is no verdict: there were no keys to verify with, and another attempt may
// succeed. The claims are those of a session as it was when the token was issued, some minutes ago at most.
func (c *Client) VerifyAccessToken(ctx context.Context, token string) (*Claims, error) {
	claims, err := c.verify(ctx, token)
	if err != nil {
		return nil, fmt.Errorf("authkit: access token: %w", err)
	}
	return claims, nil
}

func (c *Client) verify(ctx context.Context, token string) (*Claims, error) {
	signed, err := parseToken(token)
	if err != nil {
		return nil, err
	}
	key, err := c.keys.key(ctx, signed.Signatures[0].Protected.KeyID)
	if err != nil {
		return nil, err
	}
	if n := len(signed.Signatures[0].Signature); n != key.Size() {
		return nil, fmt.Errorf("%w: the signature has %d bytes, not %d", ErrTokenFormat, n, key.Size())
	}
	payload, err := signed.Verify(key)
	if errors.Is(err, jose.ErrUnsupportedCriticalHeader) {
		return nil, fmt.Errorf("%w: it has a critical extension (RFC 7515 section 4.1.11)", ErrTokenFormat)
	}
	if err != nil {
		return nil, ErrTokenSignature
	}
	claims, err := parseClaims(payload)
	if err != nil {
		return nil, err
	}
	return claims, c.rules.check(claims, time.Now())
}

// parseToken takes a JWS in compact serialization apart (RFC 7515 section 7.1). The algorithm is not the token's to
// choose (RFC 8725 section 3.1).
func parseToken(token string) (*jose.JSONWebSignature, error) {
	switch {
	case token == "":
		return nil, fmt.Errorf("%w: it is empty", ErrTokenFormat)
	case len(token) > maxToken:
		return nil, fmt.Errorf("%w: it has %d bytes; at most %d are read", ErrTokenFormat, len(token), maxToken)
	}
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})
	if other := (*jose.ErrUnexpectedSignatureAlgorithm)(nil); errors.As(err, &other) {
		return nil, fmt.Errorf("%w: it is %.20q, not RS256", ErrTokenAlgorithm, string(other.Got))
	}
	if err != nil {
		return nil, ErrTokenFormat // the cause could quote the token
	}
	return signed, nil
}

// check holds verified claims to the rules (RFC 7519 section 4.1).
func (r *rules) check(claims *Claims, now time.Time) error {
	switch {
	case claims.UserID == "":
		return fmt.Errorf(`%w: "sub" is missing`, ErrTokenClaims)
	case claims.ExpiresAt.IsZero():
		return fmt.Errorf(`%w: "exp" is missing`, ErrTokenClaims)
	case !slices.Contains(r.issuers, strings.TrimSuffix(claims.Issuer, "/")):
		return fmt.Errorf("%w: it is %.200q; accepted are %q, which WithIssuers changes", ErrTokenIssuer, claims.Issuer,
			r.issuers)
	case r.audience != "" && !slices.Contains(claims.Audience, r.audience):
		return fmt.Errorf("%w: it is %.200q, not %q", ErrTokenAudience, claims.Audience, r.audience)
	case !now.Before(claims.ExpiresAt.Add(r.leeway)):
		return fmt.Errorf("%w at %s", ErrTokenExpired, claims.ExpiresAt.Format(time.RFC3339))
	case now.Add(r.leeway).Before(claims.NotBefore):
		return fmt.Errorf("%w: not before %s", ErrTokenNotYetValid, claims.NotBefore.Format(time.RFC3339))
	case now.Add(r.leeway).Before(claims.IssuedAt):
		return fmt.Errorf("%w: issued at %s", ErrTokenNotYetValid, claims.IssuedAt.Format(time.RFC3339))
	}
	return nil
}

// unverified returns the claims of a token that came out of a seal, and so was verified when it went in. It may have
// expired since.
func unverified(token string) (*Claims, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || len(token) > maxToken {
		return nil, ErrTokenFormat
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, ErrTokenFormat
	}
	return parseClaims(payload)
}

// WithIssuers replaces the issuers ("iss") whose access tokens are accepted, which otherwise are the base URL, such as
// "https://api.workos.com", and the base URL followed by "/user_management/" and the client ID. An environment with an
// authentication domain of its own issues in that name. A slash at the end makes no difference.
func WithIssuers(issuers ...string) Option {
	return func(c *Client) error {
		if len(issuers) == 0 {
			return errors.New("WithIssuers: no issuer is given")
		}
		c.rules.issuers = nil
		for _, issuer := range issuers {
			if err := checkAbsolute("issuer", issuer); err != nil {
				return fmt.Errorf("WithIssuers: %w", err)
			}
			c.rules.issuers = append(c.rules.issuers, strings.TrimSuffix(issuer, "/"))
		}
		return nil
	}
}

// WithAudience accepts only access tokens whose audience ("aud") has that entry. WorkOS sets none unless a JWT template
// does, so that none is asked for by default.
func WithAudience(audience string) Option {
	return func(c *Client) error {
		if audience == "" {
			return errors.New("WithAudience: audience is empty")
		}
		c.rules.audience = audience
		return nil
	}
}

// WithLeeway says by how much the clocks here and at WorkOS may differ: a token is taken that long after its end and
// before its beginning. It is 30 seconds by default, and at most 5 minutes.
func WithLeeway(leeway time.Duration) Option {
	return func(c *Client) error {
		if leeway < 0 || leeway > maxLeeway {
			return fmt.Errorf("WithLeeway: %v is not between 0 and %v", leeway, maxLeeway)
		}
		c.rules.leeway = leeway
		return nil
	}
}
