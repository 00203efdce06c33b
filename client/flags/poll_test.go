package flags_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/flags"
)

func oneFlag(slug string, on bool) string {
	return fmt.Sprintf(`{%q: {"enabled": true, "default_value": %v, "targets": {}}}`, slug, on)
}

func TestChangesArePolledAndReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &api{status: http.StatusOK, body: oneFlag("a", false)}
		var seen []string
		r := newRuntime(t, server, flags.WithInterval(10*time.Second), flags.WithOnChange(func(c flags.Change) {
			seen = append(seen, fmt.Sprintf("%s %v %v", c.Slug, c.Before != nil, c.After != nil))
		}))
		stop := run(t, r)
		for _, body := range []string{oneFlag("a", false), oneFlag("a", true), oneFlag("b", true)} {
			server.set(http.StatusOK, body)
			time.Sleep(12 * time.Second) // an interval and its variation
		}
		stop()
		const want = "a true true,a true false,b false true"
		if got := strings.Join(seen, ","); got != want {
			t.Errorf("changes: got %s, want %s", got, want)
		}
		if n := server.count(); n < 3 || n > 5 {
			t.Errorf("%d requests in 36 seconds, want one each 10", n)
		}
	})
}

func TestFailedPollsKeepTheSnapshotAndBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &api{status: http.StatusOK, body: oneFlag("a", true)}
		failures := 0
		r := newRuntime(t, server, flags.WithInterval(5*time.Second), flags.WithErrorFunc(func(error) { failures++ }))
		stop := run(t, r)
		if err := r.WaitUntilReady(t.Context()); err != nil {
			t.Fatal(err)
		}
		server.set(http.StatusInternalServerError, `{}`)
		time.Sleep(time.Hour)
		stats := r.Stats()
		if !r.IsEnabled(t.Context(), "a", flags.Target{}) || stats.Age < 59*time.Minute ||
			!errors.Is(stats.LastError, client.ErrServer) || stats.Failures != failures || stats.Flags != 1 {
			t.Errorf("after an hour of failures: %+v, want the old decision and its age", stats)
		}
		if n := server.count(); n < 55 || n > 75 {
			t.Errorf("%d requests in an hour of failures, want about one a minute", n)
		}
		server.set(http.StatusOK, `{"message": "maintenance"}`)
		time.Sleep(2 * time.Minute)
		if stats := r.Stats(); !r.IsEnabled(t.Context(), "a", flags.Target{}) || stats.LastError == nil || stats.Flags != 1 {
			t.Errorf("after JSON that is not a snapshot: %+v, want the old decision and a failure", stats)
		}
		server.set(http.StatusOK, oneFlag("a", false))
		time.Sleep(2 * time.Minute)
		stop()
		if stats := r.Stats(); r.IsEnabled(t.Context(), "a", flags.Target{}) || stats.Failures != 0 || stats.LastError != nil {
			t.Errorf("after the failures: %+v, want the new decision", stats)
		}
	})
}

func TestPollsWaitAsLongAsTheServerAsks(t *testing.T) {
	for after, want := range map[string]int{"200": 18, "0": 63, "1000000": 12, "soon": 63} {
		synctest.Test(t, func(t *testing.T) {
			server := &api{status: http.StatusTooManyRequests, body: `{}`, after: after}
			stop := run(t, newRuntime(t, server, flags.WithInterval(time.Minute)))
			time.Sleep(time.Hour - time.Second)
			stop()
			if n := server.count(); n < want-5 || n > want+6 {
				t.Errorf("Retry-After %s: %d requests in an hour, want about %d", after, n, want)
			}
		})
	}
}

func TestWaitUntilReadySaysThatNothingPolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &api{}
		r := newRuntime(t, server)
		short, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		err := r.WaitUntilReady(short)
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "Run is not running") {
			t.Errorf("got %v, want the deadline and that Run is not running", err)
		}
		if n := server.count(); n != 0 {
			t.Errorf("%d requests, want none", n)
		}
	})
}

func TestWaitUntilReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &api{}
		r := newRuntime(t, server, flags.WithDefaults(map[string]bool{"a": true}))
		stop := run(t, r)
		short, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		err := r.WaitUntilReady(short)
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "connection refused") {
			t.Errorf("WaitUntilReady: got %v, want the deadline and the last failure", err)
		}
		if !r.IsEnabled(t.Context(), "a", flags.Target{}) || r.IsEnabled(t.Context(), "b", flags.Target{}) {
			t.Error("without a snapshot: want the defaults")
		}
		if len(r.All(t.Context(), flags.Target{})) != 0 || r.WriteSnapshot(nil) == nil {
			t.Error("without a snapshot: want no flags")
		}
		if n := server.count(); n < 3 || n > 4 { // after 0, 1, 3 and perhaps 7 seconds
			t.Errorf("%d requests in 5 seconds, want 3", n)
		}
		server.set(http.StatusUnauthorized, `{"message": "no"}`)
		time.Sleep(time.Minute)
		if err := r.WaitUntilReady(t.Context()); !errors.Is(err, client.ErrUnauthorized) {
			t.Errorf("WaitUntilReady: got %v, want ErrUnauthorized at once", err)
		}
		server.set(http.StatusOK, oneFlag("a", false))
		time.Sleep(time.Minute)
		if err := r.WaitUntilReady(t.Context()); err != nil || r.IsEnabled(t.Context(), "a", flags.Target{}) {
			t.Errorf("WaitUntilReady: got %v, want the snapshot after all", err)
		}
		if err := r.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "already running") {
			t.Errorf("second Run: got %v, want it refused", err)
		}
		stop()
	})
}

func TestOptionsAreChecked(t *testing.T) {
	c, err := client.New("sk_test")
	if err != nil {
		t.Fatal(err)
	}
	for want, opt := range map[string]flags.Option{
		"workos/flags: option 1 is nil":                                     nil,
		"workos/flags: WithInterval: invalid interval 1s: want at least 5s": flags.WithInterval(time.Second),
		"workos/flags: WithTimeout: invalid timeout 0s: want more than 0":   flags.WithTimeout(0),
		"workos/flags: WithStore: store is nil":                             flags.WithStore(nil),
		"workos/flags: WithOnChange: function is nil":                       flags.WithOnChange(nil),
		"workos/flags: WithErrorFunc: function is nil":                      flags.WithErrorFunc(nil),
		"workos/flags: WithLogger: logger is nil":                           flags.WithLogger(nil),
		"workos/flags: WithBootstrapFile: path is empty":                    flags.WithBootstrapFile(""),
	} {
		if _, err := flags.New(c, opt); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if _, err := flags.New(nil); err == nil {
		t.Error("New accepts no client")
	}
	missing := filepath.Join(t.TempDir(), "missing.json")
	if _, err := flags.New(c, flags.WithBootstrapFile(missing)); err == nil || !strings.Contains(err.Error(), "missing.json") {
		t.Errorf("missing file: got %v, want its name", err)
	}
}
