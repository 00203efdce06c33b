package sandbox

import (
	"maps"
	"slices"
)

// The ends of a link.
const (
	linkFrom = "link_from"
	linkTo   = "link_to"
)

// children lists what cannot be without a thing.
func (s *store) children(r *record) []*record {
	var found []*record
	for _, k := range s.kinds {
		for _, p := range k.parents {
			if p.kind != r.kind.name {
				continue
			}
			for _, child := range s.having(k, p.field, r.id) {
				if !slices.Contains(found, child) {
					found = append(found, child)
				}
			}
		}
	}
	return found
}

// relation is whether a thing belongs to another, as far as it says so.
type relation int

const (
	unknown relation = iota
	yes
	no
)

// pointsTo reports whether a thing names another as the one that it belongs to, or names another one of that kind.
func pointsTo(r, parent *record) relation {
	for _, p := range r.kind.parents {
		if id, names := r.fields[p.field].(string); names && p.kind == parent.kind.name {
			if id == parent.id {
				return yes
			}
			return no
		}
	}
	return unknown
}

// link relates two things, and reports whether they were not related before.
func (s *store) link(a, b string) bool {
	if s.linked(a, b) {
		return false
	}
	s.add(&record{kind: s.own.link, id: a + " " + b, fields: map[string]any{linkFrom: a, linkTo: b}})
	return true
}

// unlink ends a relation, and reports whether there was one.
func (s *store) unlink(a, b string) bool {
	r := s.get(s.own.link, a+" "+b)
	if r == nil {
		return false
	}
	s.remove(r)
	return true
}

//go:noinline
func (s *store) linked(a, b string) bool {
	return s.get(s.own.link, a+" "+b) != nil || s.get(s.own.link, b+" "+a) != nil
}

// joined lists the things of a kind that stand beside another in some third: the users of an organization's
// memberships.
func (s *store) joined(r *record, k *kind) map[string]bool {
	ids := map[string]bool{}
	for _, other := range s.kinds {
		from, to := other.link(r.kind), other.link(k)
		if from == "" || to == "" {
			continue
		}
		for _, third := range s.having(other, from, r.id) {
			ids[third.text(to)] = true // no ID is empty
		}
	}
	return ids
}

// sortedBySeq returns the records of a set in the order of their creation.
func sortedBySeq(set map[*record]bool) []*record {
	return slices.SortedFunc(maps.Keys(set), func(a, b *record) int { return bySeq(a, b.seq) })
}
