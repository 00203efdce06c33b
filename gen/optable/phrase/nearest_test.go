package phrase_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		names []string
		most  int
		want  []string
	}{
		{"users.lst", []string{"users.get", "users.list", "items.list"}, 1, []string{"users.list"}},
		{"users.lst", []string{"users.get", "users.list", "items.list"}, 2, []string{"users.list", "users.get"}},
		{"USERS", []string{"users"}, 1, []string{"users"}},
		{"users", []string{"USERS"}, 1, []string{"USERS"}},
		{"ab", []string{"abcd"}, 1, []string{"abcd"}},                  // two edits are always near
		{"ab", []string{"abcde"}, 1, nil},                              // three are not
		{"abcdefgh", []string{"abcdexyz"}, 1, nil},                     // three of eight
		{"abcdefghi", []string{"abcdefxyz"}, 1, []string{"abcdefxyz"}}, // three of nine
		{"abcdefghi", []string{"abcdewxyz"}, 1, nil},
		{"list", []string{"organizations.list"}, 1, []string{"organizations.list"}}, // contains the name
		{"lis", []string{"organizations.list"}, 1, nil},                             // too short for that
		{"organizations.list", []string{"list"}, 1, []string{"list"}},
		{"organizations.list", []string{"lis"}, 1, nil},
		{"abcd", []string{"abcd" + strings.Repeat("x", 40)}, 1, []string{"abcd" + strings.Repeat("x", 40)}},
		{"abcd", []string{"abcd" + strings.Repeat("x", 41)}, 1, nil},
		{"abcd" + strings.Repeat("x", 40), []string{"abcd"}, 1, []string{"abcd"}},
		{"abcd" + strings.Repeat("x", 41), []string{"abcd"}, 1, nil},
		{"abcd", []string{"abcd" + strings.Repeat("x", 41), "abcx"}, 1, []string{"abcx"}}, // the rest still counts
		{"aa", []string{"ab", "ba", "aa"}, 3, []string{"aa", "ab", "ba"}},                 // ties stay in order
		{"aa", []string{"ba", "ab"}, 1, []string{"ba"}},
		{"aa", []string{"ab"}, 5, []string{"ab"}},
		{"zzzz", []string{"users"}, 1, nil},
		{"users", nil, 1, nil},
	} {
		got := phrase.Nearest(c.name, c.names, c.most)
		if !slices.Equal(got, c.want) || c.want == nil && got != nil {
			t.Errorf("%q in %q: got %q, want %q", c.name, c.names, got, c.want)
		}
	}
}
