package mcpadapter_test

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestUsedTokensAreForgottenWhenTheyExpireAndNotBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var m mcpadapter.ConfirmationMemory
		const lifetime, each = time.Minute, 40_000 // so many used in a lifetime
		use := func(n int) bool {
			first, err := m.Use(t.Context(), strconv.Itoa(n), time.Now().Add(lifetime))
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
		var m mcpadapter.ConfirmationMemory
		for n := range 100_000 {
			if first, err := m.Use(t.Context(), strconv.Itoa(n), time.Now().Add(time.Minute)); !first || err != nil {
				t.Fatalf("%d: got %v, %v", n, first, err)
			}
		}
		if first, err := m.Use(t.Context(), "more", time.Now().Add(time.Minute)); first || err == nil {
			t.Errorf("one more: got %v without an error, want it refused", first)
		}
		if first, err := m.Use(t.Context(), "5", time.Now().Add(time.Minute)); first || err != nil {
			t.Errorf("a used one: got %v, %v, want it told apart", first, err)
		}
		time.Sleep(time.Minute)
		if first, err := m.Use(t.Context(), "more", time.Now().Add(time.Minute)); !first || err != nil {
			t.Errorf("after they expired: got %v, %v, want it taken", first, err)
		}
	})
}
