package runtime

import "strings"

// IsLineOf reports whether a value is one of the lines, each of which ends in a newline. The members of an enum are
// written that way because one constant compiles to much less than a switch.
func IsLineOf(lines, value string) bool {
	for line := range strings.Lines(lines) {
		if len(line) == len(value)+1 && strings.HasPrefix(line, value) {
			return true
		}
	}
	return false
}
