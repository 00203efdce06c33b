// Package parcel has one of each construct that mutants are planted in.
package parcel

import (
	"errors"
	"time"
)

const heaviest = 20

var (
	// ErrHeavy is the error of a parcel above the limit.
	ErrHeavy = errors.New("too heavy")
	calls    int
)

// Check reports what is wrong with a parcel.
func Check(weight int, fragile, insured bool) error {
	calls++
	if weight > heaviest {
		return ErrHeavy
	}
	if fragile && !insured {
		return errors.New("not insured")
	}
	return nil
}

// Total adds the prices up to the first negative one.
func Total(prices []int) (sum int, err error) {
	for _, p := range prices {
		if p < 0 {
			break
		}
		sum += p
	}
	return sum, nil
}

// Zone returns the zone of a country and the days that a parcel takes.
func Zone(country string) (string, time.Duration) {
	switch country {
	case "de", "at":
		return "near", 24 * time.Hour
	case "us":
		return "far", 96 * time.Hour
	default:
		return "unknown", 0
	}
}

// Kind names the type of a value.
func Kind(v any) string {
	switch v := v.(type) {
	case int:
		return "int"
	case string:
		return "string " + v
	}
	return ""
}

// Wait returns when the channel is closed, or at once if there is none.
func Wait(c chan struct{}) {
	if c == nil {
		return
	}
	for { //nolint // a loop without a condition
		if _, open := <-c; !open {
			return
		}
	}
}
