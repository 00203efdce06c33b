package client

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
)

// WithStrictDecoding returns an [ErrInvalidResponse] if a value in a response does not fit its type. By default such a
// value is left out, [Response.Invalid] names it, and a warning is logged.
func WithStrictDecoding() Option {
	return func(cfg *config) error {
		cfg.strict = true
		return nil
	}
}

// decode decodes the body of a response. It leaves out what does not fit, unless decoding is strict, and returns the
// paths of what it left out.
func (c *call) decode(ctx context.Context, got rawResponse, into any) (invalid []string, err error) {
	if c.response != nil && c.response.result == nil {
		c.response.result = reflect.TypeOf(into).Elem()
	}
	if err = json.Unmarshal(got.body, into); err == nil {
		return nil, nil
	}
	if !c.strict && json.Valid(got.body) {
		var p pruner
		target := reflect.ValueOf(into).Elem()
		if pruned, ok := p.prune(got.body, target.Type(), "", 0); ok {
			target.SetZero() // the first attempt may have set fields
			if err := json.Unmarshal(pruned, into); err == nil {
				c.reportInvalid(ctx, p.invalid)
				return p.invalid, nil
			}
		}
	}
	return nil, c.invalidResponse(got.resp, got.body, false, fmt.Errorf("%w: %w", ErrInvalidResponse, err))
}

func (c *call) reportInvalid(ctx context.Context, paths []string) {
	if c.response != nil {
		c.response.Invalid = paths
	}
	if c.logger != nil {
		c.logger.LogAttrs(ctx, slog.LevelWarn, "WorkOS response has values of unexpected types",
			append(c.attrs(), slog.String("invalid", c.text(strings.Join(paths, ", "), maxText)))...)
	}
}
