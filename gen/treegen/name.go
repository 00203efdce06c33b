package main

import (
	"fmt"
	"strings"
)

// maxTypeName is how long the name of a type in package client may be, in characters.
const maxTypeName = 60

// typeName joins the segments of a service or operation, as Go words, to the name of a type with a suffix. If it is too
// long, segments are shortened one by one, from the left, until it is not: to their last word (OrganizationMemberships
// becomes Memberships), and then a segment is left out whose noun a By… segment has (Resources, beside ByResourceID).
func typeName(words []string, suffix string) (string, error) {
	words = append([]string(nil), words...)
	name := func() string { return strings.Join(words, "") + suffix }
	long := func() bool { return len(name()) > maxTypeName }
	full := name()
	for i := 0; i < len(words) && long(); i++ {
		if !isBy(words[i]) {
			words[i] = lastWord(words[i])
		}
	}
	for i := 0; i < len(words) && long(); i++ {
		for _, by := range words[i+1:] {
			if isBy(by) && strings.HasPrefix(strings.TrimPrefix(by, "By"), strings.TrimSuffix(words[i], "s")) {
				words[i] = ""
				break
			}
		}
	}
	if long() {
		return "", fmt.Errorf("the type name %s has %d characters, and %s still %d: want at most %d",
			full, len(full), name(), len(name()), maxTypeName)
	}
	return name(), nil
}

// isBy reports whether a segment tells two operations apart by a parameter, such as ByResourceID.
func isBy(word string) bool {
	return len(word) > 2 && strings.HasPrefix(word, "By") && word[2] >= 'A' && word[2] <= 'Z'
}

// lastWord returns the last word of a Go name: Memberships of OrganizationMemberships, Key of APIKey, IDs of UserIDs.
func lastWord(name string) string {
	for i := len(name) - 1; i > 0; i-- {
		afterInitialism := i+1 < len(name) && !isUpper(name[i+1]) && name[i+1:] != "s"
		if isUpper(name[i]) && (!isUpper(name[i-1]) || afterInitialism) {
			return name[i:]
		}
	}
	return name
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
