package authkit

import (
	"fmt"
	"io"
)

// mask tells whether a secret is set.
func mask(secret string) string {
	if secret == "" {
		return "none"
	}
	return "[redacted]"
}

// formatText prints a text that stands for a value: as package fmt prints a string, or bare where the verb is not one
// for strings, of which fmt would print the value's fields.
func formatText(state fmt.State, verb rune, text string) {
	switch verb {
	case 's', 'q', 'x', 'X':
		_, _ = fmt.Fprintf(state, fmt.FormatString(state, verb), text)
	default:
		_, _ = io.WriteString(state, text)
	}
}
