package redis_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-f165d83c/workos/client/state"
	stateredis "github.com/seed-f165d83c/workos/client/state/redis"
	"github.com/seed-f165d83c/workos/client/state/servertest"
	"github.com/seed-f165d83c/workos/client/state/statetest"
)

func connect(t *testing.T, server *servertest.Server) *redis.Client {
	t.Helper()
	client := redis.NewClient(&redis.Options{Addr: server.Addr, MaxRetries: -1})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func open(t *testing.T, client redis.UniversalClient, opts ...stateredis.Option) *stateredis.Store {
	t.Helper()
	store, err := stateredis.New(client, opts...)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return store
}

func TestStore(t *testing.T) {
	client := connect(t, servertest.Redis(t))
	prefixes := 0
	statetest.Run(t, statetest.Subject{Open: func(t *testing.T) state.Store {
		t.Helper()
		prefixes++
		return open(t, client, stateredis.WithPrefix(strconv.Itoa(prefixes)+":"))
	}})
	t.Run("prefix", func(t *testing.T) {
		if added, err := open(t, client).Add(t.Context(), "key", []byte("value"), 0); !added || err != nil {
			t.Fatalf("Add: got %t, %v", added, err)
		}
		if got, err := client.Get(t.Context(), stateredis.DefaultPrefix+"key").Result(); got != "value" || err != nil {
			t.Errorf("the key in Redis: got %q, %v; want value", got, err)
		}
	})
}

func TestFullStoreRefusesAndForgetsNothing(t *testing.T) {
	client := connect(t, servertest.Redis(t))
	store := open(t, client)
	if added, err := store.Add(t.Context(), "key", []byte("value"), 0); !added || err != nil {
		t.Fatalf("Add: got %t, %v", added, err)
	}
	if err := client.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatalf("maxmemory: %v", err)
	}
	if added, err := store.Add(t.Context(), "new", []byte("value"), 0); added || !errors.Is(err, state.ErrFull) {
		t.Errorf("Add: got %t, %v; want ErrFull", added, err)
	}
	swapped, err := store.Swap(t.Context(), "key", []byte("value"), []byte("other"), 0)
	if swapped || !errors.Is(err, state.ErrFull) {
		t.Errorf("Swap: got %t, %v; want ErrFull", swapped, err)
	}
	if value, ok, err := store.Get(t.Context(), "key"); string(value) != "value" || !ok || err != nil {
		t.Errorf("Get: got %q, %t, %v; want value", value, ok, err)
	}
	if _, ok, err := store.Get(t.Context(), "new"); ok || err != nil {
		t.Errorf("Get of what was refused: got %t, %v; want nothing", ok, err)
	}
}

func TestStoreThatIsDownGuessesNothing(t *testing.T) {
	server := servertest.Redis(t)
	store := open(t, connect(t, server))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // which only ends a hang
	defer cancel()
	if added, err := store.Add(ctx, "key", nil, 0); !added || err != nil {
		t.Fatalf("Add: got %t, %v", added, err)
	}
	server.Stop()
	added, addErr := store.Add(ctx, "new", nil, 0)
	_, ok, getErr := store.Get(ctx, "key")
	swapped, swapErr := store.Swap(ctx, "key", nil, nil, 0)
	for operation, err := range map[string]error{
		"add": addErr, "get": getErr, "swap": swapErr, "delete": store.Delete(ctx, "key"),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), "workos/state/redis: "+operation+": ") {
			t.Errorf("%s: got %v, want an error that names the operation", operation, err)
		}
	}
	if added || ok || swapped {
		t.Errorf("got added %t, found %t, swapped %t; want false", added, ok, swapped)
	}
}

// A client of a cluster sends a command again after a broken connection, by its MaxRedirects.
func TestWriteWhoseResponseIsLostIsNotRepeated(t *testing.T) {
	server := servertest.Redis(t)
	losing := false
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, server.Addr)
		return &lossy{Conn: conn, losing: &losing}, err
	}
	cluster := redis.NewClusterClient(&redis.ClusterOptions{
		Dialer: dial, MaxRetries: -1,
		ClusterSlots: func(context.Context) ([]redis.ClusterSlot, error) {
			return []redis.ClusterSlot{{Start: 0, End: 16383, Nodes: []redis.ClusterNode{{Addr: server.Addr}}}}, nil
		},
	})
	for name, client := range map[string]redis.UniversalClient{
		"client": redis.NewClient(&redis.Options{Dialer: dial, MaxRetries: -1}), "cluster": cluster,
	} {
		t.Cleanup(func() { _ = client.Close() })
		store := open(t, client, stateredis.WithPrefix(name))
		for operation, write := range map[string]func() (bool, error){
			"add": func() (bool, error) { return store.Add(t.Context(), "added", []byte("1"), time.Minute) },
			"swap": func() (bool, error) {
				return store.Swap(t.Context(), "swapped", []byte("0"), []byte("1"), time.Minute)
			},
		} {
			if _, err := store.Add(t.Context(), "swapped", []byte("0"), 0); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			losing = true
			done, err := write()
			losing = false
			if done || err == nil {
				t.Errorf("%s, %s: got %t, %v; want an error, because the write was done", name, operation, done, err)
			}
			key := map[string]string{"add": "added", "swap": "swapped"}[operation]
			if got, _, err := store.Get(t.Context(), key); string(got) != "1" {
				t.Errorf("%s, %s: got %q, %v; want what was written", name, operation, got, err)
			}
		}
	}
}

// lossy is a connection that ends in place of the next response while losing is set.
type lossy struct {
	net.Conn

	losing *bool
	ended  bool
}

func (c *lossy) Read(p []byte) (int, error) {
	if c.ended {
		return 0, io.EOF
	}
	n, err := c.Conn.Read(p)
	if *c.losing {
		*c.losing, c.ended = false, true
		return 0, io.EOF
	}
	return n, err
}

func TestNewRejects(t *testing.T) {
	for name, client := range map[string]redis.UniversalClient{
		"nil": nil, "a client that retries": redis.NewClient(&redis.Options{}),
		"a cluster that retries": redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{"x"}, MaxRetries: 2}),
		"a ring that retries":    redis.NewRing(&redis.RingOptions{}),
	} {
		if s, err := stateredis.New(client); s != nil || err == nil {
			t.Errorf("%s: got %v, %v; want an error", name, s, err)
		}
	}
	client := redis.NewClient(&redis.Options{MaxRetries: -1})
	if s, err := stateredis.New(client, nil); s != nil || err == nil {
		t.Errorf("option nil: got %v, %v; want an error", s, err)
	}
}
