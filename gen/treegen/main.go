// Treegen writes the service tree of package client: a field for each segment of an operation's ID, a method for its
// verb, an All method for each list, and aliases of the types that they mention. It reads the operations table and the
// types of the generated client, and so runs after both have been generated:
//
//	go run ./gen/treegen -out client/services.gen.go -types client/types.gen.go -models gen/api.gen.go
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
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
	out := flags.String("out", "services.gen.go", "`file` of the tree")
	types := flags.String("types", "", "`file` of the aliases (default: none)")
	source := flags.String("models", "", "Go `file` of the generated types, for -types")
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
	if err := write(*out, code); err != nil || *types == "" {
		return err
	}
	models, err := ReadModels(*source)
	if err != nil {
		return err
	}
	taken, err := DeclaredNames(filepath.Dir(*types), filepath.Base(*types))
	if err != nil {
		return err
	}
	if code, err = PrintTypes(root, reflect.TypeFor[gen.ClientWithResponses]().PkgPath(), models, taken); err != nil {
		return err
	}
	return write(*types, code)
}

func write(file string, code []byte) error {
	if err := os.WriteFile(file, code, 0o644); err != nil { //nolint:gosec // source code
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}
