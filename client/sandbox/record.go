package sandbox

import (
	"cmp"
	"slices"
	"strings"
)

// record is a thing that the sandbox keeps. Once it is in a store, its fields change through the store alone, which
// keeps its indexes and what a failed request has to undo.
type record struct {
	kind    *kind
	id      string // never empty, also where the kind's views have no ID
	seq     int    // order of creation
	hidden  bool   // whether it belongs to something that its views do not show
	stored  bool
	removed bool
	fields  map[string]any
}

//go:noinline
func (r *record) text(field string) string { return text(r.fields[field]) }

// table holds the records of one kind.
type table struct {
	byID  map[string]*record
	order []*record // by seq; removed ones stay until the table is compacted
	dead  int
	index map[indexKey][]*record // by seq
	gone  map[string]int         // the sequence numbers of removed records, as cursors outlive them
}

// indexKey is a value of a field, as records are found by it.
type indexKey struct{ field, value string }

func newTable() *table {
	return &table{byID: map[string]*record{}, index: map[indexKey][]*record{}, gone: map[string]int{}}
}

// folded reports whether a field is compared without regard to case.
func folded(field string) bool { return field == fieldEmail || field == fieldDomain }

// keyOf returns the index key of a field's value. Only texts are indexed, and no empty ones.
func keyOf(field string, v any) (indexKey, bool) {
	s, ok := v.(string)
	if !ok || s == "" {
		return indexKey{}, false
	}
	if folded(field) {
		s = strings.ToLower(s)
	}
	return indexKey{field, s}, true
}

func bySeq(r *record, seq int) int { return cmp.Compare(r.seq, seq) }

func (t *table) add(r *record) {
	t.byID[r.id] = r
	if r.removed {
		r.removed = false
		t.dead--
	} else {
		at, _ := slices.BinarySearchFunc(t.order, r.seq, bySeq)
		t.order = slices.Insert(t.order, at, r)
	}
	delete(t.gone, r.id)
	r.stored = true
}

func (t *table) remove(r *record) {
	delete(t.byID, r.id)
	t.gone[r.id] = r.seq
	r.removed, r.stored = true, false
	t.dead++
}

// compact forgets removed records once they are the most.
func (t *table) compact() {
	const few = 64
	if t.dead <= few || t.dead <= len(t.order)/2 {
		return
	}
	t.order = slices.DeleteFunc(t.order, func(r *record) bool { return r.removed })
	t.dead = 0
}

func (t *table) enter(r *record, field string, v any) {
	key, ok := keyOf(field, v)
	if !ok {
		return
	}
	bucket := t.index[key]
	at, found := slices.BinarySearchFunc(bucket, r.seq, bySeq)
	if !found {
		t.index[key] = slices.Insert(bucket, at, r)
	}
}

func (t *table) leave(r *record, field string, v any) {
	key, ok := keyOf(field, v)
	if !ok {
		return
	}
	bucket := t.index[key]
	at, found := slices.BinarySearchFunc(bucket, r.seq, bySeq)
	switch {
	case !found:
	case len(bucket) == 1:
		delete(t.index, key)
	default:
		t.index[key] = slices.Delete(bucket, at, at+1)
	}
}
