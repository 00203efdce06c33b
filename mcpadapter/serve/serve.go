// Package serve makes a server and a command line of any adapter: MCP over stdio and streamable HTTP, and "tool list",
// "tool search", "tool get" and "tool call" in the shell. It is not tied to an API: an [API] provides the adapter, the
// credentials and the name of the program.
//
//	func main() {
//		serve.Main(serve.API{Name: "notes-mcp", Title: "Notes", EnvPrefix: "NOTES_MCP", Adapter: newAdapter})
//	}
//
// Programs with a command line of their own add [Command] to it, or use [Stdio] and [Handler] alone.
//
// Filters, confirmations and result limits are set by flags, by environment variables with the prefix of the API, and
// over HTTP by X-MCP-… headers of a request. A request can only narrow what the server permits. Unknown variables
// with the prefix and unknown X-MCP-… headers are errors, because a misspelt limit would limit nothing.
package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Exit codes of [Main] and [Run].
const (
	ExitOK     = 0
	ExitFailed = 1 // the call or the server failed
	ExitUsage  = 2 // the command line, an environment variable or a filter is wrong
)

// API describes how to serve one API. Name, Title and Adapter are required.
type API struct {
	Name    string // of the program, as in "notes-mcp"
	Title   string // of the API, for people
	Version string // of the program, as in "v1.2.3"
	Short   string // one line for the help
	Long    string // the help's first paragraphs
	// EnvPrefix begins the environment variables of the settings: NOTES_MCP reads NOTES_MCP_READ_ONLY. "": none are
	// read.
	EnvPrefix string

	// Adapter makes the tools. The options are those of the settings; the API adds its own.
	Adapter func(settings Settings, opts ...mcpadapter.Option) (*mcpadapter.Adapter, error)
	// Flags adds the API's own flags. nil: none.
	Flags func(flags *pflag.FlagSet)
	// Instructions returns the instructions of the server for one client, within the filters of the context. dynamic
	// reports whether operations are exposed by the few tools of the dynamic mode. nil: the adapter's guide alone.
	Instructions func(ctx context.Context, adapter *mcpadapter.Adapter, dynamic bool) string
	// Redact removes secrets from text that is logged. nil: text is logged as it is.
	Redact func(text string) string

	// Local adds the credentials of stdio and the shell to the context of their calls. nil: there are none.
	Local func(ctx context.Context, getenv func(string) string) context.Context
	// Caller returns whom a call is made for, which binds a confirmation to the caller that asked for it; see
	// [mcpadapter.Confirmation]. It is required with Request.
	Caller func(ctx context.Context) string

	Credentials //nolint:embeddedstructfieldcheck // last, as it is optional
}

// Settings are the settings with which an API makes its adapter.
type Settings struct {
	Getenv func(name string) string
	// HTTP reports whether each request brings its own credentials, as over HTTP, or all calls have those of Local.
	HTTP bool
}

// Credentials describes how HTTP requests carry credentials. The zero value reads none.
type Credentials struct {
	// Request adds the credentials of an HTTP request to the context of its calls. nil: there are none.
	Request func(ctx context.Context, r *http.Request) context.Context
	// Authorized returns an error, for the caller to read, if a request brings no credential. Without one only small
	// bodies are read, so that nobody else's large ones are parsed. nil: every request is authorized.
	Authorized func(r *http.Request) error
	// Headers are the names of the headers with credentials, which web pages of allowed origins may send.
	Headers []string
}

// Process is the environment and the streams of a program.
type Process struct {
	Args           []string // without the name of the program
	Environ        []string // of the form NAME=value, as [os.Environ] returns it
	Stdin          io.Reader
	Stdout, Stderr io.Writer

	started func() // is called once a server has started; nil: nothing is
}

// Main runs the program and exits. After SIGINT or SIGTERM a server reads nothing more and finishes the calls in
// flight; a second signal ends it at once.
func Main(api API) {
	ctx, end := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		end()
		<-signals
		os.Exit(ExitFailed)
	}()
	code := Run(ctx, api, Process{
		Args: os.Args[1:], Environ: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		started: tuneMemory(os.Getenv),
	})
	end()
	os.Exit(code)
}

// Run runs the program once and returns its exit code. Servers run until the input or the context ends.
func Run(ctx context.Context, api API, p Process) int {
	root := newProgram(api, p).command()
	root.SetArgs(append([]string{}, p.Args...)) // nil would mean those of the process
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return ExitOK
	}
	_, _ = fmt.Fprintf(p.Stderr, "%s: %v\n", api.Name, err)
	code := ExitCode(err)
	if code == ExitUsage {
		_, _ = fmt.Fprintf(p.Stderr, "Run '%s --help' for usage.\n", api.Name)
	}
	return code
}

// ExitCode returns the exit code for an error of [Command].
func ExitCode(err error) int {
	usage := usageError{}
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &usage):
		return ExitUsage
	}
	return ExitFailed
}

// usageError is a wrong command line or setting.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }
