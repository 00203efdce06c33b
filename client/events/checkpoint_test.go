package events_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

// database is a [events.Transactor] whose handlers write lines.
type database struct {
	store

	lines  []string
	begun  int
	commit func(transaction int) (committed bool, err error) // nil: each is committed
	outage func() error                                      // nil: none
}

func (d *database) up() error {
	if d.outage == nil {
		return nil
	}
	return d.outage()
}

func (d *database) Load(ctx context.Context) (events.Checkpoint, error) {
	if err := d.up(); err != nil {
		return events.Checkpoint{}, err
	}
	return d.store.Load(ctx)
}

func (d *database) Save(ctx context.Context, previous, next events.Checkpoint) error {
	if err := d.up(); err != nil {
		return err
	}
	return d.store.Save(ctx, previous, next)
}

type lineKey struct{}

// line writes a line in the transaction of a handler.
func line(ctx context.Context, text string) error {
	lines, ok := ctx.Value(lineKey{}).(*[]string)
	if !ok {
		return errors.New("no transaction")
	}
	*lines = append(*lines, text)
	return nil
}

func (d *database) Transact(
	ctx context.Context, previous, next events.Checkpoint, do func(context.Context) error,
) error {
	if err := d.up(); err != nil {
		return err
	}
	switch stored, _ := d.MemoryStore.Load(ctx); {
	case stored.Equal(next):
		return nil
	case !stored.Equal(previous):
		return fmt.Errorf("transact: %w", events.ErrSuperseded)
	}
	var lines []string
	if err := do(context.WithValue(ctx, lineKey{}, &lines)); err != nil {
		return err
	}
	committed, failure := true, error(nil)
	if d.begun++; d.commit != nil {
		committed, failure = d.commit(d.begun)
	}
	if committed {
		d.lines = append(d.lines, lines...)
		if err := d.MemoryStore.Save(ctx, previous, next); err != nil {
			return err
		}
	}
	return failure
}

func newTransacting(t *testing.T, n int, d events.Store, h events.Handler, opts ...events.Option) *events.Consumer {
	t.Helper()
	c, err := client.New("sk_test_key", client.WithHTTPClient(&http.Client{Transport: upTo(n)}))
	if err != nil {
		t.Fatal(err)
	}
	consumer, err := events.NewConsumer(c, d, h, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return consumer
}

// Whatever fails, an event and the checkpoint after it take effect together, once.
func TestEffectsAreCommittedWithTheirCheckpoint(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		errLost := errors.New("connection lost")
		d := new(database)
		d.commit = func(transaction int) (bool, error) {
			switch transaction {
			case 2: // of the second event
				return false, errLost
			case 4: // of the third event: it is committed, but nobody learns of it
				return true, errLost
			}
			return true, nil
		}
		calls := map[string]int{}
		handler := func(ctx context.Context, e *events.Event) error {
			calls[e.ID]++
			if err := line(ctx, e.ID); err != nil {
				return err
			}
			switch {
			case e.ID == stubID(0) && calls[e.ID] < 3:
				return errors.New("try again")
			case e.ID == stubID(3):
				panic("poison")
			}
			return nil
		}
		consumer := newTransacting(t, 6, d, handler, events.WithCheckpointEvery(100),
			events.WithDeadLetter(4, func(ctx context.Context, e *events.Event, _ error) error {
				return line(ctx, "dead "+e.ID)
			}))
		if err := runFor(t, consumer, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "effects", d.lines, stubID(0), stubID(1), stubID(2), "dead "+stubID(3), stubID(4), stubID(5))
		wantStrings(t, "saved outside a transaction", d.saved)
		for i, want := range []int{3, 2, 1, 4, 1, 1} {
			if got := calls[stubID(i)]; got != want {
				t.Errorf("event %d was tried %d times, want %d", i, got, want)
			}
		}
		if at := consumer.Status().Checkpoint; at.After != stubID(5) || consumer.Status().Handled != 6 {
			t.Errorf("status: got %+v after %d events", at, consumer.Status().Handled)
		}
	})
}

func TestSupersededTransactionEndsTheRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := new(database)
		called := 0
		consumer := newTransacting(t, 3, d, func(ctx context.Context, e *events.Event) error {
			called++
			if e.ID == stubID(0) { // while another consumer begins
				at, err := d.Load(ctx)
				if err != nil {
					return err
				}
				at.After, at.Run = e.ID, "another"
				defer func() { _ = save(t, &d.MemoryStore, at) }()
			}
			return line(ctx, e.ID)
		})
		d.commit = func(int) (bool, error) { return false, errors.New("serialization failure") }
		if err := runFor(t, consumer, time.Hour); !errors.Is(err, events.ErrSuperseded) || called != 1 || len(d.lines) != 0 {
			t.Errorf("got %v after %d calls and %q, want ErrSuperseded", err, called, d.lines)
		}
		if at, err := d.Load(t.Context()); err != nil || at.Run != "another" {
			t.Errorf("the store has %+v (%v), want that of the other consumer", at, err)
		}
	})
}

// A commit whose response is lost, before the database is down for a while, is not that of another consumer.
func TestCommitInDoubtIsNoOtherConsumer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, back := new(database), time.Now().Add(10*time.Minute)
		d.commit = func(transaction int) (bool, error) {
			if transaction != 2 {
				return true, nil
			}
			d.outage = func() error {
				if time.Now().Before(back) {
					return errors.New("connection refused")
				}
				return nil
			}
			return true, errors.New("connection lost")
		}
		handler := func(ctx context.Context, e *events.Event) error { return line(ctx, e.ID) }
		consumer := newTransacting(t, 4, d, handler, events.WithDeadLetter(1000, func(context.Context, *events.Event, error) error {
			return errors.New("no letter")
		}))
		if err := runFor(t, consumer, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "effects", d.lines, stubID(0), stubID(1), stubID(2), stubID(3))
	})
}
