package client

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-f165d83c/workos/mcpadapter/optable"
)

// The names of api.yaml for what a request authenticates with.
const (
	schemeAPIKey      = "bearer"
	schemeAccessToken = "access_token"
	schemeNone        = "none"
)

// authorize picks the credential of each call: what its operation asks for, out of the context's credentials, else
// the client's. A call without it ends here. A request that leaves the base URL gets none.
func authorize(own Credentials) layer {
	return func(next handler) handler {
		return func(c *call) (*http.Response, error) {
			credentials, given := credentialsFrom(c.req.Context())
			if !given {
				credentials = own
			}
			_, byHand, _ := strings.Cut(c.req.Header.Get("Authorization"), " ")
			c.secrets = []string{credentials.APIKey, credentials.AccessToken, byHand}
			if c.ours {
				bearer, err := pick(c.route, credentials, given)
				if err != nil {
					closeRequest(c.req)
					return nil, fmt.Errorf("%s: %w", c.name(), err)
				}
				c.bearer = bearer
			}
			return next(c)
		}
	}
}

// pick returns the first credential that the route takes and that there is; "" where it takes none.
func pick(route *optable.Route, credentials Credentials, given bool) (string, error) {
	schemes := []string{schemeAPIKey}
	if route != nil && route.Security != nil {
		schemes = route.Security
	}
	for _, scheme := range schemes {
		switch {
		case scheme == schemeNone:
			return "", nil
		case scheme == schemeAPIKey && credentials.APIKey != "":
			return credentials.APIKey, checkToken("API key", credentials.APIKey)
		case scheme == schemeAccessToken && credentials.AccessToken != "":
			return credentials.AccessToken, checkToken("access token", credentials.AccessToken)
		}
	}
	return "", fmt.Errorf("%w: %s", ErrNoCredentials, missing(schemes[0], given))
}

func missing(scheme string, given bool) string {
	switch {
	case scheme == schemeAccessToken:
		return "it takes an access token in place of the API key; give Credentials.AccessToken with WithCredentials"
	case given:
		return "it takes an API key, and the Credentials in its context, which replace the client's, have none"
	default:
		return "it takes an API key, and the client has none; give Credentials.APIKey with WithCredentials"
	}
}

// closeRequest does what the HTTP client would have done with a request that it does not get to see.
func closeRequest(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}
