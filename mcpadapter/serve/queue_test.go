package serve

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// entered records the callers of calls in the order in which they run.
type entered struct {
	mu      sync.Mutex
	callers []string
	leave   []func()
	errs    []error
}

func (e *entered) enter(ctx context.Context, q *queue, caller string) {
	leave, err := q.enter(ctx, caller)
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil {
		e.errs = append(e.errs, err)
		return
	}
	e.callers = append(e.callers, caller)
	e.leave = append(e.leave, leave)
}

// refusals returns the errors since the last time.
func (e *entered) refusals() []error {
	e.mu.Lock()
	defer e.mu.Unlock()
	errs := e.errs
	e.errs = nil
	return errs
}

// leaveFirst ends the call that runs longest.
func (e *entered) leaveFirst() {
	e.mu.Lock()
	leave := e.leave[0]
	e.leave = e.leave[1:]
	e.mu.Unlock()
	leave()
}

// A caller with many calls delays its own ones, not those of others.
func TestCallersTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(2, 2, 100, time.Minute)
		var e entered
		for _, caller := range []string{"a", "a", "a", "a", "a", "b", "c", "b"} {
			go e.enter(t.Context(), q, caller)
			synctest.Wait()
		}
		for range 6 {
			e.leaveFirst()
			synctest.Wait()
		}
		if want := []string{"a", "a", "b", "c", "a", "b", "a", "a"}; !slices.Equal(e.callers, want) {
			t.Errorf("got the order %v, want %v", e.callers, want)
		}
		e.leaveFirst()
		e.leaveFirst()
		if running, waiting := q.state(); running != 0 || waiting != 0 || len(q.callers) != 0 || q.ready.Len() != 0 {
			t.Errorf("got %d running, %d waiting and %d callers, want none", running, waiting, len(q.callers))
		}
	})
}

// A caller at its limit waits although there is room, and others do not wait behind it.
func TestACallerAtItsLimitKeepsNobodyOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(3, 1, 100, time.Minute)
		var e entered
		for _, caller := range []string{"a", "a", "a", "b"} {
			go e.enter(t.Context(), q, caller)
			synctest.Wait()
		}
		if want := []string{"a", "b"}; !slices.Equal(e.callers, want) {
			t.Fatalf("got %v running, want %v", e.callers, want)
		}
		e.leaveFirst()
		synctest.Wait()
		if want := []string{"a", "b", "a"}; !slices.Equal(e.callers, want) {
			t.Errorf("got %v, want %v", e.callers, want)
		}
		for range 3 {
			e.leaveFirst()
			synctest.Wait()
		}
	})
}

// Callers with many calls that take long leave places to callers with few.
func TestSomePlacesAreForCallersWithFewCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(16, 16, 100, time.Minute)
		var e entered
		for range 20 {
			go e.enter(t.Context(), q, "many")
			synctest.Wait()
		}
		if running, waiting := q.state(); running != 14 || waiting != 6 {
			t.Fatalf("got %d running and %d waiting, want 14 and 6", running, waiting)
		}
		for _, caller := range []string{"few", "other", "late"} {
			go e.enter(t.Context(), q, caller)
			synctest.Wait()
		}
		if got := e.callers[14:]; !slices.Equal(got, []string{"few", "other"}) {
			t.Errorf("got %v running beside the many, want few and other", got)
		}
		e.leaveFirst() // of the many, who are before the late one in line
		synctest.Wait()
		if got := e.callers[16:]; !slices.Equal(got, []string{"late"}) {
			t.Errorf("got %v running after one has left, want late", got)
		}
		for running, _ := q.state(); running > 0; running, _ = q.state() {
			e.leaveFirst()
			synctest.Wait()
		}
		if len(e.callers) != 23 || e.refusals() != nil {
			t.Errorf("got %d calls run, want all of 23", len(e.callers))
		}
	})
}

func TestWaitingIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1, 1, 4, 5*time.Second)
		var e entered
		start := time.Now()
		go e.enter(t.Context(), q, "a")
		synctest.Wait()
		for _, c := range []struct {
			caller string
			want   error // at once; nil: it waits
		}{
			{"a", nil}, {"a", nil}, {"a", errCallerBusy}, {"b", nil}, {"c", nil}, {"d", errBusy}, {"a", errCallerBusy},
		} {
			go e.enter(t.Context(), q, c.caller)
			synctest.Wait()
			var got error
			if errs := e.refusals(); len(errs) > 0 {
				got = errs[0]
			}
			if !errors.Is(got, c.want) {
				t.Errorf("%s: got %v, want %v", c.caller, got, c.want)
			}
		}
		time.Sleep(5*time.Second - 1)
		synctest.Wait()
		if errs := e.refusals(); errs != nil {
			t.Errorf("after %v: got %v", time.Since(start), errs)
		}
		time.Sleep(1)
		synctest.Wait()
		errs := e.refusals()
		slices.SortFunc(errs, func(a, b error) int { return len(a.Error()) - len(b.Error()) })
		if want := []error{errBusy, errBusy, errCallerBusy, errCallerBusy}; !slices.Equal(errs, want) {
			t.Errorf("got %v, want %v", errs, want)
		}
		e.leaveFirst()
		if running, waiting := q.state(); running != 0 || waiting != 0 || len(q.callers) != 0 || q.ready.Len() != 0 {
			t.Errorf("got %d running, %d waiting and %d callers, want none", running, waiting, len(q.callers))
		}
	})
}

func TestACallThatGivesUpLosesItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(1, 1, 10, time.Minute)
		var e entered
		ctx, cancel := context.WithCancel(t.Context())
		go e.enter(t.Context(), q, "a")
		synctest.Wait()
		go e.enter(ctx, q, "b")
		synctest.Wait()
		go e.enter(t.Context(), q, "c")
		synctest.Wait()
		cancel()
		synctest.Wait()
		e.leaveFirst()
		synctest.Wait()
		if want := []string{"a", "c"}; !slices.Equal(e.callers, want) || !slices.Equal(e.errs, []error{context.Canceled}) {
			t.Errorf("got %v and %v, want %v", e.callers, e.errs, want)
		}
		e.leaveFirst()
	})
}
