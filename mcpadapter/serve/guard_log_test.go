package serve

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheGuardOfASignInLogsToTheLogOfTheServer(t *testing.T) {
	t.Parallel()
	handler, _, log, err := guardedIn(t, modeDirect, "*=all")
	if err != nil {
		t.Fatal(err)
	}
	w := sendAs(t, handler, `{"jsonrpc":"2.0","id":1,"method":"ping"}`, http.Header{"X-Request-Id": {"req-7"}})
	if w.Code != http.StatusUnauthorized {
		t.Errorf("got %d %s, want 401", w.Code, w.Body)
	}
	found := 0
	for line := range strings.Lines(log.String()) {
		var got struct {
			Level, Msg string
			ID         string `json:"request_id"`
		}
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Errorf("%v in %s", err, line)
		}
		if got.Msg == "nobody at the door" {
			found++
			if got.Level != "WARN" || got.ID != "req-7" {
				t.Errorf("got %+v, want a warning with the ID of the request", got)
			}
		}
	}
	if found != 1 {
		t.Errorf("got %d lines of the guard, want one: %s", found, log)
	}
}

func TestAFloodOfRefusedTokensFillsNoDisk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := &shared{}
		logger := guardLogger(slog.New(slog.NewTextHandler(log, nil)))
		for range 10 * refusalsLoggedAtOnce {
			logger.Warn("refused")
			logger.With("a", 1).WithGroup("g").Warn("refused")
		}
		if got := strings.Count(log.String(), "\n"); got != refusalsLoggedAtOnce {
			t.Errorf("got %d lines, want %d", got, refusalsLoggedAtOnce)
		}
		time.Sleep(time.Second)
		for range 10 * refusalsLogged {
			logger.Warn("refused")
		}
		if got := strings.Count(log.String(), "\n"); got != refusalsLoggedAtOnce+refusalsLogged {
			t.Errorf("got %d lines after a second, want %d", got, refusalsLoggedAtOnce+refusalsLogged)
		}
	})
}
