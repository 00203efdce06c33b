package client

import (
	"cmp"
	"context"
	"fmt"
	"strings"
)

// The names of api.yaml for what a request authenticates with.
const (
	schemeAPIKey      = "bearer"
	schemeAccessToken = "access_token"
	schemePlatform    = "platform"
	schemeNone        = "none"
)

// authorize picks the credential of a call: what its operation asks for, out of the call's options, else the
// context's credentials, else the client's. A call without it ends here. A request that leaves the base URL gets none.
func (c *call) authorize(ctx context.Context) error {
	credentials, given := credentialsFrom(ctx)
	if !given {
		credentials = c.credentials.open()
	}
	credentials = credentials.or(c.chosen.open())
	c.secrets = [...]string{credentials.APIKey, credentials.AccessToken, "", credentials.PlatformToken}
	if byHand := c.req.Header["Authorization"]; len(byHand) > 0 {
		c.token = byHand[0]
		_, after, _ := strings.Cut(c.token, " ")
		c.secrets[2] = cmp.Or(after, c.token)
		delete(c.req.Header, "Authorization")
	}
	if !c.ours {
		return nil
	}
	bearer, err := c.pick(ctx, credentials, given)
	if err != nil {
		return fmt.Errorf("%s: %w", c.name(), err)
	}
	if c.token = ""; bearer != "" {
		c.token = "Bearer " + bearer
	}
	return nil
}

// pick returns the first credential that the operation takes and that there is; "" where it takes none.
func (c *call) pick(ctx context.Context, credentials Credentials, given bool) (string, error) {
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
			token, err := c.platformToken(ctx, credentials, given)
			if c.secrets[3] = token; token != "" || err != nil {
				return token, err
			}
		}
	}
	return "", fmt.Errorf("%w: %s", ErrNoCredentials, missing(schemes[0], given))
}

func missing(scheme string, given bool) string {
	switch {
	case scheme == schemeAccessToken:
		return "it takes an access token in place of the API key; give WithAccessToken, " +
			"or Credentials.AccessToken with WithCredentials"
	case scheme == schemePlatform:
		return "it takes a platform token in place of the API key; give WithPlatformToken, " +
			"or Credentials.PlatformToken with WithCredentials"
	case given:
		return "it takes an API key, and the Credentials in its context, which replace the client's, have none"
	default:
		return "it takes an API key, and the client has none; give WithAPIKey, or Credentials.APIKey with WithCredentials"
	}
}
