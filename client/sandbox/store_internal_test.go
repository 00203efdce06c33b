package sandbox

import (
	"slices"
	"testing"
)

// stocked returns a store with two kinds: three cups, of which the second is removed, and an internal one.
func stocked() (s *store, cup, hidden *kind) {
	cup, hidden = &kind{name: "cup"}, &kind{name: "hidden", internal: true}
	s = newStore(1, map[string]bool{"color": true})
	for _, r := range []*record{
		{kind: hidden, id: "hidden_1", fields: map[string]any{"color": "red"}},
		{kind: cup, id: "cup_1", fields: map[string]any{"color": "red", "size": "s"}},
		{kind: cup, id: "cup_2", fields: map[string]any{"color": "red", "size": "s"}},
		{kind: cup, id: "cup_3", fields: map[string]any{"color": "red", "size": ""}},
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
	if got := idsOf(s.all(cup)); !slices.Equal(got, []string{"cup_1", "cup_3"}) {
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
		{"color", "blue", nil},
		{"color", "", nil},
		{"size", "s", []string{"cup_1"}},
		{"size", "", nil}, // an empty text is no value
		{"weight", "1", nil},
	} {
		if got := idsOf(s.having(cup, tt.field, tt.value)); !slices.Equal(got, tt.want) {
			t.Errorf("%s %q: got %q, want %q", tt.field, tt.value, got, tt.want)
		}
	}
}
