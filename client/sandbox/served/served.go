// Package served runs a [sandbox.Sandbox] as a program: a server that applications in any language use in the place of
// WorkOS. See [Main].
package served

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// Exit codes of [Main].
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// Timeouts of the server.
const (
	headerTime   = 10 * time.Second
	idleTime     = 2 * time.Minute
	shutdownTime = 5 * time.Second
)

// Program is the command line, the streams and the format of seed files of [Run].
type Program struct {
	Name           string    // of the command, which errors and help begin with
	Args           []string  // without the name
	Stdout, Stderr io.Writer // nil: those of the process
	// Unmarshal reads a seed file, as [json.Unmarshal] does, which is in its place if it is nil. A function that reads
	// YAML reads both formats.
	Unmarshal func(text []byte, into any) error
}

// Settings say what is served, for a program with a command line of its own; see [Settings.Flags] and [Settings.Serve].
type Settings struct {
	Addr     string // to listen on
	Seed     string // the file with what is put in, unless the state has something already; "": none. See [ParseSeed].
	State    string // the file that keeps the content, see [sandbox.Open]; "": memory
	AnyKey   bool   // accept any credential, or none; implies Shared
	Shared   bool   // one environment for all API keys, in place of one each
	Examples bool   // put in one example of what no operation makes
	// Interactive asks who signs in, at pages for a browser.
	Interactive bool
	// Unmarshal reads a seed file, as [json.Unmarshal] does, which is in its place if it is nil.
	Unmarshal func(text []byte, into any) error
}

// Flags adds a flag for each setting, those of [Run].
func (s *Settings) Flags(set *flag.FlagSet) {
	set.StringVar(&s.Addr, "addr", "127.0.0.1:4100", "`address` to listen on")
	set.StringVar(&s.Seed, "seed", "", "put in what a `file` describes, unless the state has something already")
	set.StringVar(&s.State, "state", "", "keep the content in a `file`")
	set.BoolVar(&s.AnyKey, "any-key", false, "accept any credential, or none; implies --shared")
	set.BoolVar(&s.Shared, "shared", false, "one environment for all API keys, in place of one each")
	set.BoolVar(&s.Examples, "examples", false, "put in one example of what no operation makes")
	set.BoolVar(&s.Interactive, "interactive", false, "ask who signs in, at pages for a browser")
}

// Main serves a sandbox as [Run] does, until the process gets SIGINT or SIGTERM, and returns the exit code.
func Main(p Program) int {
	ctx, end := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer end()
	return Run(ctx, p)
}

// Run serves a sandbox over HTTP until the context is done, and returns the exit code: 0, 1 if something failed, or 2
// if the command line is wrong:
//
//	--addr ADDRESS   where to listen (127.0.0.1:4100)
//	--seed FILE      put in what a file describes, unless the state has something already; see ParseSeed
//	--state FILE     keep the content in a file, see sandbox.Open
//	--any-key        accept any credential, or none; implies --shared
//	--shared         one environment for all API keys, in place of one each
//	--examples       put in one example of what no operation makes
//	--interactive    ask who signs in, at pages for a browser
//
// Once it listens it prints, to stdout, the lines that point applications to it.
func Run(ctx context.Context, p Program) int {
	if p.Stdout == nil {
		p.Stdout = os.Stdout
	}
	if p.Stderr == nil {
		p.Stderr = os.Stderr
	}
	s := Settings{Unmarshal: p.Unmarshal}
	name, stderr := p.Name, p.Stderr
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.SetOutput(stderr)
	s.Flags(set)
	switch err := set.Parse(p.Args); {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		return exitUsage
	case set.NArg() > 0:
		_, _ = fmt.Fprintf(stderr, "%s: unexpected argument %q\n", name, set.Arg(0))
		return exitUsage
	}
	if err := s.Serve(ctx, p.Stdout); err != nil {
		_, _ = fmt.Fprintf(stderr, "%s: %v\n", name, err)
		return exitFailed
	}
	return exitOK
}

// sandbox makes the sandbox with its content.
func (s *Settings) sandbox() (*sandbox.Sandbox, error) {
	var opts []sandbox.Option
	for _, o := range []struct {
		set    bool
		option sandbox.Option
	}{
		{s.AnyKey, sandbox.WithAnyKey()}, {s.Shared, sandbox.WithSharedEnvironment()}, {s.Examples, sandbox.WithExamples()},
		{s.Interactive, sandbox.WithInteractive()},
	} {
		if o.set {
			opts = append(opts, o.option)
		}
	}
	var seed []byte
	if s.Seed != "" {
		text, err := os.ReadFile(s.Seed)
		if err != nil {
			return nil, fmt.Errorf("read the seed: %w", err)
		}
		if seed, err = ParseSeed(text, s.Unmarshal); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Seed, err)
		}
	}
	sb := sandbox.New(opts...)
	if s.State != "" {
		var err error
		if sb, err = sandbox.Open(s.State, opts...); err != nil {
			return nil, err
		}
	}
	if seed == nil || !sb.Empty() {
		return sb, nil
	}
	if err := sb.Seed(seed); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", s.Seed, err), sb.Close())
	}
	return sb, nil
}

// Serve serves until the context is done. Once it listens it prints, to stdout, the lines that point applications to
// it.
func (s *Settings) Serve(ctx context.Context, stdout io.Writer) (err error) {
	sb, err := s.sandbox()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sb.Close()) }()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{Handler: sb, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 2)
	go func() { ended <- server.Serve(listener) }()
	go func() { ended <- sb.Run(ctx) }()
	introduce(stdout, "http://"+listener.Addr().String(), s.AnyKey)
	running := 2
	select {
	case err = <-ended:
		running--
	case <-ctx.Done():
	}
	cancel()
	finish, done := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer done()
	err = errors.Join(err, server.Shutdown(finish))
	for ; running > 0; running-- {
		if other := <-ended; !errors.Is(other, http.ErrServerClosed) {
			err = errors.Join(err, other)
		}
	}
	return err
}

// introduce prints how applications reach the sandbox.
func introduce(w io.Writer, url string, anyKey bool) {
	host, port, _ := net.SplitHostPort(url[len("http://"):])
	key := "sk_test_1"
	if anyKey {
		key += " (or any other)"
	}
	_, _ = fmt.Fprintf(w, `WorkOS sandbox at %[1]s, with a page about itself at %[1]s/_sandbox/

API key: %[4]s

Go      client.New("sk_test_1", client.WithBaseURL(%[1]q))
Node    new WorkOS('sk_test_1', { apiHostname: '%[2]s', port: %[3]s, https: false })
Python  WorkOSClient(api_key="sk_test_1", client_id="client_1", base_url="%[1]s/")
Ruby    WorkOS.configure { |c| c.key = "sk_test_1"; c.base_url = "%[1]s" }
shell   curl -H 'Authorization: Bearer sk_test_1' %[1]s/organizations
CLI     workos env add sandbox sk_test_1 --endpoint %[1]s
MCP     workos-mcp --sandbox=%[1]s

`, url, host, port, key)
}
