package client_test

import (
	"bufio"
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
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

func TestContextOfAnAttemptEndsWithIt(t *testing.T) {
	for _, status := range []int{http.StatusOK, http.StatusNotFound} {
		w := newWire(respondJSON(status, anOrg))
		_, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01")
		if (err == nil) != (status == http.StatusOK) || w.sent[0].Context().Err() == nil {
			t.Errorf("%d: got %v and a context that has not ended", status, err)
		}
	}
}

func TestContextGoesBeforeTheTimeOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, context.Cause(req.Context())
		})
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		_, err := newClient(t, testKey, w.option()).Organizations.Get(ctx, "org_01")
		if took := time.Since(start); took != 3*time.Second || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v after %s, want context.DeadlineExceeded after 3s", err, took)
		}
	})
}

func TestBodyIsSentAgainFromItsBeginning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var bodies []string
		w := newWire(func(req *http.Request) (*http.Response, error) {
			text := make([]byte, req.ContentLength)
			if len(bodies) == 0 {
				text = text[:5] // not to its end
			}
			n, _ := io.ReadFull(req.Body, text)
			bodies = append(bodies, string(text[:n]))
			if len(bodies) == 1 {
				return tooMany("1")(req)
			}
			return respondJSON(http.StatusCreated, anOrg)(req)
		})
		_, err := newClient(t, testKey, w.option()).Organizations.Create(t.Context(), gen.CreateOrganization{Name: "Acme"})
		if err != nil || len(bodies) != 2 || bodies[1] != `{"name":"Acme"}` {
			t.Errorf("got %v and the bodies %q, want the whole body the second time", err, bodies)
		}
	})
}

// TestTimeOutEndsEachAttemptOnTime has many attempts under way, of which some end by themselves.
func TestTimeOutEndsEachAttemptOnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const timeout = 10 * time.Second
		w := httpmock.NewMockTransport()
		w.RegisterNoResponder(func(req *http.Request) (*http.Response, error) {
			takes, err := time.ParseDuration(req.Header.Get("X-Takes"))
			if err != nil {
				return nil, fmt.Errorf("the test's header: %w", err)
			}
			select {
			case <-time.After(takes):
				return respondJSON(http.StatusOK, anOrg)(req)
			case <-req.Context().Done():
				return nil, req.Context().Err()
			}
		})
		c := newClient(t, testKey, once(), client.WithTimeout(timeout), client.WithHTTPClient(&http.Client{Transport: w}))
		var calls sync.WaitGroup
		for i := range 100 {
			takes := time.Duration(i%21) * time.Second
			calls.Go(func() {
				time.Sleep(time.Duration(i) * 777 * time.Millisecond)
				start := time.Now()
				_, err := c.Organizations.Get(t.Context(), "org_01", client.WithHeader("X-Takes", takes.String()))
				took := time.Since(start)
				if takes < timeout && (err != nil || took != takes) {
					t.Errorf("an answer after %s: got %v after %s, want success", takes, err, took)
				}
				if takes > timeout && (!errors.Is(err, context.DeadlineExceeded) || took != timeout) {
					t.Errorf("an answer after %s: got %v after %s, want context.DeadlineExceeded after %s", takes, err, took,
						timeout)
				}
			})
		}
		calls.Wait()
	})
}

func TestCallOutlivesNeitherTimeOutNorContext(t *testing.T) {
	for _, tt := range []struct {
		timeout, deadline, want time.Duration
		text                    string
	}{
		{time.Second, 0, time.Second, "no response within 1s"},
		{time.Second, time.Second + 1, time.Second, "no response within 1s"},
		{time.Second, time.Second, time.Second, ""},
		{time.Second, time.Second - 1, time.Second - 1, "context deadline exceeded"},
		{0, time.Second, time.Second, "context deadline exceeded"},
	} {
		for name, perCall := range map[string]bool{"client": false, "call": true} {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if tt.deadline > 0 {
					bounded, cancel := context.WithTimeout(ctx, tt.deadline)
					defer cancel()
					ctx = bounded
				}
				hang := transportFunc(func(req *http.Request) (*http.Response, error) {
					<-req.Context().Done()
					return nil, req.Context().Err()
				})
				of, in := []client.Option{client.WithTimeout(tt.timeout)}, []client.Option(nil)
				if perCall {
					of, in = in, of
				}
				c := newClient(t, testKey, append(of, once(), client.WithHTTPClient(&http.Client{Transport: hang}))...)
				start := time.Now()
				_, err := c.Organizations.Get(ctx, "org_01", in...)
				if took := time.Since(start); took != tt.want || !strings.HasSuffix(fmt.Sprint(err), tt.text) ||
					!errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%s of a %s, deadline %s: got %v after %s, want %q after %s", tt.timeout, name, tt.deadline, err, took,
						tt.text, tt.want)
				}
			})
		}
	}
}

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
