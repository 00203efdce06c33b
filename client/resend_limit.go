package client

import (
	"context"
	"errors"
	"net/http/httptrace"
)

// maxSends limits how often the transport may send the request of one attempt.
const maxSends = 3

// errResent is the cause of an attempt whose request the transport has sent maxSends times.
var errResent = errors.New("the server rejected the request on each connection; it was sent 3 times")

// limitSends returns a context for an attempt, which it cancels before the request is sent too often. net/http sends a
// request again by itself where it believes that the server has not worked on it, for every method. After
// REFUSED_STREAM and GOAWAY that is so (RFC 9113 section 8.7). After PROTOCOL_ERROR, which says nothing of the kind, it
// does so too, without a wait and without an end: hundreds of times a second.
func (c *call) limitSends(ctx context.Context, cancel context.CancelFunc) context.Context {
	c.sent.Store(0)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { c.sent.Add(1) },
		GotConn: func(httptrace.GotConnInfo) {
			if c.sent.Load() >= maxSends {
				c.resent.Store(true)
				cancel()
			}
		},
	})
}
