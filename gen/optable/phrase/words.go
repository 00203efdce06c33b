package phrase

import (
	"strings"
	"unicode"
)

// Words splits a name or a sentence into words, in lower case: at whatever is neither a letter nor a digit, and where
// an upper-case letter follows a lower-case one.
func Words(text string) []string {
	var list []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			list = append(list, strings.ToLower(word.String()))
			word.Reset()
		}
	}
	lower := false
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) || lower && unicode.IsUpper(r) {
			end()
		}
		if lower = unicode.IsLower(r); unicode.IsLetter(r) || unicode.IsDigit(r) {
			word.WriteRune(r)
		}
	}
	end()
	return list
}

// Singulars returns the [Words] of a text without the endings of plurals.
func Singulars(text string) []string {
	list := Words(text)
	for i, word := range list {
		list[i] = singular(word)
	}
	return list
}

func singular(word string) string {
	switch {
	case strings.HasSuffix(word, "ies"):
		return strings.TrimSuffix(word, "ies") + "y"
	case strings.HasSuffix(word, "ss"):
		return word
	}
	return strings.TrimSuffix(word, "s")
}
