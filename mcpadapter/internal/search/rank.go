package search

import (
	"cmp"
	"math"
	"slices"
)

// Found is what a request finds.
type Found struct {
	Documents []int // by their index, best first
	// Weak reports that the best document has less than half of what the request is about.
	Weak bool
	// Notes are those of which every word of a request is asked for, by their index, the most exact first.
	Notes []int
}

// concept is one thing that a request is about: any of its alternatives may stand for it.
type concept struct {
	alternatives []alternative
	weight       float64
	extra        bool // a document may well lack it
}

// alternative is a way to say a concept.
type alternative struct {
	stems  []string
	weight float64
}

// How much words count to a word that stands in a text itself.
const (
	bySynonym  = 0.7
	byParticle = 0.3  // of a verb that means something else with its particle
	byVerb     = 0.25 // of a plain verb, as deeds are compared
	byThing    = 0.95 // to the best document, of one that does what is wanted with exactly what the request names
	byPeople   = 0.6  // of people, if the request asks who
	byRelation = 0.8  // of how a request relates two things
	byKind     = 1.5  // of the kind of a question
	byCue      = 0.8  // of a cue
	byPair     = 0.4  // of two words beside each other
	byMention  = 0.2  // of what a request only mentions
)

// Search returns the permitted documents that have words of the request, best first; of two that are equally good the
// first comes first. permitted may be nil.
//
// Words count by BM25, reduced to their stems. A document gains by how much of its name is asked for, and by doing what
// the request wants; it loses by doing the opposite. A document that destroys comes first only for a request with a
// word that destroys, or if no other is found.
func (x *Index) Search(request string, permitted func(document int) bool) Found {
	s := stemmer{}
	tokens, mark := tokenize(request)
	for i := range tokens {
		tokens[i].stem = s.stem(tokens[i].word)
	}
	tokens = x.vocabulary.respell(tokens, s)
	in := x.read(tokens, mark)
	x.guess(tokens, &in)
	concepts := x.concepts(tokens, in, s)
	scores, covered := x.scores(concepts, len(content(tokens)))
	var found []int
	best := 0.0
	for i, score := range scores {
		if score > 0 && (permitted == nil || permitted(i)) {
			scores[i] *= x.fit(i, in)
			found = append(found, i)
			best = max(best, scores[i])
		}
	}
	things := x.things(tokens)
	for _, i := range found {
		if x.documents[i].isAbout(things) && in.deeds&^ends&x.documents[i].deeds != 0 {
			scores[i] = max(scores[i], byThing*best)
		}
	}
	slices.SortFunc(found, func(i, j int) int { return cmp.Or(cmp.Compare(scores[j], scores[i]), cmp.Compare(i, j)) })
	if in.deeds&ends == 0 && len(found) > 0 && x.documents[found[0]].destroys {
		harmless := slices.IndexFunc(found, func(i int) bool { return !x.documents[i].destroys })
		if harmless > 0 {
			first := found[harmless]
			copy(found[1:], found[:harmless])
			found[0] = first
		}
	}
	return Found{
		Documents: found, Weak: len(found) > 0 && covered[found[0]] < 0.5, Notes: x.noted(tokens, concepts),
	}
}

