package serve

import (
	"context"
	"net/http"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// observer sees the calls of a server.
type observer struct {
	metrics *Metrics
	audit   *audit // nil: none
}

// call is called after each call of an operation.
func (o observer) call(ctx context.Context, seen mcpadapter.Observation) {
	if seen.Sent && acceptedBy(seen.Result.Failure) {
		accepted(ctx)
	}
	if l := requestLogOf(ctx); l != nil {
		l.operation(seen.Tool.Name())
	}
	o.metrics.call(seen)
	o.audit.write(ctx, seen)
}

// acceptedBy reports whether the API has accepted the credential of a call that it responded to.
func acceptedBy(f *mcpadapter.Failure) bool {
	return f == nil || f.Status != 0 && f.Status != http.StatusUnauthorized && f.Status != http.StatusForbidden &&
		f.Status < http.StatusInternalServerError && f.Status != http.StatusTooManyRequests
}
