package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/seed-f165d83c/workos/gen"
)

// Version is the version of this SDK, as the User-Agent header tells it.
const Version = "0.1.0"

// DefaultBaseURL is where requests go unless [WithBaseURL] says otherwise.
const DefaultBaseURL = "https://api.workos.com"

// Client calls the WorkOS API. Its fields, those of [Services], are the operations as a tree:
//
//	c.Organizations.Create(ctx, body)
//	c.UserManagement.Invitations.Revoke(ctx, id)
//
// It is immutable and safe for concurrent use; one for a program is enough, as it keeps connections open. [New] makes
// it: the zero value is of no use.
type Client struct {
	Services

	config *config
}

// New returns a client that authenticates with apiKey ("sk_…"), which may be empty only together with
// [WithCredentialsFromContext], [WithClientID], [WithPlatformToken] or [WithAPIKey]. It sends nothing and reads no
// environment. A key or an option that cannot work is an error: a key with white space, control or non-ASCII
// characters, a base URL that is none, a nil HTTP client, a limit below 1, a nil option.
func New(apiKey string, opts ...Option) (*Client, error) {
	base, err := parseBaseURL(DefaultBaseURL)
	if err != nil {
		return nil, fmt.Errorf("workos client: %w", err)
	}
	cfg := &config{
		base: base, httpClient: newHTTPClient(&http.Client{}), standing: standingHeader(defaultUserAgent()),
		timeout: defaultTimeout, maxResponse: defaultMaxResponse, retry: DefaultRetryPolicy(),
	}
	if err := cfg.apply(opts); err != nil {
		return nil, fmt.Errorf("workos client: %w", err)
	}
	cfg.credentials, cfg.chosen = seal(Credentials{APIKey: apiKey}.or(cfg.chosen.open())), nil
	cfg.platform, cfg.chosenPlatform = cfg.chosenPlatform, nil
	if err := checkKey(cfg); err != nil {
		return nil, fmt.Errorf("workos client: %w", err)
	}
	c := &Client{config: cfg}
	c.Services = newServices(c)
	return c, nil
}

// FromEnv is [New] with the settings of the environment: WORKOS_API_KEY, and if they are set WORKOS_CLIENT_ID (see
// [WithClientID]) and WORKOS_BASE_URL (see [WithBaseURL]). Options take precedence over them.
func FromEnv(opts ...Option) (*Client, error) {
	var settings []Option
	if id := os.Getenv("WORKOS_CLIENT_ID"); id != "" {
		settings = append(settings, WithClientID(id))
	}
	if base := os.Getenv("WORKOS_BASE_URL"); base != "" {
		settings = append(settings, WithBaseURL(base))
	}
	key := os.Getenv("WORKOS_API_KEY")
	c, err := New(key, append(settings, opts...)...)
	if err != nil && key == "" {
		return nil, fmt.Errorf("%w (WORKOS_API_KEY is not set)", err)
	}
	return c, err
}

// BaseURL is where requests go, without a slash at its end: [DefaultBaseURL] unless [WithBaseURL] says otherwise.
func (c *Client) BaseURL() string { return strings.TrimRight(c.config.site.text, "/") }

// Credentials returns what a call with this context may authenticate with: the credentials that the context carries,
// else the client's own. It is for what needs the API key outside the Authorization header, where the key stands for
// the client secret of OAuth 2.0 (package authkit).
func (c *Client) Credentials(ctx context.Context) Credentials {
	if given, ok := credentialsFrom(ctx); ok {
		return given
	}
	return c.config.credentials.open()
}

// ClientID is what [WithClientID] said, or "".
func (c *Client) ClientID() string { return c.config.clientID }

// API returns a generated client, for what the tree does not say and for programs that work on all operations. Its
// calls go through this client: they carry its credentials, are repeated by its policy, and a status that is not a
// success is an [*Error].
func (c *Client) API() *gen.ClientWithResponses {
	return &gen.ClientWithResponses{ClientInterface: &gen.Client{Server: c.config.site.text, Client: doer{c.config}}}
}

func checkKey(cfg *config) error {
	key := cfg.credentials.open().APIKey
	switch {
	case key == "" && !cfg.fromContext && cfg.clientID == "" && cfg.platform == nil:
		return errors.New("API key is empty; give one, or WithCredentialsFromContext if each request brings its own, " +
			"or WithClientID for a public client")
	case cfg.fromContext && (cfg.credentials.open() != Credentials{} || cfg.platform != nil):
		return errors.New("both a credential and WithCredentialsFromContext are given; " +
			"with the latter a request never falls back to a key of the client")
	default:
		return checkToken("API key", key)
	}
}

// doer is the gen.HttpRequestDoer between the generated client and the calls of this package.
type doer struct{ config *config }

// Do carries out a request of the generated client, or one built by hand, which it does not change.
func (d doer) Do(req *http.Request) (*http.Response, error) {
	own := req.Clone(req.Context())
	if own.Header == nil {
		own.Header = http.Header{}
	}
	if own.Method == "" {
		own.Method = http.MethodGet
	}
	if own.URL == nil {
		return nil, errors.New("the request has no URL")
	}
	route, ours := d.config.site.route(own)
	if route != nil {
		at := d.config.site.of(route)
		own.URL.Scheme, own.URL.Host, own.Host = at.Scheme, at.Host, at.Host
	}
	got, err := newCall(d.config, route, own, ours).run(req.Context())
	if err != nil {
		closeRequest(req)
		return nil, err
	}
	return got.reread(), nil
}

// closeRequest does what the HTTP client would have done with a request that it does not get to see.
func closeRequest(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

// begin makes ready the call of an operation, with the options that it is given.
func (c *Client) begin(ctx context.Context, opts []Option, r *request) (*call, error) {
	if ctx == nil {
		return nil, fmt.Errorf("%s: the context is nil", r.id)
	}
	cfg, err := c.config.forCall(opts)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.id, err)
	}
	route := cfg.site.operation(r.id)
	req, err := r.build(route, cfg.site.of(route))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.id, err)
	}
	return newCall(cfg, route, req, true), nil
}

// do makes a call ready and carries it out.
func (c *Client) do(ctx context.Context, opts []Option, r *request) (*call, answer, error) {
	call, err := c.begin(ctx, opts, r)
	if err != nil {
		return nil, answer{}, err
	}
	got, err := call.run(ctx)
	return call, got, err
}
