// Tablegen writes the static operations table of an OpenAPI document, as Go code beside the client that oapi-codegen
// generates from the same document:
//
//	go run github.com/seed-f165d83c/workos/gen/tablegen -package petstore -out petstore/table.gen.go petstore.yaml
//
// The file declares Operations, an optable.Table, for the adapter, and Routes, the small part of it that a client
// needs to recognize a request. A keyword that the table cannot represent is an error that names its line: nothing is
// dropped silently.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "tablegen:", err)
		os.Exit(1)
	}
}

func run(args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("tablegen", flag.ContinueOnError)
	flags.SetOutput(stderr)
	pkg := flags.String("package", "gen", "`name` of the package to write")
	out := flags.String("out", "table.gen.go", "`file` to write")
	reserved := flags.String("reserved", "", "`file` of a package runtime for reserved path values")
	if err := flags.Parse(args); err != nil {
		return err //nolint:wrapcheck // flag has printed and named it
	}
	if flags.NArg() != 1 {
		return fmt.Errorf("expected one OpenAPI document, got %d arguments", flags.NArg())
	}
	data, err := os.ReadFile(flags.Arg(0))
	if err != nil {
		return fmt.Errorf("read the document: %w", err)
	}
	table, err := Convert(data)
	if err != nil {
		return fmt.Errorf("%s: %w", flags.Arg(0), err)
	}
	Prune(table)
	code, err := Print(*pkg, table)
	if err != nil {
		return err
	}
	if err := writeCode(*out, code); err != nil {
		return err
	}
	if *reserved == "" {
		return nil
	}
	if code, err = PrintReserved("runtime", Reserved(table)); err != nil {
		return err
	}
	return writeCode(*reserved, code)
}

func writeCode(file string, code []byte) error {
	if err := os.WriteFile(file, code, 0o644); err != nil { //nolint:gosec // source code, as readable as its neighbours
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}
