package client

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const headerRequestID = "X-Request-Id"

// Response is what an answer tells beside its body; see [WithResponse].
type Response struct {
	// StatusCode is the status of the answer that the call ended with; 0 if it ended without one.
	StatusCode int
	// Header is that of the same answer; nil if there is none.
	Header http.Header
	// RequestID is what WorkOS support asks for; "" if the answer has none.
	RequestID string
	// RateLimit is what the answer says of the limit that the call counts towards.
	RateLimit RateLimit
	// Attempts is how often the request was sent, 1 unless it was repeated; 0 if it was refused before.
	Attempts int
}

// RateLimit is the state of a limit as the server tells it, in the headers RateLimit-Limit and so on or X-RateLimit-…
// Fields that it does not tell are zero; a limit that is told with nothing remaining has a Limit above 0.
type RateLimit struct {
	Limit     int       // calls in the window
	Remaining int       // calls left of them
	Reset     time.Time // end of the window
}

// capture tells the caller about the answer.
func (c *call) capture(got answer, err error) {
	if c.response == nil {
		return
	}
	resp := got.resp
	if failed := (*Error)(nil); errors.As(err, &failed) {
		resp = failed.Response
	}
	*c.response = Response{Attempts: c.attempts}
	if resp != nil {
		c.response.StatusCode, c.response.Header = resp.StatusCode, resp.Header
		c.response.RequestID = resp.Header.Get(headerRequestID)
		c.response.RateLimit = rateLimit(resp.Header, time.Now())
	}
}

func rateLimit(header http.Header, now time.Time) RateLimit {
	read := func(name string) (int64, bool) {
		for _, prefix := range []string{"Ratelimit-", "X-Ratelimit-"} {
			text, _, _ := strings.Cut(header.Get(prefix+name), ",") // a quota may follow with its windows
			if n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64); err == nil && n >= 0 {
				return n, true
			}
		}
		return 0, false
	}
	var limit RateLimit
	if n, ok := read("Limit"); ok {
		limit.Limit = int(n)
	}
	if n, ok := read("Remaining"); ok {
		limit.Remaining = int(n)
	}
	if n, ok := read("Reset"); ok {
		limit.Reset = resetTime(n, now)
	}
	return limit
}

// resetTime reads what servers send in either of two forms: a Unix time, or seconds from now.
func resetTime(n int64, now time.Time) time.Time {
	const year = 365 * 24 * 60 * 60
	if n > year {
		return time.Unix(n, 0)
	}
	return now.Add(time.Duration(n) * time.Second)
}
