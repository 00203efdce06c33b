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
