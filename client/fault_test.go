package client_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// misbehave serves requests on a loopback port as it is told: it gets the connection after each request has been read,
// with the request's number, counted from 1, and closes the connection afterwards.
func misbehave(t *testing.T, serve func(conn net.Conn, n int)) (base string, hits *atomic.Int32) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	hits = new(atomic.Int32)
	var connections sync.WaitGroup
	connections.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Go(func() {
				defer func() { _ = conn.Close() }()
				req, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return
				}
				_, _ = io.Copy(io.Discard, req.Body)
				serve(conn, int(hits.Add(1)))
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		connections.Wait()
	})
	return "http://" + listener.Addr().String(), hits
}

// reset ends a connection by RST in place of FIN.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// say writes a response with the length of its body.
func say(conn net.Conn, status int, headers, body string) {
	_, _ = fmt.Fprintf(conn, "HTTP/1.1 %d %s\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n%s",
		status, http.StatusText(status), headers, len(body), body)
}

const isJSON = "Content-Type: application/json\r\n"

func sayOrg(conn net.Conn) { say(conn, http.StatusOK, isJSON, anOrg) }

// failing responds with a status before it responds with an organization.
func failing(times, status int, headers string) func(net.Conn, int) {
	return func(conn net.Conn, n int) {
		if n <= times {
			say(conn, status, headers+isJSON, `{"message":"no"}`)
			return
		}
		sayOrg(conn)
	}
}

func zip(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}

const (
	forever   = 1 << 30
	faultWait = 30 * time.Millisecond // limit of each wait between attempts
	faultSize = 1 << 20
)

// fault is what a server does, and what comes of a GET and of a POST.
type fault struct {
	name      string
	serve     func(conn net.Conn, n int)
	get, post outcome
}

type outcome struct {
	hits int   // requests that the server reads
	err  error // that errors.Is finds; nil: success
}

