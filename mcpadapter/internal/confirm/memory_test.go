package confirm_test

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/confirm"
)

func TestUsedTokensAreForgottenWhenTheyExpireAndNotBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var m confirm.Memory
		const lifetime, each = time.Minute, 40_000 // so many used in a lifetime
		use := func(n int) bool {
			first, err := m.Use(strconv.Itoa(n), time.Now().Add(lifetime))
			if err != nil {
				t.Fatalf("%d: %v", n, err) // it would be full without forgetting
			}
			return first
		}
		for n := range 10 * each {
			if !use(n) {
				t.Fatalf("%d: got used, want new", n)
			}
			for _, before := range []int{n, n - each/2, n - each + 1} {
				if before >= 0 && use(before) {
					t.Fatalf("%d after %d: got new, want used", before, n)
				}
			}
			time.Sleep(lifetime / each)
		}
	})
}

func TestUsedTokensAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var m confirm.Memory
		for n := range 100_000 {
			if first, err := m.Use(strconv.Itoa(n), time.Now().Add(time.Minute)); !first || err != nil {
				t.Fatalf("%d: got %v, %v", n, first, err)
			}
		}
		if first, err := m.Use("more", time.Now().Add(time.Minute)); first || err == nil {
			t.Errorf("one more: got %v without an error, want it refused", first)
		}
		if first, err := m.Use("5", time.Now().Add(time.Minute)); first || err != nil {
			t.Errorf("a used one: got %v, %v, want it told apart", first, err)
		}
		time.Sleep(time.Minute)
		if first, err := m.Use("more", time.Now().Add(time.Minute)); !first || err != nil {
			t.Errorf("after they expired: got %v, %v, want it taken", first, err)
		}
	})
}

// wantUse checks what becomes of an ID.
func wantUse(tb testing.TB, m *confirm.Memory, id string, expires time.Time, first, full bool) {
	tb.Helper()
	got, err := m.Use(id, expires)
	if got != first || (err != nil) != full {
		tb.Errorf("%s: got %v, %v, want first: %v, refused as there are too many: %v", id, got, err, first, full)
	}
	if full && err != nil && err.Error() != "too many were used a moment ago" {
		tb.Errorf("%s: got %v, want it said that too many were used", id, err)
	}
}

// As many are taken as expired, and not one more.
func TestAFullMemoryTakesAsManyAsItForgets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const most, early = 100_000, 30_000
		var m confirm.Memory
		begin := time.Now()
		for n := range most {
			expires := begin.Add(time.Hour)
			if n < early {
				expires = begin.Add(time.Minute)
			}
			if first, err := m.Use(strconv.Itoa(n), expires); !first || err != nil {
				t.Fatalf("%d: got %v, %v", n, first, err)
			}
		}
		later := begin.Add(time.Hour)
		wantUse(t, &m, "more", later, false, true)
		wantUse(t, &m, "0", later, false, false)
		wantUse(t, &m, strconv.Itoa(most-1), later, false, false)
		time.Sleep(time.Minute - 1)
		wantUse(t, &m, "more", later, false, true)
		time.Sleep(1)
		for n := range early {
			wantUse(t, &m, "later "+strconv.Itoa(n), later, true, false)
		}
		wantUse(t, &m, "one too many", later, false, true)
		wantUse(t, &m, "later 0", later, false, false)
		wantUse(t, &m, strconv.Itoa(early), later, false, false)
		wantUse(t, &m, strconv.Itoa(most-1), later, false, false)
		time.Sleep(time.Hour)
		wantUse(t, &m, "0", time.Now().Add(time.Hour), true, false)
	})
}
