package redis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-f165d83c/workos/client/state"
)

// Store is a [state.Store] in Redis. Expiry follows the clock of the server, in milliseconds. It is safe for concurrent
// use. Create it with [New].
type Store struct {
	client redis.UniversalClient
	prefix string
}

var _ state.Store = (*Store)(nil)

// DefaultPrefix begins the keys in Redis without [WithPrefix].
const DefaultPrefix = "workos:"

// Option configures a store in [New].
type Option func(*Store) error

// WithPrefix sets what the keys in Redis begin with; it may be empty. The default is [DefaultPrefix].
func WithPrefix(prefix string) Option {
	return func(s *Store) error {
		s.prefix = prefix
		return nil
	}
}

// New returns a store. It sends nothing.
//
// The client must not retry (MaxRetries: -1): if the response to a write is lost, a repeated write finds its own effect
// and would report that somebody else had written. New rejects a client of go-redis that retries.
func New(client redis.UniversalClient, opts ...Option) (*Store, error) {
	if client == nil {
		return nil, errors.New("workos/state/redis: New: client is nil")
	}
	if n := retries(client); n > 0 {
		return nil, fmt.Errorf("workos/state/redis: New: client retries %d times: want MaxRetries: -1", n)
	}
	s := &Store{client: client, prefix: DefaultPrefix}
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("workos/state/redis: option %d is nil", i+1)
		}
		if err := opt(s); err != nil {
			return nil, fmt.Errorf("workos/state/redis: %w", err)
		}
	}
	return s, nil
}

// retries returns how often a client repeats a command.
func retries(client redis.UniversalClient) int {
	switch c := client.(type) {
	case *redis.Client:
		return c.Options().MaxRetries
	case *redis.ClusterClient:
		return c.Options().MaxRetries
	case *redis.Ring:
		return c.Options().MaxRetries
	default:
		return 0
	}
}

// Add implements [state.Store].
func (s *Store) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if err := state.Check(key, value, ttl); err != nil {
		return false, err
	}
	args := []any{"SET", s.prefix + key, value, "NX"}
	if ttl > 0 {
		args = append(args, "PX", milliseconds(ttl))
	}
	cmd := redis.NewCmd(ctx, args...)
	err := s.client.Process(ctx, once{cmd})
	if errors.Is(err, redis.Nil) {
		return false, nil
	}
	return err == nil, wrap("add", err)
}

// Get implements [state.Store].
func (s *Store) Get(ctx context.Context, key string) ([]byte, bool, error) {
	if err := state.Check(key, nil, 0); err != nil {
		return nil, false, err
	}
	value, err := s.client.Get(ctx, s.prefix+key).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, false, nil
	}
	return value, err == nil, wrap("get", err)
}

// swapScript is atomic, as all scripts are. A ttl of 0 milliseconds is none.
const swapScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[3] == '0' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1`

// Swap implements [state.Store].
func (s *Store) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	if err := state.Check(key, value, ttl); err != nil {
		return false, err
	}
	cmd := redis.NewCmd(ctx, "EVAL", swapScript, 1, s.prefix+key, old, value, milliseconds(ttl))
	_ = s.client.Process(ctx, once{cmd}) // Int returns the error
	swapped, err := cmd.Int()
	return swapped == 1, wrap("swap", err)
}

// once is a command that is not repeated. Clients of a cluster repeat the others after a broken connection by their
// MaxRedirects, which they need for the redirects.
type once struct{ *redis.Cmd }

// NoRetry implements [redis.Cmder].
func (once) NoRetry() bool { return true }

// Delete implements [state.Store].
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := state.Check(key, nil, 0); err != nil {
		return err
	}
	return wrap("delete", s.client.Del(ctx, s.prefix+key).Err())
}

// milliseconds rounds up.
func milliseconds(ttl time.Duration) int64 {
	n := ttl.Milliseconds()
	if ttl > time.Duration(n)*time.Millisecond {
		n++
	}
	return n
}

func wrap(operation string, err error) error {
	switch {
	case err == nil:
		return nil
	case strings.HasPrefix(err.Error(), "OOM "):
		return fmt.Errorf("workos/state/redis: %s: %w: %w", operation, state.ErrFull, err)
	default:
		return fmt.Errorf("workos/state/redis: %s: %w", operation, err)
	}
}
