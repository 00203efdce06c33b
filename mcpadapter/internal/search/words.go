package search

import (
	"maps"
	"strings"

	"github.com/kljensen/snowball/english"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

// stopWords say nothing of what is looked for. Words such as on, off, in and out count within synonyms alone.
const stopWords = " " +
	"a about after again all already also an and any anybody anyone anything are as at away back be because been " +
	"before being between but by can cannot could did do does done don down during each either else ever every " +
	"everybody everyone everything for from had has have he her here him his how i if in into is it its itself just " +
	"let like ll may me might mine more most much must my need needs no nobody not now of off ok on once only or other " +
	"our ours out over own per please pls quickly really right s shall she should since so some somehow something soon " +
	"still t than that the their theirs them then there these they thing things this those through till to too until " +
	"up us ve very via want wants was we were what when where whether which while who whole whom whose why will with " +
	"without would yet you your yours "

// stemmer reduces words to their stems, each word once.
type stemmer map[string]string

// stem returns the stem of a word in lower case. Stop words stay as they are.
func (s stemmer) stem(word string) string {
	stem, known := s[word]
	if !known {
		if stem = word; !isStopWord(word) {
			stem = english.Stem(word, false)
		}
		s[word] = stem
	}
	return stem
}

// stems takes a text apart into the stems of its words.
func (s stemmer) stems(text string) []string {
	list := phrase.Words(text)
	for i, word := range list {
		list[i] = s.stem(word)
	}
	return list
}

func isStopWord(stem string) bool { return len(stem) < 2 || strings.Contains(stopWords, " "+stem+" ") }

// synonyms are words for what the API calls otherwise.
type synonyms struct {
	means   map[string][][]string // by the stems of the term, with spaces between
	longest int                   // stems of a term
}

// general are words of APIs at large.
var general = []optable.Synonym{
	{Term: "mail", Means: []string{"email"}},
	{Term: "app", Means: []string{"application"}},
	{Term: "acct", Means: []string{"account"}},
	{Term: "acc", Means: []string{"account"}},
	{Term: "ppl", Means: []string{"people"}},
	{Term: "usr", Means: []string{"user"}},
	{Term: "grp", Means: []string{"group"}},
	{Term: "dir", Means: []string{"directory"}},
	{Term: "perm", Means: []string{"permission"}},
	{Term: "auth", Means: []string{"authentication"}},
	{Term: "authn", Means: []string{"authentication"}},
	{Term: "conf", Means: []string{"configuration"}},
	{Term: "addr", Means: []string{"address"}},
	{Term: "passwd", Means: []string{"password"}},
	{Term: "pw", Means: []string{"password"}},
	{Term: "cred", Means: []string{"credentials"}},
	{Term: "desc", Means: []string{"description"}},
	{Term: "prefs", Means: []string{"settings"}},
	{Term: "notif", Means: []string{"notification"}},
	{Term: "sub", Means: []string{"subscription"}},
	{Term: "org", Means: []string{"organization"}},
	{Term: "config", Means: []string{"configuration", "settings"}},
	{Term: "creds", Means: []string{"credentials"}},
	{Term: "pwd", Means: []string{"password"}},
	{Term: "perms", Means: []string{"permissions"}},
	{Term: "env", Means: []string{"environment"}},
	{Term: "doc", Means: []string{"document"}},
	{Term: "repo", Means: []string{"repository"}},
	{Term: "msg", Means: []string{"message"}},
	{Term: "cert", Means: []string{"certificate"}},
	{Term: "login", Means: []string{"sign in", "authenticate"}},
	{Term: "logout", Means: []string{"sign out", "end session"}},
	{Term: "signup", Means: []string{"sign up"}},
	{Term: "history", Means: []string{"versions", "events"}},
	{Term: "details", Means: []string{"get"}},
	{Term: "csv", Means: []string{"export"}},
	{Term: "spreadsheet", Means: []string{"export"}},
	{Term: "picture", Means: []string{"image", "photo"}},
	{Term: "callback", Means: []string{"redirect", "webhook"}},
	{Term: "happened", Means: []string{"event"}},
}

// newSynonyms returns the general synonyms and those of an API, whose terms take the place of general ones.
func newSynonyms(list []optable.Synonym, s stemmer) synonyms {
	known := synonyms{means: make(map[string][][]string, len(list)+len(general))}
	known.add(list, s)
	special := known.means
	known.means = map[string][][]string{}
	known.add(general, s)
	maps.Copy(known.means, special)
	return known
}

func (y *synonyms) add(list []optable.Synonym, s stemmer) {
	for _, synonym := range list {
		term := s.stems(synonym.Term)
		y.longest = max(y.longest, len(term))
		key := strings.Join(term, " ")
		for _, meaning := range synonym.Means {
			y.means[key] = append(y.means[key], s.stems(meaning))
		}
	}
}

// longestAt returns how many of the stems, from the first, are the longest known term, and what it means.
func (y *synonyms) longestAt(stems []string) (n int, means [][]string) {
	for n := min(y.longest, len(stems)); n > 0; n-- {
		if means := y.means[strings.Join(stems[:n], " ")]; means != nil {
			return n, means
		}
	}
	return 0, nil
}
