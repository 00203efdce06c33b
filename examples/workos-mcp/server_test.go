package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestWhatIsLogged(t *testing.T) {
	for _, c := range []struct {
		name string
		attr slog.Attr
		want string
	}{
		{"a text", slog.String("a", "text"), "a=text"},
		{"nothing", slog.String("a", ""), `a=""`},
		{"a number", slog.Int("a", 1<<40), "a=1099511627776"},
		{"199 bytes", slog.String("a", strings.Repeat("x", 199)), "a=" + strings.Repeat("x", 199)},
		{"200 bytes", slog.String("a", strings.Repeat("x", 200)), "a=" + strings.Repeat("x", 200)},
		{"201 bytes", slog.String("a", strings.Repeat("x", 201)), "a=" + strings.Repeat("x", 200) + "…"},
		{"half a rune", slog.String("a", strings.Repeat("x", 199)+"é"), "a=" + strings.Repeat("x", 199) + "…"},
		{"a whole rune", slog.String("a", strings.Repeat("x", 198)+"é"), "a=" + strings.Repeat("x", 198) + "é"},
		{"a key", slog.String("a", "sk_test_123"), "a=sk_…"},
		{"keys in text", slog.String("a", "one:sk_a,two:sk_b."), "a=one:sk_…,two:sk_…."},
		{"a long key", slog.String("a", "sk_"+strings.Repeat("x", 1000)), "a=sk_…"},
		{
			"a key at the limit", slog.String("a", strings.Repeat("x", 195)+" sk_abcdef"),
			`a="` + strings.Repeat("x", 195) + ` sk_…"`,
		},
		{"no key", slog.String("a", "sk_"), "a=sk_"},
	} {
		var out bytes.Buffer
		p := process{stderr: &out}
		p.logger(flags{}).Info("m", c.attr)
		if !strings.HasSuffix(out.String(), "level=INFO msg=m "+c.want+"\n") {
			t.Errorf("%s: got %q, want %q", c.name, &out, c.want)
		}
		out.Reset()
		if p.logger(flags{}).Info("the key sk_test_123"); !strings.HasSuffix(out.String(), "msg=\"the key sk_…\"\n") {
			t.Errorf("got %q, want no key in a message", &out)
		}
	}
}

func TestTheLogLevelIsTheLeastThatIsLogged(t *testing.T) {
	levels := []string{"debug", "info", "warn", "error"}
	for i, level := range levels {
		var out bytes.Buffer
		var f flags
		if err := f.logLevel.UnmarshalText([]byte(level)); err != nil {
			t.Fatal(err)
		}
		logger := process{stderr: &out}.logger(f)
		logger.Debug("debug")
		logger.Info("info")
		logger.Warn("warn")
		logger.Error("error")
		for j, message := range levels {
			if logged := strings.Contains(out.String(), "msg="+message+"\n"); logged != (j >= i) {
				t.Errorf("%s: got %s logged: %t", level, message, logged)
			}
		}
		// The warning that a server over HTTP begins with.
		o := executeStopped(t, nil, "http", "--log-level", level, "--addr", "127.0.0.1:0")
		if warned := strings.Contains(o.stderr, "level=WARN"); warned != (i <= 2) {
			t.Errorf("%s: got warned %t: %s", level, warned, o.stderr)
		}
	}
	if o := executeStopped(t, nil, "http", "--addr", "127.0.0.1:0"); !strings.Contains(o.stderr, "level=WARN") {
		t.Errorf("got %q, want a warning by default", o.stderr)
	}
}

// What a server says of itself, and what it can do, is what it does.
func TestTheServerIntroducesItself(t *testing.T) {
	for _, m := range []string{"direct", "dynamic"} {
		o := execute(t, nil, initialize+"\n", "stdio", "--sandbox", "--mode", m)
		var response struct {
			Result struct {
				Capabilities map[string]map[string]any
				ServerInfo   struct{ Name, Title, Version string }
			}
		}
		if err := json.Unmarshal([]byte(o.stdout), &response); err != nil {
			t.Fatalf("%v: %s", err, o.stdout)
		}
		info := response.Result.ServerInfo
		if info.Name != "workos-mcp" || info.Title != "WorkOS" || info.Version != version() {
			t.Errorf("%s: got %+v", m, info)
		}
		tools, has := response.Result.Capabilities["tools"]
		if !has || tools["listChanged"] != nil {
			t.Errorf("%s: got %v, want tools whose list never changes", m, response.Result.Capabilities)
		}
		if _, resources := response.Result.Capabilities["resources"]; resources != (m == "dynamic") {
			t.Errorf("%s: got %v, want resources in the dynamic mode alone", m, response.Result.Capabilities)
		}
	}
	if v := version(); !strings.HasPrefix(v, "v") || len(v) < len("v0.0.0") {
		t.Errorf("got the version %q", v)
	}
}

func TestTheServerLimitsItsRequests(t *testing.T) {
	var out bytes.Buffer
	handler := http.NotFoundHandler()
	s := limited(handler, process{stderr: &out}.logger(flags{logLevel: slog.LevelDebug}))
	for name, limit := range map[string]struct{ got, want time.Duration }{
		"header": {s.ReadHeaderTimeout, 10 * time.Second}, "request": {s.ReadTimeout, time.Minute},
		"idle": {s.IdleTimeout, 2 * time.Minute}, "response": {s.WriteTimeout, 150 * time.Second},
		"shutdown": {shutdownTime, 90 * time.Second}, // what a call may take
	} {
		if limit.got != limit.want {
			t.Errorf("%s: got %v, want %v", name, limit.got, limit.want)
		}
	}
	if s.MaxHeaderBytes != 65536 || s.Handler == nil {
		t.Errorf("got %d bytes of headers and %v, want 65536", s.MaxHeaderBytes, s.Handler)
	}
	s.ErrorLog.Print("http: TLS handshake error")
	if !strings.Contains(out.String(), "level=DEBUG") {
		t.Errorf("got %q, want what clients do wrong for those who look for it", &out)
	}
}
