package search

import (
	"slices"
	"strings"
)

// intent is what a request wants, apart from what it is about.
type intent struct {
	deeds deed
	verbs []string // that lead, in their base form
	asks  bool     // only wants to know
	// access is the kind of a question about what somebody may do, as a word that no text has; "" for any other.
	access string
	past   bool // is about what has happened
	who    bool // is about people
	at     bool // is about a company
	// relates is how a request relates two things, as a word that no text has: "remove it from the list" does not mean the
	// list. "": it does not.
	relates string
	cues    []string
}

// kinds returns the words in the index for what a request wants.
func (in *intent) kinds() []string {
	list := slices.Clone(in.cues)
	if in.access != "" {
		list = append(list, in.access)
	}
	if in.past {
		list = append(list, happened)
	}
	if in.relates != "" {
		list = append(list, in.relates)
	}
	return list
}

// cue adds a cue once.
func (in *intent) cue(stem string) {
	if !slices.Contains(in.cues, stem) {
		in.cues = append(in.cues, stem)
	}
}

// Words in the index and in requests for what a question is about.
const (
	mayDo    = "?may"   // can somebody do something
	whoMay   = "?who"   // who can do something
	whatMay  = "?what"  // what can somebody do
	happened = "?event" // what has happened

	addsTo      = "?to"   // adds one thing to another
	removesFrom = "?from" // removes one thing from another
	turnsFor    = "?for"  // enables or disables for somebody
)

const (
	questions = " who whom whose which what where when why how is are am was were does did has have had can may could " +
		"should whether will would do "
	fillers = " please pls plz just now hey hi hello ok okay also then and so i we you want wants need to would like " +
		"lets quickly simply can could help me must should let's kindly go ahead wanna gonna us the "
	before  = " and then or please pls i we you must should to now just also let's will "
	permits = " can may could allowed able permitted access permission permissions rights privileges entitled " +
		"entitlements authorized authorised "
	wishes = " want wants need needs must should shall may can "
)

// among reports whether a list with spaces around its words has a word.
func among(list, word string) bool { return strings.Contains(list, " "+word+" ") }

// reader reads the clauses of a request.
type reader struct {
	lexicon
	intent

	tokens  []token
	expects bool   // a verb may lead here
	led     bool   // a verb leads the clause
	aside   bool   // the clause is no request: "before we drop it", "if it fails"
	maybe   bool   // the clause says what might be done
	asking  string // the word that begins a question; "": no question
}

// read finds out what a request wants, and marks the words that say it.
func (l lexicon) read(tokens []token, questionMark bool) intent {
	r := reader{lexicon: l, tokens: tokens}
	r.past = mentionsPast(tokens)
	r.cues = l.cuesIn(tokens)
	asked := false
	for i := range tokens {
		r.next(i)
		asked = asked || r.asking != ""
	}
	if r.deeds == 0 && (questionMark || r.past && !r.led) {
		asked = true
	}
	r.settle(asked)
	r.asks = r.deeds&^(sees|checks) == 0 && (asked || r.deeds != 0)
	if asked && r.asks {
		r.deeds |= sees
	}
	return r.intent
}

// next reads the word at i.
func (r *reader) next(i int) {
	t := &r.tokens[i]
	if r.beside(i) {
		r.expects = false
		return
	}
	if r.expects && r.asking == "" && r.isQuestion(i) {
		r.asking, r.expects, r.led = t.word, false, true
		r.who = r.who || among(" who whom whose ", t.word)
		if among(" can may could ", t.word) {
			r.permission()
		}
		return
	}
	if (t.word == "if" || t.word == "whether") && r.led && r.asking == "" && r.deeds&^(sees|checks) == 0 {
		r.asking = t.word
	}
	if r.asking != "" && r.asking != "why" && r.asking != "when" && among(permits, t.word) {
		r.permission()
	}
	if r.expects && among(" in with to for at on by from of since ", t.word) && i+1 < len(r.tokens) &&
		among(" which what whom whose when ", r.tokens[i+1].word) {
		return
	}
	if phrased, _ := r.phraseAt(i); r.expects && phrased == "" && among(fillers, t.word) {
		return
	}
	r.verb(i)
	r.expects = false
}

// beside reports whether the word at i is in a clause that asks for nothing.
func (r *reader) beside(i int) bool {
	t := &r.tokens[i]
	if t.stop == period {
		r.asking = ""
	}
	if t.stop != none {
		r.expects, r.led, r.aside, r.maybe = true, false, false, false
	}
	if r.expects && r.asking == "" && r.isAside(i) {
		r.aside = true
	} else if r.aside && i > 0 && isWished(t.word) && isPronoun(r.tokens[i-1].word) {
		r.aside = false // "when people leave they should lose it"
	}
	if among(" might thinking considering planning wondering ", t.word) {
		r.maybe = true
	}
	if r.aside {
		t.faint = true
	}
	r.mention(i)
	return r.aside || r.maybe
}

