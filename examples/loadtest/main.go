// Loadtest measures workos-mcp as a built binary, with a stub of the API and clients in other processes:
//
//	go run ./examples/loadtest load                        # beside plain net/http and the least server of mcp-go
//	go run ./examples/loadtest abuse                       # memory and a good client's latency while others abuse it
//	go run ./examples/loadtest abuse -page docs/abuse.md   # the same, and writes the page
//
// It runs on Linux alone, as it reads /proc.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "loadtest:", err)
		os.Exit(1)
	}
}

// run runs a subcommand. Those that the program starts itself, stub and abuser, end with their input.
func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	if len(args) == 0 {
		return errors.New("want one of load and abuse")
	}
	set := flag.NewFlagSet(args[0], flag.ContinueOnError)
	switch args[0] {
	case "load":
		o := loadOptions{}
		set.IntVar(&o.rounds, "rounds", 20, "measure everything so many `times`, in turns")
		set.IntVar(&o.calls, "calls", 1600, "`calls` of each measurement")
		set.IntVar(&o.long, "long", 200_000, "`calls` of the long run")
		if err := set.Parse(args[1:]); err != nil {
			return fmt.Errorf("%s: %w", args[0], err)
		}
		return load(ctx, out, o)
	case "abuse":
		o := abuseOptions{}
		set.DurationVar(&o.time, "for", 10*time.Second, "how `long` each abuse lasts")
		set.StringVar(&o.only, "only", "", "only abuses whose names contain this")
		set.StringVar(&o.page, "page", "", "write the table to this `file`")
		if err := set.Parse(args[1:]); err != nil {
			return fmt.Errorf("%s: %w", args[0], err)
		}
		return measureAbuses(ctx, out, o)
	case stubRole:
		return serveStub(ctx, in, out)
	case abuserRole:
		return misbehave(ctx, strings.Join(args[2:], " "), args[1], in, out)
	}
	return fmt.Errorf("unknown command %q: want load or abuse", args[0])
}
