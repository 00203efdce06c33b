package redact_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/seed-f165d83c/workos/client/internal/redact"
)

func TestMaskTellsWhetherASecretIsSet(t *testing.T) {
	for secret, want := range map[string]string{"": "none", "s": "[redacted]", " ": "[redacted]"} {
		if got := redact.Mask(secret); got != want {
			t.Errorf("%q: got %q, want %q", secret, got, want)
		}
	}
}

func TestPanicTellsNoValue(t *testing.T) {
	index := func() (value any) {
		defer func() { value = recover() }()
		return make([]int, 0)[len(t.Name())]
	}
	for want, value := range map[string]any{
		"string": "s3cret", "*errors.errorString": errors.New("s3cret"), "redact_test.holder": holder{"s3cret"},
		"<nil>": nil, "runtime error: index out of range [21] with length 0": index(),
	} {
		if got := redact.Panic(value); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// holder is a value that prints as a text.
type holder struct{ secret string }

func (h holder) Format(state fmt.State, verb rune) { redact.Format(state, verb, "text") }

func TestFormatPrintsTheTextForEveryVerb(t *testing.T) {
	for format, want := range map[string]string{
		"%v": "text", "%+v": "text", "%#v": "text", "%d": "text", "%t": "text", "%e": "text", "%g": "text", "%b": "text",
		"%o": "text", "%O": "text", "%U": "text", "%c": "text",
		"%-8v": "text", "%8d": "text",
		"%s": "text", "%8s": "    text", "%-8s|": "text    |", "%.2s": "te",
		"%q": `"text"`, "%#q": "`text`", "%+q": `"text"`, "%8q": `  "text"`,
		"%x": "74657874", "%X": "74657874", "% x": "74 65 78 74", "%#X": "0X74657874",
	} {
		if got := fmt.Sprintf(format, holder{"s3cret"}); got != want {
			t.Errorf("%s: got %q, want %q", format, got, want)
		}
	}
}
