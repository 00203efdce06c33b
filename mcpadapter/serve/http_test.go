package serve

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestTheServerLimitsItsRequests(t *testing.T) {
	var out bytes.Buffer
	handler := http.NotFoundHandler()
	s := limited(handler, program{stderr: &out}.logger(flags{logLevel: slog.LevelDebug}))
	for name, limit := range map[string]struct{ got, want time.Duration }{
		"header": {s.ReadHeaderTimeout, 10 * time.Second}, "request": {s.ReadTimeout, time.Minute},
		"idle": {s.IdleTimeout, 2 * time.Minute}, "response": {s.WriteTimeout, 150 * time.Second},
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
