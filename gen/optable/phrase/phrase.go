// Package phrase has the parts that messages to callers are made of.
package phrase

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Plural returns a number with its noun: "1 page", "2 pages".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// Preview returns the first 60 bytes or so of a text, at a character.
func Preview(s string) string {
	const most = 60
	for i := range s {
		if i >= most {
			return s[:i] + "…"
		}
	}
	return s
}

// Shorten cuts a text after the given number of characters.
func Shorten(text string, limit int) string {
	n := 0
	for i := range text {
		if n == limit {
			return strings.TrimRightFunc(text[:i], unicode.IsSpace) + "…"
		}
		n++
	}
	return text
}

// Printable returns the first 500 bytes of a body as text without control characters.
func Printable(body []byte) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return ' '
		}
		return r
	}, string(body[:min(len(body), 500)]))
}