// noted returns the notes that fit a request.
func (x *Index) noted(tokens []token, concepts []concept) []int {
	asked := map[string]bool{}
	for _, t := range tokens {
		asked[t.stem] = true
	}
	for _, c := range concepts {
		for _, a := range c.alternatives {
			for _, stem := range a.stems {
				asked[stem] = true
			}
		}
	}
	var found []int
	exact := map[int]int{}
	for i, requests := range x.notes {
		for _, stems := range requests {
			missing := slices.ContainsFunc(stems, func(stem string) bool { return !asked[stem] })
			if !missing && len(stems) > exact[i] {
				exact[i] = len(stems)
			}
		}
		if exact[i] > 0 {
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(i, j int) int { return cmp.Compare(exact[j], exact[i]) })
	return found
}

// guess takes a first name and an unknown word behind "can" or "did" for a person, and the name of a company and an
// unknown word behind "at" for a company.
func (x *Index) guess(tokens []token, in *intent) {
	for i, t := range tokens {
		if isPerson(t.word) {
			in.cue(person)
		}
		if isCompany(t.word) {
			in.at = true
		}
		if i == 0 || x.vocabulary.knows(t) {
			continue
		}
		switch previous := tokens[i-1].word; {
		case previous == "at":
			in.at = true
		case among(" can may could did does is has was ", previous) && (i == 1 || tokens[i-1].stop != none || i < 3):
			in.who = true
		}
	}
}

// concepts returns what a request is about. The longest synonym counts; of one of several words, the words themselves
// do not.
func (x *Index) concepts(tokens []token, in intent, s stemmer) []concept {
	var list []concept
	stems := make([]string, len(tokens))
	for i, t := range tokens {
		stems[i] = t.stem
	}
	for i := 0; i < len(tokens); {
		n, means := x.synonyms.longestAt(stems[i:])
		if n == 1 && isStopWord(tokens[i].word) {
			n, means = 0, nil
		}
		c := concept{weight: 1}
		if n < 2 {
			if tokens[i].mute {
				i++
				continue
			}
			var more [][]string
			c, more = x.single(tokens, i, s)
			means = append(slices.Clip(means), more...)
		}
		for _, meaning := range means {
			c.alternatives = append(c.alternatives, alternative{meaning, bySynonym})
		}
		if tokens[i].faint {
			c.weight, c.extra = c.weight*byMention, true
		}
		if len(c.alternatives) > 0 {
			list = append(list, c)
		}
		i += max(1, n)
	}
	known := slices.DeleteFunc(content(tokens), func(stem string) bool { return len(x.postings[stem]) == 0 })
	for _, pair := range x.pairs(known) {
		list = append(list, concept{[]alternative{{[]string{pair}, 1}}, byPair, true})
	}
	return append(list, questionConcepts(in, s)...)
}

// single returns what a word is about on its own, or with its particle as a verb, and the synonyms of that verb.
func (x *Index) single(tokens []token, i int, s stemmer) (c concept, means [][]string) {
	word := tokens[i].stem
	c = concept{weight: 1}
	plain := x.plain[word]
	if base, particle := x.base(tokens, i); base != "" {
		verb := s.stem(base)
		c.alternatives = []alternative{{[]string{word}, byParticle}, {[]string{verb}, bySynonym}}
		_, means = x.synonyms.longestAt([]string{verb})
		if n, more := x.synonyms.longestAt([]string{word, tokens[particle].stem}); n > 1 {
			means = append(slices.Clip(means), more...)
		}
		plain = plain || x.plain[verb]
	} else if !isStopWord(word) {
		c.alternatives = []alternative{{[]string{word}, 1}}
	}
	if plain {
		c.weight, c.extra = byVerb, true
	}
	return c, means
}

// questionConcepts returns what a request is about by the kind of its question.
func questionConcepts(in intent, s stemmer) []concept {
	var list []concept
	if in.access != "" && in.asks {
		list = append(list, concept{[]alternative{
			{[]string{in.access}, 1}, {[]string{s.stem("permission")}, 0.4}, {[]string{s.stem("access")}, 0.4},
		}, byKind, true})
	}
	for _, stem := range in.cues {
		list = append(list, concept{[]alternative{{[]string{stem}, 1}}, byCue, true})
	}
	if in.relates != "" && !in.asks {
		list = append(list, concept{[]alternative{{[]string{in.relates}, 1}}, byRelation, true})
	}
	if in.who && in.asks {
		people := concept{weight: byPeople, extra: true}
		for _, word := range []string{"member", "user", "person", "people", "who"} {
			people.alternatives = append(people.alternatives, alternative{[]string{s.stem(word)}, 1})
		}
		list = append(list, people)
	}
	if in.at {
		companies := concept{weight: byPeople, extra: true}
		for _, word := range []string{"organization", "company", "customer", "tenant"} {
			companies.alternatives = append(companies.alternatives, alternative{[]string{s.stem(word)}, 1})
		}
		list = append(list, companies)
	}
	if in.past && in.asks {
		list = append(list, concept{[]alternative{
			{[]string{happened}, 1}, {[]string{s.stem("event")}, 0.6}, {[]string{s.stem("history")}, 0.5},
			{[]string{s.stem("activity")}, 0.5},
		}, byKind, true})
	}
	return list
}

// base returns the verb that a word and its particle mean.
func (x *Index) base(tokens []token, i int) (string, int) {
	if !tokens[i].verb {
		return "", 0
	}
	r := reader{lexicon: x.lexicon, tokens: tokens}
	return r.phraseAt(i)
}

// scores rates the documents for a request of so many words, and returns how much each has of what it is about, from 0
// to 1.
func (x *Index) scores(concepts []concept, words int) (scores, covered []float64) {
	scores, covered = make([]float64, len(x.documents)), make([]float64, len(x.documents))
	asked, all := map[string]bool{}, 0.0
	best, sum := make([]float64, len(x.documents)), make([]float64, len(x.documents))
	for _, c := range concepts {
		clear(best)
		rarest := 0.0
		for _, a := range c.alternatives {
			clear(sum)
			for _, stem := range a.stems {
				asked[stem] = true
				rarest = max(rarest, x.rate(stem, a.weight/math.Sqrt(float64(len(a.stems))), sum))
			}
			for i, score := range sum {
				best[i] = max(best[i], score)
			}
		}
		if !c.extra {
			all += rarest
		}
		for i, score := range best {
			scores[i] += score * c.weight
			if score > 0 && !c.extra {
				covered[i] += rarest
			}
		}
	}
	for i := range scores {
		d := &x.documents[i]
		named := 0
		for _, stem := range d.name {
			if asked[stem] {
				named++
			}
		}
		scores[i] *= 1 + 0.8*float64(named)/float64(max(1, len(d.name)))
		for _, request := range d.requests {
			scores[i] += x.whole(request, asked, words)
		}
		if all > 0 {
			covered[i] /= all
		}
	}
	return scores, covered
}

// whole returns what a document gains by a request among its keywords of which every word is asked for, and more if
// nothing else is.
func (x *Index) whole(request []string, asked map[string]bool, words int) float64 {
	gain := 0.0
	for _, stem := range request {
		if !asked[stem] {
			return 0
		}
		gain += x.rarity(stem)
	}
	if len(request) == words {
		return 0.8 * gain
	}
	return 0.2 * gain
}

func (x *Index) rarity(stem string) float64 {
	n := float64(len(x.postings[stem]))
	return math.Log(1 + (float64(len(x.documents))-n+0.5)/(n+0.5))
}

// rate adds the score of one word to each document that has it, and returns how rare the word is; 0: in no document.
func (x *Index) rate(stem string, weight float64, scores []float64) float64 {
	postings := x.postings[stem]
	if len(postings) == 0 {
		return 0
	}
	rarity := x.rarity(stem)
	for _, p := range postings {
		scores[p.document] += weight * rarity * p.frequency / (p.frequency + saturation)
	}
	return rarity
}

// fit returns the factor by which a document counts more or less for what a request wants.
func (x *Index) fit(document int, in intent) float64 {
	d := &x.documents[document]
	factor := 1.0
	for _, verb := range in.verbs {
		if other := x.reverse(verb); other != "" && slices.Contains(d.verbs, other) && !slices.Contains(d.verbs, verb) {
			factor *= 0.1
		}
	}
	for _, verb := range d.verbs {
		if other := x.reverse(verb); other != "" && slices.Contains(in.verbs, other) && !slices.Contains(in.verbs, verb) {
			factor *= 0.1
		}
	}
	if d.destroys && in.deeds&ends == 0 {
		factor *= 0.7
	}
	wants := in.deeds &^ ends
	if wants&^(sees|checks) != 0 {
		wants &^= sees | checks
	}
	does := d.deeds | d.used&^ends
	switch {
	case in.asks && in.deeds&(sees|checks) != 0:
		switch {
		case d.reads || d.deeds&checks != 0:
		case len(in.verbs) > 0: // "get a token" may well create it
			factor *= 0.6
		default:
			factor *= 0.35
		}
		switch {
		case in.access == mayDo && d.deeds&checks != 0:
			factor *= 1.8
		case wants&d.deeds != 0:
			factor *= 1.2
		}
		if slices.Contains(d.verbs, "list") && (slices.Contains(in.cues, which) || slices.Contains(in.cues, all)) {
			factor *= 1.1
		}
	case wants == 0:
	case wants.opposed(d.deeds) && (d.used&^ends)&wants&(onward|backward) == 0:
		factor *= 0.1
	case wants&d.deeds != 0:
		factor *= 1.6
	case wants&does != 0:
		factor *= 1.4
	case d.reads:
		factor *= 0.5
	default:
		factor *= 0.9
	}
	return factor
}
