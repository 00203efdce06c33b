package authkit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/client/internal/origin"
	"github.com/seed-f165d83c/workos/client/internal/redact"
)

// VerifierConfig configures a [Verifier]. Issuer and JWKSURL are required.
type VerifierConfig struct {
	// Issuer is the accepted "iss", such as an AuthKit domain, "https://acme.authkit.app". A trailing slash is ignored.
	Issuer string
	// JWKSURL has the issuer's keys: "https://acme.authkit.app/oauth2/jwks" for an AuthKit domain, [Client.JWKSURL] for
	// the sessions of an application. It must be an https URL, or an http URL of a loopback address.
	JWKSURL string
	// Audience, unless "", must be in "aud": the URL of the server, by which clients ask for a token (RFC 8707). Without
	// it tokens for all other servers and applications of the issuer are accepted too, and anybody who gets one there can
	// use it.
	Audience string
	// Leeway is the tolerated difference of clocks: see [WithLeeway]. The default, for 0, is 30 seconds.
	Leeway time.Duration
	// HTTPClient fetches the keys. The default, for nil, is a client with [http.DefaultTransport]. Unless it has a
	// CheckRedirect, redirects to URLs that JWKSURL must not be are not followed: the keys decide which tokens are valid.
	HTTPClient *http.Client
}

// Verifier verifies the access tokens of one issuer with the issuer's keys: those of Connect applications, machines and
// agents, which AuthKit domains issue. Use [Client.VerifyAccessToken] for the sessions of the application itself. It is
// safe for concurrent use; programs should share one, because it caches the keys. Create it with [NewVerifier].
type Verifier struct {
	rules rules
	keys  keySet
}

// NewVerifier returns a verifier. It sends nothing.
func NewVerifier(config VerifierConfig) (*Verifier, error) {
	if err := checkAbsolute("Issuer", config.Issuer); err != nil {
		return nil, fmt.Errorf("workos/authkit: verifier: %w", err)
	}
	if err := checkKeysURL(config.JWKSURL); err != nil {
		return nil, fmt.Errorf("workos/authkit: verifier: %w", err)
	}
	if config.Leeway < 0 || config.Leeway > maxLeeway {
		return nil, fmt.Errorf("workos/authkit: verifier: invalid Leeway %v: want 0 to %v", config.Leeway, maxLeeway)
	}
	if config.Leeway == 0 {
		config.Leeway = defaultLeeway
	}
	client := http.Client{}
	if config.HTTPClient != nil {
		client = *config.HTTPClient
	}
	if client.CheckRedirect == nil {
		client.CheckRedirect = checkKeysRedirect
	}
	v := &Verifier{rules: rules{
		issuers: []string{strings.TrimSuffix(config.Issuer, "/")}, audience: config.Audience, leeway: config.Leeway,
	}}
	v.keys.fetch = func(ctx context.Context) ([]byte, error) {
		return fetchJWKS(ctx, &client, config.JWKSURL)
	}
	return v, nil
}

// Verify is [Client.VerifyAccessToken] with the keys, the issuer and the audience of the verifier.
func (v *Verifier) Verify(ctx context.Context, token string) (*Claims, error) {
	claims, err := verify(ctx, &v.keys, &v.rules, token)
	if err != nil {
		return nil, fmt.Errorf("workos/authkit: access token: %w", err)
	}
	return claims, nil
}

func checkKeysURL(text string) error {
	parsed, err := url.Parse(text)
	if err != nil || parsed.Host == "" || parsed.User != nil {
		return fmt.Errorf("invalid JWKSURL %q: want an https URL", text)
	}
	if !origin.Private(parsed) {
		return fmt.Errorf("invalid JWKSURL %q: want an https URL, or an http URL of a loopback address", text)
	}
	return nil
}

const maxRedirects = 3

func checkKeysRedirect(req *http.Request, via []*http.Request) error {
	if !origin.Private(req.URL) {
		return fmt.Errorf("redirect to %s://%s: want an https URL", req.URL.Scheme, req.URL.Host)
	}
	if len(via) > maxRedirects {
		return fmt.Errorf("more than %d redirects", maxRedirects)
	}
	return nil
}

func fetchJWKS(ctx context.Context, client *http.Client, target string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return nil, fmt.Errorf("JWKS: %w", err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("JWKS: %w", redact.Transport(err))
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("JWKS: status %d", resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxKeySet+1))
	if err != nil {
		return nil, fmt.Errorf("JWKS: %w", err)
	}
	return body, nil
}

// UnverifiedIssuer returns the "iss" of a token without verifying it, to select the [Verifier] of a token that several
// issuers may have issued. Nothing else of the token may be used before that verifier accepted it.
func UnverifiedIssuer(token string) (string, error) {
	claims, err := unverified(token)
	if err != nil {
		return "", fmt.Errorf("workos/authkit: access token: %w", err)
	}
	if claims.Issuer == "" {
		return "", errors.New("workos/authkit: access token: it has no issuer")
	}
	return claims.Issuer, nil
}
