package value

import (
	"cmp"
	"math/big"
	"strings"
	"unicode/utf8"
)

// sampleText writes the first of some texts that the schema accepts: an ID with a prefix of its own, what the format
// requires, a plain text, and texts that many patterns match. It returns "" if it accepts none of them.
func sampleText(s *Schema, plain string) string {
	var texts []string
	for _, prefix := range s.IDPrefixes {
		texts = append(texts, prefix+"123")
	}
	texts = append(texts, sampleOfFormat(s.Format), plain)
	if s.Pattern != nil {
		texts = append(texts, "a", "A", "1", "a1", "A1", "abc123", "123456", "example-1", "example_1", "v1", "1.0.0")
	}
	for _, text := range texts {
		if text == "" {
			continue
		}
		if quoted := quote(ofLength(text, s.MinLength, s.MaxLength)); accepted(s, quoted) {
			return quoted
		}
	}
	return ""
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

// commonText returns a text that a property of a common name may have.
func commonText(at Path) string {
	name := ""
	for _, step := range at {
		if step.To == ToProperty {
			name = strings.ToLower(step.Name)
		}
	}
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
		if valid, words := CheckFormat(name, text); valid && words != "" {
			return text
		}
	}
	return ""
}

// sampleNumber writes 1 or else a number at the edge of what the schema accepts; "" if it accepts none of them.
func sampleNumber(s *Schema) string {
	texts := []string{
		"1", s.MultipleOf, s.Minimum, offset(s.ExclusiveMinimum, 1), s.Maximum, offset(s.ExclusiveMaximum, -1), "0", "0.5",
	}
	least, ok1 := Rational(cmp.Or(s.Minimum, s.ExclusiveMinimum))
	step, ok2 := Rational(s.MultipleOf)
	if ok1 && ok2 && step.Sign() > 0 { // the first multiple above the bound
		steps := new(big.Rat).Quo(least, step)
		whole := new(big.Int).Div(steps.Num(), steps.Denom())
		next := new(big.Rat).SetInt(whole.Add(whole, big.NewInt(1)))
		texts = append(texts, decimal(next.Mul(next, step)))
	}
	for _, text := range texts {
		if accepted(s, text) {
			return text
		}
	}
	return ""
}

// offset returns a JSON number plus a whole one, or "".
func offset(number string, by int64) string {
	if n, ok := Rational(number); ok {
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
