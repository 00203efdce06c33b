package serve

import (
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// swapStore is a store in memory that can fail or hang, and whose keys never expire.
type swapStore struct {
	mu     sync.Mutex
	values map[string]string
	ttl    time.Duration // of the last write
	used   int           // operations
	fail   error
	hang   bool
}

// do runs an operation.
func (s *swapStore) do(ctx context.Context, f func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used++
	if s.hang {
		<-ctx.Done()
		return context.Cause(ctx)
	}
	if s.fail != nil {
		return s.fail
	}
	if s.values == nil {
		s.values = map[string]string{}
	}
	f()
	return nil
}

func (s *swapStore) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (added bool, err error) {
	err = s.do(ctx, func() {
		if _, taken := s.values[key]; !taken {
			s.values[key], s.ttl, added = string(value), ttl, true
		}
	})
	return added, err
}

func (s *swapStore) Get(ctx context.Context, key string) (value []byte, ok bool, err error) {
	err = s.do(ctx, func() {
		text, found := s.values[key]
		value, ok = []byte(text), found
	})
	return value, ok, err
}

func (s *swapStore) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (swapped bool, err error) {
	err = s.do(ctx, func() {
		if s.values[key] == string(old) {
			s.values[key], s.ttl, swapped = string(value), ttl, true
		}
	})
	return swapped, err
}

func (s *swapStore) Delete(ctx context.Context, key string) error {
	return s.do(ctx, func() { delete(s.values, key) })
}

// replicas are servers with one store and one key.
func replicas(t *testing.T, n int, shop *store, shared *swapStore) (send func(i int, body string) string) {
	t.Helper()
	handlers := make([]func(body string) string, n)
	for i := range handlers {
		api := shop.api()
		api.Stores = map[string]OpenStore{"map": func(context.Context, string) (Store, error) { return shared, nil }}
		p := newProgram(api, Process{Stderr: io.Discard, Environ: []string{"SHOP_MCP_CONFIRM_KEY=" + strings.Repeat("k", 32)}})
		f := flags{store: "map://x"}
		opened, err := p.openStore(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		f.used = confirmationsIn(opened)
		handler, err := p.httpHandler(f, listening{
			auth: authSettings{auth: authPassthrough}, opts: HTTPOptions{Metrics: NewMetrics()},
		}, p.logger(f))
		if err != nil {
			t.Fatal(err)
		}
		handlers[i] = func(body string) string {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, request(t, strings.NewReader(body)))
			return w.Body.String()
		}
	}
	return func(i int, body string) string { return handlers[i](body) }
}

func confirmed(first string) string {
	_, token, _ := strings.Cut(first, `"token":"`)
	token, _, _ = strings.Cut(token, `"`)
	return callBody(1, "teas.delete", `{"tea_id":"1","confirmation":"`+token+`"}`)
}

// Whichever replica a confirmation comes to, and however often at once, the call is sent once.
func TestAConfirmationIsUsedOnceAmongReplicas(t *testing.T) {
	shop, shared := newStore(t), &swapStore{}
	send := replicas(t, 2, shop, shared)
	for range 20 {
		call := confirmed(send(0, callBody(1, "teas.delete", `{"tea_id":"1"}`)))
		before := shop.requests.Load()
		var wg sync.WaitGroup
		var done, refused atomic.Int32
		for i := range 8 {
			wg.Go(func() {
				switch text := send(i%2, call); {
				case strings.Contains(text, "the confirmation was used already"):
					refused.Add(1)
				case !strings.Contains(text, `"isError":true`):
					done.Add(1)
				}
			})
		}
		wg.Wait()
		if sent := shop.requests.Load() - before; sent != 1 || done.Load() != 1 || refused.Load() != 7 {
			t.Errorf("got %d sent, %d done and %d refused, want 1, 1 and 7", sent, done.Load(), refused.Load())
		}
	}
	if ttl := shared.ttl; ttl < 5*time.Minute || ttl > 7*time.Minute {
		t.Errorf("got %v in the store, want the lifetime and a minute", ttl)
	}
}

func TestAStoreThatIsDownAcceptsNothing(t *testing.T) {
	shop, shared := newStore(t), &swapStore{fail: errors.New("connection refused")}
	send := replicas(t, 1, shop, shared)
	call := confirmed(send(0, callBody(1, "teas.delete", `{"tea_id":"1"}`)))
	before := shop.requests.Load()
	if text := send(0, call); !strings.Contains(text, "could not check whether the confirmation was used before") ||
		shop.requests.Load() != before {
		t.Errorf("got %s, want nothing sent", text)
	}
}

func TestStoresThatCannotBeOpened(t *testing.T) {
	api := newStore(t).api()
	api.Stores = map[string]OpenStore{
		"map":    func(context.Context, string) (Store, error) { return &swapStore{}, nil },
		"broken": func(context.Context, string) (Store, error) { return nil, errors.New("connection refused") },
	}
	key := "SHOP_MCP_CONFIRM_KEY=" + strings.Repeat("k", 32)
	for _, c := range []struct{ store, environ, want string }{
		{"redis://user:secret@host", key, `--store: unknown kind of store "redis": this build has memory, broken, map`},
		{"map", key, `--store: unknown kind of store "map": this build has`},
		{"map://x", "", "--store needs SHOP_MCP_CONFIRM_KEY"},
		{"broken://user:secret@host", key, "--store: open broken: connection refused"},
	} {
		p := newProgram(api, Process{Stderr: io.Discard, Environ: []string{c.environ}})
		_, err := p.openStore(t.Context(), flags{store: c.store})
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v, want %s", c.store, err, c.want)
		}
	}
	for _, store := range []string{"", "memory"} {
		if used, err := newProgram(api, Process{}).openStore(t.Context(), flags{store: store}); used != nil || err != nil || confirmationsIn(used) != nil {
			t.Errorf("%q: got %v %v, want the memory of the process", store, used, err)
		}
	}
}
