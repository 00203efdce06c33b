// Package generator runs the generators below gen as commands: each reads one OpenAPI document and writes the files
// that its flags name.
package generator

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// Files are the contents of files by their paths.
type Files map[string][]byte

// Main runs a generator with the arguments of the program, and exits with 1 if it fails.
func Main(name string, run func(args []string, stderr io.Writer) error) {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

// Run parses the arguments, all flags and one OpenAPI document, and writes the files that generate returns for the
// document. It writes none if generate fails. Errors of generate are reported with the path of the document.
func Run(flags *flag.FlagSet, args []string, stderr io.Writer, generate func(document []byte) (Files, error)) error {
	flags.SetOutput(stderr)
	if err := flags.Parse(args); err != nil {
		return err //nolint:wrapcheck // flag has printed and named it
	}
	var missing []string
	flags.VisitAll(func(f *flag.Flag) {
		if f.Value.String() == "" {
			missing = append(missing, "-"+f.Name)
		}
	})
	if len(missing) > 0 {
		return errors.New("missing " + strings.Join(missing, ", "))
	}
	if flags.NArg() != 1 {
		return fmt.Errorf("want one OpenAPI document, got %q", flags.Args())
	}
	document, err := os.ReadFile(flags.Arg(0))
	if err != nil {
		return fmt.Errorf("read the document: %w", err)
	}
	files, err := generate(document)
	if err != nil {
		return fmt.Errorf("%s: %w", flags.Arg(0), err)
	}
	for file, text := range files {
		if err := os.WriteFile(file, text, 0o644); err != nil { //nolint:gosec // source code, as readable as its neighbours
			return fmt.Errorf("write %s: %w", file, err)
		}
	}
	return nil
}
