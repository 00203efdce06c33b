package serve

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Secrets of any shape appear in no log, audit or metric: neither those of the caller, nor of the process, nor what is
// in arguments and responses, but for identifiers in a path, which the audit is about. The log shows that there was an exchange with the API.
func TestNoOutputHasASecret(t *testing.T) {
	const (
		key      = "canary key, of-any:shape"
		plain    = "canary_plain_key_0"
		process  = "canary/process+1=="
		argument = "canary-arg-1"
		response = "canary-response"
	)
	for _, format := range []logFormat{logText, logJSON} {
		s := newWatched(t, flags{logLevel: slog.LevelDebug - 4, logFormat: format}, "SHOP_API_KEY="+process)
		create := func(arguments string) string { return callBody(1, "teas.create", arguments) }
		bodies := []string{
			create(`{"name":"` + argument + `","stock":12}`),
			create(`{"name":"` + argument + `","` + argument + `":1}`),
			create(`{"name":{"` + argument + `":"` + argument + `"}}`),
			callBody(1, "teas.delete", `{"tea_id":"tea_1","`+argument+`":"`+argument+`"}`),
			callBody(1, "teas.list", `{"jq":".`+argument+`"}`),
			callBody(1, plain, `{}`),
			strings.Replace(callBody(1, "teas.list", `{}`), "{}", `{},"_meta":{"progressToken":"`+argument+`"}`, 1),
			`{"jsonrpc":"2.0","id":1,"method":"` + plain + `"}`,
			`{"jsonrpc":"2.0","id":"` + argument + `","method":"ping"}`,
			`{"jsonrpc":"2.0","id":1,"` + argument + `":1,"` + argument + `":2}`,
			`{"` + argument,
			initializeAs(plain),
		}
		for _, status := range []int{http.StatusOK, http.StatusUnauthorized, http.StatusInternalServerError} {
			s.status, s.body = status, `{"id":"`+response+`","message":"`+response+`","code":"bad_request"}`
			for _, body := range bodies {
				for _, header := range []string{key, plain} {
					s.call(t, body, func(r *http.Request) {
						r.Header.Set("X-Key", header)
						r.Header.Set("User-Agent", "client of "+header)
						r.Header.Set("Mcp-Protocol-Version", "2025-06-18")
					})
				}
			}
		}
		s.Close() // what follows has no response
		s.call(t, create(`{"name":"`+argument+`","stock":12}`), func(r *http.Request) { r.Header.Set("X-Key", key) })
		s.call(t, listTools, func(r *http.Request) { r.Header.Set("X-Mcp-"+argument, argument); r.Host = argument })
		w := httptest.NewRecorder()
		s.metrics.ServeHTTP(w, nil)
		for name, text := range map[string]string{"log": s.log.String(), "audit": s.audited(t), "metrics": w.Body.String()} {
			if len(text) < 500 {
				t.Errorf("%s: got %q, want what happened", name, text)
			}
			lower := strings.ToLower(text)
			for at := strings.Index(lower, "canary"); at >= 0; at = -1 {
				t.Errorf("%s in %s: got …%s…", name, format, text[max(0, at-300):min(len(text), at+100)])
			}
		}
		if text := s.log.String(); !strings.Contains(text, "mcp.upstream") || !strings.Contains(text, "server.address") {
			t.Errorf("got %.2000s, want the exchange with the API", text)
		}
	}
	log := &shared{}
	p := newProgram(newStore(t).api(), Process{Stderr: log, Environ: []string{"SHOP_API_KEY=" + process}})
	p.logger(flags{}).Error("x", "error", fmt.Errorf("get: %s failed", process), "text", process)
	if text := log.String(); strings.Contains(text, "canary") || strings.Count(text, redacted) != 2 {
		t.Errorf("got %s, want the key of the process redacted", text)
	}
}
