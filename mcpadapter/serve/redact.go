package serve

import (
	"regexp"
	"strings"
)

// RedactWords returns a function for [API.Redact]. It replaces what follows a prefix in a word of letters, digits and
// underscores by "…", such as the rest of API keys that begin with sk_. It is safe for concurrent use.
func RedactWords(prefix string) func(text string) string {
	words := regexp.MustCompile(regexp.QuoteMeta(prefix) + `\w+`)
	return func(text string) string {
		if !strings.Contains(text, prefix) { // as nearly always: the logger asks for each value
			return text
		}
		return words.ReplaceAllLiteralString(text, prefix+"…")
	}
}
