package sandbox

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

// respond responds to a request by the fault rules and the operations, and logs it.
func (s *Sandbox) respond(ctx context.Context, r request) (reply, error) {
	if isControl(r.path) {
		return s.control(r), nil
	}
	l := logged{request: r}
	operation := ""
	p, params, unknown := s.ready().find(r.method, r.path)
	if p != nil {
		l.plan, operation = p, p.op.ID
	}
	f := s.faultFor(operation, r)
	if f != nil {
		l.fault = f.ID
		if err := wait(ctx, time.Duration(f.DelayMS)*time.Millisecond); err != nil {
			return reply{}, err
		}
	}
	var rep reply
	switch {
	case f != nil && f.Break == breakReset:
		rep = reply{breaks: breakReset, at: s.Time()}
	case f != nil && f.Status != 0:
		rep = f.reply()
		rep.requestID, rep.at = s.newRequestID()
	case unknown != nil:
		rep = s.refuse(unknown)
	default:
		rep = s.handle(ctx, r, p, params)
	}
	if f != nil {
		rep.retryAfter = f.RetryAfter
		rep.breakAs(f.Break)
	}
	l.at = rep.at
	l.status, l.requestID, l.response = rep.status, rep.requestID, rep.body
	s.log(l)
	return rep, nil
}

// wait waits for a delay, or returns the context's error.
func wait(ctx context.Context, delay time.Duration) error {
	if delay == 0 {
		return nil
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err() //nolint:wrapcheck // as RoundTrip does
	case <-timer.C:
		return nil
	}
}

// breakAs breaks a response.
func (r *reply) breakAs(how string) {
	switch how {
	case breakLost:
		r.breaks = breakReset
	case breakTruncate:
		r.breaks = how
	case breakMalformed:
		r.body = append(r.body[:len(r.body)/2:len(r.body)/2], '}')
		r.media = jsonMedia
	}
}

// errReset is what a client sees of a connection that the server resets.
var errReset = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}

// truncated is a body that ends early.
type truncated struct {
	io.Reader
	io.Closer
}

func (t truncated) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// write writes a response to a connection.
func (r *reply) write(w http.ResponseWriter) {
	switch r.breaks {
	case breakReset:
		reset(w)
	case breakTruncate:
		r.setHeader(w.Header())
		w.Header().Set("Content-Length", strconv.Itoa(len(r.body)))
		w.WriteHeader(r.status)
		_, _ = w.Write(r.body[:len(r.body)/2])    //nolint:gosec // as below
		_ = http.NewResponseController(w).Flush() // so that the half arrives
		panic(http.ErrAbortHandler)
	default:
		r.setHeader(w.Header())
		w.WriteHeader(r.status)
		_, _ = w.Write(r.body) //nolint:gosec // JSON, a file or an escaped page, as its type says
	}
}

// reset ends a connection without a response.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil { // HTTP/2
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // closes by RST
	}
	_ = conn.Close()
}

func (s *Sandbox) newRequestID() (string, time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.time()
	return s.unknown.newID("req_", now), now
}

func (r *reply) err() error {
	if r.breaks == breakReset {
		return fmt.Errorf("sandbox: %w", errReset)
	}
	return nil
}