func faults() []fault {
	transport := func(hits int) outcome { return outcome{hits: hits, err: errTransport} }
	invalid := func(hits int) outcome { return outcome{hits: hits, err: client.ErrInvalidResponse} }
	limited := func(hits int) outcome { return outcome{hits: hits, err: client.ErrRateLimited} }
	same := func(name string, serve func(net.Conn, int), both outcome) fault {
		return fault{name, serve, both, both}
	}
	throttle := func(name, headers string) fault {
		return same(name, failing(forever, http.StatusTooManyRequests, headers), limited(3))
	}
	tooLong := func(name, headers string) fault { // to wait for: the call fails at once
		return same(name, failing(forever, http.StatusTooManyRequests, headers), limited(1))
	}
	return []fault{
		{"reset before headers", func(conn net.Conn, _ int) { reset(conn) }, transport(3), transport(1)},
		{"reset within headers", func(conn net.Conn, _ int) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Ty")
			reset(conn)
		}, transport(3), transport(1)},
		{"reset after headers", func(conn net.Conn, _ int) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+isJSON+"Content-Length: 1000\r\n\r\n"+anOrg[:20])
			reset(conn)
		}, invalid(3), invalid(1)},
		{"end within the body", func(conn net.Conn, _ int) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+isJSON+"Content-Length: 1000\r\n\r\n"+anOrg[:20])
		}, outcome{3, io.ErrUnexpectedEOF}, outcome{1, io.ErrUnexpectedEOF}},
		{"end within a chunked body", func(conn net.Conn, _ int) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+isJSON+"Transfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n")
		}, outcome{3, io.ErrUnexpectedEOF}, outcome{1, io.ErrUnexpectedEOF}},
		{"reset once", func(conn net.Conn, n int) {
			if n == 1 {
				reset(conn)
				return
			}
			sayOrg(conn)
		}, outcome{hits: 2}, transport(1)},
		throttle("429 without Retry-After", ""),
		throttle("429 with Retry-After: 0", "Retry-After: 0\r\n"),
		tooLong("429 with Retry-After: 1", "Retry-After: 1\r\n"),
		tooLong("429 with Retry-After: 3600", "Retry-After: 3600\r\n"),
		tooLong("429 with a date", "Retry-After: Tue, 01 Jan 2999 00:00:00 GMT\r\n"),
		tooLong("429 with a date of the server's clock",
			"Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nRetry-After: Thu, 01 Jan 2026 00:00:10 GMT\r\n"),
		throttle("429 with a past date", "Retry-After: Sat, 01 Jan 2000 00:00:00 GMT\r\n"),
		throttle("429 with an unreadable Retry-After", "Retry-After: soon\r\n"),
		same("429 once", failing(1, http.StatusTooManyRequests, ""), outcome{hits: 2}),
		same("429 that no wait overcomes", func(conn net.Conn, _ int) {
			say(conn, http.StatusTooManyRequests, isJSON+"Retry-After: 1\r\n", `{"code":"daily_quota_exceeded"}`)
		}, limited(1)),
		same("429 after too many attempts", func(conn net.Conn, _ int) {
			say(conn, http.StatusTooManyRequests, isJSON, `{"code":"one_time_code_too_many_attempts"}`)
		}, limited(1)),
		{"500 once", failing(1, http.StatusInternalServerError, ""), outcome{hits: 2}, outcome{1, client.ErrServer}},
		{"500 twice", failing(2, http.StatusInternalServerError, ""), outcome{hits: 3}, outcome{1, client.ErrServer}},
		{"500 for ever", failing(forever, http.StatusInternalServerError, ""),
			outcome{3, client.ErrServer}, outcome{1, client.ErrServer}},
		{"503 with Retry-After: 0", failing(1, http.StatusServiceUnavailable, "Retry-After: 0\r\n"),
			outcome{hits: 2}, outcome{1, client.ErrServer}},
		same("503 with Retry-After: 1", failing(1, http.StatusServiceUnavailable, "Retry-After: 1\r\n"),
			outcome{1, client.ErrServer}),
		{"408 once", failing(1, http.StatusRequestTimeout, ""), outcome{hits: 2}, outcome{1, errAnswer}},
		same("501", failing(forever, http.StatusNotImplemented, ""), outcome{1, client.ErrServer}),
		same("404", failing(forever, http.StatusNotFound, ""), outcome{1, client.ErrNotFound}),
		same("truncated JSON", func(conn net.Conn, _ int) {
			say(conn, http.StatusOK, isJSON, anOrg[:len(anOrg)/2])
		}, invalid(1)),
		same("an empty body", func(conn net.Conn, _ int) { say(conn, http.StatusOK, isJSON, "") }, invalid(1)),
		same("JSON of another shape", func(conn net.Conn, _ int) {
			say(conn, http.StatusOK, isJSON, `["id", "api_key"]`)
		}, invalid(1)),
		same("HTML", func(conn net.Conn, _ int) {
			say(conn, http.StatusOK, "Content-Type: text/html\r\n", "<h1>Welcome</h1>")
		}, invalid(1)),
		same("HTML labelled JSON", func(conn net.Conn, _ int) {
			say(conn, http.StatusOK, isJSON, "<h1>Welcome</h1>")
		}, invalid(1)),
		same("JSON labelled text", func(conn net.Conn, _ int) {
			say(conn, http.StatusOK, "Content-Type: text/plain\r\n", anOrg)
		}, invalid(1)),
		{"an HTML page with 502", func(conn net.Conn, _ int) {
			say(conn, http.StatusBadGateway, isJSON, "<h1>Bad gateway</h1>")
		}, outcome{3, client.ErrServer}, outcome{1, client.ErrServer}},
		same("64 MiB, declared", func(conn net.Conn, _ int) {
			_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n", isJSON, 64<<20)
			flood(conn, 64<<20)
		}, outcome{1, client.ErrResponseTooLarge}),
		same("64 MiB, until the end", func(conn net.Conn, _ int) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+isJSON+"Connection: close\r\n\r\n")
			flood(conn, 64<<20)
		}, outcome{1, client.ErrResponseTooLarge}),
		{"64 MiB with 500", func(conn net.Conn, _ int) {
			_, _ = fmt.Fprintf(conn, "HTTP/1.1 500 Oh\r\n%sContent-Length: %d\r\n\r\n", isJSON, 64<<20)
			flood(conn, 64<<20)
		}, outcome{3, client.ErrServer}, outcome{1, client.ErrServer}},
		same("a redirect", func(conn net.Conn, _ int) {
			say(conn, http.StatusFound, "Location: https://elsewhere.example/\r\n", "")
		}, outcome{1, errAnswer}),
		same("gzip", func(conn net.Conn, _ int) {
			say(conn, http.StatusOK, isJSON+"Content-Encoding: gzip\r\n", zip(anOrg))
		}, outcome{hits: 1}),
		same("gzip that grows beyond the limit", func(conn net.Conn, _ int) {
			say(conn, http.StatusOK, isJSON+"Content-Encoding: gzip\r\n", zip(strings.Repeat(" ", 4*faultSize)))
		}, outcome{1, client.ErrResponseTooLarge}),
		{"gzip cut off", func(conn net.Conn, _ int) {
			say(conn, http.StatusOK, isJSON+"Content-Encoding: gzip\r\n", zip(anOrg)[:60])
		}, outcome{3, io.ErrUnexpectedEOF}, outcome{1, io.ErrUnexpectedEOF}},
		{"no HTTP", func(conn net.Conn, _ int) { _, _ = io.WriteString(conn, "SSH-2.0-OpenSSH\r\n") },
			transport(3), transport(1)},
	}
}

