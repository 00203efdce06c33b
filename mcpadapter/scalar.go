package mcpadapter

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/phrase"
)

func (c *checker) text(s *schema, v, at string) {
	least := s.minLength
	if s.nonEmpty {
		least = max(least, 1)
	}
	if n := utf8.RuneCountInString(v); n < least {
		c.failf(at, "expected at least %s, got %d", phrase.Plural(least, "character"), n)
	} else if s.maxLength > 0 && n > s.maxLength {
		c.failf(at, "expected at most %s, got %d", phrase.Plural(s.maxLength, "character"), n)
	}
	if s.pattern != nil && !s.pattern.MatchString(v) {
		c.failf(at, "expected a match of %s, got %s", s.pattern, describe(v))
	}
	if valid, name := format(s.format, v); !valid {
		c.failf(at, "expected %s, got %s", name, describe(v))
	}
}

var uuid = regexp.MustCompile(`^(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// format asserts the formats of JSON Schema (Validation section 7.3) that a request can carry; an unknown one says
// nothing.
func format(name, v string) (valid bool, description string) {
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
		return uuid.MatchString(v), "a UUID"
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

// wholeNumber writes a number without fraction as plain digits: JSON Schema counts 1.0 and 1e2 as integers, but Go
// cannot decode them into one. Numbers that do not fit into 64 bits stay as they are.
func wholeNumber(n json.Number) json.Number {
	if isDigits(string(n)) {
		return n
	}
	if r, ok := rational(string(n)); ok && r.IsInt() && r.Num().IsInt64() {
		return json.Number(r.Num().String())
	}
	return n
}

func isDigits(s string) bool {
	s = strings.TrimPrefix(s, "-")
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func (c *checker) number(s *schema, v json.Number, at string) {
	if _, err := strconv.ParseInt(string(v), 10, 64); err != nil && isDigits(string(v)) {
		c.failf(at, "%s does not fit into 64 bits", phrase.Preview(string(v)))
		return
	}
	n, ok := rational(string(v))
	if !ok {
		c.failf(at, "%s is out of range", phrase.Preview(string(v)))
		return
	}
	for _, bound := range []struct {
		limit string
		holds func(cmp int) bool
		words string
	}{
		{s.minimum, func(cmp int) bool { return cmp >= 0 }, "at least"},
		{s.maximum, func(cmp int) bool { return cmp <= 0 }, "at most"},
		{s.exclusiveMinimum, func(cmp int) bool { return cmp > 0 }, "more than"},
		{s.exclusiveMaximum, func(cmp int) bool { return cmp < 0 }, "less than"},
	} {
		if limit, ok := rational(bound.limit); ok && !bound.holds(n.Cmp(limit)) {
			c.failf(at, "expected %s %s, got %s", bound.words, bound.limit, v)
		}
	}
	if step, ok := rational(s.multipleOf); ok && step.Sign() > 0 && !n.Quo(n, step).IsInt() {
		c.failf(at, "expected a multiple of %s, got %s", s.multipleOf, v)
	}
}

// rational reads a JSON number exactly, unless its exponent would make it huge.
func rational(s string) (*big.Rat, bool) {
	if _, exponent, ok := strings.Cut(strings.ToLower(s), "e"); ok {
		if e, err := strconv.Atoi(exponent); err != nil || e > 308 || e < -308 {
			return nil, false
		}
	}
	return new(big.Rat).SetString(s)
}

// describe names a value in a message, cut short.
func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return "the string " + strconv.Quote(phrase.Preview(v))
	case bool:
		return "the boolean " + strconv.FormatBool(v)
	case json.Number:
		return "the number " + phrase.Preview(string(v))
	case []any:
		return fmt.Sprintf("an array of %d", len(v))
	case map[string]any:
		return "an object"
	}
	return fmt.Sprintf("%T", v)
}
