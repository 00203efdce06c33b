// Eventgen writes the event types of the WorkOS API as Go constants, each with the Go type of its payload, from
// x-event-payloads of the component Event in api.yaml:
//
//	go run ./gen/eventgen -out client/events/types.gen.go -test client/events/types_gen_test.go api.yaml
//
// The payloads themselves are components like others, which oapi-codegen makes types of. The second file has a decoder
// for each type, for the tests.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "eventgen:", err)
		os.Exit(1)
	}
}

func run(args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("eventgen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	out := flags.String("out", "", "`file` to write the constants to")
	test := flags.String("test", "", "`file` to write the decoders for tests to")
	if err := flags.Parse(args); err != nil {
		return err //nolint:wrapcheck // flag has printed and named it
	}
	if flags.NArg() != 1 || *out == "" || *test == "" {
		return fmt.Errorf("expected -out, -test and one OpenAPI document, got %q", args)
	}
	data, err := os.ReadFile(flags.Arg(0))
	if err != nil {
		return fmt.Errorf("read the document: %w", err)
	}
	events, err := Read(data)
	if err != nil {
		return fmt.Errorf("%s: %w", flags.Arg(0), err)
	}
	for file, tmpl := range map[string]string{*out: constants, *test: decoders} {
		code, err := Print(tmpl, events)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, code, 0o644); err != nil { //nolint:gosec // source code, as readable as its neighbours
			return fmt.Errorf("write %s: %w", file, err)
		}
	}
	return nil
}
