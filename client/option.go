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

// Option adjusts a client in [New], or one call of it. The call's options take precedence over the client's; of two
// that set the same thing the later one counts. An option that cannot work is an error of New or of the call, which
// then sends nothing.
type Option func(*config) error

// config is what a call goes by. It is not changed once the call, or the client, has been made.
type config struct {
	perCall bool // whether these are the options of a call

	base           *url.URL
	site           *site
	credentials    sealed      // the client's own
	chosen         sealed      // of the options that are being applied
	platform       TokenSource // the client's own; nil: none
	chosenPlatform TokenSource // of the options that are being applied
	fromContext    bool
	clientID       string
	httpClient     *httpClient
	header         func() http.Header // which may hold secrets; nil: none
	standing       http.Header        // of requests that do not bring their own
	timeout        time.Duration      // of an attempt; 0: none
	retry          RetryPolicy
	idempotencyKey string
	middleware     []Middleware
	response       *Response
	logger         *slog.Logger // nil: none
	maxResponse    int64
}

const (
	defaultTimeout     = time.Minute
	defaultMaxResponse = 64 << 20
)

func standingHeader(userAgent string) http.Header {
	return http.Header{"Accept": {"application/json"}, "User-Agent": {userAgent}}
}

func defaultUserAgent() string { return "workos-go/" + Version + " " + runtime.Version() }

// apply sets the options and checks what they make together.
func (cfg *config) apply(opts []Option) error {
	for i, opt := range opts {
		if opt == nil {
			return fmt.Errorf("option %d is nil", i+1)
		}
		if err := opt(cfg); err != nil {
			return err
		}
	}
	if cfg.site != nil && cfg.site.base == cfg.base {
		return nil
	}
	routes := newRouting
	if cfg.site != nil {
		routes = func() *routing { return cfg.site.routing }
	}
	site, err := newSite(cfg.base, routes())
	cfg.site = site
	return err
}

// forCall returns what a call with these options goes by.
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

// WithAPIKey authenticates with that key ("sk_…") in place of the client's or the context's.
func WithAPIKey(key string) Option {
	return func(cfg *config) error {
		if key == "" {
			return errors.New("WithAPIKey: the key is empty")
		}
		cfg.chosen = seal(cfg.chosen.open().or(Credentials{APIKey: key}))
		return checkToken("API key", key)
	}
}

// WithAccessToken authenticates sso.profile.get, which takes no API key, with the access token that sso.token.create
// answers.
func WithAccessToken(token string) Option {
	return func(cfg *config) error {
		if token == "" {
			return errors.New("WithAccessToken: the token is empty")
		}
		cfg.chosen = seal(cfg.chosen.open().or(Credentials{AccessToken: token}))
		return checkToken("access token", token)
	}
}

// WithClientID says which application of the environment the program is ("client_…"), for what needs to know it:
// [Client.ClientID] hands it out. With it [New] takes an empty API key, for public clients, which can call only what
// needs no key.
func WithClientID(id string) Option {
	return func(cfg *config) error {
		if id == "" {
			return errors.New("WithClientID: the ID is empty")
		}
		cfg.clientID = id
		return checkToken("client ID", id)
	}
}

// WithBaseURL sends requests to another server, such as staging, an emulator or a proxy, in place of
// [DefaultBaseURL]: an absolute http or https URL, with a path or without, without user, query and fragment.
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

// WithHTTPClient sends requests through the transport, cookie jar and time-out of that HTTP client, of which a shallow
// copy is kept. Redirects are not followed whatever its CheckRedirect says. The default is [http.DefaultTransport].
func WithHTTPClient(given *http.Client) Option {
	return func(cfg *config) error {
		if given == nil {
			return errors.New("HTTP client is nil")
		}
		cfg.httpClient = newHTTPClient(given)
		return nil
	}
}

