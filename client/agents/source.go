package agents

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/seed-f165d83c/workos/client/internal/redact"
)

const (
	renewBefore  = 30 * time.Second // the end of a token
	fetchTimeout = 30 * time.Second // of one exchange
	failurePause = time.Second      // in which a failure is the result of further calls
)

// Source provides a valid token at any time. It is safe for concurrent use: many callers share one exchange. Create it
// with [Blueprint.Source] or [Machine]; the zero value is not usable. It has no goroutine but during an exchange.
type Source struct {
	fetch func(ctx context.Context, old *Token) (*Token, error) // old: nil, or one to be refreshed

	flight singleflight.Group

	mu      sync.Mutex
	token   *Token
	failure error // of the last exchange, until
	until   time.Time
}

// Token returns a token that is valid for some seconds at least. Shortly before the end of a token one caller renews it
// for all; while that fails, and for a second after it, the old one is returned until it expires. An exchange continues
// for up to 30 seconds after ctx ends, because a refresh token is spent by it. [ErrSessionEnded] means that the session
// cannot continue.
func (s *Source) Token(ctx context.Context) (*Token, error) {
	if known, ok := s.cached(time.Now()); ok {
		return known.token, known.err
	}
	detached := context.WithoutCancel(ctx)
	done := s.flight.DoChan("", func() (any, error) {
		if known, ok := s.cached(time.Now()); ok {
			return known.token, known.err
		}
		return s.renew(detached)
	})
	select {
	case result := <-done:
		if result.Err != nil {
			return nil, result.Err
		}
		token, _ := result.Val.(*Token)
		return token.clone(), nil
	case <-ctx.Done():
		return nil, fmt.Errorf("workos/agents: waiting for a token: %w", context.Cause(ctx))
	}
}

// outcome is a token, or why there is none.
type outcome struct {
	token *Token
	err   error
}

// cached returns the present token or failure; ok is false if an exchange is due.
func (s *Source) cached(now time.Time) (_ outcome, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch valid := s.token != nil && now.Before(s.token.ExpiresAt); {
	case valid && (now.Before(s.token.renewAt) || now.Before(s.until)):
		return outcome{token: s.token.clone()}, true
	case s.failure != nil && now.Before(s.until):
		return outcome{err: s.failure}, true
	}
	return outcome{}, false
}

func (s *Source) renew(ctx context.Context) (_ *Token, err error) {
	defer func() {
		if v := recover(); v != nil { // in a goroutine it would end the program
			err = fmt.Errorf("workos/agents: the exchange panicked: %s", redact.Panic(v))
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	s.mu.Lock()
	old := s.token
	s.mu.Unlock()
	token, err := s.fetch(ctx, old)
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failure, s.until = err, time.Time{}
	if err == nil {
		s.token = token
		return token.clone(), nil
	}
	s.until = now.Add(failurePause)
	if errors.Is(err, ErrSessionEnded) {
		s.token = nil
		return nil, err
	}
	if old != nil && now.Before(old.ExpiresAt) {
		return old.clone(), nil
	}
	return nil, err
}

// Transport returns a transport that sets the token on each request and passes it to base, or to
// [http.DefaultTransport] if base is nil. Use it in a client for one server, because each server that a request goes to
// gets the token. A redirect to another host, or from https to http, is followed without it, as [http.Client] does with
// headers of a request. A request that has a header Authorization already fails, and nothing is sent.
func (s *Source) Transport(base http.RoundTripper) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	return &transport{s, base}
}

type transport struct {
	source *Source
	base   http.RoundTripper
}

// RoundTrip implements [http.RoundTripper].
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	fail := func(err error) (*http.Response, error) {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, err
	}
	if req.Header.Get("Authorization") != "" {
		return fail(errors.New("workos/agents: request has a header Authorization already"))
	}
	if leaves(req) {
		return t.base.RoundTrip(req) //nolint:wrapcheck // it is the transport's
	}
	token, err := t.source.Token(req.Context())
	if err != nil {
		return fail(err)
	}
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+token.AccessToken)
	return t.base.RoundTrip(req) //nolint:wrapcheck // it is the transport's
}

// leaves reports whether redirects have led a request to another host, or from https to http.
func leaves(req *http.Request) bool {
	for req.Response != nil && req.Response.Request != nil { // of a redirect, by http.Client
		from := req.Response.Request
		if from.URL.Host != req.URL.Host || from.URL.Scheme == "https" && req.URL.Scheme != "https" {
			return true
		}
		req = from
	}
	return false
}
