package client

import (
	"cmp"
	"context"
	"fmt"
	"strings"
)

// Names of the security schemes in api.yaml.
const (
	schemeAPIKey      = "bearer"
	schemeAccessToken = "access_token"
	schemePlatform    = "platform"
	schemeNone        = "none"
)

// authorize chooses the credential that the operation requires: from the call's options, else the context, else the
// client. It returns an error if there is none. A request outside the base URL gets no credential.
func (c *call) authorize(ctx context.Context) error {
	credentials, inContext := credentialsFrom(ctx)
	if !inContext {
		credentials = c.credentials.open()
	}
	credentials = credentials.override(c.optCredentials.open())
	c.secrets = [...]string{credentials.APIKey, credentials.AccessToken, "", credentials.PlatformToken}
	if byHand := c.req.Header["Authorization"]; len(byHand) > 0 {
		c.token = byHand[0]
		_, after, _ := strings.Cut(c.token, " ")
		c.secrets[2] = cmp.Or(after, c.token)
		delete(c.req.Header, "Authorization")
	}
	if !c.belowBase {
		return nil
	}
	bearer, err := c.pick(ctx, credentials, inContext)
	if err != nil {
		return fmt.Errorf("%s: %w", c.name(), err)
	}
	if c.token = ""; bearer != "" {
		c.token = "Bearer " + bearer
	}
	return nil
}

// pick returns the first credential that the operation accepts; "" if it requires none.
func (c *call) pick(ctx context.Context, credentials Credentials, inContext bool) (string, error) {
	schemes := []string{schemeAPIKey}
	if c.route != nil && c.route.Security != nil {
		schemes = c.route.Security
	}
	for _, scheme := range schemes {
		switch {
		case scheme == schemeNone:
			return "", nil
		case scheme == schemeAPIKey && credentials.APIKey != "":
			return credentials.APIKey, checkToken("API key", credentials.APIKey)
		case scheme == schemeAccessToken && credentials.AccessToken != "":
			return credentials.AccessToken, checkToken("access token", credentials.AccessToken)
		case scheme == schemePlatform:
			token, err := c.platformToken(ctx, credentials, inContext)
			if c.secrets[3] = token; token != "" || err != nil {
				return token, err
			}
		}
	}
	return "", fmt.Errorf("%w: %s", ErrNoCredentials, missing(schemes[0], inContext))
}

func missing(scheme string, inContext bool) string {
	switch {
	case scheme == schemeAccessToken:
		return "an access token is required: set WithAccessToken, " +
			"or Credentials.AccessToken with WithCredentials"
	case scheme == schemePlatform:
		return "a platform token is required: set WithPlatformToken, " +
			"or Credentials.PlatformToken with WithCredentials"
	case inContext:
		return "an API key is required, and the Credentials in the context, which replace the client's, have none"
	default:
		return "an API key is required: set WithAPIKey, or Credentials.APIKey with WithCredentials"
	}
}
