// Tablegen writes the static operations table of an OpenAPI document, as Go code beside the client that oapi-codegen
// generates from the same document:
//
//	go run github.com/seed-f165d83c/workos/gen/tablegen@latest -package petstore -out petstore/table.gen.go petstore.yaml
//
// The file declares Operations, an optable.Table, for the adapter, and Routes, the small part of it that a client
// needs to recognize a request. What the table cannot represent is a warning with its line on standard error, or with
// -strict an error. See package openapi for what is read.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/seed-f165d83c/workos/gen/openapi"
)

func main() {
	err := run(os.Args[1:], os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "tablegen:", err)
		os.Exit(1)
	}
}

const usage = `usage: tablegen [flags] document

Tablegen writes the operations table of an OpenAPI 3 document (YAML or JSON, or - for standard input) as Go code, for
package mcpadapter. Write it into the package of the client that oapi-codegen generates from the same document, and
select the same operations: with -config, or with the flags of the same names.

flags:
`

func run(args []string, stderr io.Writer) error {
	s, err := parse(args, stderr)
	if err != nil {
		return err
	}
	data, err := read(s.document)
	if err != nil {
		return fmt.Errorf("read the document: %w", err)
	}
	table, problems, err := openapi.Convert(data, s.options)
	if err != nil {
		return fmt.Errorf("%s: %w", s.document, err)
	}
	for _, p := range problems {
		fmt.Fprintln(stderr, located(s.document, p))
	}
	if s.strict && len(problems) > 0 {
		return fmt.Errorf("%s: %d problems, and -strict accepts none", s.document, len(problems))
	}
	if s.words != "" {
		if err := addWords(table, s.words); err != nil {
			return fmt.Errorf("-words: %w", err)
		}
	}
	code, err := Print(s.pkg, table)
	if err != nil {
		return err
	}
	if err := writeCode(s.out, code); err != nil {
		return err
	}
	if s.reserved == "" {
		return nil
	}
	if code, err = PrintReserved("runtime", Reserved(table)); err != nil {
		return err
	}
	return writeCode(s.reserved, code)
}

// located writes a problem as compilers do, so that editors find the line.
func located(file string, p openapi.Problem) string {
	if p.Line > 0 {
		file = fmt.Sprintf("%s:%d", file, p.Line)
	}
	p.Line = 0
	return file + ": " + p.String()
}

func read(file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(io.LimitReader(os.Stdin, openapi.MaxBytes+1)) //nolint:wrapcheck // run names it
	}
	return os.ReadFile(file) //nolint:gosec,wrapcheck // the file that was asked for; the error names it
}

func writeCode(file string, code []byte) error {
	if err := os.WriteFile(file, code, 0o644); err != nil { //nolint:gosec // source code, as readable as its neighbours
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}
