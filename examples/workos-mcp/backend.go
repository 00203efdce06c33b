package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// backend makes the tools. Credentials are not its business: each call brings them in its context.
type backend struct {
	sandbox  bool
	baseURL  string // "": the default
	clientID string // "": none is filled in
	profile  mcpadapter.Profile
	outputs  bool // whether tools describe their answers
	filters  []mcpadapter.Filter
	keyHint  string // how a caller gives the key that is missing
	logger   *slog.Logger

	confirmation mcpadapter.Confirmation // but for whom a call is made
	answers      answers
}

// backend is what flags and environment say, whoever brings the credentials.
func (p process) backend(f flags, logger *slog.Logger) (backend, error) {
	filters, err := p.filters(f)
	if err != nil {
		return backend{}, err
	}
	if err := f.answers.check(); err != nil {
		return backend{}, err
	}
	confirmation, err := p.confirmation(f.confirm)
	if err != nil {
		return backend{}, err
	}
	return backend{
		sandbox: f.sandbox, baseURL: p.getenv("WORKOS_BASE_URL"), profile: f.profile, outputs: f.outputs,
		filters: filters, confirmation: confirmation, answers: f.answers, logger: logger,
	}, nil
}

func (b backend) adapter() (*mcpadapter.Adapter, error) {
	opts := []client.Option{client.WithCredentialsFromContext(), client.WithUserAgent("workos-mcp/" + version())}
	if b.baseURL != "" {
		opts = append(opts, client.WithBaseURL(b.baseURL))
	}
	if b.sandbox {
		opts = append(opts, client.WithHTTPClient(&http.Client{Transport: sandbox.New()}))
	}
	c, err := client.New("", opts...)
	if err != nil {
		return nil, fmt.Errorf("start the client: %w", err)
	}
	b.confirmation.Caller = caller(c)
	adapterOpts := []mcpadapter.Option{
		mcpadapter.WithLogger(b.logger), mcpadapter.WithFailures(b.failure), mcpadapter.WithProfile(b.profile),
		mcpadapter.WithTerseSchemas(), mcpadapter.WithConfirmation(b.confirmation),
	}
	adapterOpts = append(adapterOpts, b.answers.options()...)
	if b.outputs {
		adapterOpts = append(adapterOpts, mcpadapter.WithOutputSchemas())
	}
	if b.clientID != "" {
		adapterOpts = append(adapterOpts, mcpadapter.WithKnown(b.known))
	}
	for _, f := range b.filters {
		adapterOpts = append(adapterOpts, mcpadapter.WithFilter(f))
	}
	adapter, err := mcpadapter.New(c.API(), &gen.Operations, adapterOpts...)
	if wrong := (*mcpadapter.FilterError)(nil); errors.As(err, &wrong) {
		return nil, usageError{wrong}
	} else if err != nil {
		return nil, fmt.Errorf("derive the tools: %w", err)
	}
	return adapter, nil
}

// known fills in the environment's client ID where an operation asks for that, and not for a third party's.
func (b backend) known(op *optable.Operation, argument string) (string, bool) {
	own := op.Toolset == "user_management" || op.Toolset == "sso"
	return b.clientID, own && (argument == "client_id" || argument == "clientId")
}

// failure explains what the client cannot: how a caller of this program gives the credential that is missing. Answers
// of the API tell the adapter all that they say.
func (b backend) failure(err error) (*mcpadapter.Failure, bool) {
	if !errors.Is(err, client.ErrNoCredentials) {
		return nil, false
	}
	return &mcpadapter.Failure{
		Code: "no_credentials", Advice: b.keyHint,
		Message: "the operation needs a credential and the call came without it; nothing was sent",
	}, true
}
