package sandbox

import "net/url"

// redirection is an answer without a body that sends the browser to a URL.
type redirection string

// redirect answers as the browser would be redirected after a sign-in or a sign-out that went well.
func (c *call) redirect() (any, error) {
	if c.hasParam("redirect_uri") {
		return c.redirectWithCode()
	}
	target := c.query.Get("return_to")
	if target == "" {
		return redirection(exampleHost), nil
	}
	if _, err := absolute("return_to", target); err != nil {
		return nil, err
	}
	return redirection(target), nil
}

// redirectWithCode hands an authorization code to the client's redirect URI (RFC 6749 section 4.1.2).
func (c *call) redirectWithCode() (any, error) {
	u, err := absolute("redirect_uri", c.query.Get("redirect_uri"))
	if err != nil {
		return nil, err
	}
	q := u.Query()
	q.Set("code", exampleULID)
	if c.query.Has("state") {
		q.Set("state", c.query.Get("state"))
	}
	u.RawQuery = q.Encode()
	return redirection(u.String()), nil
}

func absolute(param, value string) (*url.URL, error) {
	u, err := url.Parse(value)
	if err != nil || !u.IsAbs() {
		return nil, unprocessable([]fieldProblem{{param, codeFormat}})
	}
	return u, nil
}
