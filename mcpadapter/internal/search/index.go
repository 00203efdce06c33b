// Package search ranks the operations of an API for requests in plain words. It reads what a request wants (to know, to
// add, to remove), what it is about, and words that are misspelt. It knows neither tools nor MCP.
package search

import (
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

// saturation is how soon more of the same word stops to count: k1 of BM25F (Robertson and Zaragoza, The Probabilistic
// Relevance Framework: BM25 and Beyond, 2009, section 3.6).
const saturation = 2.0

// Document is the text of something to find, by its fields, and what it does.
type Document struct {
	Name    string
	Summary string // begins with a verb
	// Keywords are requests that it answers, with commas between.
	Keywords                        string
	Description, Arguments, Toolset string

	Reads    bool // changes nothing
	Destroys bool // comes first only for a request with a word that destroys
}

// fields is how many fields a document has. One of them is for its keywords.
const (
	fields       = 6
	keywordField = 2
)

func (d Document) texts() [fields]string {
	return [fields]string{d.Name, d.Summary, d.Keywords, d.Description, d.Arguments, d.Toolset}
}

// weigh returns how much a word counts in a field, and how much less where the field is longer than in other documents,
// in the order of [Document].
func weigh(field int) (boost, byLength float64) {
	return [fields]float64{3, 2.5, 1.8, 1, 0.4, 0.5}[field], [fields]float64{0.8, 0.6, 0.3, 0.5, 0.6, 0.3}[field]
}

// Index finds documents by words. It is immutable and safe for concurrent use.
type Index struct {
	lexicon

	postings   map[string][]posting // by stem
	documents  []indexed
	notes      [][][]string // stems of the requests of each note
	synonyms   synonyms
	vocabulary *vocabulary
}

// posting is how much a document has of a word.
type posting struct {
	document  int
	frequency float64 // weighted by field
}

// indexed is what the index keeps of a document besides its words.
type indexed struct {
	name     []string   // stems, without a plain verb
	thing    []string   // stems of the last part of the name that is no verb
	requests [][]string // stems of the keywords
	deeds    deed
	verbs    []string // of the name and the summary, in their base form
	used     deed     // deeds of the keywords
	reads    bool
	destroys bool
}

// Note is a text for requests in plain words that no document is for.
type Note struct{ Requests []string }

// New returns an index of the documents and the notes. Each term of a synonym also finds what it means.
func New(documents []Document, list []optable.Synonym, notes ...Note) *Index {
	s := stemmer{}
	x := &Index{
		lexicon: newLexicon(s), postings: map[string][]posting{}, synonyms: newSynonyms(list, s), vocabulary: newVocabulary(),
	}
	x.learn(list, s)
	stems := make([][fields][]string, len(documents))
	var total [fields]float64
	for i, d := range documents {
		for f, text := range d.texts() {
			for _, word := range phrase.Words(text) {
				if stem := s.stem(word); !isStopWord(stem) {
					stems[i][f] = append(stems[i][f], stem)
					x.vocabulary.learn(word, stem)
				}
			}
		}
		entry, more := x.entry(d, s)
		stems[i][keywordField] = append(stems[i][keywordField], more...)
		x.documents = append(x.documents, entry)
		for f := range fields {
			total[f] += float64(len(stems[i][f]))
		}
	}
	families := x.families(documents, stems)
	for i := range documents {
		frequencies := map[string]float64{}
		for f, list := range stems[i] {
			boost, byLength := weigh(f)
			average := total[f] / float64(len(documents))
			for _, stem := range list {
				frequencies[stem] += boost / (1 - byLength + byLength*float64(len(list))/average)
			}
		}
		for stem, share := range families[i] {
			frequencies[stem] += share
		}
		for stem, frequency := range frequencies {
			x.postings[stem] = append(x.postings[stem], posting{i, frequency})
		}
	}
	for _, n := range notes {
		requests := make([][]string, len(n.Requests))
		for i, request := range n.Requests {
			all := s.stems(request)
			for j, word := range phrase.Words(request) {
				if !isStopWord(all[j]) {
					requests[i] = append(requests[i], all[j])
					x.vocabulary.learn(word, all[j])
				}
			}
			if len(requests[i]) < 2 { // "only SSO" is not about SSO at large
				requests[i] = all
			}
		}
		x.notes = append(x.notes, requests)
	}
	return x
}

// learn makes the words of the synonyms and of the lexicon known.
func (x *Index) learn(list []optable.Synonym, s stemmer) {
	texts := make([]string, 0, 2*(len(list)+len(general)))
	for _, synonyms := range [][]optable.Synonym{list, general} {
		for _, synonym := range synonyms {
			texts = append(append(texts, synonym.Term), synonym.Means...)
		}
	}
	for word := range x.acts {
		texts = append(texts, word)
	}
	for from := range x.phrasal {
		texts = append(texts, from)
	}
	slices.Sort(texts)
	for _, text := range texts {
		for _, word := range phrase.Words(text) {
			x.vocabulary.learn(word, s.stem(word))
		}
	}
}

// entry reads what a document does, and returns the words for it that none of its texts has.
func (x *Index) entry(d Document, s stemmer) (e indexed, more []string) {
	e = indexed{reads: d.Reads, destroys: d.Destroys}
	summary := x.read(x.tokens(d.Summary, s, nil), false)
	e.deeds, e.verbs = summary.deeds&^ends, summary.verbs
	summary.cues = nil // of requests alone
	more = append(summary.kinds(), x.pairs(content(x.tokens(d.Summary, s, nil)))...)
	for _, word := range phrase.Words(d.Name) {
		if stem := s.stem(word); !isStopWord(stem) && !x.plain[stem] {
			e.name = append(e.name, stem)
		}
	}
	for name := d.Name; name != "" && e.thing == nil; {
		i := strings.LastIndexByte(name, '.')
		if x.acts[name[i+1:]] == 0 {
			e.thing = s.stems(name[i+1:])
		}
		name = name[:max(0, i)]
	}
	for name := d.Name; name != "" && len(e.verbs) < 4; {
		i := strings.LastIndexByte(name, '.')
		if verb := name[i+1:]; x.acts[verb] != 0 && !x.plain[s.stem(verb)] {
			e.verbs = append(e.verbs, verb)
			if e.deeds == 0 {
				e.deeds = x.acts[verb]
			}
		}
		name = name[:max(0, i)]
	}
	if e.deeds == 0 && d.Reads {
		e.deeds = sees
	}
	for request := range strings.SplitSeq(d.Keywords, ",") {
		tokens := x.tokens(request, s, nil)
		in := x.read(tokens, false)
		e.used |= in.deeds
		more = append(more, in.kinds()...)
		if stems := content(tokens); len(stems) > 1 {
			e.requests = append(e.requests, stems)
		}
		more = append(more, x.pairs(content(tokens))...)
	}
	return e, more
}

// content returns the stems of the words that count, each once.
func content(tokens []token) []string {
	var stems []string
	for _, t := range tokens {
		if !t.mute && !isStopWord(t.stem) && !slices.Contains(stems, t.stem) {
			stems = append(stems, t.stem)
		}
	}
	return stems
}

// tokens returns the words of a text, those that the vocabulary does not know as it reads them.
func (x *Index) tokens(text string, s stemmer, v *vocabulary) []token {
	tokens, _ := tokenize(text)
	for i := range tokens {
		tokens[i].stem = s.stem(tokens[i].word)
	}
	if v != nil {
		tokens = v.respell(tokens, s)
	}
	return tokens
}
