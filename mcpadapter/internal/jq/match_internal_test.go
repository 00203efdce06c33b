package jq

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// A program that looks for a great many matches, each of which takes a look at all of a long text, ends between two of
// them.
func TestASearchForAllMatchesEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	found := new(meter).matches(ctx, strings.Repeat("a", subject), "a(.*b)?", "g")
	for i := range 3 {
		v, ok := found.Next()
		if match, isMatch := v.(map[string]any); !ok || !isMatch || match["offset"] != i {
			t.Fatalf("match %d: got %v, %t", i, v, ok)
		}
	}
	cancel()
	if v, ok := found.Next(); !ok || !errors.Is(asError(v), context.Canceled) {
		t.Errorf("after the context ended: got %v, %t, want its error", v, ok)
	}
	if v, ok := found.Next(); ok {
		t.Errorf("after the error: got %v, want the end", v)
	}
}

func asError(v any) error {
	err, _ := v.(error)
	return err
}

func TestASearchEndsAfterItsError(t *testing.T) {
	t.Parallel()
	for what, found := range map[string]interface{ Next() (any, bool) }{
		"no text":       new(meter).matches(t.Context(), 1, "a", nil),
		"no expression": new(meter).matches(t.Context(), "a", 1, nil),
		"no flags":      new(meter).matches(t.Context(), "a", "a", 1),
		"unknown flag":  new(meter).matches(t.Context(), "a", "a", "x"),
		"invalid":       new(meter).matches(t.Context(), "a", "(", nil),
	} {
		if v, ok := found.Next(); !ok || asError(v) == nil {
			t.Errorf("%s: got %v, %t, want an error", what, v, ok)
		}
		for range 2 {
			if v, ok := found.Next(); ok {
				t.Errorf("%s: got %v after the error, want the end", what, v)
			}
		}
	}
}
