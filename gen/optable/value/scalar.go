package value

import (
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

func (c *checker) text(s *Schema, v string, at Path) {
	least := s.MinLength
	if s.NonEmpty {
		least = max(least, 1)
	}
	if n := utf8.RuneCountInString(v); n < least {
		c.failf(s, at, WrongLength, "expected at least %s, got %d", phrase.Plural(least, "character"), n)
	} else if s.MaxLength > 0 && n > s.MaxLength {
		c.failf(s, at, WrongLength, "expected at most %s, got %d", phrase.Plural(s.MaxLength, "character"), n)
	}
	if s.Pattern != nil && !s.Pattern.MatchString(v) {
		c.failf(s, at, WrongFormat, "expected a match of %s, got %s", s.Pattern, Describe(v))
	}
	if valid, name := CheckFormat(s.Format, v); !valid {
		c.failf(s, at, WrongFormat, "expected %s, got %s", name, Describe(v))
	}
}

// CheckFormat reports whether a text has a format, and describes the format in words: those of JSON Schema (Validation
// section 7.3) that an API uses, and byte of OpenAPI 3.0. Any text has another format, which has no description.
func CheckFormat(name, v string) (valid bool, description string) {
	var err error
	switch name {
	case "date-time":
		_, err = time.Parse(time.RFC3339, v)
		description = "a date and time such as 2026-01-31T12:00:00Z (RFC 3339)"
	case "date":
		_, err = time.Parse(time.DateOnly, v)
		description = "a date such as 2026-01-31"
	case "email":
		var a *mail.Address
		if a, err = mail.ParseAddress(v); err == nil && a.Address != v {
			return false, "an email address alone"
		}
		description = "an email address"
	case "uri":
		var u *url.URL
		if u, err = url.Parse(v); err == nil && u.Scheme == "" {
			return false, "an absolute URI such as https://example.com/"
		}
		description = "an absolute URI such as https://example.com/"
	case "uuid":
		return isUUID(v), "a UUID"
	case "ipv4", "ipv6":
		var a netip.Addr
		if a, err = netip.ParseAddr(v); err == nil && a.Is4() != (name == "ipv4") {
			return false, "an address of " + name
		}
		description = "an address of " + name
	case "byte":
		_, err = base64.StdEncoding.DecodeString(v)
		description = "base64"
	}
	return err == nil, description
}

// isUUID reports whether a text is a UUID in hexadecimal (RFC 9562 section 4).
func isUUID(text string) bool {
	const form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
	if len(text) != len(form) {
		return false
	}
	for i := range len(form) {
		c := text[i]
		isHex := '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
		if form[i] == 'x' && !isHex || form[i] == '-' && c != '-' {
			return false
		}
	}
	return true
}

// WholeNumber returns a number without a fraction in plain digits: JSON Schema counts 1.0 and 1e2 as integers, but Go
// cannot decode them into one. Numbers that do not fit into 64 bits stay as they are.
func WholeNumber(n json.Number) json.Number {
	if IsDigits(string(n)) {
		return n
	}
	if r, ok := Rational(string(n)); ok && r.IsInt() && r.Num().IsInt64() {
		return json.Number(r.Num().String())
	}
	return n
}

// IsDigits reports whether a text is a whole number in plain digits.
func IsDigits(s string) bool {
	s = strings.TrimPrefix(s, "-")
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// fits reports whether a whole number is one of 64 bits, by its format a signed or an unsigned one.
func fits(digits, format string) bool {
	_, err := strconv.ParseInt(digits, 10, 64)
	if err != nil && format == "uint64" {
		_, err = strconv.ParseUint(digits, 10, 64)
	}
	return err == nil
}

func (c *checker) number(s *Schema, v json.Number, at Path) {
	if s.Types.Has(optable.Integer) && !s.Types.Has(optable.Number) && IsDigits(string(v)) && !fits(string(v), s.Format) {
		c.failf(s, at, WrongValue, "%s does not fit into 64 bits", phrase.Preview(string(v)))
		return
	}
	n, ok := Rational(string(v))
	if !ok {
		c.failf(s, at, WrongValue, "%s is out of range", phrase.Preview(string(v)))
		return
	}
	for _, bound := range []struct {
		limit string
		holds func(cmp int) bool
		words string
	}{
		{s.Minimum, func(cmp int) bool { return cmp >= 0 }, "at least"},
		{s.Maximum, func(cmp int) bool { return cmp <= 0 }, "at most"},
		{s.ExclusiveMinimum, func(cmp int) bool { return cmp > 0 }, "more than"},
		{s.ExclusiveMaximum, func(cmp int) bool { return cmp < 0 }, "less than"},
	} {
		if limit, ok := Rational(bound.limit); ok && !bound.holds(n.Cmp(limit)) {
			c.failf(s, at, WrongValue, "expected %s %s, got %s", bound.words, bound.limit, v)
		}
	}
	if step, ok := Rational(s.MultipleOf); ok && step.Sign() > 0 && !n.Quo(n, step).IsInt() {
		c.failf(s, at, WrongValue, "expected a multiple of %s, got %s", s.MultipleOf, v)
	}
}

// Rational returns the exact value of a JSON number whose exponent is within ±308; larger ones would take too much
// memory.
func Rational(s string) (*big.Rat, bool) {
	if _, exponent, ok := strings.Cut(strings.ToLower(s), "e"); ok {
		if e, err := strconv.Atoi(exponent); err != nil || e > 308 || e < -308 {
			return nil, false
		}
	}
	return new(big.Rat).SetString(s)
}
