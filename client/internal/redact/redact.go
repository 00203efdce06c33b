// Package redact prints values that hold secrets: as a text that stands for them, whatever the verb.
package redact

import (
	"fmt"
	"io"
)

// Mark stands where a secret was.
const Mark = "[redacted]"

// Mask tells whether a secret is set.
func Mask(secret string) string {
	if secret == "" {
		return "none"
	}
	return Mark
}

// Format prints a text that stands for a value: as package fmt prints a string, or bare where the verb is not one for
// strings, of which fmt would print the value's fields.
func Format(state fmt.State, verb rune, text string) {
	switch verb {
	case 's', 'q', 'x', 'X':
		_, _ = fmt.Fprintf(state, fmt.FormatString(state, verb), text)
	default:
		_, _ = io.WriteString(state, text)
	}
}
