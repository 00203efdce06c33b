package serve

import (
	"context"
	"log/slog"

	"golang.org/x/time/rate"
)

// guardHandler logs what the guard of a sign-in says about requests, with their ID. Anybody can send requests that it
// refuses, so there are no more of these lines in a second than of refused requests.
type guardHandler struct {
	slog.Handler

	limit *rate.Limiter
}

func guardLogger(logger *slog.Logger) *slog.Logger {
	return slog.New(guardHandler{logger.Handler(), rate.NewLimiter(refusalsLogged, refusalsLoggedAtOnce)})
}

func (h guardHandler) Handle(ctx context.Context, r slog.Record) error {
	if !h.limit.Allow() {
		return nil
	}
	if l := requestLogOf(ctx); l != nil {
		r = r.Clone()
		r.AddAttrs(slog.String("request_id", l.id))
	}
	return h.Handler.Handle(ctx, r) //nolint:wrapcheck // as the handler
}

func (h guardHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return guardHandler{h.Handler.WithAttrs(attrs), h.limit}
}

func (h guardHandler) WithGroup(name string) slog.Handler {
	return guardHandler{h.Handler.WithGroup(name), h.limit}
}
