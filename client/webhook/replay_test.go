package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/state"
	"github.com/seed-f165d83c/workos/client/webhook"
)

// recorder is a store that records what is added, and fails while err is set.
type recorder struct {
	state.Store

	added     []string
	ttl       time.Duration
	addErr    error
	deleteErr error
}

func (s *recorder) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if s.addErr != nil {
		return false, s.addErr
	}
	s.added, s.ttl = append(s.added, key), ttl
	return s.Store.Add(ctx, key, value, ttl)
}

func (s *recorder) Delete(ctx context.Context, key string) error {
	if s.deleteErr != nil {
		return s.deleteErr
	}
	return s.Store.Delete(ctx, key)
}

// process is one of several that share a store.
type process struct {
	http.Handler

	calls    int
	fail     func() error // of the next calls; nil: none
	failures []error
}

func newProcess(t *testing.T, v *webhook.Verifier, store state.Store, opts ...webhook.HandlerOption) *process {
	t.Helper()
	p := new(process)
	var err error
	p.Handler, err = webhook.NewHandler(v, func(context.Context, *events.Event) error {
		p.calls++
		if p.fail != nil {
			return p.fail()
		}
		return nil
	}, append(opts, webhook.WithReplayCheck(store),
		webhook.WithErrorFunc(func(_ *http.Request, err error) { p.failures = append(p.failures, err) }))...)
	if err != nil {
		t.Fatalf("NewHandler: %v", err)
	}
	return p
}

func TestReplayIsRejectedByEveryProcessUntilItExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v, err := webhook.NewVerifier(secret)
		if err != nil {
			t.Fatal(err)
		}
		store := new(state.Memory)
		processes := []*process{newProcess(t, v, store), newProcess(t, v, store)}
		start := time.Now()
		first := webhook.Sign([]byte(anEvent), secret, start)
		again := webhook.Sign([]byte(anEvent), secret, start.Add(time.Millisecond)) // delivered again by WorkOS
		ahead := webhook.Sign([]byte(anEvent), secret, start.Add(180*time.Second))  // by a fast clock
		forged := "t=" + millis(start) + ", v1=" + strings.Repeat("0", 64)
		for i, step := range []struct {
			at     time.Duration
			header string
			want   error
		}{
			{0, forged, webhook.ErrSignatureMismatch},
			{0, first, nil},
			{0, first, webhook.ErrReplayed},
			{0, first, webhook.ErrReplayed},
			{0, "v1=" + forged[len(forged)-64:] + "," + first, webhook.ErrReplayed}, // written another way
			{0, ahead, nil},
			{0, ahead, webhook.ErrReplayed},
			{0, again, nil},
			{0, again, webhook.ErrReplayed},
			{180 * time.Second, first, webhook.ErrReplayed},
			{180*time.Second + time.Millisecond, first, webhook.ErrTimestampTooOld},
			{180*time.Second + time.Millisecond, again, webhook.ErrReplayed},
			{181 * time.Second, again, webhook.ErrTimestampTooOld},
			{360 * time.Second, ahead, webhook.ErrReplayed},
			{361 * time.Second, ahead, webhook.ErrTimestampTooOld},
		} {
			time.Sleep(time.Until(start.Add(step.at)))
			p := processes[i%2]
			p.calls, p.failures = 0, nil
			w := post(t, p, anEvent, step.header)
			if step.want == nil {
				if w.Code != http.StatusOK || p.calls != 1 {
					t.Errorf("step %d: got %d %s and %d calls, want 200 and one", i, w.Code, w.Body, p.calls)
				}
				continue
			}
			if w.Code != http.StatusUnauthorized || p.calls != 0 || len(p.failures) != 1 || !errors.Is(p.failures[0], step.want) {
				t.Errorf("step %d: got %d, %d calls, %v; want 401, none, %v", i, w.Code, p.calls, p.failures, step.want)
			}
		}
	})
}

// A process whose clock is slow accepts a timestamp for longer than one whose clock is right remembers it.
func TestReplayIsRejectedDespiteASlowClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		right, err := webhook.NewVerifier(secret)
		if err != nil {
			t.Fatal(err)
		}
		slow, err := webhook.NewVerifier(secret,
			webhook.WithClock(func() time.Time { return time.Now().Add(-59 * time.Second) }))
		if err != nil {
			t.Fatal(err)
		}
		store := new(state.Memory)
		header := webhook.Sign([]byte(anEvent), secret, time.Now())
		if w := post(t, newProcess(t, right, store), anEvent, header); w.Code != http.StatusOK {
			t.Fatalf("first: got %d %s", w.Code, w.Body)
		}
		time.Sleep(180*time.Second + 59*time.Second) // the slow clock is at the end of the tolerance
		p := newProcess(t, slow, store)
		if w := post(t, p, anEvent, header); w.Code != http.StatusUnauthorized || !errors.Is(p.failures[0], webhook.ErrReplayed) {
			t.Errorf("replay: got %d, %v; want ErrReplayed", w.Code, p.failures)
		}
	})
}

