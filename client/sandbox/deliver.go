package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/seed-f165d83c/workos/client/webhook"
)

const (
	kindEndpoint = "webhook_endpoint"

	// callTimeout is how long an endpoint, or the server of a document, has for its response.
	callTimeout = 10 * time.Second
	// maxResponse is how many bytes of an endpoint's response are read.
	maxResponse = 64 << 10
)

// WithOutgoing sets the client by which webhooks are delivered and actions are called. Unless given it is one of
// [http.DefaultTransport]. Its timeout, and whether it follows redirects, do not matter: an endpoint has ten seconds,
// and a redirect is a failure. Nil is ignored.
func WithOutgoing(client *http.Client) Option {
	return func(c *config) {
		if client != nil {
			c.transport = client.Transport
		}
	}
}

// outgoing is an attempt to deliver an event.
type outgoing struct {
	id, url, secret string
	env             *environment
	body            []byte
	at              time.Time // of the signature
}

// Deliver sends the events that are due to their webhook endpoints, one after the other in their order, and returns the
// number of attempts. An attempt that fails is retried after a minute, five times later each time, six times in all, by
// the sandbox's time; see [Sandbox.Advance]. It returns early, with the context's error, if the context is done.
//
// Signatures have the time of the sandbox's clock, which [Sandbox.Advance] does not move: receivers reject old ones.
//
// A sandbox delivers nothing by itself: call Deliver in a test, or [Sandbox.Run].
func (s *Sandbox) Deliver(ctx context.Context) (attempts int, err error) {
	s.delivering.Lock()
	defer s.delivering.Unlock()
	for {
		next, due := s.takeDue()
		if !due {
			return attempts, nil
		}
		status, _, failure := s.post(ctx, next.url, next.body, webhook.Sign(next.body, next.secret, next.at))
		if ctx.Err() != nil {
			return attempts, fmt.Errorf("workos/sandbox: deliver: %w", ctx.Err())
		}
		attempts++
		if err := s.settle(next, status, failure); err != nil {
			return attempts, fmt.Errorf("workos/sandbox: deliver: %w", err)
		}
	}
}

// takeDue returns the first delivery that is due.
func (s *Sandbox) takeDue() (outgoing, bool) {
	ix := s.ready()
	s.mu.Lock()
	defer s.mu.Unlock()
	now := timestamp(s.time())
	for _, env := range s.environments {
		for _, r := range env.store.all(env.store.own.delivery) {
			if r.text(fieldState) != deliveryPending || r.text(fieldDue) > now {
				continue
			}
			c := newAct(ix, env, s.time())
			events := ix.kinds[kindEvent]
			endpoint := env.store.get(ix.kinds[kindEndpoint], r.text(fieldEndpoint))
			event := env.store.get(events, r.text("delivered_event"))
			return outgoing{
				id: r.id, env: env, at: s.now(), url: endpoint.text("endpoint_url"), secret: endpoint.text("secret"),
				body: encode(c.view(event, events.views[0])),
			}, true
		}
	}
	return outgoing{}, false
}

// settle notes what became of an attempt.
func (s *Sandbox) settle(o outgoing, status int, failure error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	store := o.env.store
	r := store.get(store.own.delivery, o.id)
	if r == nil || !slices.Contains(s.environments, o.env) { // deleted with its endpoint, or by a reset
		return nil
	}
	attempts := intOf(r.fields["attempts"]) + 1
	store.set(r, "attempts", number(attempts))
	store.set(r, "status", number(status))
	store.set(r, "url", o.url)
	waits := backoff()
	switch {
	case failure == nil:
		store.set(r, fieldState, deliveryDelivered)
		store.unset(r, "error")
	case attempts > len(waits):
		store.set(r, fieldState, deliveryFailed)
		store.set(r, "error", failure.Error())
	default:
		store.set(r, fieldDue, timestamp(s.time().Add(waits[attempts-1])))
		store.set(r, "error", failure.Error())
	}
	if err := o.env.commit(); err != nil {
		store.rollback()
		return err
	}
	return nil
}

// post sends a signed body, and returns the status and the response. Any status but a 2xx is an error.
func (s *Sandbox) post(
	ctx context.Context, target string, body []byte, signature string,
) (status int, response []byte, err error) {
	header := http.Header{"Content-Type": {"application/json"}}
	header.Set(webhook.HeaderName, signature)
	status, response, err = s.send(ctx, http.MethodPost, target, header, body, maxResponse)
	if err == nil && (status < http.StatusOK || status >= http.StatusMultipleChoices) {
		err = fmt.Errorf("status %d", status)
	}
	return status, response, err
}

// send sends a request to a server outside the sandbox, and returns the status and at most limit bytes of the response.
// It follows no redirect. The status is 0 if there was no response.
func (s *Sandbox) send(
	ctx context.Context, method, target string, header http.Header, body []byte, limit int64,
) (status int, response []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil {
		return 0, nil, fmt.Errorf("no URL to send to: %w", err)
	}
	maps.Copy(req.Header, header)
	client := http.Client{
		Transport:     s.transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Do(req)
	if err != nil {
		if e, ok := errors.AsType[*url.Error](err); ok {
			err = e.Err // which does not repeat the URL
		}
		return 0, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	response, err = io.ReadAll(io.LimitReader(res.Body, limit))
	if err != nil {
		return res.StatusCode, nil, fmt.Errorf("read the response: %w", err)
	}
	return res.StatusCode, response, nil
}

// Run delivers events as they become due until the context is done, and returns nil then. It returns an error if the
// state cannot be written, see [Open]. It must run once at a time.
func (s *Sandbox) Run(ctx context.Context) error {
	for {
		if _, err := s.Deliver(ctx); err != nil {
			if ctx.Err() != nil {
				return nil //nolint:nilerr // the end that was asked for
			}
			return err
		}
		wait, due := s.nextDue()
		if !due {
			wait = time.Hour
		}
		timer := time.NewTimer(max(wait, time.Millisecond))
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-s.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// notify has Run look what is due.
func (s *Sandbox) notify() {
	select {
	case s.wake <- struct{}{}:
	default: // it will look
	}
}
