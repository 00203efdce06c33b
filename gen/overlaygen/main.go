// Overlaygen writes the OpenAPI overlay through which oapi-codegen reads api.yaml:
//
//	go run ./gen/overlaygen -out gen/overlay.gen.yaml api.yaml
//
// The document states facts (x-clearable, x-id-prefix); the overlay turns them into what oapi-codegen needs to generate
// the Go types and comments that follow from them.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "overlaygen:", err)
		os.Exit(1)
	}
}

func run(args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("overlaygen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	out := flags.String("out", "", "`file` to write")
	if err := flags.Parse(args); err != nil {
		return err //nolint:wrapcheck // flag has printed and named it
	}
	if flags.NArg() != 1 || *out == "" {
		return fmt.Errorf("want -out and one OpenAPI document, got %q", args)
	}
	data, err := os.ReadFile(flags.Arg(0))
	if err != nil {
		return fmt.Errorf("read the document: %w", err)
	}
	overlay, err := Write(data)
	if err != nil {
		return fmt.Errorf("%s: %w", flags.Arg(0), err)
	}
	if err := os.WriteFile(*out, overlay, 0o644); err != nil { //nolint:gosec // as readable as its neighbours
		return fmt.Errorf("write %s: %w", *out, err)
	}
	return nil
}
