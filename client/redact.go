package client

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/client/internal/redact"
)

// maxText limits untrusted text in errors, in bytes.
const maxText = 1 << 10

// scrubber makes untrusted text printable: one line of limited length, without the credentials of a request.
type scrubber struct{ secrets [4]string }

// text removes control and invisible characters, then credentials, then limits the length. The order matters: cleaning
// first reveals a credential in pieces, and cutting last leaves no half of one.
func (s scrubber) text(raw string, limit int) string {
	return cut(s.scrub(clean(raw)), limit)
}

// object returns a JSON object whose texts and names are as text returns them, or nil if it is none.
func (s scrubber) object(raw []byte) []byte {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var members map[string]any
	if decoder.Decode(&members) != nil || members == nil || !json.Valid(raw) {
		return nil
	}
	scrubbed, err := json.Marshal(s.value(members))
	if err != nil {
		return nil
	}
	return scrubbed
}

func (s scrubber) value(v any) any {
	switch v := v.(type) {
	case string:
		return s.text(v, maxText)
	case []any:
		for i := range v {
			v[i] = s.value(v[i])
		}
	case map[string]any:
		scrubbed := make(map[string]any, len(v))
		for name, member := range v {
			scrubbed[s.text(name, maxText)] = s.value(member)
		}
		return scrubbed
	}
	return v
}

func (s scrubber) scrub(text string) string {
	for _, secret := range s.secrets {
		if secret == "" {
			continue
		}
		text = strings.ReplaceAll(text, secret, redact.Mark)
		if escaped := url.QueryEscape(secret); escaped != secret {
			text = strings.ReplaceAll(text, escaped, redact.Mark)
		}
	}
	return scrubTokens(text)
}

// scrubTokens replaces what looks like a credential, up to the end of the run of token characters.
func scrubTokens(text string) string {
	var out strings.Builder
	for text != "" {
		run := tokenLen(text)
		if at := secretIn(text[:run]); at >= 0 {
			out.WriteString(text[:at])
			out.WriteString(redact.Mark)
		} else {
			out.WriteString(text[:run])
		}
		_, size := utf8.DecodeRuneInString(text[run:])
		out.WriteString(text[run : run+size])
		text = text[run+size:]
	}
	return out.String()
}

// secretIn returns the index at which an API key or a JSON Web Token begins in run, or -1. The latter begins with the
// base64url form of `{"` and contains dots (RFC 7515 section 7.1).
func secretIn(run string) int {
	lastDot := strings.LastIndexByte(run, '.')
	for at := range len(run) {
		inWord := at > 0 && isLetter(rune(run[at-1]))
		if isKey(run[at:], inWord) || !inWord && at < lastDot && strings.HasPrefix(run[at:], "eyJ") {
			return at
		}
	}
	return -1
}

// isKey reports whether run begins with an API key (sk_…) and not with the rest of a word such as risk_level.
func isKey(run string, inWord bool) bool {
	rest, ok := strings.CutPrefix(run, "sk_")
	return ok && rest != "" && (!inWord || strings.HasPrefix(rest, "test_") || strings.HasPrefix(rest, "live_"))
}

// tokenLen returns the length of the prefix of text that may be a token, percent-encoded or masked by asterisks.
func tokenLen(text string) int {
	end := strings.IndexFunc(text, func(r rune) bool {
		return !strings.ContainsRune("_-.~+/=%*", r) && !isAlphanumeric(r)
	})
	if end < 0 {
		return len(text)
	}
	return end
}

func isAlphanumeric(r rune) bool { return isLetter(r) || '0' <= r && r <= '9' }

func isLetter(r rune) bool { return 'a' <= r|' ' && r|' ' <= 'z' }

func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		default:
			return r
		}
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// cut limits text to limit bytes and an ellipsis, at a character boundary.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit] + "…"
}
