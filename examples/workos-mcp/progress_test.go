package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/creack/pty"

	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

// pagesOf responds with pages of two organizations, each with a cursor to the next, and calls before with its number.
func pagesOf(t *testing.T, last int, before func(page int)) *upstream {
	t.Helper()
	var mu sync.Mutex
	page := 0
	return newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		page++
		number := page
		mu.Unlock()
		before(number)
		after := fmt.Sprintf(`"org_%d"`, number)
		if number == last {
			after = "null"
		}
		_, _ = fmt.Fprintf(w, `{"object":"list","data":[{"id":"org_a%d"},{"id":"org_b%d"}],"list_metadata":{"before":null,"after":%s}}`,
			number, number, after)
	})
}

// screen is a terminal and what was written to it.
func screen(t *testing.T) (tty io.Writer, content func() string) {
	t.Helper()
	keyboard, terminal, err := pty.Open()
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	read := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(keyboard) // ends with an error once the terminal is closed
		read <- string(text)
	}()
	t.Cleanup(func() { _ = keyboard.Close() })
	return terminal, func() string {
		_ = terminal.Close()
		return <-read
	}
}

var allPages = []string{"tool", "call", "organizations.list", "all_pages=true", "--output", "id"}

func TestATerminalShowsHowFarACallIs(t *testing.T) {
	u := pagesOf(t, 3, func(int) {})
	tty, content := screen(t)
	var stdout bytes.Buffer
	code := run(bounded(t), serve.Process{
		Args: allPages, Environ: []string{"WORKOS_BASE_URL=" + u.URL, "WORKOS_API_KEY=sk_test_1"},
		Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: tty,
	})
	const want = "\r\x1b[K2 elements of 1 page…\r\x1b[K4 elements of 2 pages…\r\x1b[K"
	if got := content(); code != exitOK || !strings.HasSuffix(got, want) {
		t.Errorf("got %d and %q, want it to end in %q", code, got, want)
	}
	if want := "org_a1\norg_b1\norg_a2\norg_b2\norg_a3\norg_b3\n"; stdout.String() != want {
		t.Errorf("got %q, want %q", &stdout, want)
	}
}

func TestNoProgressWithoutATerminal(t *testing.T) {
	u := pagesOf(t, 3, func(int) {})
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	if o := execute(t, env, "", allPages...); o.code != exitOK || strings.ContainsAny(o.stderr, "\r\x1b") {
		t.Errorf("got %d and %q, want no progress", o.code, o.stderr)
	}
}

// Who interrupts a call gets what was read by then, and nothing more is sent.
func TestAnInterruptedCallSaysWhatWasDone(t *testing.T) {
	ctx, interrupt := context.WithCancel(bounded(t))
	defer interrupt()
	u := pagesOf(t, 100, func(page int) {
		if page == 3 { // while the third page is on its way
			interrupt()
		}
	})
	var stdout, stderr bytes.Buffer
	code := run(ctx, serve.Process{
		Args: allPages, Environ: []string{"WORKOS_BASE_URL=" + u.URL, "WORKOS_API_KEY=sk_test_1"},
		Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
	})
	if n := len(u.seen()); code != exitFailed || n != 3 {
		t.Errorf("got %d and %d requests, want %d and 3", code, n, exitFailed)
	}
	read := strings.Count(stdout.String(), "\n")
	if want := fmt.Sprintf("interrupted after %d elements, which the result above has; nothing was sent since", read); read < 4 ||
		!strings.Contains(stderr.String(), want) {
		t.Errorf("got %q and %q, want %q", &stdout, &stderr, want)
	}
}
