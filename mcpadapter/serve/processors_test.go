package serve

import (
	"slices"
	"testing"
)

func TestProcessorsFollowTheRequestsAtOnce(t *testing.T) {
	var set []bool // whether one
	p := processors{company: 3, set: func(one bool) { set = append(set, one) }}
	for _, step := range []struct {
		running, times int
		want           []bool // all that was set so far
	}{
		{1, 7, nil},
		{2, 1, nil}, // the count begins again
		{1, 7, nil},
		{1, 1, []bool{true}},
		{1, 100, []bool{true}},
		{2, 9, []bool{true}},
		{3, 1, []bool{true, false}},
		{32, 9, []bool{true, false}},
		{1, 7, []bool{true, false}},
		{1, 1, []bool{true, false, true}},
	} {
		for range step.times {
			p.begun(step.running)
		}
		if !slices.Equal(set, step.want) {
			t.Errorf("%d at once, %d times: got %v set, want %v", step.running, step.times, set, step.want)
		}
	}
	(&processors{}).begun(1) // sets nothing
}
