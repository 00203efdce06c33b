package phrase

import (
	"iter"
	"slices"
	"strings"
	"unicode"
)

// Words splits a name or a sentence into words, in lower case: at whatever is neither a letter nor a digit, and where
// an upper-case letter follows a lower-case one.
func Words(text string) []string { return slices.Collect(words(text)) }

func words(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start, lower := -1, false // of the word
		for i, r := range text {
			part := unicode.IsLetter(r) || unicode.IsDigit(r)
			if start >= 0 && (!part || lower && unicode.IsUpper(r)) {
				if !yield(strings.ToLower(text[start:i])) {
					return
				}
				start = -1
			}
			if part && start < 0 {
				start = i
			}
			lower = unicode.IsLower(r)
		}
		if start >= 0 {
			yield(strings.ToLower(text[start:]))
		}
	}
}

// Singulars returns the [Words] of a text without the endings of plurals.
func Singulars(text string) []string { return slices.Collect(SingularsSeq(text)) }

// SingularsSeq returns an iterator over the [Singulars] of a text.
func SingularsSeq(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for word := range words(text) {
			if !yield(singular(word)) {
				return
			}
		}
	}
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
