package serve

import (
	"slices"
	"testing"
)

func TestProcessorsFollowTheRequestsAtOnce(t *testing.T) {
	var set []int
	p := processors{all: 4, set: func(n int) { set = append(set, n) }}
	for _, step := range []struct {
		running, times int
		want           []int // all that was set so far
	}{
		{1, 7, nil},
		{2, 1, nil}, // the count begins again
		{1, 7, nil},
		{1, 1, []int{1}},
		{1, 100, []int{1}},
		{2, 9, []int{1}},
		{3, 1, []int{1, 4}},
		{32, 9, []int{1, 4}},
		{1, 7, []int{1, 4}},
		{1, 1, []int{1, 4, 1}},
	} {
		for range step.times {
			p.begun(step.running)
		}
		if !slices.Equal(set, step.want) {
			t.Errorf("%d at once, %d times: got %v set, want %v", step.running, step.times, set, step.want)
		}
	}
	(&processors{all: 4}).begun(1) // sets nothing
}
