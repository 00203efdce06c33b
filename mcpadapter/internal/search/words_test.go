package search_test

import (
	"slices"
	"strings"
	"testing"
)

func TestSynonymsStandForWhatTheyMean(t *testing.T) {
	t.Parallel()
	a := index(placed{name: "first", summary: "uva"}, placed{name: "second", summary: "vine lorem"})
	for query, want := range map[string]string{
		"uva": "first", "vine": "second", "grape": "first second", "grapes": "first second", "big grape": "second",
		"big": "", "big uva grape": "first second", "one two three": "first", "one two": "second", "two three": "second",
		"two": "second", "three": "", "one": "", "uva vine": "first second", "the uva": "first", "UVA!": "first", "u": "",
		"grape big": "first second", "a big grape please": "second", "big big grape": "second", "": "",
	} {
		if got := strings.Join(a(query), " "); got != want {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
	// A word that stands there itself counts for more than one that stands for it.
	a = index(placed{name: "first", summary: "uva"}, placed{name: "second", summary: "grape"})
	if got := a("grape"); !slices.Equal(got, []string{"second", "first"}) {
		t.Errorf("got %v, want what is called so first", got)
	}
}
