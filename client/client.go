package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strings"

	"github.com/seed-f165d83c/workos/gen"
)

// DefaultBaseURL is the base URL of requests unless [WithBaseURL] sets another.
const DefaultBaseURL = "https://api.workos.com"

// Client calls the WorkOS API. The operations are its fields, those of [Services]:
//
//	c.Organizations.Create(ctx, body)
//	c.UserManagement.Invitations.Revoke(ctx, id)
//
// A Client is immutable and safe for concurrent use. Programs should share one, because it reuses connections. Create
// it with [New] or [FromEnv]; the zero value is not usable.
type Client struct {
	Services

	config *config
}

// New returns a client that authenticates with apiKey ("sk_…"). The key may be empty only together with
// [WithCredentialsFromContext], [WithClientID], [WithPlatformToken] or [WithAPIKey]. New sends nothing and reads no
// environment variables. It rejects a key with white space, control or non-ASCII characters, and any invalid or nil
// option.
func New(apiKey string, opts ...Option) (*Client, error) {
	base, err := parseBaseURL(DefaultBaseURL)
	if err != nil {
		return nil, fmt.Errorf("workos: %w", err)
	}
	cfg := &config{
		base: base, httpClient: newHTTPClient(&http.Client{}), defaults: defaultHeader(defaultUserAgent()),
		timeout: defaultTimeout, maxResponse: defaultMaxResponse, retry: DefaultRetryPolicy(),
	}
	if err := cfg.apply(opts); err != nil {
		return nil, fmt.Errorf("workos: %w", err)
	}
	cfg.credentials, cfg.optCredentials = seal(Credentials{APIKey: apiKey}.override(cfg.optCredentials.open())), nil
	cfg.platform, cfg.optPlatform = cfg.optPlatform, nil
	if err := checkKey(cfg); err != nil {
		return nil, fmt.Errorf("workos: %w", err)
	}
	c := &Client{config: cfg}
	c.Services = newServices(c)
	return c, nil
}

// FromEnv is [New] with the API key from WORKOS_API_KEY. If they are set, WORKOS_CLIENT_ID acts as [WithClientID] and
// WORKOS_BASE_URL as [WithBaseURL]. Options take precedence over the environment.
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

// BaseURL returns the base URL of requests, without a trailing slash: [DefaultBaseURL] unless [WithBaseURL] set
// another.
func (c *Client) BaseURL() string { return strings.TrimRight(c.config.endpoints.text, "/") }

// Credentials returns the credentials that a call with this context uses: those of the context (see [WithCredentials]),
// else the client's own. Package authkit uses it where the API key serves as OAuth 2.0 client secret.
func (c *Client) Credentials(ctx context.Context) Credentials {
	if credentials, ok := credentialsFrom(ctx); ok {
		return credentials
	}
	return c.config.credentials.open()
}

// ClientID returns the ID set by [WithClientID], or "".
func (c *Client) ClientID() string { return c.config.clientID }

// API returns the generated client, for programs that process all operations and for requests that the methods of
// [Services] cannot express. Its calls go through c: they use its credentials, retry policy and middleware, and return
// an [*Error] for a status that is not a success.
func (c *Client) API() *gen.ClientWithResponses {
	return &gen.ClientWithResponses{
		ClientInterface: &gen.Client{Server: c.config.endpoints.text, Client: doer(c.config.do)},
	}
}

func checkKey(cfg *config) error {
	key := cfg.credentials.open().APIKey
	switch {
	case key == "" && !cfg.fromContext && cfg.clientID == "" && cfg.platform == nil:
		return errors.New("API key is empty: want a key, WithCredentialsFromContext if each request brings its own, " +
			"or WithClientID for a public client")
	case cfg.fromContext && (cfg.credentials.open() != Credentials{} || cfg.platform != nil):
		return errors.New("WithCredentialsFromContext excludes other credentials: " +
			"its requests never fall back to the client's own")
	default:
		return checkToken("API key", key)
	}
}

// doer adapts the do of a client's configuration to gen.HttpRequestDoer. It does not hold the configuration: programs
// that call methods by name would link all methods of what that refers to.
type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(req *http.Request) (*http.Response, error) { return d(req) }

// do sends a copy of req, which comes from the generated client or from the caller.
func (c *config) do(req *http.Request) (*http.Response, error) {
	own := req.Clone(req.Context())
	if own.Header == nil {
		own.Header = http.Header{}
	}
	if own.Method == "" {
		own.Method = http.MethodGet
	}
	if own.URL == nil {
		return nil, errors.New("request has no URL")
	}
	route, belowBase := c.endpoints.route(own)
	if route != nil {
		at := c.endpoints.of(route)
		own.URL.Scheme, own.URL.Host, own.Host = at.Scheme, at.Host, at.Host
	}
	got, err := newCall(c, route, own, belowBase).run(req.Context())
	if err != nil {
		closeRequest(req)
		return nil, err
	}
	return got.response(), nil
}

// closeRequest closes the body of a request that was never sent, as [http.Client.Do] does.
func closeRequest(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

// prepare builds the call of an operation from the request and the options of the call.
func (c *Client) prepare(ctx context.Context, opts []Option, r *request) (*call, error) {
	if ctx == nil {
		return nil, fmt.Errorf("%s: context is nil", r.id)
	}
	cfg, err := c.config.forCall(opts)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.id, err)
	}
	if r.body != nil {
		if err := checkBody(reflect.ValueOf(r.body), ""); err != nil {
			return nil, fmt.Errorf("%s: %w", r.id, err)
		}
	}
	route := cfg.endpoints.operation(r.id)
	if err := r.extend(cfg, route.Method); err != nil {
		return nil, fmt.Errorf("%s: %w", r.id, err)
	}
	req, err := r.build(route, cfg.endpoints.of(route))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.id, err)
	}
	return newCall(cfg, route, req, true), nil
}

// do prepares a call and runs it.
func (c *Client) do(ctx context.Context, opts []Option, r *request) (*call, rawResponse, error) {
	call, err := c.prepare(ctx, opts, r)
	if err != nil {
		return nil, rawResponse{}, err
	}
	got, err := call.run(ctx)
	return call, got, err
}
