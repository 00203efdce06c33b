package events_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/state"
)

// outage is a store that fails for one consumer while it is down.
type outage struct {
	state.Store

	down atomic.Bool
}

var errDown = errors.New("down")

func (o *outage) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if o.down.Load() {
		return false, errDown
	}
	return o.Store.Add(ctx, key, value, ttl)
}

func (o *outage) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	if o.down.Load() {
		return false, errDown
	}
	return o.Store.Swap(ctx, key, old, value, ttl)
}

const term = 16 * time.Second

// leaders are two consumers with one lease, the first of which leads.
type leaders struct {
	first, second *events.Consumer
	network       outage // of the first
	stop          context.CancelFunc
	ended         chan error // the first Run
}

func newLeaders(t *testing.T, handler events.Handler, opts ...events.Option) *leaders {
	t.Helper()
	shared, s := new(state.Memory), new(store)
	l := &leaders{network: outage{Store: shared}, ended: make(chan error, 1)}
	quiet := func(*events.Event) error { return nil }
	l.first = newConsumer(t, upTo(100), s, handler, append(opts, events.WithLease(&l.network, "users", term))...)
	l.second = newConsumer(t, upTo(100), s, func(_ context.Context, e *events.Event) error { return quiet(e) },
		events.WithLease(shared, "users", term))
	ctx, stop := context.WithCancel(t.Context())
	l.stop = stop
	go func() { l.ended <- l.first.Run(ctx) }()
	synctest.Wait()
	time.Sleep(time.Second)
	if !l.first.Status().Leading {
		t.Error("the first does not lead")
	}
	second, stopSecond := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.second.Run(second) }()
	t.Cleanup(func() {
		stop()
		stopSecond()
		if err := <-ended; err != nil {
			t.Errorf("the second Run: %v", err)
		}
	})
	return l
}

// takeover returns the time until the second leads.
func (l *leaders) takeover(t *testing.T) time.Duration {
	t.Helper()
	begin := time.Now()
	for !l.second.Status().Leading {
		if time.Since(begin) > time.Hour {
			t.Fatal("the second does not lead after an hour")
		}
		time.Sleep(10 * time.Millisecond)
	}
	return time.Since(begin)
}

func fast(context.Context, *events.Event) error { return nil }

func TestOneConsumerLeadsAndAnotherFollowsWhenItStops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLeaders(t, fast)
		time.Sleep(time.Hour)
		if !l.first.Status().Leading || l.second.Status().Leading || l.second.Status().Handled != 0 {
			t.Errorf("after an hour: got %+v and %+v, want the first to lead", l.first.Status(), l.second.Status())
		}
		l.stop()
		if err := <-l.ended; err != nil {
			t.Errorf("the first Run: %v", err)
		}
		if took := l.takeover(t); took > term/4 {
			t.Errorf("the second leads after %v, want at once", took)
		}
	})
}

func TestLeaderThatIsCutOffStopsBeforeAnotherLeads(t *testing.T) {
	t.Parallel()
	for offset := range 5 {
		synctest.Test(t, func(t *testing.T) {
			l := newLeaders(t, fast)
			time.Sleep(time.Minute + time.Duration(offset)*700*time.Millisecond)
			l.network.down.Store(true)
			took := l.takeover(t)
			if took > term {
				t.Errorf("the second leads after %v, want at most %v", took, term)
			}
			if status := l.first.Status(); status.Leading {
				t.Errorf("two lead: %+v", status)
			}
			l.network.down.Store(false)
			time.Sleep(time.Hour)
			if l.first.Status().Leading || !l.second.Status().Leading {
				t.Error("the second has lost its lease")
			}
			l.stop()
			if err := <-l.ended; err != nil {
				t.Errorf("the first Run: got %v, want nil as it was only stopped", err)
			}
		})
	}
}

func TestShortOutageOfTheStoreEndsNoLead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLeaders(t, fast)
		for range 20 {
			l.network.down.Store(true)
			time.Sleep(term / 8)
			l.network.down.Store(false)
			time.Sleep(term / 4)
		}
		if !l.first.Status().Leading || l.second.Status().Leading {
			t.Error("the lead has changed")
		}
	})
}

// A handler that ignores its context cannot be ended. Its consumer stops to renew.
func TestLeaderWhoseHandlerHangsIsReplaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		l := newLeaders(t, func(context.Context, *events.Event) error {
			<-release
			return nil
		}, events.WithEventTimeout(time.Minute), events.WithGracePeriod(10*time.Second))
		if took := l.takeover(t); took < time.Minute || took > 70*time.Second+term {
			t.Errorf("the second leads after %v, want 70s and at most %v more", took, term)
		}
		handled := l.second.Status().Handled
		close(release)
		time.Sleep(time.Hour)
		if l.first.Status().Leading || !l.second.Status().Leading || l.second.Status().Handled < handled {
			t.Errorf("got %+v and %+v, want the second to lead", l.first.Status(), l.second.Status())
		}
		if got := l.first.Status().Checkpoint.After; got != "" {
			t.Errorf("the late checkpoint %q was saved", got)
		}
	})
}

func TestLeaseIsChecked(t *testing.T) {
	t.Parallel()
	wantOptionError(t, "no store", events.WithLease(nil, "users", term))
	wantOptionError(t, "no name", events.WithLease(new(state.Memory), "", term))
	wantOptionError(t, "a short term", events.WithLease(new(state.Memory), "users", time.Second-1))
	wantOptionError(t, "a long name", events.WithLease(new(state.Memory), string(make([]byte, 600)), term))
	wantOptionError(t, "no function", events.WithResync(nil))
	wantOptionError(t, "no time", events.WithEventTimeout(0))
}

func wantOptionError(t *testing.T, what string, opt events.Option) {
	t.Helper()
	if c, err := events.NewConsumer(anyClient(t), new(store), fast, opt); c != nil || err == nil {
		t.Errorf("%s: got %v, %v; want an error", what, c, err)
	}
}
