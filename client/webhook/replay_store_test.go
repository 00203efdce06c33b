package webhook_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/state"
	"github.com/seed-f165d83c/workos/client/webhook"
)

// hanging is a store whose operations end with their context.
type hanging struct {
	state.Store

	add, remove bool // whether that operation hangs
}

func (s *hanging) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if s.add {
		<-ctx.Done()
		return false, ctx.Err()
	}
	return s.Store.Add(ctx, key, value, ttl)
}

func (s *hanging) Delete(ctx context.Context, key string) error {
	if s.remove {
		<-ctx.Done()
		return ctx.Err()
	}
	return s.Store.Delete(ctx, key)
}

func TestStoreThatHangsDelaysAResponseByFiveSeconds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		store         *hanging
		status, calls int
	}{
		"before the handler": {&hanging{Store: new(state.Memory), add: true}, http.StatusServiceUnavailable, 0},
		"after the handler":  {&hanging{Store: new(state.Memory), remove: true}, http.StatusInternalServerError, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			v, err := webhook.NewVerifier(secret)
			if err != nil {
				t.Fatal(err)
			}
			p := newProcess(t, v, test.store)
			p.fail = func() error { return errFull }
			begin := time.Now()
			w := post(t, p, anEvent, webhook.Sign([]byte(anEvent), secret, begin))
			if took := time.Since(begin); w.Code != test.status || p.calls != test.calls || took != 5*time.Second {
				t.Errorf("%s: got %d and %d calls after %v; want %d and %d after 5s", name, w.Code, p.calls, took, test.status,
					test.calls)
			}
		})
	}
}

// calls is a store that keeps the contexts of its calls.
type calls struct {
	state.Memory

	contexts []context.Context
}

func (c *calls) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	c.contexts = append(c.contexts, ctx)
	return c.Memory.Add(ctx, key, value, ttl)
}

func (c *calls) Delete(ctx context.Context, key string) error {
	c.contexts = append(c.contexts, ctx)
	return c.Memory.Delete(ctx, key)
}

// A store that works adds no error to that of the handler, and no context of its calls outlives them.
func TestStoreThatWorksReportsNothing(t *testing.T) {
	t.Parallel()
	store := new(calls)
	p := newProcess(t, newVerifier(t, webhook.WithPreviousSecret("wh_secret_old")), store)
	p.fail = func() error { return errFull }
	w := post(t, p, anEvent, sign(anEvent))
	if w.Code != http.StatusInternalServerError || len(p.failures) != 1 || !errors.Is(p.failures[0], errFull) {
		t.Errorf("got %d, %v; want 500 and the error of the handler alone", w.Code, p.failures)
	}
	if len(store.contexts) != 4 {
		t.Errorf("got %d calls of the store, want two for each secret", len(store.contexts))
	}
	for i, ctx := range store.contexts {
		if ctx.Err() == nil {
			t.Errorf("the context of call %d goes on", i+1)
		}
	}
}

func TestReplayCheckRejectsWithoutItsStore(t *testing.T) {
	t.Parallel()
	errDown := errors.New("dial tcp 10.0.0.1: connection refused")
	full := &state.Memory{MaxEntries: 1}
	if _, err := full.Add(t.Context(), "a", nil, 0); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		store state.Store
		want  error
	}{
		"down": {&recorder{addErr: errDown}, errDown},
		"full": {full, state.ErrFull},
	} {
		p := newProcess(t, newVerifier(t), test.store)
		w := post(t, p, anEvent, sign(anEvent))
		if w.Code != http.StatusServiceUnavailable || w.Body.String() != "the request could not be checked\n" || p.calls != 0 ||
			len(p.failures) != 1 || !errors.Is(p.failures[0], webhook.ErrStateUnavailable) || !errors.Is(p.failures[0], test.want) {
			t.Errorf("%s: got %d %s, %d calls, %v; want a bare 503 and ErrStateUnavailable", name, w.Code, w.Body, p.calls,
				p.failures)
		}
	}
}

func TestStoreThatFailsAfterTheHandlerIsReported(t *testing.T) {
	t.Parallel()
	errDown := errors.New("connection refused")
	p := newProcess(t, newVerifier(t), &recorder{Store: new(state.Memory), deleteErr: errDown})
	p.fail = func() error { return errFull }
	w := post(t, p, anEvent, sign(anEvent))
	if w.Code != http.StatusInternalServerError || len(p.failures) != 2 || !errors.Is(p.failures[0], errDown) ||
		!errors.Is(p.failures[0], webhook.ErrStateUnavailable) || !errors.Is(p.failures[1], errFull) {
		t.Errorf("got %d, %v; want 500 and both errors", w.Code, p.failures)
	}
	p.fail = nil
	if w := post(t, p, anEvent, sign(anEvent)); w.Code != http.StatusUnauthorized || p.calls != 1 {
		t.Errorf("the same request: got %d and %d calls, want it rejected", w.Code, p.calls)
	}
	if w := post(t, p, anEvent, webhook.Sign([]byte(anEvent), secret, now.Add(time.Second))); w.Code != http.StatusOK {
		t.Errorf("the next delivery: got %d %s, want 200", w.Code, w.Body)
	}
}

// second is a store that is down from the second Add on, until it is mended.
type second struct {
	state.Memory

	adds   int
	mended bool
}

func (s *second) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if s.adds++; s.adds > 1 && !s.mended {
		return false, errFull
	}
	return s.Memory.Add(ctx, key, value, ttl)
}

func TestRequestThatTheStoreClaimedInPartMayComeAgain(t *testing.T) {
	store := new(second)
	v, err := webhook.NewVerifier(secret, webhook.WithPreviousSecret("wh_secret_old"))
	if err != nil {
		t.Fatal(err)
	}
	p := newProcess(t, v, store)
	header := webhook.Sign([]byte(anEvent), secret, time.Now())
	if w := post(t, p, anEvent, header); w.Code != http.StatusServiceUnavailable || p.calls != 0 {
		t.Errorf("while the store is down: got %d and %d calls, want 503 and none", w.Code, p.calls)
	}
	store.mended = true
	if w := post(t, p, anEvent, header); w.Code != http.StatusOK || p.calls != 1 {
		t.Errorf("the same request again: got %d and %d calls, want 200 and one", w.Code, p.calls)
	}
	if w := post(t, p, anEvent, header); w.Code != http.StatusUnauthorized || p.calls != 1 {
		t.Errorf("a replay: got %d and %d calls, want 401 and one", w.Code, p.calls)
	}
}
