package client

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Option configures a client in [New] or a single call. Options of the call take precedence over the client's; later
// ones over earlier ones. An invalid option is an error of New or of the call, which then sends nothing.
type Option func(*config) error

// config is the configuration of a client or a call. It does not change once the client or the call exists.
type config struct {
	perCall bool // of a call, not a client

	base           *url.URL
	endpoints      *endpoints
	credentials    sealed      // the client's own
	optCredentials sealed      // set by options
	platform       TokenSource // the client's own; nil: none
	optPlatform    TokenSource // set by options
	fromContext    bool
	clientID       string
	httpClient     *httpClient
	header         func() http.Header // a function hides secret values from package fmt; nil: none
	defaults       http.Header        // for requests without these headers
	timeout        time.Duration      // of an attempt; 0: none
	retry          RetryPolicy
	idempotencyKey string
	middleware     []Middleware
	response       *Response
	logger         *slog.Logger // nil: none
	maxResponse    int64
	query          [][2]string // escaped
	bodyFields     []bodyField
	strict         bool // whether a value of another type is an error
}

const (
	defaultTimeout     = time.Minute
	defaultMaxResponse = 64 << 20
)

func defaultHeader(userAgent string) http.Header {
	return http.Header{"Accept": {"application/json"}, "User-Agent": {userAgent}}
}

func defaultUserAgent() string { return "workos-go/" + Version() + " " + runtime.Version() }

// apply sets the options and updates what depends on them.
func (cfg *config) apply(opts []Option) error {
	for i, opt := range opts {
		if opt == nil {
			return fmt.Errorf("option %d is nil", i+1)
		}
		if err := opt(cfg); err != nil {
			return err
		}
	}
	if cfg.endpoints != nil && cfg.endpoints.base == cfg.base {
		return nil
	}
	routes := newRouting
	if cfg.endpoints != nil {
		routes = func() *routing { return cfg.endpoints.routing }
	}
	endpoints, err := newEndpoints(cfg.base, routes())
	cfg.endpoints = endpoints
	return err
}

// forCall returns the configuration of a call with these options.
func (cfg *config) forCall(opts []Option) (*config, error) {
	if len(opts) == 0 {
		return cfg, nil
	}
	own := *cfg
	own.perCall = true
	if err := own.apply(opts); err != nil {
		return nil, err
	}
	return &own, nil
}

// WithAPIKey authenticates with this key ("sk_…") instead of the client's or the context's.
func WithAPIKey(key string) Option {
	return func(cfg *config) error {
		if key == "" {
			return errors.New("WithAPIKey: key is empty")
		}
		cfg.optCredentials = seal(cfg.optCredentials.open().override(Credentials{APIKey: key}))
		return checkToken("API key", key)
	}
}

// WithAccessToken authenticates sso.profile.get, which accepts no API key, with an access token from sso.token.create.
func WithAccessToken(token string) Option {
	return func(cfg *config) error {
		if token == "" {
			return errors.New("WithAccessToken: token is empty")
		}
		cfg.optCredentials = seal(cfg.optCredentials.open().override(Credentials{AccessToken: token}))
		return checkToken("access token", token)
	}
}

// WithClientID sets the client ID ("client_…") of the application, which [Client.ClientID] returns and package authkit
// uses. With it [New] accepts an empty API key, for public clients; operations that require a key then fail with
// [ErrNoCredentials].
func WithClientID(id string) Option {
	return func(cfg *config) error {
		if id == "" {
			return errors.New("WithClientID: ID is empty")
		}
		cfg.clientID = id
		return checkToken("client ID", id)
	}
}

// WithBaseURL sends requests to another server, such as an emulator or a proxy, instead of [DefaultBaseURL]. It
// requires an absolute http or https URL without user information, query and fragment; a path is allowed.
func WithBaseURL(baseURL string) Option {
	return func(cfg *config) error {
		base, err := parseBaseURL(strings.TrimRight(baseURL, "/"))
		if err != nil {
			return err
		}
		cfg.base = base
		return nil
	}
}

// WithHTTPClient sends requests with the transport and cookie jar that httpClient has now. Its timeout limits each
// attempt if it is shorter than that of [WithTimeout]. Its CheckRedirect is ignored: redirects are not followed. The
// default is [http.DefaultTransport].
func WithHTTPClient(httpClient *http.Client) Option {
	return func(cfg *config) error {
		if httpClient == nil {
			return errors.New("WithHTTPClient: client is nil")
		}
		cfg.httpClient = newHTTPClient(httpClient)
		return nil
	}
}

