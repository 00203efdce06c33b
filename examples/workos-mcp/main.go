// Workos-mcp gives AI agents every operation of the WorkOS API as an MCP tool, over stdio or streamable HTTP, and
// people the same tools from the shell.
//
//	workos-mcp stdio                        serve over stdin and stdout (also the default)
//	workos-mcp http --addr 127.0.0.1:8080   serve streamable HTTP at /mcp, and GET /healthz
//	workos-mcp tool list [PREFIX] [--json]  names and summaries
//	workos-mcp tool search WORDS...         names and summaries of what does that, best first
//	workos-mcp tool get NAME                the full definition
//	workos-mcp tool call NAME '{"id":"…"}'  call it; @FILE and - read the arguments; --yes confirms it
//	workos-mcp version
//
// Over stdio and from the shell the credentials come from the environment: WORKOS_API_KEY, WORKOS_CLIENT_ID,
// WORKOS_ACCESS_TOKEN (of an SSO profile) and WORKOS_BASE_URL. Over HTTP they come with each request, and those of the
// environment are not used. With --sandbox everything is answered from memory, without a key or a network.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // the call or the server failed
	exitUsage  = 2 // the command line is wrong
)

// startGC is the growth in percent from which the collector runs: 400 keeps the heap of a few megabytes below 20.
const startGC = 400

func main() {
	if os.Getenv("GOGC") == "" {
		// Starting allocates a few megabytes that stay; with the default the collector would run over them again and
		// again, for a third of the time to the first answer.
		debug.SetGCPercent(startGC)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := process{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// process is what the program touches of the world.
type process struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
}

func (p process) run(ctx context.Context, args []string) int {
	root := p.command()
	root.SetArgs(append([]string{}, args...)) // nil would stand for those of the process
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	_, _ = fmt.Fprintln(p.stderr, "workos-mcp:", err)
	if usage := (usageError{}); errors.As(err, &usage) {
		return exitUsage
	}
	return exitFailed
}

// usageError is a wrong command line.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() + "\nRun 'workos-mcp --help' for usage." }
func (e usageError) Unwrap() error { return e.err }