// WithHeader sends a header with each request, in place of one of that name. What the SDK answers for itself cannot be
// set: Authorization (see [WithAPIKey]), Idempotency-Key (see [WithIdempotencyKey]), Host, and the headers that say
// what a body is, how long, and how it is encoded.
func WithHeader(name, value string) Option {
	return func(cfg *config) error {
		key := http.CanonicalHeaderKey(name)
		switch {
		case !isHeaderName(name):
			return fmt.Errorf("WithHeader: %q is no header name (RFC 9110 section 5.1)", name)
		case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == '\x7f' }):
			return fmt.Errorf("WithHeader: the value of %s has a control character", key)
		case key == "Authorization":
			return errors.New("WithHeader: Authorization is set by WithAPIKey, WithAccessToken, WithPlatformToken " +
				"or WithCredentials")
		case key == headerIdempotencyKey, key == headerXIdempotencyKey:
			return errors.New("WithHeader: Idempotency-Key is set by WithIdempotencyKey, for one call")
		case slices.Contains([]string{
			"Host", "Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding", "Accept-Encoding",
		}, key):
			return fmt.Errorf("WithHeader: %s is not the caller's to set", key)
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

// isHeaderName tells a token (RFC 9110 section 5.6.2).
func isHeaderName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return !isAlphanumeric(r) && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

// WithUserAgent appends a suffix to the User-Agent header, such as "acme-portal/1.2" (RFC 9110 section 10.1.5):
// printable ASCII, not empty.
func WithUserAgent(suffix string) Option {
	return func(cfg *config) error {
		if strings.TrimSpace(suffix) == "" {
			return errors.New("user agent suffix is empty")
		}
		for i := range len(suffix) {
			if suffix[i] < ' ' || suffix[i] > '~' {
				return fmt.Errorf("user agent suffix has a control or non-ASCII character at byte %d", i)
			}
		}
		cfg.standing = standingHeader(defaultUserAgent() + " " + strings.TrimSpace(suffix))
		return nil
	}
}

// WithTimeout bounds each attempt of a call, from the connection to the last byte of the answer; one minute unless
// set, and 0 for no bound. The context bounds the call as a whole, its repetitions and waits included.
func WithTimeout(timeout time.Duration) Option {
	return func(cfg *config) error {
		if timeout < 0 {
			return fmt.Errorf("time-out is %s; it must not be negative", timeout)
		}
		cfg.timeout = timeout
		return nil
	}
}

// WithRetry sets how often and after which waits a call is repeated; [DefaultRetryPolicy] unless set.
func WithRetry(policy RetryPolicy) Option {
	return func(cfg *config) error {
		cfg.retry = policy
		return policy.check()
	}
}

// WithIdempotencyKey sends the call with a key of the caller's, so that the caller can repeat it and have it carried
// out once. It is an option of a call alone. audit_logs.events.create honours it for 24 hours, and gets a random key
// without this option. To other operations no key is sent: the API would ignore it, while net/http takes such a header
// for leave to send a POST twice.
func WithIdempotencyKey(key string) Option {
	return func(cfg *config) error {
		if !cfg.perCall {
			return errors.New("WithIdempotencyKey: a key is for one call; give it there")
		}
		if key == "" {
			return errors.New("WithIdempotencyKey: the key is empty")
		}
		cfg.idempotencyKey = key
		return checkToken("idempotency key", key)
	}
}

// WithMiddleware puts functions around each attempt, the first of them outermost, and inside those that were given
// before.
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

// WithResponse fills in what the answer tells beside its body, after a failure too. It is an option of a call alone.
// Of a list's iterator it tells the latest page.
func WithResponse(into *Response) Option {
	return func(cfg *config) error {
		switch {
		case !cfg.perCall:
			return errors.New("WithResponse: it tells of one call; give it there")
		case into == nil:
			return errors.New("WithResponse: the pointer is nil")
		}
		*into = Response{} // what an earlier call told
		cfg.response = into
		return nil
	}
}

// WithLogger tells a logger of each attempt: at debug level that it was answered, at warning level that it failed or
// will be repeated. Operation, path template, status, time and request ID are logged; values of paths, queries,
// headers and bodies never are.
func WithLogger(logger *slog.Logger) Option {
	return func(cfg *config) error {
		if logger == nil {
			return errors.New("logger is nil")
		}
		cfg.logger = logger
		return nil
	}
}

// WithMaxResponseBytes bounds the body of a success, after decompression; 64 MiB unless set. A larger one is an
// [ErrResponseTooLarge]. The body of an [*Error] is cut at 64 KiB, whatever the limit.
func WithMaxResponseBytes(n int64) Option {
	return func(cfg *config) error {
		if n <= 0 {
			return fmt.Errorf("response limit is %d bytes; it must be at least 1", n)
		}
		cfg.maxResponse = min(n, 1<<62) //nolint:mnd // one byte more is read, to tell
		return nil
	}
}

// WithCredentialsFromContext makes a client without credentials of its own, for servers that act for many tenants:
// the context of each call must carry them (see [WithCredentials]), or an option of the call, else the call fails with
// [ErrNoCredentials] and nothing is sent. [New] then takes an empty API key. It is an option of New alone.
func WithCredentialsFromContext() Option {
	return func(cfg *config) error {
		if cfg.perCall {
			return errors.New("WithCredentialsFromContext: it is an option of a client")
		}
		cfg.fromContext = true
		return nil
	}
}
