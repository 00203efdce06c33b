package vault

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A key that is being fetched, and then refused, takes nobody's place meanwhile.
func TestKeysUnderWayPushNoneOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newKeyring(2, 100, time.Hour)
		fetched := map[string]int{}
		use := func(name string, took time.Duration, err error) {
			if _, failed := r.use(t.Context(), name, func(context.Context) (cachedKey, error) {
				fetched[name]++
				time.Sleep(took)
				return cachedKey{encrypted: []byte(name)}, err
			}); !errors.Is(failed, err) {
				t.Errorf("%s: got %v, want %v", name, failed, err)
			}
		}
		use("a", 0, nil)
		var wait sync.WaitGroup
		for range 5 {
			wait.Go(func() { use("refused", time.Second, ErrDataKey) })
		}
		synctest.Wait()
		use("b", 0, nil)
		use("a", 0, nil)
		wait.Wait()
		if fetched["a"] != 1 || fetched["refused"] != 5 {
			t.Errorf("fetched %v, want one a, which has its place", fetched)
		}
		use("c", 0, nil)
		use("a", 0, nil)
		if fetched["a"] != 1 || len(r.slots) != 2 || r.order.Len() != 2 || r.busy != 0 {
			t.Errorf("fetched %v, %d places and %d busy; want a and c in 2", fetched, len(r.slots), r.busy)
		}
	})
}

func TestKeysAreLetGoOfAtTheirAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newKeyring(10, 5, time.Minute)
		fetch := func(context.Context) (cachedKey, error) { return cachedKey{encrypted: []byte("key")}, nil }
		for _, name := range []string{"a", "b"} {
			if _, err := r.use(t.Context(), name, fetch); err != nil {
				t.Fatal(err)
			}
			time.Sleep(30 * time.Second)
		}
		for _, want := range []int{1, 0} {
			synctest.Wait()
			r.mu.Lock()
			held := 0
			for _, e := range r.slots {
				if slotOf(e).key.encrypted != nil {
					held++
				}
			}
			r.mu.Unlock()
			if held != want {
				t.Errorf("got %d keys in memory, want %d", held, want)
			}
			time.Sleep(30 * time.Second)
		}
	})
}

var errFetch = errors.New("no key")

// ring drives a keyring call by call, each of which fetches its key only when a step says so.
type ring struct {
	*keyring

	ctx      context.Context
	fetching sync.Mutex            // of fetches
	fetches  map[string]chan error // what the fetch of each call returns, once it has begun
	cancels  map[string]context.CancelFunc
	results  chan string
	seen     map[*slot]bool
}

// begin starts a call for the key that the first letter of its name names: "a2" is the second call for "a".
func (r *ring) begin(call string) {
	ctx, cancel := context.WithCancel(r.ctx)
	r.cancels[call] = cancel
	go func() {
		key, err := r.use(ctx, call[:1], func(context.Context) (cachedKey, error) {
			fetch := make(chan error)
			r.fetching.Lock()
			r.fetches[call] = fetch
			r.fetching.Unlock()
			err := <-fetch
			return cachedKey{encrypted: []byte(call[:1])}, err
		})
		r.results <- fmt.Sprintf("%s got %q, %v", call, key.encrypted, err)
	}()
	synctest.Wait()
}

// end ends the fetch of a call.
func (r *ring) end(call string, err error) {
	r.fetching.Lock()
	fetch := r.fetches[call]
	delete(r.fetches, call)
	r.fetching.Unlock()
	fetch <- err
	synctest.Wait()
}

// state lists the slots, the most recently used first: the name, the uses left, "?" after it for each call that
// fetches or waits, and "!" where a key is in memory and must not be, or is not and must be.
func (r *ring) state(t *testing.T) string {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	var names []string
	busy := 0
	for e := r.order.Front(); e != nil; e = e.Next() {
		s := slotOf(e)
		r.seen[s] = true
		if s.calls > 0 {
			busy++
		}
		mark := strings.Repeat("?", s.calls)
		if (s.key.encrypted != nil) != (s.left > 0) {
			mark += "!"
		}
		names = append(names, fmt.Sprintf("%s%d%s", s.name, s.left, mark))
		if r.slots[s.name] != e {
			t.Errorf("slot %s is not that of its name", s.name)
		}
	}
	if len(r.slots) != r.order.Len() || r.busy != busy {
		t.Errorf("got %d names of %d slots, %d of them busy; want %d busy", len(r.slots), r.order.Len(), r.busy, busy)
	}
	for s := range r.seen {
		if r.has(s) || s.calls > 0 {
			continue
		}
		if s.key.encrypted != nil || s.left != 0 || s.expiry != nil && s.expiry.Stop() {
			t.Errorf("slot %s, which was removed, still has its key, %d uses or its timer", s.name, s.left)
		}
	}
	return strings.Join(names, " ")
}

