// Quickstart creates an organization and lists the first ones:
//
//	WORKOS_API_KEY=sk_… go run ./examples/quickstart
//	go run ./examples/quickstart -sandbox
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
)

func main() {
	try := flag.Bool("sandbox", false, "answer from memory, without a key or a network")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, os.Getenv("WORKOS_API_KEY"), *try); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, key string, try bool) error {
	var opts []client.Option
	if try {
		key = "sk_sandbox"
		opts = append(opts, client.WithHTTPClient(&http.Client{Transport: sandbox.New()}))
	}
	c, err := client.New(key, opts...)
	if err != nil {
		return err
	}
	created, err := c.API().OrganizationsCreateWithResponse(ctx, gen.CreateOrganization{Name: "Acme"})
	var failed *client.Error
	switch {
	case errors.As(err, &failed):
		return fmt.Errorf("WorkOS refused with status %d, code %q: %w", failed.StatusCode, failed.Code, err)
	case err != nil:
		return err
	}
	fmt.Fprintln(out, "created", created.JSON201.Name)

	limit := 10
	page, err := c.API().OrganizationsListWithResponse(ctx, &gen.OrganizationsListParams{Limit: &limit})
	if err != nil {
		return err
	}
	for _, organization := range page.JSON200.Data {
		fmt.Fprintln(out, "listed", organization.Name)
	}
	return nil
}
