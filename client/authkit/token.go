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

// maxToken limits the length of tokens, in bytes. A cookie has at most 4096.
const maxToken = 64 << 10

// VerifyAccessToken returns the claims of an access token that the application's keys signed with RS256, that an
// accepted issuer issued, and that is valid now. Keys are cached, so verification usually needs no network: they are
// fetched again after an hour, or for an unknown key ID, at most once in 30 seconds. If the API is unreachable they are
// used for a day. A token without session ID ("sid"), such as one of a machine, is accepted here, but not by [Sessions]
// and [Client.RequireBearer].
//
// Errors wrap [ErrTokenFormat], [ErrTokenAlgorithm], [ErrTokenKey], [ErrTokenSignature], [ErrTokenClaims],
// [ErrTokenIssuer], [ErrTokenAudience], [ErrTokenExpired] or [ErrTokenNotYetValid]. [ErrKeysUnavailable] means that no
// keys were available, or that the key is unknown, no fetch is permitted yet and the token was issued after the last
// one, or within a minute before: another attempt may succeed. The claims are those of the session when the token was
// issued, some minutes ago at most.
func (c *Client) VerifyAccessToken(ctx context.Context, token string) (*Claims, error) {
	claims, err := c.verify(ctx, token)
	if err != nil {
		return nil, fmt.Errorf("workos/authkit: access token: %w", err)
	}
	return claims, nil
}

func (c *Client) verify(ctx context.Context, token string) (*Claims, error) {
	return verify(ctx, &c.keys, &c.rules, token)
}

func verify(ctx context.Context, keys *keySet, rules *rules, token string) (*Claims, error) {
	signed, err := parseToken(token)
	if err != nil {
		return nil, err
	}
	id, length := signed.Signatures[0].Protected.KeyID, len(signed.Signatures[0].Signature)
	key, err := keys.key(ctx, id)
	if errors.Is(err, errFetchNotDue) {
		switch claims, invalid := unverified(token); {
		case invalid != nil: // with any key
			err = invalid
		case length < minRSA/8: //nolint:mnd // bits of a byte
			err = fmt.Errorf("%w: signature has %d bytes: want %d or more", ErrTokenFormat, length, minRSA/8)
		case keys.knowsAllOf(claims.IssuedAt):
			err = fmt.Errorf("%w %.80q", ErrTokenKey, id)
		}
	}
	if err != nil {
		return nil, err
	}
	if length != key.Size() {
		return nil, fmt.Errorf("%w: signature has %d bytes: want %d", ErrTokenFormat, length, key.Size())
	}
	payload, err := signed.Verify(key)
	if err != nil {
		return nil, ErrTokenSignature
	}
	claims, err := parseClaims(payload)
	if err != nil {
		return nil, err
	}
	return claims, rules.check(claims, time.Now())
}

// parseToken parses a JWS in compact serialization (RFC 7515 section 7.1). The token cannot choose the algorithm (RFC
// 8725 section 3.1).
func parseToken(token string) (*jose.JSONWebSignature, error) {
	switch {
	case token == "":
		return nil, fmt.Errorf("%w: empty", ErrTokenFormat)
	case len(token) > maxToken:
		return nil, fmt.Errorf("%w: %d bytes: want at most %d", ErrTokenFormat, len(token), maxToken)
	}
	if err := checkParts(token); err != nil {
		return nil, err
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

// check applies the rules to verified claims (RFC 7519 section 4.1).
func (r *rules) check(claims *Claims, now time.Time) error {
	switch {
	case claims.UserID == "":
		return fmt.Errorf(`%w: "sub" is missing`, ErrTokenClaims)
	case claims.idToken:
		return fmt.Errorf("%w: it is an ID token", ErrTokenClaims)
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
	case now.Add(max(r.leeway, issuedLeeway)).Before(claims.IssuedAt):
		return fmt.Errorf("%w: issued at %s, now is %s: check the clock of this machine", ErrTokenNotYetValid,
			claims.IssuedAt.Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	}
	return nil
}

// unverified returns the claims of a token from a seal, which was verified when it was sealed and may have expired.
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

// WithIssuers sets the accepted issuers ("iss"). The defaults are the base URL, such as "https://api.workos.com", and
// the base URL followed by "/user_management/" and the client ID. Environments with a custom authentication domain use
// that. A trailing slash is ignored.
func WithIssuers(issuers ...string) Option {
	return func(c *Client) error {
		if len(issuers) == 0 {
			return errors.New("WithIssuers: no issuers")
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

// WithAudience accepts only access tokens whose audience ("aud") contains audience. By default the audience is not
// checked, because WorkOS sets none unless a JWT template does.
func WithAudience(audience string) Option {
	return func(c *Client) error {
		if audience == "" {
			return errors.New("WithAudience: audience is empty")
		}
		c.rules.audience = audience
		return nil
	}
}

// WithLeeway sets the tolerated difference of clocks: tokens are accepted that long before they become valid and after
// they expire. The default is 30 seconds, the maximum 5 minutes. The time at which a token was issued ("iat") has no
// effect on its validity (RFC 7519 section 4.1.6); it is refused only if it is more than 5 minutes ahead.
func WithLeeway(leeway time.Duration) Option {
	return func(c *Client) error {
		if leeway < 0 || leeway > maxLeeway {
			return fmt.Errorf("WithLeeway: invalid leeway %v: want 0 to %v", leeway, maxLeeway)
		}
		c.rules.leeway = leeway
		return nil
	}
}
