package search

import (
	"slices"
	"strings"
)

// cue is a turn of phrase that says what kind of operation a request is for. The index learns from the keywords of the
// documents which of them it speaks for.
type cue struct {
	stem    string // as a word that no text has
	starts  bool   // counts only where a clause begins
	phrases string // with commas between
}

// Cues that more than the index looks at.
const (
	person  = "?person"
	forever = "?forever"
	which   = "?which"
	all     = "?all"
)

var cues = []cue{
	{person, false, "he, she, him, her, his, hers, someone, somebody, person, guy, colleague, employee, member, user"},
	{"?every", false, "everywhere, globally, global, default, by default, across, all tenants, all customers, " +
		"all clients, " +
		"all organizations, all orgs, all companies, every tenant, every customer, every client, every organization, " +
		"every org, every company, each tenant, each customer, each organization, for everyone, for everybody, for all, " +
		"environment wide, environment, whole environment, out of the box, built in"},
	{"?own", false, "our own, our id, our key, our record, our database, our db, our side, our system, we " +
		"call, we know, " +
		"our app, our crm, our number, external id, own id, own key"},
	{"?new", false, "new, another, second, additional, one more, fresh, extra, also, first, next, again"},
	{"?where", false, "where, from where, to where"},
	{which, true, "which, what, who, whose, whom, in which, on which, at which, to which, with which"},
	{"?instead", false, "instead, rather, from now on, now called, is now, moved, changed, switched, exactly, " +
		"different, " +
		"to a, other than, wrong, correct, swap, switch, from to, only"},
	{"?gone", false, "gone, left, quit, lost, loses, must go, should go, churned, sold, former, old, retired, dead, " +
		"unused, nobody uses, no longer, vanish, dropped, leaked, stolen, wrong"},
	{forever, false, "for good, forever, permanently, completely, entirely, once and for all, altogether"},
	{"?one", false, "one, single, particular, specific, details, about, this, that, its, by id, the id"},
	{all, false, "all, every, list, overview, inventory, catalogue, any, exist, are there, do we have"},
	{"?let", true, "let, allow, give, permit, enable, grant"},
	{"?self", false, "themselves, himself, herself, ourselves, on their own, by themselves, without us, " +
		"without our help, " +
		"self serve, on his own, on our own, our own"},
	{"?code", false, "code, digits, otp, typed, entered"},
}

// isCue reports whether a stem is that of a cue, or of a kind of question.
func isCue(stem string) bool { return strings.HasPrefix(stem, "?") }

// turn is one phrase of a cue, by its first word.
type turn struct {
	rest []string
	cue  int
}

// newTurns returns the phrases of the cues by their first words.
func newTurns() map[string][]turn {
	turns := map[string][]turn{}
	for i, c := range cues {
		for phrase := range strings.SplitSeq(c.phrases, ", ") {
			words := strings.Fields(phrase)
			turns[words[0]] = append(turns[words[0]], turn{words[1:], i})
		}
	}
	return turns
}

// cuesIn returns the cues of a request.
func (l lexicon) cuesIn(tokens []token) []string {
	var list []string
	for i, t := range tokens {
		for _, turn := range l.turns[t.word] {
			c := &cues[turn.cue]
			if c.starts && t.stop == none || slices.Contains(list, c.stem) || !follows(tokens[i+1:], turn.rest) {
				continue
			}
			list = append(list, c.stem)
		}
	}
	return list
}

// follows reports whether tokens begin with words in the same clause.
func follows(tokens []token, words []string) bool {
	if len(words) > len(tokens) {
		return false
	}
	for i, word := range words {
		if tokens[i].word != word || tokens[i].stop != none {
			return false
		}
	}
	return true
}
