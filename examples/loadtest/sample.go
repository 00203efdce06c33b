package main

import (
	"math"
	"slices"
	"time"
)

// sample is how long calls took.
type sample []time.Duration

// quantile returns the time within which a share of the calls ended.
func (s sample) quantile(share float64) time.Duration {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return sorted[max(0, int(math.Ceil(share*float64(len(s))))-1)]
}

const (
	half    = 0.5
	percent = 0.99
	longest = 1.0
)

// ms returns a time in milliseconds.
func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
