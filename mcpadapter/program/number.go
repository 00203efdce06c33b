package program

import (
	"bytes"
	"strings"
)

// maxInteger is the largest integer up to which a number of JavaScript tells all apart.
const maxInteger = "9007199254740991"

// withExactNumbers returns JSON in which each integer that a number of JavaScript cannot represent exactly is a string:
// a program that passes on such an ID would otherwise mean another resource.
func withExactNumbers(text []byte) []byte {
	var b []byte
	written := 0
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '"':
			i = endOfString(text, i)
		case c == '-' || '0' <= c && c <= '9':
			end := i + 1
			for end < len(text) && strings.IndexByte("0123456789+-.eE", text[end]) >= 0 {
				end++
			}
			if isInexact(text[i:end]) {
				b = append(append(append(append(b, text[written:i]...), '"'), text[i:end]...), '"')
				written = end
			}
			i = end
		default:
			i++
		}
	}
	if b == nil {
		return text
	}
	return append(b, text[written:]...)
}

// endOfString returns where a string that begins at an index ends.
func endOfString(text []byte, begin int) int {
	for i := begin + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// isInexact reports whether a number is an integer beyond those that a number of JavaScript tells apart.
func isInexact(number []byte) bool {
	digits := bytes.TrimPrefix(number, []byte("-"))
	if bytes.ContainsAny(digits, ".eE") || len(digits) < len(maxInteger) {
		return false
	}
	return len(digits) > len(maxInteger) || string(digits) > maxInteger
}
