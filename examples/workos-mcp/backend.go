package main

import (
	"fmt"
	"net/http"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/client/sandbox/served"
	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

// backend calls WorkOS. Each call brings its credentials in its context.
type backend struct {
	sandbox served.Place
	client  *client.Client
}

// adapter makes the client and its tools.
func (b *backend) adapter(settings serve.Settings, opts ...mcpadapter.Option) (*mcpadapter.Adapter, error) {
	transport, url, err := b.sandbox.Transport(
		settings.Transport, settings.Getenv("WORKOS_BASE_URL"), sandbox.WithAnyKey(), sandbox.WithExamples(),
	)
	if err != nil {
		return nil, err
	}
	clientOpts := []client.Option{
		client.WithCredentialsFromContext(), client.WithUserAgent("workos-mcp/" + version()),
		client.WithHTTPClient(&http.Client{Transport: transport}),
		client.WithMaxResponseBytes(mcpadapter.DefaultMaxResponseBytes), // the adapter refuses larger ones
	}
	if url != "" {
		clientOpts = append(clientOpts, client.WithBaseURL(url))
	}
	if b.client, err = client.New("", clientOpts...); err != nil {
		return nil, fmt.Errorf("start the client: %w", err)
	}
	advice := requestAdvice
	if !settings.HTTP {
		advice = localAdvice
		if id := settings.Getenv("WORKOS_CLIENT_ID"); id != "" {
			opts = append(opts, mcpadapter.WithKnown(knownClientID(id)))
		}
	}
	// Strict, as tests cover every operation.
	opts = append(opts, mcpadapter.WithStrict(),
		mcpadapter.WithFailures(serve.MissingCredential(client.ErrNoCredentials, advice)))
	// Without the methods that parse responses, which the adapter reads itself: they are a twentieth of the program.
	adapter, err := mcpadapter.New(b.client.API().ClientInterface, &gen.Operations, opts...)
	if err != nil {
		err = fmt.Errorf("derive the tools: %w", err)
	}
	return adapter, err
}

// knownClientID fills in the environment's client ID where an operation asks for that, and not for a third party's.
func knownClientID(id string) func(op *optable.Operation, argument string) (string, bool) {
	return func(op *optable.Operation, argument string) (string, bool) {
		own := op.Toolset == "user_management" || op.Toolset == "sso"
		return id, own && (argument == "client_id" || argument == "clientId")
	}
}
