package client_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// These tests are about servers that do not answer in time. They have a clock of their own, on which nothing takes
// longer than it is meant to, and talk HTTP over pipes, as a bubble has no sockets.

// piped is a transport to a server that gets each connection once a request has been read from it, and whose
// connections serve one request.
func piped(serve func(conn net.Conn)) *http.Transport {
	return &http.Transport{DisableKeepAlives: true, DialContext: func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		go func() {
			defer func() { _ = far.Close() }()
			req, err := http.ReadRequest(bufio.NewReader(far))
			if err != nil {
				return
			}
			_, _ = io.Copy(io.Discard, req.Body)
			serve(far)
		}()
		return near, nil
	}}
}

// pipedURL is where that server is.
const pipedURL = "http://server.example"

// stall says nothing more until the client hangs up.
func stall(conn net.Conn) { _, _ = conn.Read(make([]byte, 1)) }

func TestServerThatStallsIsTimedOut(t *testing.T) {
	const timeout = 7 * time.Second
	for name, serve := range map[string]func(net.Conn){
		"before the headers": stall,
		"within the headers": func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Ty")
			stall(conn)
		},
		"within the body": func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+isJSON+"Content-Length: 1000\r\n\r\n{")
			stall(conn)
		},
		"within the body of an error": func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 503 No\r\n"+isJSON+"Content-Length: 1000\r\n\r\n{")
			stall(conn)
		},
	} {
		for of, set := range map[string]func(*http.Transport) []client.Option{
			"the client": func(transport *http.Transport) []client.Option {
				return []client.Option{client.WithHTTPClient(&http.Client{Transport: transport}), client.WithTimeout(timeout)}
			},
			"the HTTP client": func(transport *http.Transport) []client.Option {
				return []client.Option{client.WithHTTPClient(&http.Client{Transport: transport, Timeout: timeout})}
			},
		} {
			for method, want := range map[string]int{http.MethodGet: 3, http.MethodPost: 1} {
				synctest.Test(t, func(t *testing.T) {
					var served atomic.Int32
					transport := piped(func(conn net.Conn) {
						served.Add(1)
						serve(conn)
					})
					c := newClient(t, testKey, append(set(transport), client.WithBaseURL(pipedURL),
						client.WithRetry(client.RetryPolicy{MaxAttempts: 3}))...)
					start := time.Now()
					var err error
					if method == http.MethodGet {
						_, err = c.Organizations.Get(t.Context(), "org_01")
					} else {
						_, err = c.Organizations.Create(t.Context(), gen.CreateOrganization{Name: "Acme"})
					}
					if took := time.Since(start); int(served.Load()) != want || took != time.Duration(want)*timeout || err == nil {
						t.Errorf("%s, %s, time-out of %s: got %v after %d requests and %s; want an error after %d of %s each", name,
							method, of, err, served.Load(), took, want, timeout)
					}
					if isRefusal := strings.Contains(name, "error"); errors.Is(err, context.DeadlineExceeded) == isRefusal ||
						errors.Is(err, client.ErrServer) != isRefusal {
						t.Errorf("%s, %s, time-out of %s: got %v, want it to say why", name, method, of, err)
					}
				})
			}
		}
	}
}

func TestServerThatComesBackIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var served atomic.Int32
		transport := piped(func(conn net.Conn) {
			if served.Add(1) < 3 {
				stall(conn)
				return
			}
			time.Sleep(6 * time.Second)
			sayOrg(conn)
		})
		c := newClient(t, testKey, client.WithBaseURL(pipedURL), client.WithHTTPClient(&http.Client{Transport: transport}),
			client.WithTimeout(7*time.Second), client.WithRetry(client.RetryPolicy{MaxAttempts: 3}))
		start := time.Now()
		got, err := c.Organizations.Get(t.Context(), "org_01")
		if took := time.Since(start); err != nil || got.ID != "org_01" || served.Load() != 3 || took != 20*time.Second {
			t.Errorf("got %v, %v after %d requests and %s; want success with the third after 20s", got, err, served.Load(), took)
		}
	})
}

func TestRateLimitIsReadInEachForm(t *testing.T) {
	const year = 365 * 24 * 60 * 60
	for _, tt := range []struct {
		header           http.Header
		limit, remaining int
		reset            string // "" for none
	}{
		{http.Header{}, 0, 0, ""},
		{http.Header{"Ratelimit-Limit": {"100, 100;w=60"}, "Ratelimit-Remaining": {"7"}, "Ratelimit-Reset": {"30"}}, 100, 7,
			"2000-01-01T00:00:30Z"},
		{http.Header{"X-Ratelimit-Limit": {" 100 "}, "X-Ratelimit-Remaining": {"7"}, "X-Ratelimit-Reset": {"30"}}, 100, 7,
			"2000-01-01T00:00:30Z"},
		{http.Header{"Ratelimit-Limit": {"1"}, "X-Ratelimit-Limit": {"2"}}, 1, 0, ""},
		{http.Header{"Ratelimit-Limit": {"0"}, "X-Ratelimit-Limit": {"2"}}, 0, 0, ""},
		{http.Header{"Ratelimit-Limit": {"-1"}, "X-Ratelimit-Limit": {"2"}}, 2, 0, ""},
		{http.Header{"Ratelimit-Limit": {"many"}, "X-Ratelimit-Limit": {"2"}}, 2, 0, ""},
		{http.Header{"X-Ratelimit-Limit": {"many"}, "X-Ratelimit-Remaining": {"-1"}, "X-Ratelimit-Reset": {"soon"}}, 0, 0,
			""},
		{http.Header{"Ratelimit-Limit": {"99999999999999999999"}}, 0, 0, ""},
		{http.Header{"Ratelimit-Reset": {"0"}}, 0, 0, "2000-01-01T00:00:00Z"},
		{http.Header{"Ratelimit-Reset": {strconv.Itoa(year)}}, 0, 0, "2000-12-31T00:00:00Z"},
		{http.Header{"Ratelimit-Reset": {strconv.Itoa(year + 1)}}, 0, 0, "1971-01-01T00:00:01Z"},
		{http.Header{"Ratelimit-Reset": {"1893456000"}}, 0, 0, "2030-01-01T00:00:00Z"},
	} {
		for _, status := range []int{http.StatusOK, http.StatusTooManyRequests} {
			synctest.Test(t, func(t *testing.T) { // whose clock begins at midnight UTC 2000-01-01
				var got client.Response
				_, _ = replying(t, func() *http.Response {
					resp := byHand(status, anOrg)
					maps.Copy(resp.Header, tt.header)
					return resp
				}).Organizations.Get(t.Context(), "org_01", client.WithResponse(&got))
				reset := ""
				if !got.RateLimit.Reset.IsZero() {
					reset = got.RateLimit.Reset.UTC().Format(time.RFC3339)
				}
				if got.RateLimit.Limit != tt.limit || got.RateLimit.Remaining != tt.remaining || reset != tt.reset {
					t.Errorf("%d with %v: got %+v, want %d, %d, %q", status, tt.header, got.RateLimit, tt.limit, tt.remaining,
						tt.reset)
				}
			})
		}
	}
}
