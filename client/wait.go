package client

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Waits between the requests of a Wait method. The first doubles up to the last.
const (
	firstPoll = time.Second
	lastPoll  = 15 * time.Second
)

// ErrUnexpectedState means that what a Wait method waited for has ended in another state. The result has the state.
var ErrUnexpectedState = errors.New("unexpected state")

// Wait requests an export until it is ready, and returns it with the URL to download. It waits between requests, from
// 1 second to 15 seconds, and has no time limit but that of ctx. If the export failed or expired, it returns the
// export and an error that wraps [ErrUnexpectedState]. Options apply to each request.
func (s *AuditLogsExportsService) Wait(ctx context.Context, id string, opts ...Option) (*AuditLogExport, error) {
	return wait(ctx, func() (*AuditLogExport, AuditLogExportState, error) {
		export, err := s.Get(ctx, id, opts...)
		if err != nil {
			return nil, "", err
		}
		return export, export.State, nil
	}, "audit_logs.exports", AuditLogExportStatePending, AuditLogExportStateReady)
}

// Wait requests a domain until it is verified, after [OrganizationDomainsService.Verify]. It waits between requests,
// from 1 second to 15 seconds, and has no time limit but that of ctx: verification takes as long as DNS does. If the
// verification failed, or was not started, it returns the domain and an error that wraps [ErrUnexpectedState]. Options
// apply to each request.
func (s *OrganizationDomainsService) Wait(ctx context.Context, id string, opts ...Option) (*OrganizationDomain, error) {
	return wait(ctx, func() (*OrganizationDomain, OrganizationDomainState, error) {
		domain, err := s.Get(ctx, id, opts...)
		switch {
		case err != nil:
			return nil, "", err
		case domain.State == nil:
			return domain, "", nil
		default:
			return domain, *domain.State, nil
		}
	}, "organization_domains", OrganizationDomainStatePending, OrganizationDomainStateVerified,
		OrganizationDomainStateLegacyVerified)
}

// wait calls get until its state is not pending, and returns an error unless the state is then one of done.
func wait[T any, S ~string](
	ctx context.Context, get func() (*T, S, error), name string, pending S, done ...S,
) (*T, error) {
	for interval := firstPoll; ; interval = min(2*interval, lastPoll) { //nolint:mnd // doubled
		result, state, err := get()
		if err != nil {
			return nil, err
		}
		if slices.Contains(done, state) {
			return result, nil
		}
		if state != pending {
			return result, fmt.Errorf("%s: %w %q: want %q", name, ErrUnexpectedState, state, done[0])
		}
		if err := sleep(ctx, interval); err != nil {
			return result, fmt.Errorf("%s: wait: %w", name, err)
		}
	}
}
