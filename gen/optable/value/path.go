package value

import (
	"slices"
	"strconv"
)

// Path leads from a value to one within it.
type Path []Step

// Step leads one level down.
type Step struct {
	To    Target
	Name  string // of the property
	Index int    // of the item
}

// Target is what a step leads to.
type Target int

// The targets of steps.
const (
	ToProperty Target = iota // the value of a property
	ToItem                   // an item of an array
	ToName                   // the name of a property
)

// with returns the path with one more step. It shares memory with p and overwrites what with returned before on p, so
// paths are used one after another, as a walk does, and cloned to be kept.
func (p Path) with(step Step) Path { return append(p, step) }

// roomy returns the path with room for the steps of a few levels, so that with need not make any.
func (p Path) roomy() Path {
	const levels = 8
	if cap(p) > len(p) {
		return p
	}
	return slices.Grow(p, levels)
}

// String returns the path as data[0].state, and that of a property's name as "the name data.state".
func (p Path) String() string {
	var text []byte
	prefix := ""
	for _, s := range p {
		if s.To == ToItem {
			text = append(strconv.AppendInt(append(text, '['), int64(s.Index), 10), ']')
			continue
		}
		if s.To == ToName {
			prefix = "the name "
		}
		if len(text) > 0 {
			text = append(text, '.')
		}
		text = append(text, s.Name...)
	}
	return prefix + string(text)
}
