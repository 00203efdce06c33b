package client

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// RateLimit is the state of a rate limit, from the headers RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset, or
// those with the prefix X-. Fields without a header are zero; an exhausted limit has Limit > 0 and Remaining 0.
type RateLimit struct {
	Limit     int       // calls in the window
	Remaining int       // calls left in it
	Reset     time.Time // end of the window
}

func rateLimit(header http.Header, now time.Time) RateLimit {
	read := func(name string) (int64, bool) {
		for _, prefix := range []string{"Ratelimit-", "X-Ratelimit-"} {
			text, _, _ := strings.Cut(header.Get(prefix+name), ",") // a quota policy may follow
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

// resetTime accepts both forms in use: a Unix time, or seconds from now.
func resetTime(n int64, now time.Time) time.Time {
	const year = 365 * 24 * 60 * 60
	if n > year {
		return time.Unix(n, 0)
	}
	return now.Add(time.Duration(n) * time.Second)
}
