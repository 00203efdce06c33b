package untried_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/seed-f165d83c/workos/client/internal/untried"
)

func TestMark(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	marked := untried.Mark(cause)
	if marked.Error() != "cause" || !errors.Is(marked, cause) {
		t.Errorf("got %v, want the cause", marked)
	}
	if !untried.Is(fmt.Errorf("handle: %w", marked)) {
		t.Error("a wrapped mark was not found")
	}
	if untried.Mark(nil) != nil || untried.Is(cause) || untried.Is(nil) {
		t.Error("there is a mark where none was set")
	}
}