// step runs one step: "use a" begins a call and ends its fetch, if it fetches; "begin a2", "ok a2", "fail a2" and
// "cancel a2" do so one at a time; "forget" and "wait 30s" are what they say.
func (r *ring) step(t *testing.T, step string) {
	t.Helper()
	verb, call, _ := strings.Cut(step, " ")
	switch verb {
	case "use":
		r.begin(call)
		if r.fetches[call] != nil {
			r.end(call, nil)
		}
	case "begin":
		r.begin(call)
	case "ok":
		r.end(call, nil)
	case "fail":
		r.end(call, errFetch)
	case "cancel":
		r.cancels[call]()
		synctest.Wait()
	case "forget":
		r.forget()
	case "wait":
		d, err := time.ParseDuration(call)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(d)
		synctest.Wait()
	}
}

// Each step is followed by the slots after it and, after ":", the results of the calls that it ended.
func TestSlotsAfterEachStep(t *testing.T) {
	const (
		a, b, c, d, e = `: a got "a", <nil>`, `: b got "b", <nil>`, `: c got "c", <nil>`, `: d got "d", <nil>`,
			`: e got "e", <nil>`
		a2, a3 = `: a2 got "a", <nil>`, `: a3 got "a", <nil>`
		fails  = `, no key`
		ended  = `, wait for a data key: context canceled`
	)
	for name, test := range map[string]struct {
		keys  int
		uses  int64
		steps [][2]string
	}{
		"a key serves its uses": {2, 3, [][2]string{
			{"use a", "a2" + a}, {"use a", "a1" + a}, {"use a", "a0" + a}, {"begin a", "a0?"}, {"ok a", "a2" + a},
		}},
		"a key of one use is not kept": {2, 1, [][2]string{
			{"use a", a}, {"begin a", "a0?"}, {"begin a2", "a0??"}, {"ok a", "a0?" + a}, {"ok a2", a2},
		}},
		"the key used least recently makes room": {2, 9, [][2]string{
			{"use a", "a8" + a}, {"use b", "b8 a8" + b}, {"use a", "a7 b8" + a}, {"use c", "c8 a7" + c},
			{"use a", "a6 c8" + a}, {"use b", "b8 a6" + b}, {"use c", "c8 b8" + c},
		}},
		"one place": {1, 9, [][2]string{
			{"use a", "a8" + a}, {"use b", "b8" + b}, {"begin a", "a0? b8"}, {"use b", "b7 a0?" + b}, {"ok a", "b7" + a},
		}},
		"one call fetches for those that wait": {2, 9, [][2]string{
			{"begin a", "a0?"}, {"begin a2", "a0??"}, {"begin a3", "a0???"}, {"ok a", "a6" + a + a2[1:] + a3[1:]},
		}},
		"those that wait share the uses": {2, 2, [][2]string{
			{"begin a", "a0?"}, {"begin a2", "a0??"}, {"begin a3", "a0???"}, {"ok a", "a0?" + a + a2[1:]},
			{"ok a3", "a1" + a3},
		}},
		"the next call fetches where one fails": {2, 9, [][2]string{
			{"begin a", "a0?"}, {"begin a2", "a0??"}, {"fail a", `a0?: a got "a"` + fails}, {"ok a2", "a8" + a2},
		}},
		"nothing is left of failures": {2, 9, [][2]string{
			{"begin a", "a0?"}, {"begin a2", "a0??"}, {"fail a", `a0?: a got "a"` + fails},
			{"fail a2", `: a2 got "a"` + fails},
		}},
		"a failure makes no room": {2, 9, [][2]string{
			{"use a", "a8" + a}, {"use b", "b8 a8" + b}, {"begin c", "c0? b8 a8"}, {"begin d", "d0? c0? b8 a8"},
			{"fail c", `d0? b8 a8: c got "c"` + fails}, {"fail d", `b8 a8: d got "d"` + fails},
		}},
		"a key makes room once it is there": {2, 9, [][2]string{
			{"use a", "a8" + a}, {"use b", "b8 a8" + b}, {"begin c", "c0? b8 a8"}, {"begin d", "d0? c0? b8 a8"},
			{"ok c", "d0? c8 b8" + c}, {"ok d", "d8 c8" + d},
		}},
		"busy slots stay, wherever they are": {2, 9, [][2]string{
			{"begin a", "a0?"}, {"begin b", "b0? a0?"}, {"use c", "c8 b0? a0?" + c}, {"use d", "d8 c8 b0? a0?" + d},
			{"use e", "e8 d8 b0? a0?" + e}, {"ok a", "e8 d8 b0?" + a}, {"use d", "d7 e8 b0?" + d}, {"ok b", "d7 e8" + b},
		}},
		"a call that gives up leaves the others": {2, 9, [][2]string{
			{"begin a", "a0?"}, {"begin a2", "a0??"}, {"begin a3", "a0???"}, {"cancel a2", `a0??: a2 got ""` + ended},
			{"ok a", "a7" + a + a3[1:]},
		}},
		"a key lasts for its age": {2, 9, [][2]string{
			{"use a", "a8" + a}, {"wait 30s", "a8"}, {"use b", "b8 a8" + b}, {"wait 29s", "b8 a8"}, {"use a", "a7 b8" + a},
			{"wait 1s", "b8"}, {"wait 29s", "b8"}, {"wait 1s", ""},
		}},
		"the next key has an age of its own": {2, 2, [][2]string{
			{"use a", "a1" + a}, {"use a", "a0" + a}, {"wait 30s", "a0"}, {"use a", "a1" + a}, {"use a", "a0" + a},
			{"wait 30s", "a0"}, {"wait 29s", "a0"}, {"wait 1s", ""},
		}},
		"a fetch outlasts the key before it": {2, 2, [][2]string{
			{"use a", "a1" + a}, {"use a", "a0" + a}, {"begin a", "a0?"}, {"begin a2", "a0??"}, {"wait 60s", "a0??"},
			{"ok a", a + a2[1:]},
		}},
		"forget": {2, 9, [][2]string{
			{"use a", "a8" + a}, {"use b", "b8 a8" + b}, {"begin c", "c0? b8 a8"}, {"forget", ""}, {"ok c", c},
			{"use a", "a8" + a}, {"wait 60s", ""},
		}},
		"a fetch that was forgotten is not the next one's": {2, 9, [][2]string{
			{"begin a", "a0?"}, {"forget", ""}, {"begin a2", "a0?"}, {"ok a", "a0?" + a}, {"begin a3", "a0??"},
			{"ok a2", "a7" + a2 + a3[1:]}, {"wait 60s", ""},
		}},
		"calls that were forgotten share their key": {2, 9, [][2]string{
			{"begin a", "a0?"}, {"begin a2", "a0??"}, {"forget", ""}, {"use b", "b8" + b}, {"ok a", "b8" + a + a2[1:]},
		}},
		"a failure that was forgotten": {2, 9, [][2]string{
			{"begin a", "a0?"}, {"forget", ""}, {"use a2", "a8" + a2}, {"fail a", `a8: a got "a"` + fails}, {"use a", "a7" + a},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &ring{
					keyring: newKeyring(test.keys, test.uses, time.Minute), ctx: t.Context(), results: make(chan string, 9),
					fetches: map[string]chan error{}, cancels: map[string]context.CancelFunc{}, seen: map[*slot]bool{},
				}
				for i, s := range test.steps {
					r.step(t, s[0])
					got := r.state(t)
					var ended []string // calls that end together have no order
					for len(r.results) > 0 {
						ended = append(ended, <-r.results)
					}
					slices.Sort(ended)
					if len(ended) > 0 {
						got += ": " + strings.Join(ended, " ")
					}
					if got != s[1] {
						t.Fatalf("step %d, %s: got %s, want %s", i+1, s[0], got, s[1])
					}
				}
				for _, cancel := range r.cancels {
					cancel()
				}
				r.forget()
			})
		})
	}
}

