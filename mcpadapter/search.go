package mcpadapter

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// saturation is how soon more of the same word stops to count: k1 of BM25F (Robertson and Zaragoza, The Probabilistic
// Relevance Framework: BM25 and Beyond, 2009, section 3.6).
const saturation = 1.2

// keywords is the extension of an operation with words that people ask for it by.
const keywords = "x-keywords"

// field is a place where the words of a tool stand.
type field int

const (
	inName field = iota
	inSummary
	inKeywords
	inDescription
	inArguments
	inToolset
	fields
)

// weigh tells how much a word in the field is worth, and how much it loses where the field is longer than others.
func (f field) weigh() (boost, byLength float64) {
	return [fields]float64{3, 2.5, 2, 1, 0.4, 0.5}[f], [fields]float64{0.8, 0.6, 0.3, 0.5, 0.6, 0.3}[f]
}

// searchIndex finds tools by words. It is immutable.
type searchIndex struct {
	tools    []*tool
	postings map[string][]posting // by stem
	names    [][]string           // stems of the tools' names
	synonyms synonyms
}

// posting is how much a tool has of a word.
type posting struct {
	document  int
	frequency float64 // weighted by field
}

func newSearchIndex(tools []*tool, table *optable.Table) *searchIndex {
	s := stemmer{}
	x := &searchIndex{tools: tools, postings: map[string][]posting{}, synonyms: newSynonyms(table.Synonyms, s)}
	stems := make([][fields][]string, len(tools))
	var total [fields]float64
	for i, t := range tools {
		for f, text := range textsOf(t, table) {
			stems[i][f] = slices.DeleteFunc(s.stems(text), isStopWord)
			total[f] += float64(len(stems[i][f]))
		}
		x.names = append(x.names, stems[i][inName])
	}
	for i := range tools {
		frequencies := map[string]float64{}
		for f, list := range stems[i] {
			boost, byLength := field(f).weigh()
			average := total[f] / float64(len(tools))
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

func textsOf(t *tool, table *optable.Table) [fields]string {
	var arguments strings.Builder
	for _, p := range t.input.root.Properties {
		arguments.WriteString(p.Name + " " + p.Schema.Described() + " ")
	}
	return [fields]string{
		inName: t.name, inSummary: t.title, inKeywords: t.operation.Extension(keywords),
		inDescription: t.operation.Description, inArguments: arguments.String(),
		inToolset: t.toolset + " " + descriptionOf(t.toolset, table.Toolsets),
	}
}

func descriptionOf(toolset string, sets []optable.Toolset) string {
	for _, set := range sets {
		if set.Name == toolset {
			return set.Description
		}
	}
	return ""
}

// scores rates the tools for a query; those without any of its words are missing. A tool gains by how much of its name
// is asked for, so that an operation goes before those on its parts.
func (x *searchIndex) scores(query string) map[int]float64 {
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

// rate adds what one word is worth to each tool that has it.
func (x *searchIndex) rate(stem string, weight float64, scores map[int]float64) {
	postings := x.postings[stem]
	n := float64(len(postings))
	rarity := math.Log(1 + (float64(len(x.tools))-n+0.5)/(n+0.5))
	for _, p := range postings {
		scores[p.document] += weight * rarity * p.frequency / (p.frequency + saturation)
	}
}

// Search returns the tools that say best what a request in plain words asks for, best first and at most limit. Tools
// that the filters do not permit in the context are left out; [Adapter.Narrow] bounds a search to toolsets.
//
// Words count by BM25, reduced to their stems, where they stand in names, summaries, descriptions, arguments and
// toolsets, and in what the table says that people call things: its synonyms, and the extension x-keywords of an
// operation. The first search builds the index.
func (a *Adapter) Search(ctx context.Context, query string, limit int) []Tool {
	index := a.index()
	scores := index.scores(query)
	filters := a.engine.filtersIn(ctx)
	found := make([]int, 0, len(scores))
	for document := range scores {
		if passes(filters, index.tools[document]) {
			found = append(found, document)
		}
	}
	slices.SortFunc(found, func(i, j int) int { return cmp.Or(cmp.Compare(scores[j], scores[i]), cmp.Compare(i, j)) })
	found = found[:max(0, min(limit, len(found)))]
	tools := make([]Tool, len(found))
	for i, document := range found {
		tools[i] = Tool{index.tools[document]}
	}
	return tools
}
