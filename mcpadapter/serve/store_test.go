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

// mapStore is a store whose keys never expire.
type mapStore struct {
	Store

	keys sync.Map
	ttl  atomic.Int64
	err  error
}

func (s *mapStore) Add(_ context.Context, key string, _ []byte, ttl time.Duration) (bool, error) {
	if s.err != nil {
		return false, s.err
	}
	s.ttl.Store(int64(ttl))
	_, taken := s.keys.LoadOrStore(key, nil)
	return !taken, nil
}

// replicas are servers with one store and one key.
func replicas(t *testing.T, n int, shop *store, shared *mapStore) (send func(i int, body string) string) {
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
	shop, shared := newStore(t), &mapStore{}
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
	if ttl := time.Duration(shared.ttl.Load()); ttl < 5*time.Minute || ttl > 7*time.Minute {
		t.Errorf("got %v in the store, want the lifetime and a minute", ttl)
	}
}

func TestAStoreThatIsDownAcceptsNothing(t *testing.T) {
	shop, shared := newStore(t), &mapStore{err: errors.New("connection refused")}
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
		"map":    func(context.Context, string) (Store, error) { return &mapStore{}, nil },
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