// A timer that has fired may wait for the lock while its slot gets the next key, or while a call uses the slot.
func TestLateTimerSparesWhatCameAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &ring{keyring: newKeyring(2, 9, time.Minute), seen: map[*slot]bool{}}
		s, _, found := r.find("a")
		if got := r.state(t); found || got != "a0?" {
			t.Fatalf("a new slot: got %s, want it busy", got)
		}
		r.settle(s, cachedKey{encrypted: []byte("a")}, nil)
		r.expire(s)
		if got := r.state(t); got != "a8?" {
			t.Errorf("with the next key: got %s, want the key to stay", got)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := r.state(t); got != "a0?" {
			t.Errorf("a key that is out of date: got %s, want the slot without it", got)
		}
		r.leave(s)
		if got := r.state(t); got != "" {
			t.Errorf("after the call: got %s, want no slot", got)
		}
		r.expire(s)
		if key, ok := r.take(s); ok || key.encrypted != nil {
			t.Errorf("got the key %q of no slot", key.encrypted)
		}
	})
}

// A key that is out of date is let go of by the call that finds it, if the timer is late.
func TestKeyThatIsOutOfDateIsLetGoOf(t *testing.T) {
	r := newKeyring(2, 9, time.Hour)
	s, _, _ := r.find("a")
	r.settle(s, cachedKey{encrypted: []byte("a")}, nil)
	s.until = time.Now()
	if key, ok := r.take(s); ok || key.encrypted != nil || s.key.encrypted != nil || s.left != 0 {
		t.Errorf("got the key %q, and %q with %d uses kept; want neither", key.encrypted, s.key.encrypted, s.left)
	}
	r.leave(s)
	if len(r.slots) != 0 || r.busy != 0 {
		t.Errorf("got %d slots, %d of them busy; want none", len(r.slots), r.busy)
	}
}

func TestKeyOfOneUseSetsNoTimer(t *testing.T) {
	r := newKeyring(2, 1, time.Minute)
	s, _, _ := r.find("a")
	r.settle(s, cachedKey{encrypted: []byte("a")}, nil)
	if s.key.encrypted != nil || s.left != 0 || s.expiry != nil {
		t.Errorf("got the key %q with %d uses, want nothing kept", s.key.encrypted, s.left)
	}
}
