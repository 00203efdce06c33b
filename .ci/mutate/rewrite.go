package main

import (
	"bytes"
	"cmp"
	"slices"
)

// edit inserts text before (open) or after (close) a span of the source. Spans nest, as they belong to syntax nodes, so
// that the mutants of a file can all be inserted at once.
type edit struct {
	start, end  int // byte offsets of the span
	open, close string
}

// insertion is one half of an edit, with the mutant it belongs to.
type insertion struct {
	offset int
	close  bool
	length int // of the span, which orders insertions at one offset
	text   string
	mutant *mutant
}

// written is the place of an insertion in the rewritten source.
type written struct {
	start, end int
	mutant     *mutant
}

// rewrite returns the source with all mutants in it, and where the text of each has gone.
func rewrite(source []byte, mutants []*mutant) ([]byte, []written) {
	var all []insertion
	for _, m := range mutants {
		for _, e := range m.plant(m.number) {
			length := e.end - e.start
			if e.open != "" {
				all = append(all, insertion{e.start, false, length, e.open, m})
			}
			if e.close != "" {
				all = append(all, insertion{e.end, true, length, e.close, m})
			}
		}
	}
	// What closes comes before what opens; the outer span opens first and closes last. Mutants of one span open in
	// their order and close in the reverse.
	slices.SortStableFunc(all, func(a, b insertion) int {
		if c := cmp.Compare(a.offset, b.offset); c != 0 {
			return c
		}
		if a.close != b.close {
			if a.close {
				return -1
			}
			return 1
		}
		if a.close {
			return cmp.Or(cmp.Compare(a.length, b.length), cmp.Compare(b.mutant.number, a.mutant.number))
		}
		return cmp.Or(cmp.Compare(b.length, a.length), cmp.Compare(a.mutant.number, b.mutant.number))
	})
	var out bytes.Buffer
	var places []written
	at := 0
	for _, in := range all {
		out.Write(source[at:in.offset])
		at = in.offset
		start := out.Len()
		out.WriteString(in.text)
		places = append(places, written{start, out.Len(), in.mutant})
	}
	out.Write(source[at:])
	return out.Bytes(), places
}
