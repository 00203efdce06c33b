package search

import "slices"

// things returns what a request names beside its verbs: each with its synonyms of one word.
func (x *Index) things(tokens []token) [][]string {
	var list [][]string
	for _, t := range tokens {
		if t.verb || t.mute || t.faint || isStopWord(t.stem) {
			continue
		}
		names := []string{t.stem}
		_, means := x.synonyms.longestAt(names)
		for _, meaning := range means {
			if len(meaning) == 1 {
				names = append(names, meaning[0])
			}
		}
		list = append(list, names)
	}
	return list
}

// isAbout reports whether a document's name has each of the things, and they all of its last part but the verb.
func (d *indexed) isAbout(things [][]string) bool {
	for _, names := range things {
		if !slices.ContainsFunc(names, func(name string) bool { return slices.Contains(d.name, name) }) {
			return false
		}
	}
	return len(things) > 0 && len(d.thing) > 0 && !slices.ContainsFunc(d.thing, func(name string) bool {
		return !slices.ContainsFunc(things, func(names []string) bool { return slices.Contains(names, name) })
	})
}
