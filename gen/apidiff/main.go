// Apidiff holds the exported API of the module's packages to a committed list:
//
//	go run ./gen/apidiff            # print what changed against gen/testdata/api, and fail if anything did
//	go run ./gen/apidiff -update    # accept it: rewrite gen/testdata/api
//
// The list has a line for each exported object, field and method, so that its diff is the change of the API and can be
// reviewed. A line that is gone or differs breaks programs; a new line does not.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "apidiff:", err)
		os.Exit(1)
	}
}

// patterns returns the packages that programs import. Package gen is left out: what the SDK promises of it is in the
// aliases of package client, and the rest follows oapi-codegen.
func patterns() []string { return []string{"./client/...", "./mcpadapter/...", "./gen/optable/..."} }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("apidiff", flag.ContinueOnError)
	flags.SetOutput(stderr)
	baseline := flags.String("baseline", "gen/testdata/api", "`directory` of the accepted API, a file for each package")
	update := flags.Bool("update", false, "rewrite the baseline")
	if err := flags.Parse(args); err != nil {
		return err //nolint:wrapcheck // flag has printed and named it
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected arguments %q", flags.Args())
	}
	current, err := Load(ctx, patterns())
	if err != nil {
		return err
	}
	if *update {
		return current.Write(*baseline)
	}
	accepted, err := Read(*baseline)
	if err != nil {
		return err
	}
	d := Compare(accepted, current)
	d.Print(stdout)
	switch {
	case len(d.Breaking) > 0:
		return errors.New("the API changed in ways that break programs: see Versions in CONTRIBUTING.md; " +
			"accept it by -update, and say so in CHANGELOG.md")
	case len(d.Added) > 0:
		return errors.New("the API grew: record it by -update")
	}
	return nil
}
