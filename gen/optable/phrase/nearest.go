package phrase

import (
	"sort"
	"strings"
)

// Nearest returns the names that a misspelt one may mean, best first and at most the given number: those at a small
// edit distance, and those of which one contains the other.
func Nearest(name string, names []string, most int) []string {
	type candidate struct {
		name  string
		edits int
	}
	folded := strings.ToLower(name)
	var found []candidate
	for _, n := range names {
		other := strings.ToLower(n)
		if abs(len(other)-len(folded)) > 40 {
			continue
		}
		edits := distance(folded, other)
		contained := len(folded) > 3 && (strings.Contains(other, folded) || strings.Contains(folded, other) && len(other) > 3)
		if edits <= max(2, len(folded)/3) || contained {
			found = append(found, candidate{n, edits})
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].edits < found[j].edits })
	if len(found) == 0 {
		return nil
	}
	best := make([]string, 0, most)
	for _, c := range found[:min(most, len(found))] {
		best = append(best, c.name)
	}
	return best
}

// distance returns how many characters must be inserted, deleted or replaced to make one text of another (the
// Levenshtein distance).
func distance(from, to string) int {
	target := []rune(to)
	row := make([]int, len(target)+1) // of the distances to the beginnings of the target
	for j := range row {
		row[j] = j
	}
	for _, r := range from {
		diagonal := row[0]
		row[0]++
		for j, other := range target {
			edits := min(row[j+1], row[j]) + 1
			if r == other {
				edits = min(edits, diagonal)
			} else {
				edits = min(edits, diagonal+1)
			}
			diagonal, row[j+1] = row[j+1], edits
		}
	}
	return row[len(target)]
}

func abs(i int) int { return max(i, -i) }
