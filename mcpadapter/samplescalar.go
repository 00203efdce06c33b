package mcpadapter

import (
	"cmp"
	"math/big"
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// sampleText writes the first of some texts that the schema accepts: an ID, what the format wants, a plain text, and the shortest match of the pattern.
func sampleText(s *value.Schema, plain string) string {
	var texts []string
	for _, prefix := range s.IDPrefixes {
		texts = append(texts, prefix+"123")
	}
	texts = append(texts, sampleOfFormat(s.Format), plain)
	if s.Pattern != nil {
		if re, err := syntax.Parse(s.Pattern.String(), syntax.Perl); err == nil {
			texts = append(texts, matchOf(re.Simplify()))
		}
	}
	for _, text := range texts {
		if text == "" {
			continue
		}
		if quoted := string(jsontext.AppendString(nil, ofLength(text, s.MinLength, s.MaxLength))); takes(s, quoted) {
			return quoted
		}
	}
	return string(jsontext.AppendString(nil, plain))
}

// ofLength makes a text as long or as short as it must be, in characters. No maximum is 0.
func ofLength(text string, least, most int) string {
	n := utf8.RuneCountInString(text)
	if n < least {
		return text + strings.Repeat("x", least-n)
	}
	if most > 0 && n > most {
		return string([]rune(text)[:most])
	}
	return text
}

// sampleOfName returns what an argument of a common name may hold, of the last name in the path.
func sampleOfName(at string) string {
	name := strings.ToLower(at[strings.LastIndexByte(at, '.')+1:])
	for _, common := range []struct{ endings, text string }{
		{"email mail", exampleEmail},
		{"url uri website", exampleURI},
		{"origin", strings.TrimSuffix(exampleURI, "/")},
		{"domain host", "example.com"},
		{"ip_address ip", exampleIPv4},
		{"phone_number phone", "+15555550100"},
	} {
		for ending := range strings.FieldsSeq(common.endings) {
			if name == ending || strings.HasSuffix(name, "_"+ending) {
				return common.text
			}
		}
	}
	return "example"
}

// Names and addresses that are reserved for examples (RFC 2606 section 3, RFC 5737, RFC 3849).
const (
	exampleEmail = "user@example.com"
	exampleURI   = "https://example.com/"
	exampleIPv4  = "192.0.2.1"
	exampleIPv6  = "2001:db8::1"
)

// sampleOfFormat returns a text of a format that is asserted, or "".
func sampleOfFormat(name string) string {
	for _, text := range []string{
		"2026-01-31T12:00:00Z", "2026-01-31", exampleEmail, exampleURI, exampleIPv4, exampleIPv6,
		"123e4567-e89b-42d3-a456-426614174000", "ZXhhbXBsZQ==",
	} {
		if valid, words := value.CheckFormat(name, text); valid && words != "" {
			return text
		}
	}
	return ""
}

// matchOf returns a short text that matches a simplified pattern, which the caller verifies.
func matchOf(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			for _, r := range "aA1" {
				if re.Rune[i] <= r && r <= re.Rune[i+1] {
					return string(r)
				}
			}
		}
		return string(re.Rune[:min(1, len(re.Rune))])
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "a"
	case syntax.OpCapture, syntax.OpPlus, syntax.OpAlternate:
		return matchOf(re.Sub[0])
	case syntax.OpConcat:
		var b strings.Builder
		for _, part := range re.Sub {
			b.WriteString(matchOf(part))
		}
		return b.String()
	default: // what matches nothing, or may
		return ""
	}
}

// sampleNumber writes 1 or else a number at the edge of what the schema accepts.
func sampleNumber(s *value.Schema) string {
	texts := []string{
		"1", s.MultipleOf, s.Minimum, offset(s.ExclusiveMinimum, 1), s.Maximum, offset(s.ExclusiveMaximum, -1), "0", "0.5",
	}
	least, ok1 := value.Rational(cmp.Or(s.Minimum, s.ExclusiveMinimum))
	step, ok2 := value.Rational(s.MultipleOf)
	if ok1 && ok2 && step.Sign() > 0 { // the first multiple above the bound
		steps := new(big.Rat).Quo(least, step)
		whole := new(big.Int).Div(steps.Num(), steps.Denom())
		next := new(big.Rat).SetInt(whole.Add(whole, big.NewInt(1)))
		texts = append(texts, decimal(next.Mul(next, step)))
	}
	for _, text := range texts {
		if takes(s, text) {
			return text
		}
	}
	return "1"
}

// offset returns a JSON number plus a whole one, or "".
func offset(number string, by int64) string {
	if n, ok := value.Rational(number); ok {
		return decimal(n.Add(n, new(big.Rat).SetInt64(by)))
	}
	return ""
}

func decimal(n *big.Rat) string {
	if n.IsInt() {
		return n.Num().String()
	}
	return strings.TrimRight(n.FloatString(20), "0")
}
