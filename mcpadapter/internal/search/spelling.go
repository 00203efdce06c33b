package search

import (
	"cmp"
	"slices"
	"strings"
)

// Words shorter than these are neither corrected nor taken apart, and no part of a word is shorter.
const (
	minCorrected = 4
	minSplit     = 6
	minPart      = 3
)

// vocabulary knows the words of the documents, of the synonyms and of the lexicon. It reads a word that it does not
// know as the nearest that it does.
type vocabulary struct {
	known map[string]bool // words and stems
	words []string        // those that a misspelt one may mean, sorted
	grams map[string][]int
}

func newVocabulary() *vocabulary {
	return &vocabulary{known: map[string]bool{}, grams: map[string][]int{}}
}

// learn adds a word and its stem.
func (v *vocabulary) learn(word, stem string) {
	if v.known[word] {
		return
	}
	v.known[word], v.known[stem] = true, true
	if len(word) < minCorrected {
		return
	}
	n := len(v.words)
	v.words = append(v.words, word)
	for _, gram := range bigrams(word) {
		if list := v.grams[gram]; len(list) == 0 || list[len(list)-1] != n {
			v.grams[gram] = append(list, n)
		}
	}
}

// bigrams returns the pairs of neighbouring bytes of a word and of its edges.
func bigrams(word string) []string {
	word = "^" + word + "$"
	list := make([]string, 0, len(word)-1)
	for i := range len(word) - 1 {
		list = append(list, word[i:i+2])
	}
	return list
}

// knows reports whether a word needs no correction.
func (v *vocabulary) knows(t token) bool {
	return v.known[t.word] || v.known[t.stem] || isStopWord(t.word) || isPerson(t.word) || isCompany(t.word)
}

// respell joins, splits and corrects the words that are unknown.
func (v *vocabulary) respell(tokens []token, s stemmer) []token {
	var list []token
	add := func(t token, word string, before stop) {
		t.word, t.stem, t.stop = word, s.stem(word), before
		list = append(list, t)
	}
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		if i+1 < len(tokens) && tokens[i+1].stop == none && v.joins(t, tokens[i+1], s) {
			add(t, t.word+tokens[i+1].word, t.stop)
			i++
			continue
		}
		if v.knows(t) {
			list = append(list, t)
			continue
		}
		if head, tail := v.split(t.word, s); head != "" {
			add(t, head, t.stop)
			add(t, tail, none)
			continue
		}
		if word := v.nearest(t.word); word != "" {
			add(t, word, t.stop)
			continue
		}
		list = append(list, t)
	}
	return list
}

// joins reports whether two words are one that is known, and not both known by themselves.
func (v *vocabulary) joins(a, b token, s stemmer) bool {
	word := a.word + b.word
	if len(word) < minSplit-1 || !v.known[word] && !v.known[s.stem(word)] {
		return false
	}
	return len(a.word) <= 2 || !v.knows(a) || !v.knows(b)
}

// split returns two known words that stand without a space between them.
func (v *vocabulary) split(word string, s stemmer) (head, tail string) {
	if len(word) < minSplit {
		return "", ""
	}
	for i := len(word) - minPart; i >= minPart; i-- {
		head, tail := word[:i], word[i:]
		if (v.known[head] || v.known[s.stem(head)]) && (v.known[tail] || v.known[s.stem(tail)]) {
			return head, tail
		}
	}
	return "", ""
}

// nearest returns the known word at the smallest edit distance among those that share most of the bigrams; "" if none
// is near enough.
func (v *vocabulary) nearest(word string) string {
	if len(word) < minCorrected || len(word) > 40 {
		return ""
	}
	grams := bigrams(word)
	shared := map[int]int{}
	for _, gram := range grams {
		for _, n := range v.grams[gram] {
			shared[n]++
		}
	}
	type candidate struct {
		word  string
		edits int
		alike float64
	}
	var list []candidate
	for n, count := range shared {
		other := v.words[n]
		alike := 2 * float64(count) / float64(len(grams)+len(other)+1)
		if alike < 0.4 {
			continue
		}
		if edits := distance(word, other); edits <= tolerated(word, other) {
			list = append(list, candidate{other, edits, alike})
		}
	}
	if len(list) == 0 {
		return ""
	}
	return slices.MinFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.edits, b.edits), cmp.Compare(b.alike, a.alike), strings.Compare(a.word, b.word))
	}).word
}

// tolerated returns how many edits may lie between a word and the one that it means. Short words are too close to each
// other, and people hardly miss the first letter.
func tolerated(word, other string) int {
	n := min(len(word), len(other))
	switch {
	case word[0] != other[0]:
		return 0
	case n < 5:
		if len(other) > len(word) || sorted(word) == sorted(other) {
			return 1 // a letter that is missing, or two that changed places
		}
		return 0
	case n < 8:
		return 1
	case n < 12:
		return 2
	}
	return 3
}

func sorted(word string) string {
	letters := []byte(word)
	slices.Sort(letters)
	return string(letters)
}

// distance returns how many bytes must be inserted, deleted, replaced or exchanged with their neighbour to make one
// word of another (optimal string alignment).
func distance(from, to string) int {
	rows := [3][]int{make([]int, len(to)+1), make([]int, len(to)+1), make([]int, len(to)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := range len(from) {
		above, last, row := rows[0], rows[1], rows[2]
		row[0] = i + 1
		for j := range len(to) {
			cost := 1
			if from[i] == to[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && from[i] == to[j-1] && from[i-1] == to[j] {
				row[j+1] = min(row[j+1], above[j-1]+1)
			}
		}
		rows[0], rows[1], rows[2] = last, row, above
	}
	return rows[1][len(to)]
}
