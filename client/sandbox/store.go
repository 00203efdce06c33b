package sandbox

import (
	"encoding/binary"
	"maps"
	"math/rand/v2"
	"slices"
)

// store holds the content of an environment. It is not safe for concurrent use.
//
// Changes belong to a transaction: commit keeps them, rollback undoes those since the last commit.
type store struct {
	random  *rand.ChaCha8
	last    int
	kinds   []*kind // those of the tables, in the order of their first record
	tables  map[*kind]*table
	indexed map[string]bool // the fields by which records are found
	own     *ownKinds

	undo    []func()
	changed map[*record]bool // since the last commit
}

func newStore(seed uint64, indexed map[string]bool, own *ownKinds) *store {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return &store{
		random: rand.NewChaCha8(key), tables: map[*kind]*table{}, indexed: indexed, own: own,
		changed: map[*record]bool{},
	}
}

func (s *store) table(k *kind) *table {
	t := s.tables[k]
	if t == nil {
		t = newTable()
		s.tables[k] = t
		s.kinds = append(s.kinds, k)
	}
	return t
}

func (s *store) add(r *record) {
	s.last++
	r.seq = s.last
	s.insert(r)
	s.undo = append(s.undo, func() { s.drop(r) })
}

func (s *store) insert(r *record) {
	t := s.table(r.kind)
	t.add(r)
	for field, v := range r.fields {
		if s.indexed[field] {
			t.enter(r, field, v)
		}
	}
	s.changed[r] = true
}

func (s *store) drop(r *record) {
	t := s.table(r.kind)
	for field, v := range r.fields {
		if s.indexed[field] {
			t.leave(r, field, v)
		}
	}
	t.remove(r)
	s.changed[r] = true
}

// set changes a field of a record, which need not be in the store yet.
func (s *store) set(r *record, field string, v any) {
	if !r.stored {
		r.fields[field] = v
		return
	}
	old, had := r.fields[field]
	s.write(r, field, v, true)
	s.undo = append(s.undo, func() { s.write(r, field, old, had) })
}

func (s *store) unset(r *record, field string) {
	old, had := r.fields[field]
	if !had {
		return
	}
	s.write(r, field, nil, false)
	s.undo = append(s.undo, func() { s.write(r, field, old, true) })
}

func (s *store) write(r *record, field string, v any, present bool) {
	if s.indexed[field] {
		t := s.table(r.kind)
		t.leave(r, field, r.fields[field])
		t.enter(r, field, v)
	}
	if present {
		r.fields[field] = v
	} else {
		delete(r.fields, field)
	}
	s.changed[r] = true
}

// replace gives a record those fields in place of all that it has.
func (s *store) replace(r *record, fields map[string]any) {
	for field := range maps.Clone(r.fields) {
		if _, kept := fields[field]; !kept {
			s.unset(r, field)
		}
	}
	for _, field := range sortedKeys(fields) {
		s.set(r, field, fields[field])
	}
}

// changes reports whether the open transaction changes things of a kind.
func (s *store) changes(k *kind) bool {
	for r := range s.changed {
		if r.kind == k {
			return true
		}
	}
	return false
}

func (s *store) commit() {
	for r := range s.changed {
		if r.removed {
			s.table(r.kind).compact()
		}
	}
	clear(s.undo)
	s.undo = s.undo[:0]
	clear(s.changed)
}

func (s *store) rollback() {
	for _, undo := range slices.Backward(s.undo) {
		undo()
	}
	clear(s.undo)
	s.undo = s.undo[:0]
	clear(s.changed)
}

//go:noinline
func (s *store) get(k *kind, id string) *record {
	if k == nil || s.tables[k] == nil {
		return nil
	}
	return s.tables[k].byID[id]
}

// all lists the things of a kind in the order of their creation.
//
//go:noinline
func (s *store) all(k *kind) []*record {
	if k == nil || s.tables[k] == nil {
		return nil
	}
	t := s.tables[k]
	if t.dead == 0 {
		return t.order
	}
	list := make([]*record, 0, len(t.byID))
	for _, r := range t.order {
		if !r.removed {
			list = append(list, r)
		}
	}
	return list
}

// having lists the things of a kind whose field has that text, in the order of their creation. The caller must not
// keep the list over a change of the store.
func (s *store) having(k *kind, field, value string) []*record {
	if k == nil || s.tables[k] == nil {
		return nil
	}
	if !s.indexed[field] {
		var list []*record
		for _, r := range s.all(k) {
			if value != "" && r.text(field) == value {
				list = append(list, r)
			}
		}
		return list
	}
	key, ok := keyOf(field, value)
	if !ok {
		return nil
	}
	return s.tables[k].index[key]
}

// remove deletes a thing with all that belongs to it.
func (s *store) remove(r *record) {
	if r.removed {
		return
	}
	s.drop(r)
	s.undo = append(s.undo, func() { s.insert(r) })
	for _, end := range []string{linkFrom, linkTo} {
		for _, link := range slices.Clone(s.having(s.own.link, end, r.id)) {
			s.remove(link)
		}
	}
	for _, child := range s.children(r) {
		s.remove(child)
	}
}
