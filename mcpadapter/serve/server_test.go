package serve

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func TestWhatIsLogged(t *testing.T) {
	key := regexp.MustCompile(`sk_\w+`)
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
		redact := func(text string) string { return key.ReplaceAllString(text, "sk_…") }
		p := program{api: API{Redact: redact}, stderr: &out}
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

func TestOnlyTheMinimumLevelIsLogged(t *testing.T) {
	levels := []string{"debug", "info", "warn", "error"}
	for i, level := range levels {
		var out bytes.Buffer
		var f flags
		if err := f.logLevel.UnmarshalText([]byte(level)); err != nil {
			t.Fatal(err)
		}
		logger := program{stderr: &out}.logger(f)
		logger.Debug("debug")
		logger.Info("info")
		logger.Warn("warn")
		logger.Error("error")
		for j, message := range levels {
			if logged := strings.Contains(out.String(), "msg="+message+"\n"); logged != (j >= i) {
				t.Errorf("%s: got %s logged: %t", level, message, logged)
			}
		}
	}
}

// Lists never change while the server runs, and belong to the client that asked.
func TestListsMayBeReused(t *testing.T) {
	handler := newStore(t).handler(t, HTTPOptions{})
	for _, method := range []string{"tools/list", "server/discover"} {
		r := request(t, strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"`+method+`","params":{"_meta":{`+
			`"io.modelcontextprotocol/protocolVersion":"2026-07-28",`+
			`"io.modelcontextprotocol/clientInfo":{"name":"x","version":"1"},`+
			`"io.modelcontextprotocol/clientCapabilities":{}}}}`))
		r.Header.Set("Mcp-Protocol-Version", "2026-07-28")
		r.Header.Set("Mcp-Method", method)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		var response struct {
			Result struct {
				TTL   int    `json:"ttlMs"`
				Scope string `json:"cacheScope"`
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &response); err != nil || response.Result.TTL != 3_600_000 ||
			response.Result.Scope != "private" {
			t.Errorf("%s: got %v and %.300s, want an hour for the client alone", method, err, w.Body)
		}
	}
}