// While the secret changes, WorkOS may sign with both. Each of the signatures alone makes a valid request.
func TestReplayWithOneOfTwoSignaturesIsRejected(t *testing.T) {
	t.Parallel()
	const old = "wh_secret_old"
	both, err := webhook.NewVerifier(secret, webhook.WithPreviousSecret(old), clock())
	if err != nil {
		t.Fatal(err)
	}
	onlyOld, err := webhook.NewVerifier(old, clock()) // a process that does not know the new secret yet
	if err != nil {
		t.Fatal(err)
	}
	byNew := webhook.Sign([]byte(anEvent), secret, now)
	byOld := webhook.Sign([]byte(anEvent), old, now)
	byBoth := byNew + "," + strings.TrimPrefix(byOld, "t="+millis(now)+", ")
	for _, test := range []struct {
		first, replay *webhook.Verifier
		header, again string
	}{
		{both, both, byBoth, byNew},
		{both, both, byBoth, byOld},
		{both, both, byNew, byOld},
		{both, onlyOld, byBoth, byOld},
		{onlyOld, both, byBoth, byNew},
	} {
		store := new(state.Memory)
		if w := post(t, newProcess(t, test.first, store), anEvent, test.header); w.Code != http.StatusOK {
			t.Errorf("%s: got %d %s", test.header, w.Code, w.Body)
		}
		p := newProcess(t, test.replay, store)
		if w := post(t, p, anEvent, test.again); w.Code != http.StatusUnauthorized || p.calls != 0 {
			t.Errorf("%s after %s: got %d %s, want it rejected", test.again, test.header, w.Code, w.Body)
		}
	}
}

// Both variables may have the same secret before and after a change. A tolerance without end may be meant.
func TestOddConfigurationsRejectReplaysAlone(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]webhook.Option{
		"the same secret twice": webhook.WithPreviousSecret(secret),
		"a tolerance for ever":  webhook.WithTolerance(math.MaxInt64),
	} {
		store := &recorder{Store: new(state.Memory)}
		p := newProcess(t, newVerifier(t, opt), store)
		for i, want := range []int{http.StatusOK, http.StatusUnauthorized, http.StatusUnauthorized} {
			if w := post(t, p, anEvent, sign(anEvent)); w.Code != want || p.calls != 1 {
				t.Errorf("%s, request %d: got %d %s and %d calls, want %d and one", name, i+1, w.Code, w.Body, p.calls, want)
			}
		}
		if store.ttl < 3*time.Minute {
			t.Errorf("%s: remembered for %v", name, store.ttl)
		}
	}
}

// Two endpoints of one program may subscribe to the same events.
func TestOtherEndpointIsNoReplay(t *testing.T) {
	t.Parallel()
	other, err := webhook.NewVerifier("wh_secret_b", clock())
	if err != nil {
		t.Fatal(err)
	}
	store := new(state.Memory)
	for _, p := range []*process{newProcess(t, newVerifier(t), store), newProcess(t, other, store)} {
		for _, signed := range []string{sign(anEvent), webhook.Sign([]byte(anEvent), "wh_secret_b", now)} {
			post(t, p, anEvent, signed)
		}
		if p.calls != 1 {
			t.Errorf("got %d calls, want that of the request to this endpoint", p.calls)
		}
	}
}

func TestOneOfConcurrentReplaysIsAccepted(t *testing.T) {
	t.Parallel()
	store := new(state.Memory)
	statuses := make(chan int, 32)
	var mu sync.Mutex
	calls := 0
	for range cap(statuses) {
		h, err := webhook.NewHandler(newVerifier(t), func(context.Context, *events.Event) error {
			mu.Lock()
			defer mu.Unlock()
			calls++
			return nil
		}, webhook.WithReplayCheck(store))
		if err != nil {
			t.Fatal(err)
		}
		go func() { statuses <- post(t, h, anEvent, sign(anEvent)).Code }()
	}
	got := map[int]int{}
	for range cap(statuses) {
		got[<-statuses]++
	}
	if got[200] != 1 || got[401] != cap(statuses)-1 || calls != 1 {
		t.Errorf("got %v and %d calls, want one of each", got, calls)
	}
}

