// Package serve makes a server and a command line of any adapter: MCP over stdio and streamable HTTP, and "tool list",
// "tool search", "tool get" and "tool call" in the shell. It is not tied to an API: an [API] provides the name of the
// program, the description and the client, or an adapter and credentials of its own.
//
//	func main() {
//		serve.Main(serve.API{Name: "notes-mcp", Table: &notes.Operations, Client: newClient})
//	}
//
//	func newClient(server string, doer *http.Client) (any, error) {
//		return notes.NewClientWithResponses(server, notes.WithHTTPClient(doer))
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
	"io"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Exit codes of [Main] and [Run].
const (
	ExitOK     = 0
	ExitFailed = 1 // the call or the server failed, a person declined, or a signal came before the end
	ExitUsage  = 2 // the command line, an environment variable or a filter is wrong
)

// API describes how to serve one API. Name is required, and one of Adapter, Table, Spec and Client.
type API struct {
	Name    string // of the program, as in "notes-mcp"
	Title   string // of the API, for people; "": Name
	Version string // of the program, as in "v1.2.3"; "": that of its main module, or "devel" without one
	Short   string // one line for the help and for clients
	Long    string // the help's first paragraphs
	// Website is the URL of a page about the program. "": none.
	Website string
	// Icons are shown by some clients. nil: none.
	Icons []Icon
	// Namespace is the publisher's domain in reverse, such as "com.example", for the name in the server card. "": that of
	// the server.
	Namespace string
	// EnvPrefix begins the environment variables of the settings: NOTES_MCP reads NOTES_MCP_READ_ONLY. "": none are
	// read.
	EnvPrefix string

	// Table or Spec describes the API, in place of Adapter and all that follows it. Package spec has the sources of
	// OpenAPI documents. From the description follow the credentials, see [credential.Schemes]: the environment
	// variables with them for stdio and the shell, the headers with which HTTP requests bring them, and which of them a
	// request of the API carries. If EnvPrefix is "", it is Name in capitals.
	Table *optable.Table
	Spec  mcpadapter.Source
	// Client makes the client of the API: of the base URL, and of the HTTP client that adds the credentials and follows
	// no redirects. nil: one without generated types, see package untyped. With neither Table nor Spec its methods and
	// types describe the API, see [mcpadapter.WithRequests].
	Client func(server string, doer *http.Client) (any, error)
	// Server is the base URL unless a flag or the environment sets another. "": the first server of the description.
	Server string
	// UpstreamRate limits the requests to the API with one credential in any minute, unless a flag sets another limit.
	// 0: no limit.
	UpstreamRate int
	// Options of the adapter, beside those of the settings.
	Options []mcpadapter.Option

	// Adapter makes the tools of an API that authenticates itself. The options are those of the settings; the API adds
	// its own.
	Adapter func(settings Settings, opts ...mcpadapter.Option) (*mcpadapter.Adapter, error)
	// Flags adds the API's own flags. It is called several times, always before the flags are parsed. nil: none.
	Flags func(flags *pflag.FlagSet)
	// Instructions returns the instructions of the server for one client, within the filters of the context. dynamic
	// reports whether operations are exposed by the few tools of the dynamic mode. nil: the adapter's guide alone.
	Instructions func(ctx context.Context, adapter *mcpadapter.Adapter, dynamic bool) string
	// Prompts returns tasks that people start from their MCP client; see [ReadPrompts]. A server calls it once, when it
	// starts. nil: no prompts.
	Prompts func() ([]Prompt, error)
	// Redact removes secrets from text that is logged. nil: text is logged as it is.
	Redact func(text string) string

	// Local adds the credentials of stdio and the shell to the context of their calls. nil: there are none.
	Local func(ctx context.Context, getenv func(string) string) context.Context
	// Secrets are the names of the environment variables with credentials for Local, beside those of Setup.Keys. Each of
	// them can be in a file instead, which the variable of that name with _FILE at its end names.
	Secrets []string
	// Caller returns whom a call is made for, which binds a confirmation to the caller that asked for it; see
	// [mcpadapter.Confirmation]. It is required with Request.
	Caller func(ctx context.Context) string

	// Setup is for the commands init and doctor.
	Setup Setup
	// Commands are further commands of the program, made anew for each run. They have none of the settings: a flag of
	// the servers, or a wrong variable, does nothing to them. nil: there are none.
	Commands func() []*cobra.Command

	// Stores open what replicas share, by the scheme of the URL of --store, such as "redis". nil: there is only memory.
	Stores map[string]OpenStore
	// SignIn is a way for callers over HTTP to sign in, chosen by --auth. nil: there is none.
	SignIn *SignInWay

	Credentials //nolint:embeddedstructfieldcheck // last, as it is optional
}

// Settings are the settings with which an API makes its adapter.
type Settings struct {
	Getenv func(name string) string
	// HTTP reports whether each request brings its own credentials, as over HTTP, or all calls have those of Local.
	HTTP bool
	// Transport is for the API's client: it has timeouts and limits, keeps as many connections as calls run at once,
	// counts requests for the metrics and the log, and continues the traces of callers.
	Transport http.RoundTripper
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

// Process is the environment and the streams of a program. A Stdin that is nil is empty, and what is written to a
// Stdout or Stderr that is nil is discarded.
type Process struct {
	Args           []string // without the name of the program
	Environ        []string // of the form NAME=value, as [os.Environ] returns it
	Stdin          io.Reader
	Stdout, Stderr io.Writer

	started func(gcPercent int)                  // is called once a server has started; nil: nothing is
	serving func()                               // is called before a server starts; nil: nothing is
	after   func(time.Duration) <-chan time.Time // nil: time.After

	setProcessors func(one bool) // for a server; nil: it uses what there is

	terminal func() (io.ReadCloser, error) // opens the terminal; nil: there is none beside Stdin
}

// Main runs the program and exits. After SIGINT, SIGTERM or SIGHUP a server reads nothing more and finishes the calls
// in flight; a second signal ends it at once.
func Main(api API) {
	ctx, end := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		<-signals
		end()
		<-signals
		os.Exit(ExitFailed)
	}()
	set := setProcessors
	if os.Getenv("GOMAXPROCS") != "" || runtime.GOMAXPROCS(0) == 1 {
		set = nil
	}
	code := Run(ctx, api, Process{
		Args: os.Args[1:], Environ: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		started: tuneMemory(os.Getenv), serving: keepWithoutReaders, setProcessors: set, terminal: openTerminal,
	})
	end()
	os.Exit(code)
}

// keepWithoutReaders has writes to a standard output or error that nobody reads any more fail. Otherwise they end the
// process, and with it all calls in flight, when the program that reads the log has ended.
func keepWithoutReaders() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }

// Run runs the program once and returns its exit code. Servers run until the input or the context ends.
func Run(ctx context.Context, api API, p Process) int {
	if p.Stdin == nil {
		p.Stdin = strings.NewReader("")
	}
	if p.Stdout == nil {
		p.Stdout = io.Discard
	}
	if p.Stderr == nil {
		p.Stderr = io.Discard
	}
	program := newProgram(api, p)
	root := program.command()
	root.SetArgs(append([]string{}, p.Args...)) // nil would mean those of the process
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return ExitOK
	}
	program.reportError(cmd, p.Args, err)
	return ExitCode(err)
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
