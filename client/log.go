package client

import (
	"context"
	"log/slog"
	"net/http"
	"time"
)

// logAttempt returns the function that logs the end of an attempt.
func (c *call) logAttempt(ctx context.Context) func(*http.Response, error) {
	if c.logger == nil {
		return func(*http.Response, error) {}
	}
	start := time.Now()
	return func(resp *http.Response, err error) {
		attrs := append(c.attrs(), slog.Duration("duration", time.Since(start)))
		level, message := slog.LevelDebug, "WorkOS response"
		if resp != nil {
			attrs = append(attrs, slog.Int("status", resp.StatusCode))
			if id := resp.Header.Get(headerRequestID); id != "" {
				attrs = append(attrs, slog.String("request_id", c.text(id, maxText)))
			}
		}
		if err != nil {
			level, message = slog.LevelWarn, "WorkOS call failed"
			attrs = append(attrs, slog.String("error", err.Error()))
		}
		c.logger.LogAttrs(ctx, level, message, attrs...)
	}
}

// logWait logs that the call will be retried.
func (c *call) logWait(ctx context.Context, err error, wait time.Duration) {
	if c.logger != nil {
		c.logger.LogAttrs(ctx, slog.LevelWarn, "WorkOS call will be retried",
			append(c.attrs(), slog.Duration("wait", wait), slog.String("error", err.Error()))...)
	}
}

func (c *call) attrs() []slog.Attr {
	return []slog.Attr{
		slog.String("operation", c.name()), slog.String("method", c.req.Method),
		slog.String("path", c.path()), slog.Int("attempt", c.attempts),
	}
}