// isQuestion reports whether a question begins with the word at i, which no "can you" and no "how do I" does.
func (r *reader) isQuestion(i int) bool {
	word, next := r.tokens[i].word, ""
	if i+1 < len(r.tokens) {
		next = r.tokens[i+1].word
	}
	switch word {
	case "can", "could", "would", "will", "do":
		if among(" you i we not ", next) {
			return word == "do" && next != "not"
		}
		return among(questions, word)
	case "how":
		if !among(" to do can i we should would does ", next) {
			return true
		}
		r.tokens[i+1].mute = true
		return false
	case "have":
		return among(" we they you i ", next)
	}
	return among(questions, word)
}

// permission notes that the question is about what somebody may do.
func (r *reader) permission() {
	kind := mayDo
	switch r.asking {
	case "who", "whom", "whose":
		kind = whoMay
	case "what", "which", "where", "how":
		kind = whatMay
	}
	if r.access == "" {
		r.access = kind
	}
}

// verb notes the verb at i, if there is one and it leads.
func (r *reader) verb(i int) {
	t := &r.tokens[i]
	if strings.HasPrefix(t.word, "?") {
		return
	}
	base, particle := r.phraseAt(i)
	phrased := base != ""
	if !phrased {
		base = t.word
	}
	if base == "new" && r.past { // new since when
		return
	}
	d, wished := r.deedOf(i, base)
	if d == 0 && !phrased {
		if r.expects && r.asking == "" && r.opposites[base] != "" { // a verb that no deed tells from its opposite
			r.verbs, r.led = append(r.verbs, base), true
		}
		return
	}
	t.verb = true
	if r.asking != "" {
		t.mute = r.access != ""
		return
	}
	if t.verb = r.leads(i, base, wished, phrased); !t.verb {
		return
	}
	if t.word == "no" && !r.wished(i) {
		d &^= ends // "it no longer works"
	}
	if negated(r.tokens[:i+1]) {
		if d&removes != 0 {
			t.mute = true
			return
		}
		d = removes | disables
		if r.isOver(i) {
			d |= ends
		}
	}
	r.deeds |= d
	r.verbs = append(r.verbs, base)
	r.led = true
	if relates := r.relation(i, d); relates != "" {
		r.relates = relates
	}
	if particle > 0 {
		r.tokens[particle].mute, r.tokens[particle].verb = true, true
	}
}

// leads reports whether the verb at i says what is asked for.
func (r *reader) leads(i int, base string, wished, phrased bool) bool {
	previous := ""
	if i > 0 {
		previous = r.tokens[i-1].word
	}
	joined := among(before, previous) && (!r.led || previous != "to")
	if !r.expects && !wished && !phrased && !joined && (r.led || isNoun(base)) {
		return false
	}
	if previous == "to" && phrased && r.led {
		return false // "find what to clean up"
	}
	return previous != "to" || i < 2 || r.tokens[i-2].word != "about" // "is about to expire"
}

// deedOf returns what the word at i does as a verb, by its base form or else by its ending, and whether somebody
// wants it done.
func (r *reader) deedOf(i int, base string) (d deed, wished bool) {
	t := &r.tokens[i]
	d = r.acts[base]
	if d == 0 && t.word == t.stem && t.word != "invalid" { // "delet", as people misspell it
		d = r.forms[t.stem]
	}
	if d == 0 && r.expects && strings.HasSuffix(t.word, "ing") {
		d = r.forms[t.stem]
	}
	wished = d == 0 && strings.HasSuffix(t.word, "ed") && r.wished(i) && !r.past
	if wished {
		d = r.forms[t.stem]
	}
	return d, wished
}

// relation returns how the verb at i relates two things.
func (r *reader) relation(i int, d deed) string {
	for j := i + 1; j < len(r.tokens) && r.tokens[j].stop == none; j++ {
		next := ""
		if j+1 < len(r.tokens) {
			next = r.tokens[j+1].word
		}
		switch r.tokens[j].word {
		case "from", "out":
			if d&removes != 0 {
				return removesFrom
			}
		case "to", "into", "onto", "in":
			if d&(adds|changes) != 0 && r.acts[next] == 0 {
				return addsTo
			}
		case "for":
			if d&(enables|disables) != 0 && !among(" everyone everybody all the good ", next) {
				return turnsFor
			}
		}
	}
	return ""
}

// phraseAt returns the verb that the word at i and a particle mean together, and where the particle stands: next to it,
// or up to five words behind in the same clause.
func (r *reader) phraseAt(i int) (base string, particle int) {
	for j := i + 1; j < len(r.tokens) && j <= i+6 && r.tokens[j].stop == none; j++ {
		verb := ""
		if j == i+1 {
			verb = r.phrasal[r.tokens[i].word+"="+r.tokens[j].word]
		}
		if verb == "" {
			verb = r.phrasal[r.tokens[i].word+" "+r.tokens[j].word]
		}
		if verb == "" {
			continue
		}
		last := j == len(r.tokens)-1 || r.tokens[j+1].stop != none
		if loose := among(" on in at me up ", r.tokens[j].word); j > i+1 && loose && !last {
			continue
		}
		return verb, j
	}
	return "", 0
}
