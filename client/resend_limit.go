package client

import (
	"context"
	"fmt"
	"net/http/httptrace"
	"sync/atomic"
)

const (
	maxNewSends = 2  // on new connections
	maxAllSends = 16 // on any
)

// sends counts how often the transport has sent requests for one that it was given.
type sends struct {
	all     atomic.Int32
	onNew   atomic.Int32 // on connections that had no request before, since it last received anything
	isNew   atomic.Bool  // of the present connection
	tooMany atomic.Bool  // whether the request was about to be sent too often
}

// reset begins to count anew, for a request that the transport is given.
func (s *sends) reset() {
	s.all.Store(0)
	s.onNew.Store(0)
}

// resentError is the cause of an attempt whose request would have been sent too often.
type resentError struct{ sent int32 }

func (e *resentError) Error() string {
	return fmt.Sprintf("the server rejected the request each time; it was sent %d times", e.sent)
}

// limitSends returns a context for an attempt, which it cancels before the request is sent too often. net/http sends a
// request of any method again if the server has closed a connection that was in use before, or has rejected the HTTP/2
// stream by REFUSED_STREAM, GOAWAY or PROTOCOL_ERROR. The first two say that the server has not worked on it (RFC 9113
// section 8.7); the last one leaves that open, but is permitted for a stream above the limit (section 5.1.2). net/http
// does so without a wait and without an end: hundreds of times a second if the server rejects each one.
//
// While many requests compete for few streams, one may be above the limit several times. The first request on a
// connection never is: two of those suffice to recognize a server that rejects each one.
func (c *call) limitSends(ctx context.Context, cancel context.CancelFunc) context.Context {
	c.sends.tooMany.Store(false)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() {
			c.sends.all.Add(1)
			if c.sends.isNew.Load() {
				c.sends.onNew.Add(1)
			}
		},
		// A transport may send other requests with this context, or this one again after a response.
		GotFirstResponseByte: func() { c.sends.onNew.Store(0) },
		GotConn: func(info httptrace.GotConnInfo) {
			c.sends.isNew.Store(!info.Reused)
			if c.sends.onNew.Load() >= maxNewSends || c.sends.all.Load() >= maxAllSends {
				c.sends.tooMany.Store(true)
				cancel()
			}
		},
	})
}