// WithHeader sets a header of each request. It rejects headers that the SDK sets itself: Authorization (see
// [WithAPIKey]), Idempotency-Key (see [WithIdempotencyKey]), Host, and those that describe the type, length or encoding
// of a body.
func WithHeader(name, value string) Option {
	return func(cfg *config) error {
		key := http.CanonicalHeaderKey(name)
		switch {
		case !isHeaderName(name):
			return fmt.Errorf("WithHeader: invalid header name %q (RFC 9110 section 5.1)", name)
		case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == '\x7f' }):
			return fmt.Errorf("WithHeader: value of %s contains a control character", key)
		case key == "Authorization":
			return errors.New("WithHeader: cannot set Authorization: use WithAPIKey, WithAccessToken, WithPlatformToken " +
				"or WithCredentials")
		case key == headerIdempotencyKey, key == headerXIdempotencyKey:
			return errors.New("WithHeader: cannot set Idempotency-Key: use WithIdempotencyKey for one call")
		case slices.Contains([]string{
			"Host", "Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding", "Accept-Encoding",
		}, key):
			return fmt.Errorf("WithHeader: cannot set %s: the client sets it", key)
		}
		header := http.Header{}
		if cfg.header != nil {
			header = cfg.header().Clone()
		}
		header[key] = []string{value}
		cfg.header = func() http.Header { return header }
		return nil
	}
}

// isHeaderName reports whether name is a token (RFC 9110 section 5.6.2).
func isHeaderName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return !isAlphanumeric(r) && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

// WithUserAgent appends a suffix such as "acme-portal/1.2" to the User-Agent header (RFC 9110 section 10.1.5). It must
// be printable ASCII and not empty.
func WithUserAgent(suffix string) Option {
	return func(cfg *config) error {
		if strings.TrimSpace(suffix) == "" {
			return errors.New("WithUserAgent: suffix is empty")
		}
		for i := range len(suffix) {
			if suffix[i] < ' ' || suffix[i] > '~' {
				return fmt.Errorf("WithUserAgent: suffix has a control or non-ASCII character at byte %d", i)
			}
		}
		cfg.defaults = defaultHeader(defaultUserAgent() + " " + strings.TrimSpace(suffix))
		return nil
	}
}

// WithTimeout limits the time of each attempt, from the connection to the last byte of the response. The default is one
// minute; 0 means no limit. The context limits the whole call, including retries and waits.
func WithTimeout(timeout time.Duration) Option {
	return func(cfg *config) error {
		if timeout < 0 {
			return fmt.Errorf("WithTimeout: invalid timeout %s: want 0 or more", timeout)
		}
		cfg.timeout = timeout
		return nil
	}
}

// WithRetry sets the retry policy. The default is [DefaultRetryPolicy].
func WithRetry(policy RetryPolicy) Option {
	return func(cfg *config) error {
		cfg.retry = policy
		return policy.check()
	}
}

// WithMiddleware adds middleware around each attempt. The first is outermost; middleware of earlier options is outside.
func WithMiddleware(middleware ...Middleware) Option {
	return func(cfg *config) error {
		for i, m := range middleware {
			if m == nil {
				return fmt.Errorf("WithMiddleware: function %d is nil", i+1)
			}
		}
		cfg.middleware = append(slices.Clip(cfg.middleware), middleware...)
		return nil
	}
}

// WithResponse stores the metadata of the response in *into when the call returns, also after a failure. Iterators
// update it with each page. It is an option of calls only.
func WithResponse(into *Response) Option {
	return func(cfg *config) error {
		switch {
		case !cfg.perCall:
			return errors.New("WithResponse: option of calls only")
		case into == nil:
			return errors.New("WithResponse: pointer is nil")
		}
		*into = Response{} // of an earlier call
		cfg.response = into
		return nil
	}
}

// WithLogger logs each attempt: a response at debug level, a failure or a retry at warning level. Records contain
// operation, path template, status, duration and request ID, and never values of paths, queries, headers or bodies.
func WithLogger(logger *slog.Logger) Option {
	return func(cfg *config) error {
		if logger == nil {
			return errors.New("WithLogger: logger is nil")
		}
		cfg.logger = logger
		return nil
	}
}

// WithMaxResponseBytes limits the body of a success, after decompression. The default is 64 MiB. A larger body is an
// [ErrResponseTooLarge]. The body of an [*Error] is always cut at 64 KiB.
func WithMaxResponseBytes(n int64) Option {
	return func(cfg *config) error {
		if n <= 0 {
			return fmt.Errorf("WithMaxResponseBytes: invalid limit %d: want at least 1", n)
		}
		cfg.maxResponse = min(n, 1<<62) //nolint:mnd // readAll adds 1
		return nil
	}
}

// WithCredentialsFromContext creates a client without credentials, for servers that act for many tenants. The context
// ([WithCredentials]) or an option of each call must provide them, else the call fails with [ErrNoCredentials] and
// sends nothing. [New] then requires an empty API key. It is an option of clients only.
func WithCredentialsFromContext() Option {
	return func(cfg *config) error {
		if cfg.perCall {
			return errors.New("WithCredentialsFromContext: option of clients only")
		}
		cfg.fromContext = true
		return nil
	}
}
