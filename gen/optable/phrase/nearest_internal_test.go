package phrase

import "testing"

func TestDistanceCountsEdits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"a", "a", 0}, {"a", "b", 1}, {"ab", "ba", 2}, {"kitten", "sitting", 3},
		{"saturday", "sunday", 3}, {"é", "e", 1}, {"éé", "éé", 0}, {"日本", "日本語", 1}, {"limit", "limt", 1},
		{"organization_id", "organisation_id", 1}, {"abcdef", "fedcba", 6}, {"flaw", "lawn", 2},
	} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%q to %q: got %d, want %d", c.a, c.b, got, c.want)
		}
		if got := distance(c.b, c.a); got != c.want {
			t.Errorf("%q to %q: got %d, want %d", c.b, c.a, got, c.want)
		}
	}
}
