// Package redact prints values that contain secrets without the secrets, whatever the verb.
package redact

import (
	"fmt"
	"io"
	"runtime"
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

// Panic describes a recovered panic: an error of the Go runtime by its text, another value by its type alone, because
// it may contain arguments.
func Panic(value any) string {
	if failure, ok := value.(runtime.Error); ok {
		return failure.Error()
	}
	return fmt.Sprintf("%T", value)
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
