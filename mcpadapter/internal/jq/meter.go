package jq

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"

	"github.com/itchyny/gojq"
)

// meter bounds the values of one run.
type meter struct {
	limit int // size of a value
	left  int // elements that may still be gathered

	finders map[[2]string]*finder // by regular expression and flags
}

const (
	elementSize = 32 // of a value beside what is in it, in bytes, roughly
	maxDeep     = 500
	maxInt      = int(^uint(0) >> 1)
)

var (
	// ErrCanceled is returned if the context of a run ended before the program did.
	ErrCanceled = errors.New("the call ended before the program did")

	errTooLarge = errors.New("the program makes a value that is much larger than the answer")
	errTooMany  = errors.New("the program gathers many more values than the answer has")
)

// check returns the value, or an error if it is too large, with what it shares with others counted in full: a value
// that holds another twice is cheap to make and dear to write or compare.
func (m *meter) check(v any) any {
	if m.size(v, m.limit) > m.limit {
		return errTooLarge
	}
	return v
}

// count is check for a value that is gathered with others.
func (m *meter) count(v any) any {
	if m.left--; m.left < 0 {
		return errTooMany
	}
	return v
}

// small returns the value, or an error if its size is above a bound.
func (m *meter) small(v, most any) any {
	n, _ := gojq.ToInt(most)
	if m.size(v, n) > n {
		return fmt.Errorf("the program uses a value of more than %d bytes where it may not", n)
	}
	return v
}

// size is roughly how many bytes a value takes. It stops above a bound.
func (m *meter) size(v any, most int) int { return sizeOf(v, most, maxDeep) }

func sizeOf(v any, most, depth int) int {
	size := elementSize
	if depth == 0 {
		return maxInt
	}
	switch v := v.(type) {
	case string:
		size += len(v)
	case json.Number:
		if size += len(v); len(v) > maxDigits {
			return maxInt
		}
	case *big.Int:
		if v.BitLen() > maxBits {
			return maxInt
		}
	case []any:
		for i := 0; i < len(v) && size <= most; i++ {
			size = added(size, sizeOf(v[i], most-size, depth-1))
		}
	case map[string]any:
		for name, inner := range v {
			if size = added(size+len(name), sizeOf(inner, most-size, depth-1)); size > most {
				break
			}
		}
	}
	return size
}

func added(a, b int) int {
	if b > maxInt-a {
		return maxInt
	}
	return a + b
}

// noFactor refuses a text as a factor, which would repeat it.
func noFactor(v any) any {
	if _, isText := v.(string); isText {
		return errors.New("a program may not multiply texts")
	}
	return v
}
