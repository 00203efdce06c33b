// Treegen writes the service tree of package client: a field for each segment of an operation's ID, a method for its
// verb, and an All method for each list. It reads the operations table and the types of the generated client, and so
// runs after both have been generated:
//
//	go run ./gen/treegen -out client/services.gen.go
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"reflect"

	"github.com/seed-f165d83c/workos/gen"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "treegen:", err)
		os.Exit(1)
	}
}

func run(args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("treegen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	out := flags.String("out", "services.gen.go", "`file` to write")
	if err := flags.Parse(args); err != nil {
		return err //nolint:wrapcheck // flag has reported it
	}
	root, err := Plant(&gen.Operations, reflect.TypeFor[*gen.ClientWithResponses]())
	if err != nil {
		return err
	}
	code, err := Print(root)
	if err != nil {
		return err
	}
	if err := os.WriteFile(*out, code, 0o644); err != nil { //nolint:gosec // source code
		return fmt.Errorf("write %s: %w", *out, err)
	}
	return nil
}
