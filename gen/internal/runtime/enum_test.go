package runtime_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/gen/internal/runtime"
)

func TestValueIsALineOrNot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lines, value string
		want         bool
	}{
		{"a\nbc\nd\n", "a", true},
		{"a\nbc\nd\n", "bc", true},
		{"a\nbc\nd\n", "d", true},
		{"a\nbc\nd\n", "b", false},
		{"a\nbc\nd\n", "c", false},
		{"a\nbc\nd\n", "bcd", false},
		{"a\nbc\nd\n", "A", false},
		{"a\nbc\nd\n", "a\nbc", false},
		{"a\nbc\nd\n", "a\n", false},
		{"a\nbc\nd\n", "", false},
		{"a\n\n", "", true},
		{"", "", false},
	} {
		if got := runtime.IsLineOf(c.lines, c.value); got != c.want {
			t.Errorf("is %q a line of %q: got %t, want %t", c.value, c.lines, got, c.want)
		}
	}
}
