package client_test

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/seed-f165d83c/workos/client"
)

// Types, flags and codes of HTTP/2 (RFC 9113 sections 6 and 7).
const (
	frameData, frameHeaders, frameReset, frameSettings = 0, 1, 3, 4

	endStream, ack, endHeaders = 1, 1, 4

	protocolError, refusedStream = 1, 7
)

// resetting serves HTTP/2 and resets the first requests with a code; 0 resets none. It counts all.
type resetting struct {
	code   uint32
	resets int32
	sent   atomic.Int32
}

func (s *resetting) start(t *testing.T) client.Option {
	t.Helper()
	certified := httptest.NewTLSServer(nil)
	certificates := certified.TLS.Certificates
	certified.Close()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: certificates, NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	ended, end := context.WithCancel(context.Background())
	t.Cleanup(func() {
		end()
		_ = listener.Close()
		serving.Wait()
	})
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			context.AfterFunc(ended, func() { _ = conn.Close() })
			serving.Go(func() { s.serve(conn) })
		}
	})
	transport := &http.Transport{
		ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, listener.Addr().String())
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return client.WithHTTPClient(&http.Client{Transport: transport})
}

func (s *resetting) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	const preface = 24
	if _, err := io.CopyN(io.Discard, conn, preface); err != nil {
		return
	}
	write := func(kind, flags byte, stream uint32, payload []byte) {
		frame := binary.BigEndian.AppendUint32(nil, uint32(len(payload))<<8|uint32(kind))
		frame = binary.BigEndian.AppendUint32(append(frame, flags), stream)
		_, _ = conn.Write(append(frame, payload...))
	}
	write(frameSettings, 0, 0, nil)
	for {
		var head [9]byte
		if _, err := io.ReadFull(conn, head[:]); err != nil {
			return
		}
		length, stream := binary.BigEndian.Uint32(head[:4])>>8, binary.BigEndian.Uint32(head[5:])
		if _, err := io.CopyN(io.Discard, conn, int64(length)); err != nil {
			return
		}
		switch kind, flags := head[3], head[4]; {
		case kind == frameSettings && flags&ack == 0:
			write(frameSettings, ack, 0, nil)
		case kind != frameHeaders && kind != frameData || flags&endStream == 0:
		case s.sent.Add(1) <= s.resets:
			write(frameReset, 0, stream, binary.BigEndian.AppendUint32(nil, s.code))
		default: // the status 200, and the content type, in HPACK (RFC 7541)
			write(frameHeaders, endHeaders, stream, []byte("\x88\x5f\x10application/json"))
			write(frameData, endStream, stream, []byte(anOrg))
		}
	}
}

// net/http sends a request of any method again after a reset that does not say that it was not worked on.
func TestAResetRequestIsNotSentWithoutEnd(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(c *client.Client) error{
		"with a body": func(c *client.Client) error {
			_, err := c.Organizations.Create(t.Context(), client.CreateOrganization{Name: "Acme"})
			return err
		},
		"without a body": func(c *client.Client) error {
			_, err := c.UserManagement.Invitations.Revoke(t.Context(), "invitation_01")
			return err
		},
		"with a deadline of its own": func(c *client.Client) error {
			_, err := c.Organizations.Create(t.Context(), client.CreateOrganization{Name: "Acme"}, client.WithTimeout(0))
			return err
		},
	} {
		s := &resetting{code: protocolError, resets: 1000}
		err := do(newClient(t, testKey, s.start(t)))
		if err == nil || !strings.Contains(err.Error(), "it was sent 2 times") {
			t.Errorf("%s: got %v, want an error that says so", name, err)
		}
		if got := s.sent.Load(); got != 2 {
			t.Errorf("%s: sent %d times, want 2 at most", name, got)
		}
	}
}

