package search

import (
	"net/netip"
	"strings"
	"unicode"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

// Limits of a request. What is beyond them does not count.
const (
	maxBytes  = 2000
	maxTokens = 64
)

// token is a word of a request.
type token struct {
	word string // in lower case
	stem string
	stop stop // before the word
	verb bool // says what to do, not with what
	mute bool // does not count
	// faint marks what a request only mentions: a name in quotes, a condition, what is to stay.
	faint bool
}

// stop is how much a word is set off from the one before it.
type stop int

const (
	none   stop = iota
	comma       // or a colon
	period      // the end of a sentence, or the start of the request
)

// tokenize splits a request into words. An email address, an IP address, a URL, a domain and a permission such as
// docs:read become the name of their kind. Of contractions it keeps a negation; numbers say nothing.
func tokenize(text string) (tokens []token, asked bool) {
	text = text[:min(len(text), maxBytes)]
	before := period
	quoted := false
	for chunk := range strings.FieldsSeq(text) {
		quoted = quoted || strings.ContainsRune("\"“`", []rune(chunk)[0])
		bare := strings.TrimRightFunc(strings.TrimLeftFunc(chunk, isPunctuation), isPunctuation)
		for _, word := range wordsOf(bare) {
			if len(tokens) < maxTokens {
				tokens = append(tokens, token{word: word, stop: before, mute: isAdverb(word), faint: quoted})
			}
			before = none
		}
		if strings.ContainsAny(strings.TrimLeft(chunk, "\"“`"), "\"”`") {
			quoted = false
		}
		switch end := chunk[len(chunk)-1]; {
		case strings.IndexByte(".;!?", end) >= 0:
			before = period
			asked = asked || end == '?'
		case before == none && strings.IndexByte(",:)-", end) >= 0:
			before = comma
		}
	}
	return tokens, asked
}

// isAdverb reports whether a word says how something is done, as "completely" does, and not what.
func isAdverb(word string) bool {
	return len(word) > 5 && strings.HasSuffix(word, "ly") && !among(" apply reply supply family assembly anomaly "+
		"hourly daily weekly monthly yearly quarterly friendly early ", word)
}

func isPunctuation(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// wordsOf returns the words of what stands between two spaces.
func wordsOf(chunk string) []string {
	if kind := kindOf(chunk); kind != "" {
		return strings.Fields(kind)
	}
	var list []string
	chunk = strings.ReplaceAll(chunk, "’", "'")
	base, ending, contracted := strings.Cut(chunk, "'")
	switch {
	case contracted && strings.EqualFold(ending, "t"): // can't, don't
		base = strings.ToLower(base)
		if base != "can" {
			base = strings.TrimSuffix(base, "n")
		}
		return append(phrase.Words(base), "not")
	case contracted && len(ending) <= 2: // bob's, we'll
		chunk = base
	}
	if base, ok := strings.CutSuffix(strings.ToLower(chunk), "nt"); ok && among(" do does did is are was were "+
		"has have had "+
		"should would could wo must need ", base) { // "doesnt"
		return []string{base, "not"}
	}
	for _, word := range phrase.Words(chunk) {
		if strings.ContainsFunc(word, unicode.IsLetter) {
			list = append(list, word)
		}
	}
	return list
}

// kindOf returns what an argument is, from its form; "" if it does not show.
func kindOf(chunk string) string {
	at := strings.IndexByte(chunk, '@')
	dot := strings.LastIndexByte(chunk, '.')
	switch {
	case strings.HasPrefix(chunk, "http://"), strings.HasPrefix(chunk, "https://"):
		return "url " + pathOf(chunk)
	case at > 0 && dot > at:
		return "email"
	case dot > 0 && among(" com io org net dev co app ai eu de uk example ", strings.ToLower(chunk[dot+1:])):
		return "domain"
	}
	if _, err := netip.ParseAddr(chunk); err == nil && len(chunk) > 4 {
		return "ip address"
	}
	if isPermission(chunk) {
		return "permission"
	}
	if dot > 0 && isEventName(chunk) {
		return "event " + strings.Join(phrase.Words(chunk), " ")
	}
	return ""
}

// pathOf returns the words of a URL's path, and localhost.
func pathOf(chunk string) string {
	_, rest, _ := strings.Cut(chunk, "://")
	host, path, _ := strings.Cut(rest, "/")
	if strings.HasPrefix(host, "localhost") || strings.HasPrefix(host, "127.0.0.1") {
		path = "localhost/" + path
	}
	path, _, _ = strings.Cut(path, "?")
	return strings.Join(phrase.Words(path), " ")
}

// isEventName reports whether a text has the form of an event's name, such as order.shipped or user.email_changed.
func isEventName(chunk string) bool {
	if strings.ContainsFunc(chunk, func(r rune) bool { return !unicode.IsLower(r) && r != '.' && r != '_' }) {
		return false
	}
	return strings.HasSuffix(chunk, "ed")
}

// isPermission reports whether a text has the form of a permission: two words or more with colons between.
func isPermission(chunk string) bool {
	parts := strings.Split(chunk, ":")
	for _, part := range parts {
		if part == "" || strings.ContainsFunc(part, func(r rune) bool {
			return !unicode.IsLetter(r) && r != '-' && r != '_' && r != '*' && r != '.'
		}) {
			return false
		}
	}
	return len(parts) > 1
}
