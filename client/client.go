package client

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/seed-f165d83c/workos/gen"
)

// Version is the version of this SDK, as the User-Agent header tells it.
const Version = "0.1.0"

// DefaultBaseURL is where requests go unless [WithBaseURL] says otherwise.
const DefaultBaseURL = "https://api.workos.com"

// Client calls the WorkOS API. It is immutable and safe for concurrent use; one for a program is enough, as it keeps
// connections open. [New] makes it: the zero value is of no use.
type Client struct {
	api     *gen.ClientWithResponses
	baseURL string
	own     sealed
}

// New returns a client that authenticates with apiKey ("sk_…"), which may be empty only together with
// [WithCredentialsFromContext]. It sends nothing. A key or an option that cannot work is an error: a key with white
// space, control or non-ASCII characters, a base URL that is none, a nil HTTP client, a limit below 1, a nil option.
func New(apiKey string, opts ...Option) (*Client, error) {
	cfg := defaults()
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("workos client: option %d is nil", i+1)
		}
		if err := opt(&cfg); err != nil {
			return nil, fmt.Errorf("workos client: %w", err)
		}
	}
	if err := checkKey(apiKey, cfg.fromContext); err != nil {
		return nil, fmt.Errorf("workos client: %w", err)
	}
	base, err := parseBaseURL(cfg.baseURL)
	if err != nil {
		return nil, fmt.Errorf("workos client: %w", err)
	}
	own := Credentials{APIKey: apiKey}
	doer, err := newDoer(base, own, &cfg)
	if err != nil {
		return nil, fmt.Errorf("workos client: %w", err)
	}
	api, err := gen.NewClientWithResponses(base.String(), gen.WithHTTPClient(doer))
	if err != nil {
		return nil, fmt.Errorf("workos client: %w", err)
	}
	return &Client{api: api, baseURL: base.String(), own: func() Credentials { return own }}, nil
}

// API returns the generated client, whose calls go through this one: they carry its credentials, and a status that
// is not a success is an [*Error]. It belongs to the client and must not be changed.
func (c *Client) API() *gen.ClientWithResponses { return c.api }

// BaseURL is where requests go, without a slash at its end: [DefaultBaseURL] unless [WithBaseURL] says otherwise.
func (c *Client) BaseURL() string { return c.baseURL }

// Credentials returns what a call with this context may authenticate with: the credentials that the context carries,
// else the client's own. It is for what needs the API key outside the Authorization header, where the key stands for
// the client secret of OAuth 2.0 (package authkit).
func (c *Client) Credentials(ctx context.Context) Credentials {
	if given, ok := credentialsFrom(ctx); ok {
		return given
	}
	return c.own()
}

func checkKey(key string, fromContext bool) error {
	switch {
	case key == "" && !fromContext:
		return errors.New("API key is empty; give one, or WithCredentialsFromContext if each request brings its own")
	case key != "" && fromContext:
		return errors.New("both an API key and WithCredentialsFromContext are given; " +
			"with the latter a request never falls back to a key of the client")
	default:
		return checkToken("API key", key)
	}
}

// parseBaseURL never puts the URL into an error: it may hold a password, or be a key given in the wrong place.
func parseBaseURL(text string) (*url.URL, error) {
	base, err := url.Parse(text)
	if err != nil {
		if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return nil, fmt.Errorf("base URL: %w", err)
	}
	switch {
	case base.Scheme != "https" && base.Scheme != "http":
		return nil, errors.New("base URL does not begin with https:// or http://")
	case base.Hostname() == "":
		return nil, errors.New("base URL has no host")
	case base.User != nil:
		return nil, errors.New("base URL holds a user name or password; credentials go into New or WithCredentials")
	case base.RawQuery != "" || base.ForceQuery || strings.Contains(text, "#"):
		return nil, errors.New("base URL has a query or a fragment")
	case hasDotSegment(base.EscapedPath()):
		return nil, errors.New(`base URL has a "." or ".." segment in its path`)
	}
	return base, nil
}