func TestFailedRequestMayComeAgain(t *testing.T) {
	t.Parallel()
	misfit := fmt.Errorf("payload: %w", events.ErrMalformedData)
	bury := func(context.Context, *events.Event, error) error { return nil }
	for name, test := range map[string]struct {
		fail   func() error
		opts   []webhook.HandlerOption
		status int // of the first request
		again  int // of the same request
	}{
		"error":             {func() error { return errFull }, nil, 500, 200},
		"panic":             {func() error { panic(errFull) }, nil, 0, 200},
		"no dead letter":    {func() error { return misfit }, nil, 500, 200},
		"dead letter":       {func() error { return misfit }, []webhook.HandlerOption{webhook.WithDeadLetter(299, bury)}, 299, 401},
		"dead letter, 5xx":  {func() error { return misfit }, []webhook.HandlerOption{webhook.WithDeadLetter(500, bury)}, 500, 200},
		"failure of a func": {func() error { return errFull }, []webhook.HandlerOption{webhook.WithDeadLetter(200, bury)}, 500, 200},
	} {
		store := new(state.Memory)
		one, two := newProcess(t, newVerifier(t), store, test.opts...), newProcess(t, newVerifier(t), store)
		one.fail = test.fail
		status := 0
		func() {
			defer func() { _ = recover() }()
			status = post(t, one, anEvent, sign(anEvent)).Code
		}()
		again := post(t, two, anEvent, sign(anEvent)).Code
		if status != test.status || one.calls != 1 || again != test.again || two.calls != bit(again == 200) {
			t.Errorf("%s: got %d and %d, %d and %d calls; want %d and %d", name, status, again, one.calls, two.calls,
				test.status, test.again)
		}
		fresh := webhook.Sign([]byte(anEvent), secret, now.Add(time.Second))
		if w := post(t, two, anEvent, fresh); w.Code != http.StatusOK {
			t.Errorf("%s: the next delivery of WorkOS: got %d %s, want 200", name, w.Code, w.Body)
		}
	}
}

// A request that failed leaves no key behind, not even that of the secret it was not signed with.
func TestFailedRequestMayComeAgainWithTheOtherSignature(t *testing.T) {
	t.Parallel()
	const old = "wh_secret_old"
	both, err := webhook.NewVerifier(secret, webhook.WithPreviousSecret(old), clock())
	if err != nil {
		t.Fatal(err)
	}
	for _, again := range []string{secret, old} {
		store := new(state.Memory)
		p := newProcess(t, both, store)
		p.fail = func() error { return errFull }
		if w := post(t, p, anEvent, sign(anEvent)); w.Code != http.StatusInternalServerError {
			t.Fatalf("first: got %d %s", w.Code, w.Body)
		}
		p.fail = nil
		if w := post(t, p, anEvent, webhook.Sign([]byte(anEvent), again, now)); w.Code != http.StatusOK || p.calls != 2 {
			t.Errorf("again, by %s: got %d %s, want 200", again, w.Code, w.Body)
		}
	}
}

func bit(set bool) int {
	if set {
		return 1
	}
	return 0
}

// A request that has no event or action is no use to anybody, so it costs no memory.
func TestOnlyWhatIsHandledIsStored(t *testing.T) {
	t.Parallel()
	store := &recorder{Store: new(state.Memory)}
	p := newProcess(t, newVerifier(t), store)
	if w := post(t, p, "{}", sign("{}")); w.Code != http.StatusBadRequest || len(store.added) != 0 {
		t.Errorf("no event: got %d, stored %q; want 400 and nothing", w.Code, store.added)
	}
	header := sign(anEvent)
	if w := post(t, p, anEvent, header); w.Code != http.StatusOK || len(store.added) != 1 {
		t.Fatalf("event: got %d, stored %q; want 200 and one key", w.Code, store.added)
	}
	key, mac := store.added[0], header[strings.LastIndex(header, "=")+1:]
	if !strings.HasPrefix(key, "webhook/replay/") || strings.Contains(key, mac) || store.ttl != 4*time.Minute {
		t.Errorf("got the key %s for %v, want a hash of the signature, for the tolerance and a minute", key, store.ttl)
	}
}

func TestReplayedActionIsDecidedOnce(t *testing.T) {
	t.Parallel()
	store := new(state.Memory)
	fail, calls := true, 0
	decide := func(ctx context.Context, a *webhook.Action) (*webhook.ActionResponse, error) {
		calls++
		if fail {
			return nil, errFull
		}
		return allow(ctx, a)
	}
	for i, want := range []int{500, 200, 401, 401} {
		h, err := webhook.NewActionHandler(newActionVerifier(t), decide, webhook.WithReplayCheck(store))
		if err != nil {
			t.Fatal(err)
		}
		w := post(t, h, anAuthentication, sign(anAuthentication))
		if w.Code != want || want == 401 && strings.Contains(w.Body.String(), "verdict") {
			t.Errorf("request %d: got %d %s, want %d", i, w.Code, w.Body, want)
		}
		fail = false
	}
	if calls != 2 {
		t.Errorf("got %d decisions, want that which failed and the next", calls)
	}
}