// errTransport and errAnswer stand for the types of errors where no kind says more.
var (
	errTransport = errors.New("a *TransportError")
	errAnswer    = errors.New("an *Error")
)

func flood(conn net.Conn, size int) {
	block := bytes.Repeat([]byte(" "), 64<<10)
	for ; size > 0; size -= len(block) {
		if _, err := conn.Write(block); err != nil {
			return
		}
	}
}

func TestFaultsOfAServer(t *testing.T) {
	for _, fault := range faults() {
		t.Run(fault.name, func(t *testing.T) {
			t.Parallel()
			for name, want := range map[string]outcome{"GET": fault.get, "POST": fault.post} {
				base, hits := misbehave(t, fault.serve)
				c := newClient(t, testKey, client.WithBaseURL(base), client.WithMaxResponseBytes(faultSize),
					client.WithRetry(client.RetryPolicy{MaxAttempts: 3, MaxWait: faultWait}))
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // ends a hang, and nothing else
				defer cancel()
				var tell client.Response
				var err error
				if name == "GET" {
					_, err = c.Organizations.Get(ctx, "org_01", client.WithResponse(&tell))
				} else {
					_, err = c.APIKeys.Validations.Create(ctx, gen.ValidateAPIKey{}, client.WithResponse(&tell))
				}
				want.check(t, name, err, int(hits.Load()))
				if tell.Attempts != want.hits {
					t.Errorf("%s: got %d attempts, want %d", name, tell.Attempts, want.hits)
				}
			}
		})
	}
}

func (want outcome) check(t *testing.T, name string, err error, hits int) {
	t.Helper()
	if hits != want.hits {
		t.Errorf("%s: the wire was hit %d times, want %d (%v)", name, hits, want.hits, err)
	}
	var transport *client.TransportError
	var answer *client.Error
	isTransport, isAnswer := errors.As(err, &transport), errors.As(err, &answer)
	switch {
	case want.err == nil:
		if err != nil {
			t.Errorf("%s: got %v, want success", name, err)
		}
		return
	case errors.Is(want.err, errTransport):
		if !isTransport || isAnswer {
			t.Errorf("%s: got %v, want a *TransportError", name, err)
		}
	case !errors.Is(want.err, errAnswer) && !errors.Is(err, want.err):
		t.Errorf("%s: got %v, want it to be: %v", name, err, want.err)
	case !isAnswer && !isTransport:
		t.Errorf("%s: got %v, want an *Error or a *TransportError", name, err)
	}
	if isAnswer && (answer.StatusCode == 0 || answer.Response == nil) {
		t.Errorf("%s: got %+v, want the status and the response", name, answer)
	}
	if err != nil && (len(err.Error()) > 2<<10 || strings.Contains(err.Error(), "org_01KQ")) {
		t.Errorf("%s: got a text of %d bytes, want a short one without the body: %s", name, len(err.Error()), err)
	}
	if after := fmt.Sprintf("(after %d attempts)", want.hits); want.hits > 1 && !strings.Contains(fmt.Sprint(err), after) {
		t.Errorf("%s: got %v, want it to end with %s", name, err, after)
	}
}

func TestConnectionThatIsRefusedIsTriedAgainWhateverTheMethod(t *testing.T) {
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	c := newClient(t, testKey, client.WithBaseURL("http://"+listener.Addr().String()),
		client.WithRetry(client.RetryPolicy{MaxAttempts: 3}))
	var tell client.Response
	_, err = c.Organizations.Create(t.Context(), gen.CreateOrganization{Name: "Acme"}, client.WithResponse(&tell))
	var transport *client.TransportError
	if !errors.As(err, &transport) || tell.Attempts != 3 {
		t.Errorf("got %v after %d attempts, want a *TransportError after 3", err, tell.Attempts)
	}
}
