package optable

import "slices"

// Exclusive is a set of alternatives among top-level fields of the body or among parameters: the fields of one
// variant exclude those of the others.
type Exclusive struct {
	Name     string
	Optional bool // whether none of the variants may be given
	Variants []Variant
}

// Variant is one alternative.
type Variant struct {
	Name     string
	Fields   []string // all of them, but for the optional ones, must be given together
	Optional []string // those of the fields that may be missing
}

// Choice is how the fields of a request fit an Exclusive. They fit if there is neither a Conflict nor a None nor
// anything Missing.
type Choice struct {
	Variant  *Variant // the first of which a field is given; nil: none
	Conflict *Variant // the next of which a field is given; nil: none
	Missing  []string // what Variant requires and is not given, unless there is a Conflict
	None     bool     // one of the variants is required, and none is given
}

// Choose compares the fields of a request with the variants; given reports whether the request has a field. It is the
// one check for the SDK, the adapter and the sandbox; each reports the result in its own words.
func (e *Exclusive) Choose(given func(field string) bool) Choice {
	var c Choice
	for i := range e.Variants {
		v := &e.Variants[i]
		switch {
		case !slices.ContainsFunc(v.Fields, given):
		case c.Variant == nil:
			c.Variant = v
		default:
			c.Conflict = v
			return c
		}
	}
	if c.Variant == nil {
		c.None = !e.Optional && len(e.Variants) > 0
		return c
	}
	for _, name := range c.Variant.Fields {
		if !given(name) && !slices.Contains(c.Variant.Optional, name) {
			c.Missing = append(c.Missing, name)
		}
	}
	return c
}
