package client

import (
	"context"
	"errors"
	"fmt"
)

// TokenSource returns a bearer token that is valid now. Calls ask for it concurrently, once each and with their own
// context: a source that fetches tokens keeps the last one until it is about to expire.
type TokenSource func(ctx context.Context) (string, error)

// WithPlatformToken authenticates the operations of a platform (c.Platform), which never take the API key, with tokens
// from source: access tokens of the OAuth 2.0 client credentials grant (RFC 6749 section 4.4) at
// https://signin.workos.com/oauth2/token, for the client that WorkOS issues to a platform. They carry the scope
// "platform" and are valid for an hour. With it [New] takes an empty API key. A source that fails ends the call with
// that error and nothing is sent.
func WithPlatformToken(source TokenSource) Option {
	return func(cfg *config) error {
		if source == nil {
			return errors.New("WithPlatformToken: the source is nil")
		}
		cfg.chosenPlatform = source
		return nil
	}
}

// platformToken returns the token for an operation of a platform: from the call's source, else from the context's
// credentials, else from the client's source; "" if there is none.
func (c *call) platformToken(ctx context.Context, credentials Credentials, given bool) (string, error) {
	source := c.chosenPlatform
	switch {
	case source != nil:
	case credentials.PlatformToken != "":
		return credentials.PlatformToken, checkToken("platform token", credentials.PlatformToken)
	case given || c.platform == nil:
		return "", nil
	default:
		source = c.platform
	}
	token, err := source(ctx)
	if err != nil {
		return "", fmt.Errorf("platform token: %w", err)
	}
	if token == "" {
		return "", fmt.Errorf("%w: the source of WithPlatformToken returned an empty token", ErrNoCredentials)
	}
	return token, checkToken("platform token", token)
}
