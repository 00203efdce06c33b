package serve

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// started runs a server over HTTP until its context ends, and returns its URLs and its exit code once it has ended.
func started(t *testing.T, ctx context.Context, api API, p Process, args ...string) ( //nolint:revive // t first
	url, metrics string, log *shared, ended <-chan int,
) {
	t.Helper()
	log = &shared{}
	code := make(chan int, 1)
	up := make(chan struct{})
	go func() {
		p.Args = append([]string{"http", "--addr", "127.0.0.1:0", "--metrics-addr", "127.0.0.1:0"}, args...)
		p.Stdin, p.Stdout, p.Stderr, p.started = strings.NewReader(""), io.Discard, log, func(int) { close(up) }
		code <- Run(ctx, api, p)
	}()
	select {
	case <-up:
	case <-code:
		t.Fatalf("the server did not start: %s", log)
	}
	_, metrics, _ = strings.Cut(log.String(), `msg="serving metrics" url=`)
	metrics, _, _ = strings.Cut(metrics, "/metrics")
	_, url, _ = strings.Cut(log.String(), `msg="serving MCP" url=`)
	url, _, _ = strings.Cut(url, mcpPath)
	return url, metrics, log, code
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func postCall(t *testing.T, url string) <-chan string {
	t.Helper()
	r, err := http.NewRequestWithContext(
		t.Context(), http.MethodPost, url+mcpPath, strings.NewReader(callBody(1, "teas.list", `{}`)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Key", "key-1")
	done := make(chan string, 1)
	go func() {
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			done <- err.Error()
			return
		}
		defer func() { _ = response.Body.Close() }()
		text, _ := io.ReadAll(response.Body)
		done <- fmt.Sprintf("closed: %t, %s", response.Close, text)
	}()
	return done
}

// blocked is the shop, whose requests arrive and then wait.
func blocked(t *testing.T) (api API, arrived, release chan struct{}) {
	t.Helper()
	arrived, release = make(chan struct{}), make(chan struct{})
	s := newStore(t)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		select {
		case <-release:
		case <-r.Context().Done():
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":"1"}`)
	}))
	t.Cleanup(s.Close)
	return s.api(), arrived, release
}

// Requests that come one by one get along with one processor, and two at once have all.
func TestProcessorsServeRequestsAtOnce(t *testing.T) {
	api, arrived, release := blocked(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var set []bool // whether one
	url, _, _, ended := started(t, ctx, api, Process{setProcessors: func(one bool) { set = append(set, one) }})
	call := func() <-chan string {
		done := postCall(t, url)
		<-arrived
		return done
	}
	for range 2 * aloneFor {
		done := call()
		release <- struct{}{}
		<-done
	}
	if !slices.Equal(set, []bool{true}) {
		t.Errorf("got %v set after calls one by one, want one", set)
	}
	first, second := call(), call()
	if !slices.Equal(set, []bool{true, false}) {
		t.Errorf("got %v set with two at once, want all", set)
	}
	close(release)
	<-first
	<-second
	stop()
	if code := <-ended; code != ExitOK {
		t.Errorf("got code %d", code)
	}
}

// After the signal the server reports not to be ready and serves on, so that no proxy sends a call into the void.
func TestAServerDrains(t *testing.T) {
	api, arrived, release := blocked(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	delays, delayed := make(chan time.Duration, 1), make(chan time.Time)
	url, metrics, _, ended := started(t, ctx, api, Process{after: func(d time.Duration) <-chan time.Time {
		delays <- d
		return delayed
	}}, "--drain-delay", "1h")
	for _, path := range []string{url + "/healthz", url + "/readyz", metrics + "/healthz", metrics + "/readyz"} {
		if status, text := get(t, path); status != http.StatusOK || text != "ok\n" {
			t.Errorf("%s: got %d %q, want 200", path, status, text)
		}
	}
	if status, text := get(t, metrics+"/metrics"); status != http.StatusOK || !strings.Contains(text, "mcp_connections ") {
		t.Errorf("got %d %.200s, want the metrics", status, text)
	}
	if status, _ := get(t, url+"/metrics"); status != http.StatusNotFound {
		t.Errorf("got %d for metrics at the public address, want 404", status)
	}
	stop()
	if d := <-delays; d != time.Hour {
		t.Errorf("got a delay of %v, want 1h", d)
	}
	for _, path := range []string{url + "/readyz", metrics + "/readyz"} {
		if status, text := get(t, path); status != http.StatusServiceUnavailable || text != "shutting down\n" {
			t.Errorf("%s: got %d %q, want 503", path, status, text)
		}
	}
	if status, _ := get(t, url+"/healthz"); status != http.StatusOK {
		t.Errorf("got %d for the health, want 200", status)
	}
	done := postCall(t, url)
	<-arrived
	close(release)
	if text := <-done; !strings.HasPrefix(text, "closed: true, {") || !strings.Contains(text, `"id":"1"`) {
		t.Errorf("got %s, want the call served, on a connection that ends", text)
	}
	select {
	case code := <-ended:
		t.Errorf("got the end with %d, want it after the delay", code)
	default:
	}
	close(delayed)
	if code := <-ended; code != ExitOK {
		t.Errorf("got %d, want a clean end", code)
	}
}

// A call that takes longer than the server waits is canceled, and so is its request to the API.
func TestCallsThatTakeTooLongAreCanceled(t *testing.T) {
	api, arrived, _ := blocked(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	url, _, log, ended := started(t, ctx, api, Process{}, "--shutdown-timeout", "1ms")
	done := postCall(t, url)
	<-arrived
	stop()
	if code := <-ended; code != ExitFailed || !strings.Contains(log.String(), "calls did not finish within 1ms") {
		t.Errorf("got %d %s, want a failure", code, log)
	}
	<-done // in any way
}

func TestTheServiceManagerIsNotified(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "notify")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Skip("no Unix sockets here:", err)
	}
	defer func() { _ = manager.Close() }()
	read := func() string {
		b := make([]byte, 100)
		n, err := manager.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(b[:n])
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	//nolint:dogsled // only how it ends is of interest
	_, _, _, ended := started(t, ctx, newStore(t).api(), Process{Environ: []string{"NOTIFY_SOCKET=" + socket}})
	if got := read(); got != "READY=1" {
		t.Errorf("got %q", got)
	}
	stop()
	if got := read(); got != "STOPPING=1" {
		t.Errorf("got %q", got)
	}
	if code := <-ended; code != ExitOK {
		t.Errorf("got %d", code)
	}
}

// A port that does not exist is a fault of the command line, before anything is done.
func TestAddressesAreCheckedFirst(t *testing.T) {
	for _, address := range []string{"8080", ":99999", "127.0.0.1:-1", "[::1]:80x", "::1:80", "unix:/s", ""} {
		for _, flag := range []string{"--addr", "--metrics-addr"} {
			if flag == "--metrics-addr" && address == "" { // none
				continue
			}
			code, _, stderr := printed(t, newStore(t).api(), nil, "http", flag, address)
			want := flag + ": invalid address \"" + address + "\": want one such as 127.0.0.1:8080"
			if code != ExitUsage || !strings.Contains(stderr, want) || strings.Contains(stderr, "level=") {
				t.Errorf("%s %s: got %d %s, want %s", flag, address, code, stderr, want)
			}
		}
	}
}