// After REFUSED_STREAM the server has not worked on the request (RFC 9113 section 8.7).
func TestARefusedStreamIsSentAgain(t *testing.T) {
	t.Parallel()
	s := &resetting{code: refusedStream, resets: 1}
	got, err := newClient(t, testKey, s.start(t)).Organizations.Create(t.Context(), client.CreateOrganization{Name: "Acme"})
	if err != nil || got.ID != "org_01" || s.sent.Load() != 2 {
		t.Errorf("got %v and %v after %d requests, want the organization after 2", got, err, s.sent.Load())
	}
}

// exchanges is a transport that sends requests as net/http does, until one is on no list. It counts them.
type exchanges struct {
	list []exchange
	sent int
}

type exchange struct{ reused, answered bool }

func (x *exchanges) RoundTrip(req *http.Request) (*http.Response, error) {
	trace := httptrace.ContextClientTrace(req.Context())
	for _, e := range append(x.list, exchange{answered: true}) {
		trace.GotConn(httptrace.GotConnInfo{Reused: e.reused})
		if err := req.Context().Err(); err != nil {
			return nil, err
		}
		x.sent++
		trace.WroteHeaders()
		if e.answered {
			trace.GotFirstResponseByte()
		}
	}
	return respondJSON(http.StatusCreated, anOrg)(req)
}

func TestSendsThatMayBeNeededAreNotLimited(t *testing.T) {
	t.Parallel()
	reused, fresh, answered := exchange{reused: true}, exchange{}, exchange{answered: true}
	for name, tt := range map[string]struct {
		list []exchange
		sent int // the last one succeeds
	}{
		"above the limit of streams": {slices.Repeat([]exchange{reused}, 15), 16},
		"a connection that ends":     {[]exchange{reused, fresh}, 3},
		"other requests before it":   {slices.Repeat([]exchange{answered}, 10), 11},
		"responses between":          {slices.Repeat([]exchange{fresh, answered}, 7), 15},
	} {
		x := &exchanges{list: tt.list}
		c := newClient(t, testKey, once(), client.WithHTTPClient(&http.Client{Transport: x}))
		_, err := c.Organizations.Create(t.Context(), client.CreateOrganization{Name: "Acme"})
		if err != nil || x.sent != tt.sent {
			t.Errorf("%s: got %v after %d requests, want success after %d", name, err, x.sent, tt.sent)
		}
	}
}

func TestSendsEnd(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		list []exchange
		sent int
	}{
		"on new connections":       {slices.Repeat([]exchange{{}}, 100), 2},
		"on connections in use":    {slices.Repeat([]exchange{{reused: true}}, 100), 16},
		"after informal responses": {slices.Repeat([]exchange{{answered: true}}, 100), 16},
	} {
		x := &exchanges{list: tt.list}
		c := newClient(t, testKey, once(), client.WithHTTPClient(&http.Client{Transport: x}))
		_, err := c.Organizations.Create(t.Context(), client.CreateOrganization{Name: "Acme"})
		want := fmt.Sprintf(`organizations.create: Post "https://api.workos.com/organizations": the server rejected the `+
			"request each time; it was sent %d times", tt.sent)
		if fmt.Sprint(err) != want || x.sent != tt.sent {
			t.Errorf("%s: got %v after %d requests, want %s", name, err, x.sent, want)
		}
	}
}

// Each request that middleware passes on is one of its own.
func TestMiddlewareMaySendOften(t *testing.T) {
	t.Parallel()
	x := &exchanges{list: []exchange{{}}}
	c := newClient(t, testKey, once(), client.WithHTTPClient(&http.Client{Transport: x}),
		client.WithMiddleware(func(req *http.Request, next client.Next) (*http.Response, error) {
			for range 10 {
				if _, err := next(req); err != nil {
					return nil, err
				}
			}
			return next(req)
		}))
	if _, err := c.Organizations.Get(t.Context(), "org_01"); err != nil || x.sent != 22 {
		t.Errorf("got %v after %d requests, want success after 22", err, x.sent)
	}
}
