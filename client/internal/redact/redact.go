// Package redact prints values that contain secrets without the secrets, whatever the verb.
package redact

import (
	"fmt"
	"io"
)

// Mark replaces a secret.
const Mark = "[redacted]"

// Mask returns [Mark] for a secret that is set, else "none".
func Mask(secret string) string {
	if secret == "" {
		return "none"
	}
	return Mark
}

// Format prints the text that represents a value: like a string for string verbs, unquoted for all others, for which
// package fmt would print the fields.
func Format(state fmt.State, verb rune, text string) {
	switch verb {
	case 's', 'q', 'x', 'X':
		_, _ = fmt.Fprintf(state, fmt.FormatString(state, verb), text)
	default:
		_, _ = io.WriteString(state, text)
	}
}
