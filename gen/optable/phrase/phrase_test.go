package phrase_test

import (
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

func TestPlural(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0 pages", 1: "1 page", 2: "2 pages", -1: "-1 pages", 1000: "1000 pages"} {
		if got := phrase.Plural(n, "page"); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

func TestPreviewCutsAtACharacter(t *testing.T) {
	t.Parallel()
	a := strings.Repeat("a", 60)
	for text, want := range map[string]string{
		"": "", "short": "short",
		a:                   a,
		a[1:]:               a[1:],
		a + "b":             a + "…",
		a + "bc":            a + "…",
		a[1:] + "é":         a[1:] + "é", // begins within the limit
		a[1:] + "éb":        a[1:] + "é…",
		a[2:] + "日本":        a[2:] + "日…",
		a + "\nsecond line": a + "…",
	} {
		if got := phrase.Preview(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestShortenCountsCharacters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"", 0, ""},
		{"", 3, ""},
		{"a", 0, "…"},
		{"abc", 3, "abc"},
		{"abcd", 3, "abc…"},
		{"日本語", 3, "日本語"},
		{"日本語x", 3, "日本語…"},
		{"ab cd", 3, "ab…"},
		{"ab \n cd", 5, "ab…"},
		{"  ab", 2, "…"},
		{"ab  ", 4, "ab  "},
	} {
		if got := phrase.Shorten(c.text, c.limit); got != c.want {
			t.Errorf("%q to %d: got %q, want %q", c.text, c.limit, got, c.want)
		}
	}
}

func TestPrintableReplacesControlCharacters(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 500)
	for text, want := range map[string]string{
		"":              "",
		"a b":           "a b",
		"a\nb\tc\x1fd":  "a b c d",
		"a\x00b":        "a b",
		"a\xffb":        "a b",
		"é日~":           "é日~",
		long:            long,
		long + "b":      long,
		long[1:] + "éé": long[1:] + " ", // the cut leaves half a character
	} {
		if got := phrase.Printable([]byte(text)); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
