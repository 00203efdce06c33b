package serve

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"
)

// rateTime limits how long a request waits for the store of the rates. The process counts by itself beyond it.
const rateTime = time.Second

// sharedRate limits the requests of each caller over all processes that share a store. The value of a caller's key is
// the time, in nanoseconds since 1970, until which the requests that were permitted would last if they came evenly. A
// request is refused while that is more than a burst ahead. It is safe for concurrent use.
type sharedRate struct {
	store Store
	rate  float64 // requests in a second; above 0
	burst int
}

// reserve takes the turn of a request, or returns how long to wait for one; 0: the request may be handled.
func (s *sharedRate) reserve(ctx context.Context, caller string) (wait time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, rateTime)
	defer cancel()
	key := "mcp/rate/" + caller
	each := asDuration(float64(time.Second) / s.rate)
	ahead := asDuration(float64(each) * float64(s.burst))
	for {
		present, ok, err := s.store.Get(ctx, key)
		if err != nil {
			return 0, fmt.Errorf("the store of rates: %w", err)
		}
		now := time.Now()
		taken := now
		if last, err := strconv.ParseInt(string(present), 10, 64); err == nil && last > now.UnixNano() {
			taken = time.Unix(0, min(last, now.Add(ahead).UnixNano())) // another clock may be fast
		}
		taken = taken.Add(each)
		if wait := taken.Sub(now) - ahead; wait > 0 {
			return wait, nil
		}
		value, ttl := strconv.AppendInt(nil, taken.UnixNano(), 10), taken.Sub(now)+clockSkew
		var stored bool
		if ok {
			stored, err = s.store.Swap(ctx, key, present, value, ttl)
		} else {
			stored, err = s.store.Add(ctx, key, value, ttl)
		}
		switch {
		case err != nil:
			return 0, fmt.Errorf("the store of rates: %w", err)
		case stored:
			return 0, nil
		}
	}
}

// asDuration returns so many nanoseconds, at most some 70 years, so that no sum of a few of them overflows.
func asDuration(ns float64) time.Duration { return time.Duration(min(ns, math.MaxInt64>>2)) }
