package search

import "slices"

// mention marks as faint what is not wanted or meant: "without its value", "no org needed", "for all tenants".
func (r *reader) mention(i int) {
	word := r.tokens[i].word
	if among(" without except excluding besides ", word) {
		for j := i + 1; j < min(i+4, len(r.tokens)) && r.tokens[j].stop == none; j++ {
			r.tokens[j].faint = true
		}
	}
	if word == "no" {
		for j := i + 1; j < min(i+4, len(r.tokens)); j++ {
			if among(" needed required necessary ", r.tokens[j].word) {
				for k := i + 1; k < j; k++ {
					r.tokens[k].faint = true
				}
			}
		}
	}
	if among(" all every each ", word) && i > 0 && i+1 < len(r.tokens) &&
		among(" for across in at to of by from with ", r.tokens[i-1].word) {
		r.tokens[i+1].faint = true
	}
	if r.tokens[i].stop != none && among(" keep leave keeping leaving ", word) && r.deeds != 0 {
		for j := i + 1; j < len(r.tokens) && r.tokens[j].stop == none; j++ {
			r.tokens[j].faint = true
		}
	}
}

// isAside reports whether the word at i begins a clause that says when or why, which is not what is asked for.
func (r *reader) isAside(i int) bool {
	word, next := r.tokens[i].word, ""
	if i+1 < len(r.tokens) {
		next = r.tokens[i+1].word
	}
	switch word {
	case "before", "after", "if", "once", "unless", "until", "because", "since", "while", "although", "though", "whenever":
		return true
	case "when":
		return !among(" is are was were do does did has have had will would can could should exactly ", next)
	}
	return false
}

func isPronoun(word string) bool { return among(" they he she it we you i ", word) }

func isWished(word string) bool { return among(" should must need needs shall have has ", word) }

// settle corrects what the verbs say by the request as a whole.
func (r *reader) settle(asked bool) {
	switch {
	case r.deeds&ends != 0 && r.saysInstead():
		r.deeds = r.deeds&^(removes|ends) | changes // "throw it away and use this instead"
	case r.deeds&disables != 0 && slices.Contains(r.cues, forever):
		r.deeds |= removes | ends // "shut it off for good"
	case r.deeds == 0 && !asked:
		r.told()
	}
	if !slices.ContainsFunc(r.tokens, func(t token) bool { return !t.faint && !t.mute && !isStopWord(t.word) }) {
		for i := range r.tokens {
			r.tokens[i].faint = false // there is nothing else
		}
	}
}

// saysInstead reports whether something takes the place of another that the request does not name.
func (r *reader) saysInstead() bool {
	i := slices.IndexFunc(r.tokens, func(t token) bool { return t.word == "instead" })
	return i >= 0 && (i+1 == len(r.tokens) || r.tokens[i+1].word != "of")
}

// told takes a request without a verb that leads for one to remove if it tells of a loss: "she loses her role".
func (r *reader) told() {
	for i := range r.tokens {
		word := r.tokens[i].word
		if among(" lost lose loses losing left leaves quit gone vanish vanishes churned sold obsolete unused dead ", word) &&
			!negated(r.tokens[:i+1]) && !r.tokens[i].faint {
			r.deeds |= removes
			return
		}
	}
}

// negated reports whether the words before the last, a verb, deny it.
func negated(tokens []token) bool {
	for i := len(tokens) - 1; i > 0 && i > len(tokens)-3 && tokens[i].stop == none; i-- {
		if among(" not never without dont ", tokens[i-1].word) {
			return true
		}
	}
	return false
}

// isOver reports whether the clause goes on to say that what the verb at i says was so: "not … any more".
func (r *reader) isOver(i int) bool {
	for j := i + 1; j < len(r.tokens) && r.tokens[j].stop == none; j++ {
		if among(" anymore longer ", r.tokens[j].word) || r.tokens[j].word == "more" && r.tokens[j-1].word == "any" {
			return true
		}
	}
	return false
}

// wished reports whether somebody wants the participle at i done.
func (r *reader) wished(i int) bool {
	for j := i - 1; j >= 0 && j > i-6; j-- {
		if among(wishes, r.tokens[j].word) {
			return true
		}
		if r.tokens[j].stop == period {
			break
		}
	}
	return false
}

// mentionsPast reports whether a request names a time that lies behind.
func mentionsPast(tokens []token) bool {
	for i, t := range tokens {
		switch t.word {
		case "yesterday", "lately", "recently", "ago", "tonight", "earlier", "overnight", "happened":
			return true
		case "today", "since", "weekend":
			return true
		case "last", "past", "previous", "this", "these":
			for _, after := range tokens[i+1 : min(len(tokens), i+4)] {
				if among(" minute minutes hour hours day days week weeks month months quarter year years night monday tuesday "+
					"wednesday thursday friday saturday sunday morning afternoon evening sprint ", after.word) {
					return true
				}
			}
		}
	}
	return false
}
