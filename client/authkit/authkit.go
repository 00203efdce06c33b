package authkit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/state"
)

// Client is an OAuth 2.0 client (RFC 6749 section 2.2): one application in one environment. It is safe for concurrent
// use. Programs should share one, because it caches the keys that verify tokens and coordinates refreshes of sessions.
// Its goroutines end with the requests that they wait for. If the API rejects a request, the error wraps a
// [*client.Error]. Create it with [New]; the zero value is not usable.
type Client struct {
	workos    *client.Client
	clientID  string
	rules     rules
	logger    *slog.Logger
	keys      keySet
	refreshes exchanges
	signIns   exchanges
	ended     endedSessions
}

// Option configures a [Client] in [New].
type Option func(*Client) error

// New returns the client of the application that [client.WithClientID] sets. It sends nothing.
//
//	c, err := workos.New(os.Getenv("WORKOS_API_KEY"), workos.WithClientID(os.Getenv("WORKOS_CLIENT_ID")))
//
// The API key of a call, the client's own or that of the context (see [client.WithCredentials]), is sent as client
// secret. Without one the application is a public client (RFC 6749 section 2.1), such as a CLI, which may use codes
// with PKCE, refresh tokens and device codes.
func New(workos *client.Client, opts ...Option) (*Client, error) {
	if workos == nil {
		return nil, errors.New("workos/authkit: client is nil")
	}
	clientID := workos.ClientID()
	if err := checkClientID(clientID); err != nil {
		return nil, fmt.Errorf("workos/authkit: %w", err)
	}
	c := &Client{
		workos:   workos,
		clientID: clientID,
		rules: rules{
			issuers: []string{workos.BaseURL(), workos.BaseURL() + "/user_management/" + clientID},
			leeway:  defaultLeeway,
		},
		logger: slog.Default(),
	}
	c.refreshes.store, c.signIns.store, c.ended.store = new(state.Memory), new(state.Memory), new(state.Memory)
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("workos/authkit: option %d is nil", i+1)
		}
		if err := opt(c); err != nil {
			return nil, fmt.Errorf("workos/authkit: %w", err)
		}
	}
	c.keys.fetch = c.fetchKeys
	c.refreshes.purpose, c.refreshes.memory = "refresh", refreshMemory
	c.signIns.purpose, c.signIns.memory = "sign-in", flowTime+ironSkew
	c.refreshes.logger, c.signIns.logger = c.logger, c.logger
	return c, nil
}

// WithLogger sets the logger of what no response shows: why a session or a token was refused, and what continues
// without its state. The default, evaluated by [New], is [slog.Default]. No record contains a token. What is expected,
// such as a session that has ended, has level Debug; what needs attention has level Warn or Error.
func WithLogger(logger *slog.Logger) Option {
	return func(c *Client) error {
		if logger == nil {
			return errors.New("WithLogger: logger is nil")
		}
		c.logger = logger
		return nil
	}
}

// WithState sets the store of what must be known after a request. Processes that share a store, such as that of
// client/state/postgres or client/state/redis, act as one:
//
//   - A refresh token is exchanged once, and the result is known for 30 seconds: see [Client.Refresh]. It is encrypted
//     with a key that only the spent token yields.
//   - A session that was signed out is refused until its last access token has expired: see [Sessions.SignOut].
//   - A sign-in is completed once: see [Sessions.Callback].
//
// The default is three stores in memory, one for each of these, with the default limits of [state.Memory]; set a
// [state.Memory] with other limits for more. If the store is full, an exchange continues but other processes do not
// learn of it, and a sign-out ends the session at WorkOS alone; each is logged. If the store is down, requests with a
// session, and callbacks before their code is spent, fail with [ErrStateUnavailable], status 503; nobody is signed out
// by that.
func WithState(store state.Store) Option {
	return func(c *Client) error {
		if store == nil {
			return errors.New("WithState: store is nil")
		}
		c.refreshes.store, c.signIns.store, c.ended.store = store, store, store
		return nil
	}
}

// fetchKeys returns the application's JWKS as received. The generated types would reject the whole set because of one
// key of another form. It reads one byte more than the limit at most.
func (c *Client) fetchKeys(ctx context.Context) ([]byte, error) {
	resp, err := c.workos.API().SSOJWKSGet(ctx, c.clientID)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxKeySet+1))
	if err != nil {
		return nil, fmt.Errorf("JWKS: %w", err)
	}
	return body, nil
}

// checkClientID returns errors without the value, because it may be an API key.
func checkClientID(id string) error {
	switch {
	case id == "":
		return errors.New(`client has no client ID: set client.WithClientID to the dashboard's "client_…"`)
	case strings.HasPrefix(id, "sk_"):
		return errors.New(`client ID is an API key; the dashboard shows both, this one begins with "client_"`)
	}
	for i := range len(id) {
		if !isUnreserved(id[i]) {
			return fmt.Errorf(`client ID has an invalid character at %d: want letters, digits and "-._~"`, i)
		}
	}
	return nil
}

const (
	defaultLeeway = 30 * time.Second
	maxLeeway     = 5 * time.Minute
	issuedLeeway  = maxLeeway // of "iat", which only a wrong clock can put that far ahead
)

// rules say which access tokens are accepted.
type rules struct {
	issuers  []string
	audience string // "": any
	leeway   time.Duration
}
