package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

func TestAUsageErrorIsAnyErrorBehindIt(t *testing.T) {
	err := usageError{context.Canceled}
	if !errors.Is(err, context.Canceled) || err.Error() != "context canceled" {
		t.Errorf("got %q, want it to wrap %v", err, context.Canceled)
	}
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, ExitOK},
		{errors.New("reset"), ExitFailed},
		{usageError{errors.New("x")}, ExitUsage},
		{fmt.Errorf("run: %w", usageError{errors.New("x")}), ExitUsage},
	} {
		if got := ExitCode(c.err); got != c.want {
			t.Errorf("%v: got %d, want %d", c.err, got, c.want)
		}
	}
}

func TestStreamsMayBeNil(t *testing.T) {
	var out bytes.Buffer
	for _, c := range []struct {
		p    Process
		want int
	}{
		{Process{Args: []string{"version"}}, ExitOK},
		{Process{Args: []string{"tool", "list"}, Stdout: &out}, ExitOK},
		{Process{Args: []string{"--no-such-flag"}}, ExitUsage},
		{Process{Args: []string{"stdio"}}, ExitOK}, // its input has ended
	} {
		if got := Run(t.Context(), newStore(t).api(), c.p); got != c.want {
			t.Errorf("%v: got %d, want %d", c.p.Args, got, c.want)
		}
	}
	if !strings.Contains(out.String(), "teas.list") {
		t.Errorf("got %q, want the tools", &out)
	}
	if _, err := Handler(nil, nil, HTTPOptions{}); err == nil {
		t.Error("Handler without a server: got no error")
	}
}

// A command line of one's own can have that of an API among its commands.
func TestTheCommandOfAnotherProgram(t *testing.T) {
	for _, c := range []struct {
		args []string
		out  string
		code int
	}{
		{[]string{"shop-mcp", "version"}, "shop-mcp v1.0.0", ExitOK},
		{[]string{"shop-mcp", "tool", "list", "teas.create"}, "teas.create", ExitOK},
		{[]string{"shop-mcp", "tool", "describe"}, "", ExitUsage},
		{[]string{"shop-mcp", "--names", "x"}, "", ExitUsage},
		{[]string{"shop-mcp", "tool", "call", "teas.list", "{"}, "", ExitFailed},
	} {
		root := &cobra.Command{Use: "own", SilenceErrors: true, SilenceUsage: true}
		root.AddCommand(Command(newStore(t).api()))
		var out bytes.Buffer
		root.SetOut(&out)
		root.SetErr(io.Discard)
		root.SetArgs(c.args)
		err := root.ExecuteContext(t.Context())
		if ExitCode(err) != c.code || !strings.HasPrefix(out.String(), c.out) {
			t.Errorf("%v: got %v and %s, want %d and %s", c.args, err, &out, c.code, c.out)
		}
	}
}

// Confirmations of an API whose callers have credentials are bound to them.
func TestAnAPIWithCredentialsNeedsACaller(t *testing.T) {
	store := newStore(t)
	api := store.api()
	api.Caller = nil
	var stderr bytes.Buffer
	code := Run(t.Context(), api, Process{
		Args: []string{"tool", "call", "teas.list"}, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &stderr,
	})
	if want := "shop-mcp: serve: API.Caller is required with API.Request\n"; code != ExitFailed || stderr.String() != want {
		t.Errorf("got %d %q, want %q", code, &stderr, want)
	}
	if n := store.requests.Load(); n != 0 {
		t.Errorf("got %d requests on the wire, want none", n)
	}
}
