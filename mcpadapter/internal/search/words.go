package search

import (
	"strings"

	"github.com/kljensen/snowball/english"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

// stopWords say nothing of what is looked for. Words such as on, off, in and out count within synonyms alone.
const stopWords = " " +
	"a about after all an and any anything are as at be been before being but by can cannot could did do " +
	"does done everything for from had has have her here him his how i if in into is it its let me mine " +
	"my no not now of off on or other our ours out own please should so some something than that the " +
	"their them then there these they thing this those through to too up us via want was we were what " +
	"when where which while who whom whose why will with without would yet you your "

// stemmer reduces words to their stems, each word once.
type stemmer map[string]string

// stems takes a text apart into the stems of its words. Stop words stay as they are.
func (s stemmer) stems(text string) []string {
	list := phrase.Words(text)
	for i, word := range list {
		stem, known := s[word]
		if !known {
			if stem = word; !isStopWord(word) {
				stem = english.Stem(word, false)
			}
			s[word] = stem
		}
		list[i] = stem
	}
	return list
}

func isStopWord(stem string) bool { return len(stem) < 2 || strings.Contains(stopWords, " "+stem+" ") }

// concept is one word or phrase of a query: any of its alternatives may stand for it.
type concept []alternative

// alternative is a way to say a concept.
type alternative struct {
	stems  []string
	weight float64
}

// synonyms are words for what the API calls otherwise.
type synonyms struct {
	means   map[string][][]string // by the stems of the term, with spaces between
	longest int                   // stems of a term
}

func newSynonyms(list []optable.Synonym, s stemmer) synonyms {
	known := synonyms{means: make(map[string][][]string, len(list))}
	for _, synonym := range list {
		term := s.stems(synonym.Term)
		known.longest = max(known.longest, len(term))
		key := strings.Join(term, " ")
		for _, meaning := range synonym.Means {
			known.means[key] = append(known.means[key], s.stems(meaning))
		}
	}
	return known
}

// concepts reads a query. The longest synonym counts; of one of several words, the words themselves do not.
func (y synonyms) concepts(stems []string) []concept {
	const worth = 0.8 // of a synonym, to a word that stands there itself
	var list []concept
	for i := 0; i < len(stems); {
		var found concept
		length := 1
		for n := min(y.longest, len(stems)-i); n > 0; n-- {
			if means := y.means[strings.Join(stems[i:i+n], " ")]; means != nil {
				for _, meaning := range means {
					found = append(found, alternative{meaning, worth})
				}
				length = n
				break
			}
		}
		if length == 1 && !isStopWord(stems[i]) {
			found = append(found, alternative{stems[i : i+1], 1})
		}
		if found != nil {
			list = append(list, found)
		}
		i += length
	}
	return list
}
