package user

import "testing"

func TestTwo(t *testing.T) {
	if got := Two(2, 3); got != 5 {
		t.Errorf("got %d, want 5", got)
	}
}
