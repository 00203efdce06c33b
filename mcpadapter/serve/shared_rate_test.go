package serve

import (
	"bytes"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// counting returns processes that count in one store, four requests at once and two in a second.
func counting(n int, shared *swapStore, log *bytes.Buffer) []*admission {
	list := make([]*admission, n)
	for i := range list {
		limits, _ := Admission{Rate: 2, Burst: 4, RateStore: shared}.withDefaults()
		list[i] = newAdmission(limits, true, NewMetrics(), slog.New(slog.NewTextHandler(log, nil)))
		list[i].prove("known")
	}
	return list
}

func TestReplicasShareARate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := &swapStore{}
		list := counting(3, shared, new(bytes.Buffer))
		permitted := 0
		for range 1001 { // every 10 ms, for 10 s
			for _, a := range list {
				refused := a.rated(t.Context(), "known")
				switch {
				case refused == nil:
					permitted++
				case refused.reason != refusedRate || refused.retryAfter <= 0 || refused.retryAfter > 500*time.Millisecond:
					t.Fatalf("got %+v, want to wait for at most half a second", refused)
				}
			}
			time.Sleep(10 * time.Millisecond)
		}
		if permitted != 4+2*10 {
			t.Errorf("got %d requests, want a burst of 4 and 2 in each of 10 seconds", permitted)
		}
		if shared.ttl != 2*time.Second+clockSkew {
			t.Errorf("got the ttl %v, want the time of a burst and a minute", shared.ttl)
		}
		time.Sleep(time.Hour)
		for i := range 5 {
			if refused := list[i%3].rated(t.Context(), "known"); (refused == nil) != (i < 4) {
				t.Errorf("after an hour, request %d: got %v, want a burst of 4", i, refused)
			}
		}
		if refused := list[0].rated(t.Context(), "other"); refused != nil {
			t.Errorf("another caller: got %v, want none", refused)
		}
	})
}

func TestRequestsAtOnceShareARate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		list := counting(2, &swapStore{}, new(bytes.Buffer))
		var permitted atomic.Int32
		var wg sync.WaitGroup
		for i := range 64 {
			wg.Go(func() {
				if list[i%2].rated(t.Context(), "known") == nil {
					permitted.Add(1)
				}
			})
		}
		wg.Wait()
		if n := permitted.Load(); n != 4 {
			t.Errorf("got %d of 64 requests, want the burst of 4", n)
		}
	})
}

// Without the store each process has the rate, and says so once in a minute.
func TestAProcessCountsByItselfWithoutItsStore(t *testing.T) {
	for name, c := range map[string]struct {
		store *swapStore
		each  time.Duration // that a request waits
	}{
		"down":  {&swapStore{fail: errors.New("connection refused")}, 0},
		"hangs": {&swapStore{hang: true}, rateTime},
	} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			a := counting(1, c.store, &log)[0]
			begin := time.Now()
			for i := range 4 {
				if refused := a.rated(t.Context(), "known"); refused != nil {
					t.Errorf("%s, request %d: got %v, want the burst of the process", name, i, refused)
				}
			}
			if took := time.Since(begin); took != 4*c.each {
				t.Errorf("%s: 4 requests took %v, want %v each", name, took, c.each)
			}
			if n := strings.Count(log.String(), "each process counts requests by itself"); n != 1 {
				t.Errorf("%s: got the log %s, want it once", name, &log)
			}
			c.store.hang, c.store.fail = false, errors.New("connection refused")
			permitted := 0
			for range 100 {
				if a.rated(t.Context(), "known") == nil {
					permitted++
				}
			}
			if permitted > 4 {
				t.Errorf("%s: got %d requests more at once, want at most the burst", name, permitted)
			}
		})
	}
}

// Nobody fills the store with keys that he makes up.
func TestCallersThatAreNotKnownTakeNoRoomInTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := &swapStore{}
		a := counting(1, shared, new(bytes.Buffer))[0]
		for i := range 100 {
			if refused := a.rated(t.Context(), "made up "+strconv.Itoa(i)); refused != nil {
				t.Errorf("got %v for a caller's first request", refused)
			}
		}
		for range 10 {
			a.rated(t.Context(), "made up")
		}
		if refused := a.rated(t.Context(), "made up"); refused == nil || shared.used != 0 {
			t.Errorf("got %v and %d operations of the store, want the rate of the process alone", refused, shared.used)
		}
	})
}

// What a replica with a fast clock or another program has written delays a caller by one turn at most.
func TestValuesOfOtherClocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for value, want := range map[string]time.Duration{
			"":                     0,
			"x":                    0,
			"0":                    0,
			"-9223372036854775808": 0,
			"9223372036854775807":  500 * time.Millisecond,
			"99999999999999999999": 0,
			strconv.FormatInt(time.Now().Add(time.Minute).UnixNano(), 10):             500 * time.Millisecond,
			strconv.FormatInt(time.Now().Add(1500*time.Millisecond).UnixNano(), 10):   0,
			strconv.FormatInt(time.Now().Add(1500*time.Millisecond+1).UnixNano(), 10): 1,
		} {
			s := &sharedRate{store: &swapStore{values: map[string]string{"mcp/rate/known": value}}, rate: 2, burst: 4}
			if wait, err := s.reserve(t.Context(), "known"); wait != want || err != nil {
				t.Errorf("%q: got %v and %v, want %v", value, wait, err, want)
			}
		}
	})
}

func TestExtremeRates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			rate      float64
			burst     int
			permitted int // of three requests at once
		}{{1e-300, 1, 1}, {1e-300, 1 << 40, 1}, {1e-9, 2, 2}, {1e300, 1, 3}, {1, 1 << 62, 3}} {
			s := &sharedRate{store: &swapStore{}, rate: c.rate, burst: c.burst}
			permitted := 0
			for range 3 {
				wait, err := s.reserve(t.Context(), "known")
				switch {
				case err != nil || wait < 0:
					t.Errorf("%+v: got %v and %v", c, wait, err)
				case wait == 0:
					permitted++
				}
			}
			if permitted != c.permitted {
				t.Errorf("%+v: got %d requests", c, permitted)
			}
		}
	})
}
