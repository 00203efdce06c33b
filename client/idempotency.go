package client

import (
	"crypto/rand"
	"errors"
)

const (
	headerIdempotencyKey  = "Idempotency-Key"
	headerXIdempotencyKey = "X-Idempotency-Key" // net/http treats it alike
)

// WithIdempotencyKey sets the idempotency key of a call, so that the caller can repeat the call and the API carries it
// out once. It is an option of calls only. audit_logs.events.create honors keys for 24 hours; without this option it
// gets a random key. Other operations are sent no key: the API would ignore it, while net/http resends a POST that has
// one.
func WithIdempotencyKey(key string) Option {
	return func(cfg *config) error {
		if !cfg.perCall {
			return errors.New("WithIdempotencyKey: option of calls only")
		}
		if key == "" {
			return errors.New("WithIdempotencyKey: key is empty")
		}
		cfg.idempotencyKey = key
		return checkToken("idempotency key", key)
	}
}

// setIdempotencyKey sets the caller's key, or a random one, if the operation honors keys.
func (c *call) setIdempotencyKey() {
	header := c.req.Header
	switch {
	case c.route != nil && !c.route.IdempotencyKey:
		// The server would ignore it, but net/http would resend a POST that has one.
		delete(header, headerIdempotencyKey)
		delete(header, headerXIdempotencyKey)
	case c.idempotencyKey != "":
		header[headerIdempotencyKey] = []string{c.idempotencyKey}
	case c.route != nil && len(header[headerIdempotencyKey]) == 0:
		header[headerIdempotencyKey] = []string{rand.Text()}
	}
}
