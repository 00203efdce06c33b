package serve

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestAProxyThatDoesNotConnectIsNamedWithoutItsPassword(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]struct {
		advice    string
		retryable bool
	}{
		http.StatusProxyAuthRequired: {"password in HTTPS_PROXY", false},
		http.StatusForbidden:         {"NO_PROXY", false},
		http.StatusBadGateway:        {"NO_PROXY", true},
	} {
		var asked atomic.Int32
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if asked.Add(1); r.Method != http.MethodConnect {
				t.Errorf("got %s, want CONNECT", r.Method)
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<html>a page of the proxy</html>")
		}))
		address, err := url.Parse(proxy.URL)
		if err != nil {
			t.Fatal(err)
		}
		address.User = url.UserPassword("corp", "s3cret")
		made := newTransport(NewMetrics(), slog.New(slog.DiscardHandler), protection{
			metrics: NewMetrics(), credential: func(context.Context) string { return "" },
		})
		own, _ := made.(*transport).base.(*http.Transport)
		own.Proxy = http.ProxyURL(address)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://api.example/teas", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		response, err := made.RoundTrip(r)
		if err == nil {
			_ = response.Body.Close()
		}
		unsent := mcpadapter.UnsentError(nil)
		if !errors.As(err, &unsent) {
			t.Fatalf("%d: got %v, want an error that says that nothing was sent", status, err)
		}
		f := unsent.Failure()
		for _, part := range []string{address.Host, strconv.Itoa(status), "nothing was sent", want.advice} {
			if !strings.Contains(f.String(), part) {
				t.Errorf("%d: got %q, want %q", status, f.String(), part)
			}
		}
		if text := f.String() + err.Error(); strings.Contains(text, "s3cret") || strings.Contains(text, "html") {
			t.Errorf("%d: got %q, want neither the password nor the page", status, text)
		}
		retryable := interface{ Retryable() bool }(nil)
		if !errors.As(err, &retryable) || retryable.Retryable() != want.retryable {
			t.Errorf("%d: got %v, want one that may be retried: %v", status, err, want.retryable)
		}
		if got := asked.Load(); got != 1 {
			t.Errorf("%d: the proxy was asked %d times", status, got)
		}
		proxy.Close()
	}
}
