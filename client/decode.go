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
		if isAnother(got.body, into) {
			err = fmt.Errorf("%w: it has no member of the documented response", ErrInvalidResponse)
			return nil, c.invalidResponse(got.resp, got.body, false, err)
		}
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

// isAnother reports whether a body is an object that has members, but none of the result's type. A proxy's
// {"message": …} would pass for an empty result otherwise. The types of all responses have required members.
func isAnother(body []byte, result any) bool {
	value := reflect.ValueOf(result).Elem()
	if value.Kind() != reflect.Struct || !value.IsZero() {
		return false
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil || len(members) == 0 {
		return false
	}
	for _, field := range reflect.VisibleFields(value.Type()) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if _, found := members[name]; found {
			return false
		}
	}
	return true
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
