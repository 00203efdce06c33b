package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// stocked returns a store with two kinds: four cups, of which the second is removed, and an internal one.
func stocked() (s *store, cup, hidden *kind) {
	cup, hidden = &kind{name: "cup"}, &kind{name: "hidden", internal: true}
	s = newStore(1, map[string]bool{"color": true}, newOwnKinds())
	for _, r := range []*record{
		{kind: hidden, id: "hidden_1", fields: map[string]any{"color": "red"}},
		{kind: cup, id: "cup_1", fields: map[string]any{"color": "red", "size": "s"}},
		{kind: cup, id: "cup_2", fields: map[string]any{"color": "red", "size": "s"}},
		{kind: cup, id: "cup_3", fields: map[string]any{"color": "red", "size": ""}},
		{kind: cup, id: "cup_4", fields: map[string]any{"color": "blue", "size": "s"}},
	} {
		s.add(r)
	}
	s.commit()
	s.drop(s.get(cup, "cup_2"))
	s.commit()
	return s, cup, hidden
}

func idsOf(list []*record) []string {
	var ids []string
	for _, r := range list {
		ids = append(ids, r.id)
	}
	return ids
}

func TestStoreFindsRecordsByKindAndID(t *testing.T) {
	t.Parallel()
	s, cup, hidden := stocked()
	for id, stored := range map[string]bool{"cup_1": true, "hidden_1": false, "cup_2": false, "cup_9": false, "": false} {
		if r := s.get(cup, id); (r != nil) != stored {
			t.Errorf("%q: got %v, want it stored: %v", id, r, stored)
		}
	}
	if r := s.get(hidden, "hidden_1"); r == nil {
		t.Error("hidden_1 is not found by its kind")
	}
	if got := idsOf(s.all(cup)); !slices.Equal(got, []string{"cup_1", "cup_3", "cup_4"}) {
		t.Errorf("all: got %q", got)
	}
	if got := s.all(&kind{name: "other"}); len(got) != 0 {
		t.Errorf("all of a kind without records: got %q", idsOf(got))
	}
}

func TestStoreFindsByFieldsWithAndWithoutAnIndex(t *testing.T) {
	t.Parallel()
	s, cup, _ := stocked()
	for _, tt := range []struct {
		field, value string
		want         []string
	}{
		{"color", "red", []string{"cup_1", "cup_3"}},
		{"color", "blue", []string{"cup_4"}},
		{"color", "green", nil},
		{"color", "", nil},
		{"size", "s", []string{"cup_1", "cup_4"}},
		{"size", "", nil}, // an empty text is no value
		{"weight", "1", nil},
	} {
		if got := idsOf(s.having(cup, tt.field, tt.value)); !slices.Equal(got, tt.want) {
			t.Errorf("%s %q: got %q, want %q", tt.field, tt.value, got, tt.want)
		}
	}
}

// contentOf returns what a store holds and finds, as a text.
func contentOf(s *store, kinds ...*kind) string {
	var b strings.Builder
	for _, k := range kinds {
		for _, r := range s.all(k) {
			fmt.Fprintln(&b, r.id, r.fields, s.get(k, r.id) == r, r.stored, r.removed)
		}
		for _, color := range []string{"red", "blue", "green"} {
			fmt.Fprintln(&b, color, idsOf(s.having(k, "color", color)))
		}
	}
	return b.String()
}

func TestStoreUndoesEachChangeOfARequestThatFails(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(s *store, cup *kind){
		"add": func(s *store, cup *kind) {
			s.add(&record{kind: cup, id: "cup_5", fields: map[string]any{"color": "green"}})
		},
		"set":             func(s *store, cup *kind) { s.set(s.get(cup, "cup_1"), "color", "green") },
		"set a new field": func(s *store, cup *kind) { s.set(s.get(cup, "cup_1"), "weight", 1) },
		"unset what is absent": func(s *store, cup *kind) {
			s.unset(s.get(cup, "cup_1"), "weight")
			s.set(s.get(cup, "cup_1"), "color", "green")
		},
		"unset": func(s *store, cup *kind) { s.unset(s.get(cup, "cup_1"), "color") },
		"replace": func(s *store, cup *kind) {
			s.replace(s.get(cup, "cup_1"), map[string]any{"color": "green", "weight": 1})
		},
		"remove": func(s *store, cup *kind) { s.remove(s.get(cup, "cup_1")) },
		"remove what was changed": func(s *store, cup *kind) {
			r := s.get(cup, "cup_1")
			s.set(r, "color", "blue")
			s.remove(r)
			s.remove(r) // once more changes nothing
		},
	} {
		s, cup, hidden := stocked()
		before := contentOf(s, cup, hidden)
		change(s, cup)
		if contentOf(s, cup, hidden) == before {
			t.Errorf("%s: changes nothing", name)
		}
		s.rollback()
		if got := contentOf(s, cup, hidden); got != before {
			t.Errorf("%s: after the rollback got\n%swant\n%s", name, got, before)
		}
		s.rollback() // nothing is left to undo
		if got := contentOf(s, cup, hidden); got != before {
			t.Errorf("%s: after a second rollback got\n%swant\n%s", name, got, before)
		}
	}
}

func TestStoreKeepsNoRemovedRecordsForGood(t *testing.T) {
	t.Parallel()
	kinds := []*kind{{name: "cup"}, {name: "dish"}, {name: "spoon"}}
	s := newStore(1, map[string]bool{"color": true}, newOwnKinds())
	for round := range 5 {
		for i := range 200 {
			for _, k := range kinds {
				s.add(&record{kind: k, id: fmt.Sprint(round, i), fields: map[string]any{"color": "red", "size": "s"}})
			}
		}
		s.commit()
		for _, k := range kinds { // in one request
			for _, r := range s.all(k) {
				s.remove(r)
			}
		}
		s.commit()
	}
	for _, k := range kinds {
		if n := len(s.table(k).order); n > 200 {
			t.Errorf("%d records of %s are kept of 1,000 that were removed", n, k.name)
		}
		if index := s.table(k).index; len(index) != 0 {
			t.Errorf("the index of %s has %d entries of removed records", k.name, len(index))
		}
	}
}

func TestStoreIndexesTheChosenFieldsAlone(t *testing.T) {
	t.Parallel()
	s, cup, _ := stocked()
	s.set(s.get(cup, "cup_1"), "size", "m")
	for key := range s.table(cup).index {
		if key.field != "color" {
			t.Errorf("the index has the field %q", key.field)
		}
	}
}
