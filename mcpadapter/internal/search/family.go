package search

import (
	"slices"
	"strings"
)

// What the requests of other documents about the same thing count: as often as a word is in a hundred words of theirs,
// with a maximum.
const (
	perWords  = 50.0
	maxFamily = 1.0
)

// families returns how much the requests of the other documents about the same thing have of each word that is no verb:
// who knows what people call a thing to list it knows it to delete it, too.
func (x *Index) families(documents []Document, stems [][fields][]string) []map[string]float64 {
	members := map[string][]int{}
	for i, d := range documents {
		thing := x.thing(d.Name)
		members[thing] = append(members[thing], i)
	}
	list := make([]map[string]float64, len(documents))
	for i, d := range documents {
		list[i] = map[string]float64{}
		family := members[x.thing(d.Name)]
		for _, j := range family {
			if j == i {
				continue
			}
			words := stems[j][keywordField]
			for _, stem := range words {
				if x.forms[stem] == 0 && !isCue(stem) {
					list[i][stem] += perWords / float64(len(words)) / float64(len(family)-1)
				}
			}
		}
		for stem, n := range list[i] {
			list[i][stem] = min(n, maxFamily)
		}
	}
	return list
}

// thing returns what a document is about: its name without the verbs at its end.
func (x *Index) thing(name string) string {
	for {
		i := strings.LastIndexByte(name, '.')
		if i < 0 || x.acts[name[i+1:]] == 0 {
			return name
		}
		name = name[:i]
	}
}

// pairs returns the words that stand next to each other, or with one between, as words of the index: "reset password"
// says more than both. A word that has a synonym counts as that.
func (x *Index) pairs(stems []string) []string {
	stems = slices.Clone(stems)
	for i, stem := range stems {
		if means := x.synonyms.means[stem]; len(means) > 0 {
			stems[i] = means[0][len(means[0])-1]
		}
	}
	var list []string
	for i, stem := range stems {
		for _, other := range stems[i+1 : min(len(stems), i+3)] {
			list = append(list, min(stem, other)+" "+max(stem, other))
		}
	}
	return list
}
