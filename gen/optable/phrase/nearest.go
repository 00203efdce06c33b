package phrase

import (
	"cmp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Nearest returns the names that a misspelt one may mean, best first and at most the given number: those at a small
// edit distance, and those of which one contains the other.
func Nearest(name string, names []string, most int) []string {
	type candidate struct {
		name     string
		distance int
	}
	folded := strings.ToLower(name)
	var found []candidate
	for _, n := range names {
		other := strings.ToLower(n)
		if abs(len(other)-len(folded)) > 40 {
			continue
		}
		distance := levenshtein.ComputeDistance(folded, other)
		contained := len(folded) > 3 && (strings.Contains(other, folded) || strings.Contains(folded, other) && len(other) > 3)
		if distance <= max(2, len(folded)/3) || contained {
			found = append(found, candidate{n, distance})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	if len(found) == 0 {
		return nil
	}
	best := make([]string, 0, most)
	for _, c := range found[:min(most, len(found))] {
		best = append(best, c.name)
	}
	return best
}

func abs(i int) int { return max(i, -i) }
