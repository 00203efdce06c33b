package flags_test

import (
	"bytes"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/flags"
)

// decisions are the cases that the Node SDK is asked too.
func decisions() []decision {
	user := func(id string) flags.Target { return flags.Target{User: id} }
	org := func(id string) flags.Target { return flags.Target{Organization: id} }
	custom := func(kind, id string) flags.Target { return flags.Target{Custom: map[string]string{kind: id}} }
	return []decision{
		{"off", flags.Target{}, false},
		{"off", user("user_1"), false},
		{"all", flags.Target{}, true},
		{"all", user("user_9"), true},
		{"none", user("user_1"), false},
		{"some", flags.Target{}, false},
		{"some", user("user_1"), true},
		{"some", user("user_2"), false}, // a disabled target
		{"some", user("user_9"), false},
		{"some", user("USER_1"), false},
		{"some", user("a b"), false}, // an ID that the API does not allow
		{"some", org("org_1"), true},
		{"some", org("user_1"), false},
		{"some", user("org_1"), false},
		{"some", flags.Target{User: "user_9", Organization: "org_1"}, true},
		{"some", flags.Target{User: "user_1", Organization: "org_9"}, true},
		{"some", custom("workspace", "ws_1"), true},
		{"some", custom("workspace", "ws_2"), false},
		{"some", custom("workspace", ".."), false},
		{"some", custom("team", "ws_1"), false},
		{"some", custom("Bad", "x"), false},
		{"some", flags.Target{User: "a b", Custom: map[string]string{"workspace": "ws_1"}}, true},
		{"unknown", user("user_1"), false},
		{"", user("user_1"), false},
		{"toString", user("user_1"), false},
	}
}

type decision struct {
	flag   string
	target flags.Target
	want   bool
}

func TestDecisions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &api{status: http.StatusOK, body: aSnapshot}
		r := newRuntime(t, server)
		defer run(t, r)()
		if err := r.WaitUntilReady(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, d := range decisions() {
			if got := r.IsEnabled(t.Context(), d.flag, d.target); got != d.want {
				t.Errorf("%q for %+v: got %v, want %v", d.flag, d.target, got, d.want)
			}
		}
		want := map[string]bool{"off": false, "all": true, "none": false, "some": true}
		if got := r.All(t.Context(), flags.Target{User: "user_1"}); !maps.Equal(got, want) {
			t.Errorf("All: got %v, want %v", got, want)
		}
		if want := "GET /sdk/feature-flags Bearer sk_test"; server.sent[0] != want || server.count() != 1 {
			t.Errorf("sent %v, want one %s", server.sent, want)
		}
		flag, ok := r.Flag("some")
		if !ok || len(flag.Targets) != 6 || flag.Targets[0] != (flags.FlagTarget{Type: "Bad", ID: "x"}) {
			t.Errorf("Flag: got %+v, %v; want its 6 enabled targets in order", flag, ok)
		}
	})
}

func TestBrokenFlagKeepsItsStateAndNoOtherIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &api{status: http.StatusOK, body: aSnapshot}
		var errs []string
		r := newRuntime(t, server, flags.WithErrorFunc(func(err error) { errs = append(errs, err.Error()) }))
		stop := run(t, r)
		if err := r.WaitUntilReady(t.Context()); err != nil {
			t.Fatal(err)
		}
		server.set(http.StatusOK, `{"all": {"enabled": "yes"}, "new": {"enabled": true}, "none": {
			"enabled": true, "default_value": true, "targets": {}}}`)
		time.Sleep(time.Minute)
		stop()
		for flag, want := range map[string]bool{"all": true, "new": false, "none": true, "some": false} {
			if got := r.IsEnabled(t.Context(), flag, flags.Target{User: "user_1"}); got != want {
				t.Errorf("%s: got %v, want %v", flag, got, want)
			}
		}
		if len(errs) == 0 || !strings.Contains(errs[0], `flag "all": `) ||
			!strings.Contains(errs[0], `flag "new": "default_value" is missing`) {
			t.Errorf("errors: got %q, want one that names both flags", errs)
		}
		if stats := r.Stats(); stats.Flags != 2 || stats.LastError != nil {
			t.Errorf("stats: got %+v, want two flags and no failure", stats)
		}
	})
}

func TestInvalidTargetsAreLoggedWithoutTheirIDs(t *testing.T) {
	var log bytes.Buffer
	r := newRuntime(t, &api{}, flags.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	r.IsEnabled(t.Context(), "some", flags.Target{User: "user_1", Custom: map[string]string{"workspace": ""}})
	if log.Len() > 0 {
		t.Errorf("logged %s of a valid target", &log)
	}
	r.IsEnabled(t.Context(), "some", flags.Target{
		User: "bad id", Organization: "bad id", Custom: map[string]string{"user": "ok", "ws": "bad id"},
	})
	if got := log.String(); !strings.Contains(got, `types="[user organization user ws]"`) || strings.Contains(got, "bad id") {
		t.Errorf("logged %s", got)
	}
}

func TestBootstrapFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "flags.json")
		if err := os.WriteFile(file, []byte(aSnapshot), 0o600); err != nil {
			t.Fatal(err)
		}
		server := &api{}
		r := newRuntime(t, server, flags.WithBootstrapFile(file))
		if err := r.WaitUntilReady(t.Context()); err != nil || !r.IsEnabled(t.Context(), "all", flags.Target{}) {
			t.Errorf("WaitUntilReady: got %v, want the file's decisions", err)
		}
		var written bytes.Buffer
		if err := r.WriteSnapshot(&written); err != nil || written.String() != aSnapshot {
			t.Errorf("WriteSnapshot: got %v and %s, want the file", err, &written)
		}
		if stats := r.Stats(); stats.Flags != 4 || !stats.LastSuccess.IsZero() || server.count() != 0 {
			t.Errorf("stats: got %+v and %d requests, want none", stats, server.count())
		}
	})
}
