package client

import (
	"context"
	"errors"
	"fmt"
)

// TokenSource returns a valid bearer token. Calls use it concurrently, once each, with their own context. A source that
// fetches tokens should cache them until shortly before they expire.
type TokenSource func(ctx context.Context) (string, error)

// WithPlatformToken authenticates the operations of c.Platform, which do not accept API keys, with tokens from source.
// They are access tokens of the OAuth 2.0 client credentials grant (RFC 6749 section 4.4), issued by
// https://signin.workos.com/oauth2/token to the client of a platform, with the scope "platform". They are valid for an
// hour. With this option [New] accepts an empty API key. An error of source ends the call before anything is sent.
func WithPlatformToken(source TokenSource) Option {
	return func(cfg *config) error {
		if source == nil {
			return errors.New("WithPlatformToken: source is nil")
		}
		cfg.optPlatform = source
		return nil
	}
}

// platformToken returns the token from the call's source, else the context's credentials, else the client's source; ""
// if there is none.
func (c *call) platformToken(ctx context.Context, credentials Credentials, inContext bool) (string, error) {
	source := c.optPlatform
	switch {
	case source != nil:
	case credentials.PlatformToken != "":
		return credentials.PlatformToken, checkToken("platform token", credentials.PlatformToken)
	case inContext || c.platform == nil:
		return "", nil
	default:
		source = c.platform
	}
	token, err := source(ctx)
	if err != nil {
		return "", fmt.Errorf("platform token: %w", err)
	}
	if token == "" {
		return "", fmt.Errorf("%w: WithPlatformToken: source returned an empty token", ErrNoCredentials)
	}
	return token, checkToken("platform token", token)
}
