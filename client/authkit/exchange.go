package authkit

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/seed-f165d83c/workos/client/state"
)

const (
	exchangeTimeout = 30 * time.Second // of one exchange
	exchangeLease   = 45 * time.Second // after which a process that performs one is taken for dead
	failureMemory   = 5 * time.Second  // in which those who wait learn of a failure
	stateTimeout    = 3 * time.Second  // of one operation of the store

	pollFirst = 10 * time.Millisecond // of the record of another process
	pollMost  = 250 * time.Millisecond
)

// exchanges spends single-use credentials, refresh tokens and codes, once among all processes that share the store, and
// shares the result. A record goes from claimed to failed or done, and to used when nobody may have the result again.
//
// A result is encrypted with a key that only the spent credential yields, so that the store alone is of no use.
type exchanges struct {
	purpose string // which keys begin with
	memory  time.Duration
	store   state.Store
	logger  *slog.Logger

	flight singleflight.Group
}

// The first byte of a record is its stage.
const (
	stageClaimed = 'c'
	stageFailed  = 'f'
	stageDone    = 'd'
	stageUsed    = 'u'
)

// exchange is one exchange of a credential.
type exchange struct {
	secret string // the credential
	scope  string // of the exchange, such as an organization: a failure in one says nothing about others
	run    func(context.Context) (*Session, error)
}

var (
	errUsed      = errors.New("its result was used")
	errElsewhere = errors.New("exchange failed in another process")
)

// do returns a copy of the result of the exchange, and whether this call performed it. It does not end with ctx,
// because the result cannot be had again.
func (e *exchanges) do(ctx context.Context, x exchange) (*Session, bool, error) {
	own := false // written by the exchange, and read when it is over
	detached := context.WithoutCancel(ctx)
	done := e.flight.DoChan(x.secret, func() (_ any, err error) {
		defer rescue(&err)
		var session *Session
		session, own, err = e.shared(detached, x)
		return session, err
	})
	select {
	case result := <-done:
		if result.Err != nil {
			return nil, own, result.Err
		}
		session, _ := result.Val.(*Session)
		return session.clone(), own, nil
	case <-ctx.Done():
		return nil, false, fmt.Errorf("waiting for the exchange: %w", context.Cause(ctx))
	}
}

// key returns the key of the record. The hash keeps the credential out of the store.
func (e *exchanges) key(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return "authkit/" + e.purpose + "/" + base64.RawURLEncoding.EncodeToString(sum[:])
}

func (e *exchanges) shared(ctx context.Context, x exchange) (*Session, bool, error) {
	key := e.key(x.secret)
	claim := append([]byte{stageClaimed}, rand.Text()...)
	deadline, waited := time.Now().Add(exchangeLease), false
	for pause := pollFirst; ; pause = min(2*pause, pollMost) {
		record, found, err := e.claim(ctx, key, claim)
		switch {
		case errors.Is(err, state.ErrFull):
			e.logger.WarnContext(ctx, "workos/authkit: the store is full; other processes do not learn of an exchange",
				"purpose", e.purpose, "err", err)
			session, err := e.perform(ctx, x)
			return session, true, err
		case err != nil:
			return nil, false, err
		case !found:
			return e.settle(ctx, key, claim, x)
		}
		switch stage, rest := record[0], record[1:]; {
		case stage == stageDone:
			session, err := openResult(key, x.secret, record[1:])
			return session, false, err
		case stage == stageUsed:
			return nil, false, errUsed
		case stage == stageFailed && waited && string(rest) == x.scope:
			return nil, false, errElsewhere
		case stage == stageFailed:
			taken, err := e.swap(ctx, key, record, claim, exchangeLease)
			if err != nil {
				return nil, false, err
			}
			if taken {
				return e.settle(ctx, key, claim, x)
			}
		}
		if time.Now().After(deadline) {
			return nil, false, fmt.Errorf("%w: no result within %v", errElsewhere, exchangeLease)
		}
		waited = true
		time.Sleep(pause) // callers leave by their own contexts
	}
}

// claim adds a claim, or returns the record that is there.
func (e *exchanges) claim(ctx context.Context, key string, claim []byte) (record []byte, found bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, stateTimeout)
	defer cancel()
	if record, found, err = e.store.Get(ctx, key); err != nil || found && len(record) > 0 {
		return record, found, stateError(err)
	}
	added, err := e.store.Add(ctx, key, claim, exchangeLease)
	if err != nil || added {
		return nil, false, stateError(err)
	}
	return claim, true, nil // another was faster, and its record is read next
}

func (e *exchanges) swap(ctx context.Context, key string, old, record []byte, ttl time.Duration) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, stateTimeout)
	defer cancel()
	swapped, err := e.store.Swap(ctx, key, old, record, ttl)
	return swapped, stateError(err)
}

// settle performs a claimed exchange and stores what became of it. That a result cannot be stored does not affect it.
func (e *exchanges) settle(ctx context.Context, key string, claim []byte, x exchange) (*Session, bool, error) {
	session, err := e.perform(ctx, x)
	record, ttl := append([]byte{stageFailed}, x.scope...), failureMemory
	if err == nil || errors.Is(err, ErrSessionEnded) {
		sealed, failed := sealResult(key, x.secret, session, err)
		if failed != nil {
			return nil, true, failed
		}
		record, ttl = append([]byte{stageDone}, sealed...), e.memory
	}
	if swapped, failed := e.swap(ctx, key, claim, record, ttl); failed != nil || !swapped {
		e.logger.WarnContext(ctx, "workos/authkit: the result of an exchange was not stored", "purpose", e.purpose,
			"err", failed)
	}
	return session, true, err
}

func (e *exchanges) perform(ctx context.Context, x exchange) (_ *Session, err error) {
	defer rescue(&err)
	ctx, cancel := context.WithTimeout(ctx, exchangeTimeout)
	defer cancel()
	return x.run(ctx)
}

// use makes a stored result unavailable.
func (e *exchanges) use(ctx context.Context, secret string) error {
	get, cancel := context.WithTimeout(ctx, stateTimeout)
	defer cancel()
	key := e.key(secret)
	record, found, err := e.store.Get(get, key)
	if err != nil || !found {
		return stateError(err)
	}
	_, err = e.swap(ctx, key, record, []byte{stageUsed}, e.memory)
	return err
}

// resultCipher returns the cipher of a result. Its key is used for one record only.
func resultCipher(secret string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "workos/authkit exchange", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("key of a result: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("cipher of a result: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block) //nolint:wrapcheck // no cause but the cipher above
}

func sealResult(key, secret string, session *Session, ended error) ([]byte, error) {
	aead, err := resultCipher(secret)
	if err != nil {
		return nil, err
	}
	data, err := encodeResult(session, ended)
	if err != nil {
		return nil, err
	}
	return aead.Seal(nil, nil, data, []byte(key)), nil //nolint:gosec // the AEAD takes no nonce, it prepends a random one
}

func openResult(key, secret string, sealed []byte) (*Session, error) {
	aead, err := resultCipher(secret)
	if err != nil {
		return nil, err
	}
	data, err := aead.Open(nil, nil, bytes.Clone(sealed), []byte(key))
	if err != nil {
		return nil, fmt.Errorf("%w: result of an exchange was changed", ErrStateUnavailable)
	}
	return decodeResult(data)
}

// stateError adds ErrStateUnavailable.
func stateError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrStateUnavailable, err)
}
