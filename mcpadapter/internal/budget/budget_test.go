package budget_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/budget"
)

// read reads so many bytes as a response of the account.
func read(ctx context.Context, a *budget.Account, n int) error {
	_, err := io.Copy(io.Discard, struct{ io.Reader }{a.Reader(ctx, strings.NewReader(strings.Repeat("x", n)))})
	return err
}

func TestSmallResponsesAreNotCounted(t *testing.T) {
	t.Parallel()
	b := budget.New(0)
	for range 100 {
		a := b.Open()
		if err := read(t.Context(), a, budget.Free); err != nil {
			t.Fatal(err)
		}
	}
	if used, waiting := b.Used(); used != 0 || waiting != 0 {
		t.Errorf("got %d bytes used and %d waiting, want none", used, waiting)
	}
}

func TestOneCallAtATimeReadsMoreThanThereIs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := budget.New(100 << 10)
		first, second, third := b.Open(), b.Open(), b.Open()
		if err := read(t.Context(), first, 90<<10); err != nil { // within what is shared
			t.Fatal(err)
		}
		if err := read(t.Context(), second, 1<<20); err != nil { // beyond
			t.Fatal(err)
		}
		var done atomic.Bool
		go func() {
			if err := read(t.Context(), third, 1<<20); err != nil {
				t.Error(err)
			}
			done.Store(true)
		}()
		synctest.Wait()
		if _, waiting := b.Used(); waiting != 1 || done.Load() {
			t.Fatalf("got %d waiting, want the third", waiting)
		}
		if err := read(t.Context(), b.Open(), budget.Free); err != nil { // small ones overtake
			t.Fatal(err)
		}
		second.Close()
		synctest.Wait()
		if !done.Load() {
			t.Error("the third waits after the second has ended")
		}
		first.Close()
		third.Close()
		if used, waiting := b.Used(); used != 0 || waiting != 0 {
			t.Errorf("got %d bytes used and %d waiting, want none", used, waiting)
		}
	})
}

func TestAContextEndsTheWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := budget.New(0)
		holder, other := b.Open(), b.Open()
		if err := read(t.Context(), holder, 1<<20); err != nil {
			t.Fatal(err)
		}
		reason := errors.New("too late")
		ctx, cancel := context.WithCancelCause(t.Context())
		failed := make(chan error)
		go func() { failed <- read(ctx, other, 1<<20) }()
		synctest.Wait()
		cancel(reason)
		if err := <-failed; !errors.Is(err, reason) {
			t.Errorf("got %v, want the cause", err)
		}
		other.Close()
		holder.Close()
		if err := read(t.Context(), b.Open(), 1<<20); err != nil { // nobody is in the way
			t.Error(err)
		}
	})
}

// Calls that grow little by little, side by side, never wait for each other for good.
func TestAllCallsEnd(t *testing.T) {
	t.Parallel()
	b := budget.New(256 << 10)
	var group sync.WaitGroup
	for range 64 {
		group.Go(func() {
			a := b.Open()
			defer a.Close()
			for range 64 {
				if err := read(t.Context(), a, 16<<10); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if used, waiting := b.Used(); used != 0 || waiting != 0 {
		t.Errorf("got %d bytes used and %d waiting, want none", used, waiting)
	}
}
