// Quickstart creates an organization and lists all of them:
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

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
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
	var opts []workos.Option
	if try {
		key = "sk_sandbox"
		opts = append(opts, workos.WithHTTPClient(&http.Client{Transport: sandbox.New()}))
	}
	c, err := workos.New(key, opts...)
	if err != nil {
		return err
	}
	created, err := c.Organizations.Create(ctx, workos.CreateOrganization{Name: "Acme"})
	switch {
	case errors.Is(err, workos.ErrUnauthorized):
		return fmt.Errorf("is WORKOS_API_KEY the key of an environment? %w", err)
	case err != nil:
		return err
	}
	fmt.Fprintln(out, "created", created.Name)

	for organization, err := range c.Organizations.All(ctx, nil) {
		if err != nil {
			return err
		}
		fmt.Fprintln(out, "listed", organization.Name)
	}
	return nil
}
