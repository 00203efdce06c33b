// Package search ranks documents for requests in plain words. It knows neither tools nor MCP.
package search

import (
	"cmp"
	"math"
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// saturation is how soon more of the same word stops to count: k1 of BM25F (Robertson and Zaragoza, The Probabilistic
// Relevance Framework: BM25 and Beyond, 2009, section 3.6).
const saturation = 1.2

// Document is the text of something to find, by its fields.
type Document struct{ Name, Summary, Keywords, Description, Arguments, Toolset string }

// fields is how many fields a document has.
const fields = 6

func (d Document) texts() [fields]string {
	return [fields]string{d.Name, d.Summary, d.Keywords, d.Description, d.Arguments, d.Toolset}
}

// weigh returns how much a word counts in a field, and how much less where the field is longer than in other documents,
// in the order of [Document].
func weigh(field int) (boost, byLength float64) {
	return [fields]float64{3, 2.5, 2, 1, 0.4, 0.5}[field], [fields]float64{0.8, 0.6, 0.3, 0.5, 0.6, 0.3}[field]
}

// Index finds documents by words. It is immutable and safe for concurrent use.
type Index struct {
	postings map[string][]posting // by stem
	names    [][]string           // stems of the documents' names
	synonyms synonyms
}

// posting is how much a document has of a word.
type posting struct {
	document  int
	frequency float64 // weighted by field
}

// New returns an index of the documents. Each term of a synonym also finds what it means.
func New(documents []Document, list []optable.Synonym) *Index {
	s := stemmer{}
	x := &Index{postings: map[string][]posting{}, synonyms: newSynonyms(list, s)}
	stems := make([][fields][]string, len(documents))
	var total [fields]float64
	for i, d := range documents {
		for f, text := range d.texts() {
			stems[i][f] = slices.DeleteFunc(s.stems(text), isStopWord)
			total[f] += float64(len(stems[i][f]))
		}
		x.names = append(x.names, stems[i][0])
	}
	for i := range documents {
		frequencies := map[string]float64{}
		for f, list := range stems[i] {
			boost, byLength := weigh(f)
			average := total[f] / float64(len(documents))
			for _, stem := range list {
				frequencies[stem] += boost / (1 - byLength + byLength*float64(len(list))/average)
			}
		}
		for stem, frequency := range frequencies {
			x.postings[stem] = append(x.postings[stem], posting{i, frequency})
		}
	}
	return x
}

// Search returns the documents, by their index, that have words of the query, best first; of two that are equally good
// the first comes first.
//
// Words count by BM25, reduced to their stems. A document gains by how much of its name is asked for, so that one goes
// before those on its parts.
func (x *Index) Search(query string) []int {
	scores := x.scores(query)
	found := make([]int, 0, len(scores))
	for document := range scores {
		found = append(found, document)
	}
	slices.SortFunc(found, func(i, j int) int { return cmp.Or(cmp.Compare(scores[j], scores[i]), cmp.Compare(i, j)) })
	return found
}

// scores rates the documents for a query; those without any of its words are missing.
func (x *Index) scores(query string) map[int]float64 {
	scores, asked := map[int]float64{}, map[string]bool{}
	for _, c := range x.synonyms.concepts(stemmer{}.stems(query)) {
		best := map[int]float64{} // of the alternatives, as they say the same
		for _, a := range c {
			sum := map[int]float64{}
			for _, stem := range a.stems {
				asked[stem] = true
				x.rate(stem, a.weight, sum)
			}
			for document, score := range sum {
				best[document] = max(best[document], score)
			}
		}
		for document, score := range best {
			scores[document] += score
		}
	}
	for document := range scores {
		named := 0
		for _, stem := range x.names[document] {
			if asked[stem] {
				named++
			}
		}
		scores[document] *= 1 + float64(named)/float64(max(1, len(x.names[document])))
	}
	return scores
}

// rate adds the score of one word to each document that has it.
func (x *Index) rate(stem string, weight float64, scores map[int]float64) {
	postings := x.postings[stem]
	n := float64(len(postings))
	rarity := math.Log(1 + (float64(len(x.names))-n+0.5)/(n+0.5))
	for _, p := range postings {
		scores[p.document] += weight * rarity * p.frequency / (p.frequency + saturation)
	}
}
