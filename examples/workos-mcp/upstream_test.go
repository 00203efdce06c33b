package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

// run runs the program in the process.
func run(ctx context.Context, p serve.Process) int { return serve.Run(ctx, newAPI(), p) }

func environ(env map[string]string) []string {
	var list []string
	for name, value := range env {
		list = append(list, name+"="+value)
	}
	return list
}

// withoutEnvironment returns the tools of a program that nothing is set for.
func withoutEnvironment(tb testing.TB, opts ...mcpadapter.Option) *mcpadapter.Adapter {
	tb.Helper()
	settings := serve.Settings{Getenv: func(string) string { return "" }}
	opts = append([]mcpadapter.Option{
		mcpadapter.WithLogger(slog.New(slog.DiscardHandler)), mcpadapter.WithTerseSchemas(),
		mcpadapter.WithShapingArguments(),
		mcpadapter.WithConfirmation(mcpadapter.Confirmation{Policy: mcpadapter.ConfirmRisky}),
	}, opts...)
	adapter, err := new(backend).adapter(settings, opts...)
	if err != nil {
		tb.Fatal(err)
	}
	return adapter
}

// outcome is what a run of the program leaves behind.
type outcome struct {
	code           int
	stdout, stderr string
}

// execute runs the program in the process.
func execute(t *testing.T, env map[string]string, stdin string, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	ctx := bounded(t)
	code := run(ctx, serve.Process{
		Args: args, Environ: environ(env), Stdin: strings.NewReader(stdin), Stdout: &stdout, Stderr: &stderr,
	})
	if ctx.Err() != nil {
		t.Errorf("%q: the program went on until it was stopped", args)
	}
	return outcome{code, stdout.String(), stderr.String()}
}

// executeStopped runs the program after its end was asked for, so that a server that should not start ends at once.
func executeStopped(t *testing.T, env map[string]string, args ...string) outcome {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var stdout, stderr bytes.Buffer
	code := run(ctx, serve.Process{
		Args: args, Environ: environ(env), Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
	})
	return outcome{code, stdout.String(), stderr.String()}
}

// hang is how long a test waits for what comes at once if the code is right.
const hang = time.Minute

// bounded returns a context that ends with the test, or when something hangs.
func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	t.Cleanup(cancel)
	return ctx
}

// await waits until a channel has something or is closed.
func await[T any](t *testing.T, what string, c <-chan T) (value T) {
	t.Helper()
	select {
	case value = <-c:
	case <-time.After(hang):
		t.Fatalf("%s: nothing came", what)
	}
	return value
}

// upstream is a WorkOS that records what reaches it.
type upstream struct {
	*httptest.Server

	mu       sync.Mutex
	requests []*http.Request
}

func newUpstream(t *testing.T, handler http.HandlerFunc) *upstream {
	t.Helper()
	u := &upstream{}
	u.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u.mu.Lock()
		u.requests = append(u.requests, r.Clone(context.WithoutCancel(r.Context())))
		u.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		handler(w, r)
	}))
	t.Cleanup(u.Close)
	return u
}

func (u *upstream) seen() []*http.Request {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Clone(u.requests)
}

// forget begins the record anew.
func (u *upstream) forget() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.requests = nil
}

func answer(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
}

// wantSent checks how many requests have reached WorkOS since the last time.
func (u *upstream) wantSent(t *testing.T, what string, want int) {
	t.Helper()
	if got := len(u.seen()); got != want {
		t.Errorf("%s: %d requests reached the wire, want %d", what, got, want)
	}
	u.forget()
}

// sampled returns the first, the last and every n-th of a list, or all where tests are to leave nothing out.
func sampled[T any](list []T, n int) []T {
	if whole {
		return list
	}
	var some []T
	for i, v := range list {
		if i%n == 0 || i == len(list)-1 {
			some = append(some, v)
		}
	}
	return some
}
