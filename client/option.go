package client

import (
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"time"
)

// Option configures a client in [New]. Of two that set the same thing the later one counts.
type Option func(*config) error

type config struct {
	baseURL     string
	httpClient  *http.Client
	userAgent   string
	maxResponse int64
	fromContext bool
}

const (
	defaultTimeout     = time.Minute
	defaultMaxResponse = 64 << 20
)

func defaults() config {
	return config{
		baseURL:     DefaultBaseURL,
		httpClient:  &http.Client{Timeout: defaultTimeout},
		userAgent:   "workos-go/" + Version + " " + runtime.Version(),
		maxResponse: defaultMaxResponse,
	}
}

// WithBaseURL sends all requests to another server, such as staging, an emulator or a proxy, in place of
// [DefaultBaseURL]: an absolute http or https URL, with a path or without, without user, query and fragment.
func WithBaseURL(baseURL string) Option {
	return func(cfg *config) error {
		cfg.baseURL = strings.TrimRight(baseURL, "/")
		return nil
	}
}

// WithHTTPClient sends requests through the transport, cookie jar and time-out of that HTTP client, of which a shallow
// copy is kept. Redirects are not followed whatever its CheckRedirect says. The default is a client with
// [http.DefaultTransport] and a time-out of one minute for a whole exchange.
func WithHTTPClient(httpClient *http.Client) Option {
	return func(cfg *config) error {
		if httpClient == nil {
			return errors.New("HTTP client is nil")
		}
		cfg.httpClient = httpClient
		return nil
	}
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
		cfg.userAgent = defaults().userAgent + " " + strings.TrimSpace(suffix)
		return nil
	}
}

// WithMaxResponseBytes bounds the body of a success, after decompression; 64 MiB unless set. A larger one is a
// [*ResponseTooLargeError]. The body of an [*Error] is cut at 64 KiB instead, whatever the limit.
func WithMaxResponseBytes(n int64) Option {
	return func(cfg *config) error {
		if n <= 0 {
			return fmt.Errorf("response limit is %d bytes; it must be at least 1", n)
		}
		cfg.maxResponse = n
		return nil
	}
}

// WithCredentialsFromContext makes a client without credentials of its own, for servers that act for many tenants:
// the context of each call must carry them (see [WithCredentials]), else the call fails with [ErrNoCredentials] and
// nothing is sent. [New] then takes an empty API key.
func WithCredentialsFromContext() Option {
	return func(cfg *config) error {
		cfg.fromContext = true
		return nil
	}
}
