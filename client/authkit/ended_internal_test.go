package authkit

import (
	"fmt"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func TestEndedSessionsAreKnownForAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ended endedSessions
		if ended.has("a") || ended.has("") {
			t.Error("a session that did not end is known as ended")
		}
		want := func(when string, all map[string]bool) {
			t.Helper()
			for id, want := range all {
				if got := ended.has(id); got != want {
					t.Errorf("%s: session %s: got ended: %t, want %t", when, id, got, want)
				}
			}
			known := 0
			for _, want := range all {
				if want {
					known++
				}
			}
			if len(ended.at) != known || len(ended.order) != known {
				t.Errorf("%s: remembers %d and %d sessions, want %d", when, len(ended.at), len(ended.order), known)
			}
		}
		ended.add("a")
		want("at once", map[string]bool{"a": true, "b": false, "c": false, "": false})
		time.Sleep(10 * time.Second)
		ended.add("b")
		time.Sleep(10 * time.Second)
		ended.add("a") // again, which does not prolong it
		ended.add("c")
		want("20s later", map[string]bool{"a": true, "b": true, "c": true})
		time.Sleep(40*time.Second - 1)
		want("just before a minute", map[string]bool{"a": true, "b": true, "c": true})
		time.Sleep(1)
		want("after a minute", map[string]bool{"a": false, "b": true, "c": true})
		time.Sleep(10 * time.Second)
		want("10s later", map[string]bool{"a": false, "b": false, "c": true})
		ended.add("d")
		want("with another", map[string]bool{"b": false, "c": true, "d": true})
		time.Sleep(time.Minute)
		want("when all is over", map[string]bool{"a": false, "b": false, "c": false, "d": false})
		ended.add("a")
		want("ended again", map[string]bool{"a": true, "d": false})
	})
}

func TestEndedSessionsAreTenThousandAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ended endedSessions
		id := func(i int) string { return fmt.Sprintf("session_%d", i) }
		for i := range 10_000 {
			ended.add(id(i))
		}
		if !ended.has(id(0)) || !ended.has(id(9_999)) || len(ended.at) != 10_000 || len(ended.order) != 10_000 {
			t.Errorf("remembers %d of 10000 sessions, first: %t, last: %t", len(ended.at), ended.has(id(0)),
				ended.has(id(9_999)))
		}
		ended.add(id(10_000))
		ended.add(id(10_001))
		for i, want := range map[int]bool{0: false, 1: false, 2: true, 9_999: true, 10_000: true, 10_001: true} {
			if got := ended.has(id(i)); got != want {
				t.Errorf("session %d: got ended: %t, want %t", i, got, want)
			}
		}
		if len(ended.at) != 10_000 || len(ended.order) != 10_000 {
			t.Errorf("remembers %d and %d sessions, want 10000", len(ended.at), len(ended.order))
		}
	})
}

func TestSpentTokensAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r refresher
		hash := func(i int) tokenHash { return tokenHash{byte(i), byte(i >> 8)} }
		want := func(when string, remembered int, known map[int]bool) {
			t.Helper()
			for i, want := range known {
				found, ok := r.find(hash(i))
				if ok != want || ok && found.session.RefreshToken != strconv.Itoa(i) || !ok && found.session != nil {
					t.Errorf("%s: token %d: got %v and %t, want it known: %t", when, i, found.session, ok, want)
				}
			}
			if len(r.spent) != remembered || len(r.order) != remembered {
				t.Errorf("%s: remembers %d and %d tokens, want %d", when, len(r.spent), len(r.order), remembered)
			}
		}
		add := func(i int) {
			r.remember(hash(i), outcome{session: &Session{RefreshToken: strconv.Itoa(i)}, at: time.Now()})
		}
		want("before", 0, map[int]bool{0: false})
		for i := range 1024 {
			add(i)
		}
		want("full", 1024, map[int]bool{0: true, 1: true, 1023: true, 1024: false})
		add(1024)
		add(1025)
		want("beyond", 1024, map[int]bool{0: false, 1: false, 2: true, 1024: true, 1025: true})
		time.Sleep(10 * time.Second)
		add(1026)
		add(1027)
		time.Sleep(20*time.Second - 1)
		want("just before 30s", 1024, map[int]bool{3: false, 4: true, 1025: true, 1026: true, 1027: true})
		time.Sleep(1)
		want("after 30s", 2, map[int]bool{4: false, 1025: false, 1026: true, 1027: true})
		time.Sleep(10 * time.Second)
		want("after 40s", 0, map[int]bool{1026: false, 1027: false})
		add(5)
		want("again", 1, map[int]bool{5: true})
	})
}
