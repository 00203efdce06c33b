package value_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

func TestTextsAreBoundedInCharacters(t *testing.T) {
	t.Parallel()
	wantChecked(t, []keyword{
		{
			"least", optable.Schema{Types: optable.String, Constraints: &optable.Constraints{MinLength: 2}}, []string{`"ab"`, `"éé"`, `"abc"`},
			map[string][]string{
				`""`:  {"v: expected at least 2 characters, got 0"},
				`"a"`: {"v: expected at least 2 characters, got 1"},
				`"é"`: {"v: expected at least 2 characters, got 1"},
			},
		},
		{
			"most", optable.Schema{Types: optable.String, Constraints: &optable.Constraints{MaxLength: 1}}, []string{`""`, `"a"`, `"é"`, `"🍵"`},
			map[string][]string{
				`"ab"`: {"v: expected at most 1 character, got 2"},
				`"éé"`: {"v: expected at most 1 character, got 2"},
			},
		},
		{
			"both", optable.Schema{Types: optable.String, Constraints: &optable.Constraints{MinLength: 1, MaxLength: 1}}, []string{`"a"`},
			map[string][]string{
				`""`:   {"v: expected at least 1 character, got 0"},
				`"ab"`: {"v: expected at most 1 character, got 2"},
			},
		},
		{
			"pattern", optable.Schema{Types: optable.String, Constraints: &optable.Constraints{Pattern: "^[a-c]+$", MinLength: 2}}, []string{`"abc"`},
			map[string][]string{
				`"abd"`: {`v: expected a match of ^[a-c]+$, got the string "abd"`},
				`"d"`: {
					"v: expected at least 2 characters, got 1", `v: expected a match of ^[a-c]+$, got the string "d"`,
				},
			},
		},
		{
			"pattern somewhere", optable.Schema{Types: optable.String, Constraints: &optable.Constraints{Pattern: "b"}}, []string{`"abc"`, `"b"`},
			map[string][]string{`"B"`: {`v: expected a match of b, got the string "B"`}},
		},
	})
}

func TestFormatsAreAsserted(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 59)
	for _, c := range []struct {
		format, words string
		accepted      []string
		refused       []string
	}{
		{
			"date-time", "a date and time such as 2026-01-31T12:00:00Z (RFC 3339)",
			[]string{"2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123+14:00"},
			[]string{"", "2026-01-31", "2026-01-31 12:00:00Z", "2026-01-31T12:00:00", "2026-02-30T12:00:00Z", long},
		},
		{
			"date", "a date such as 2026-01-31", []string{"2026-01-31", "2024-02-29"},
			[]string{"", "2026-1-31", "2026-02-29", "2026-01-31T12:00:00Z", "31.01.2026"},
		},
		{
			"email", "an email address", []string{"a@b.example", "a+b@b.example"}, []string{"", "a", "@b", "a@", "a b@c"},
		},
		{"email", "an email address alone", nil, []string{"A <a@b.example>", "<a@b.example>", " a@b.example"}},
		{
			"uri", "an absolute URI such as https://example.com/",
			[]string{"https://tea.example/?a=b#c", "urn:tea:1", "mailto:a@b.example"},
			[]string{"", "/tea", "tea.example/a", "//tea.example", "https://%zz", ":"},
		},
		{
			"uuid", "a UUID",
			[]string{"6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10", "6F1F6D3E-8F5C-4A54-9A43-0D8C3F1F1A10"},
			[]string{
				"", "6f1f6d3e8f5c4a549a430d8c3f1f1a10", "6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a1", "g" + strings.Repeat("0", 7) +
					"-8f5c-4a54-9a43-0d8c3f1f1a10", "6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a100",
				"6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a1G", "6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a1@", "6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a1/",
				"6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a1:", "6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a1`", "6f1f6d3e08f5c-4a54-9a43-0d8c3f1f1a10",
				"6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1-10", "{6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10}", "06f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10",
			},
		},
		{"ipv4", "an address of ipv4", []string{"192.0.2.1"}, []string{"", "::1", "192.0.2", "192.0.2.256", "192.0.2.01"}},
		{"ipv6", "an address of ipv6", []string{"::1", "2001:db8::1"}, []string{"", "192.0.2.1", "::g", "2001:db8"}},
		{"byte", "base64", []string{"", "aGk=", "aGkx"}, []string{"a", "aGk", "!", "a-_="}},
		{"tea", "", []string{"", "anything"}, nil},
	} {
		k := keyword{name: c.format, schema: optable.Schema{Types: optable.String, Format: c.format}}
		for _, text := range c.accepted {
			k.accepted = append(k.accepted, `"`+text+`"`)
		}
		k.refused = map[string][]string{}
		for _, text := range c.refused {
			k.refused[`"`+text+`"`] = []string{"v: expected " + c.words + `, got the string "` + text + `"`}
		}
		wantChecked(t, []keyword{k})
	}
}

func TestNumbersAreBoundedExactly(t *testing.T) {
	t.Parallel()
	number := func(s optable.Schema) optable.Schema {
		s.Types = optable.Number
		return s
	}
	wantChecked(t, []keyword{
		{
			"minimum", number(optable.Schema{Constraints: &optable.Constraints{Minimum: "1.5"}}), []string{"1.5", "1.51", "2", "1.5000000000000000000001"},
			map[string][]string{
				"1":                       {"v: expected at least 1.5, got 1"},
				"1.4999999999999999999":   {"v: expected at least 1.5, got 1.4999999999999999999"},
				"-2":                      {"v: expected at least 1.5, got -2"},
				"1499999999999999999e-18": {"v: expected at least 1.5, got 1499999999999999999e-18"},
			},
		},
		{
			"maximum", number(optable.Schema{Constraints: &optable.Constraints{Maximum: "-1"}}), []string{"-1", "-1.5", "-20"}, map[string][]string{
				"0":    {"v: expected at most -1, got 0"},
				"-0.9": {"v: expected at most -1, got -0.9"},
			},
		},
		{
			"above", number(optable.Schema{Constraints: &optable.Constraints{ExclusiveMinimum: "0"}}), []string{"1", "0.1", "1e-300"}, map[string][]string{
				"0": {"v: expected more than 0, got 0"}, "-1": {"v: expected more than 0, got -1"},
			},
		},
		{
			"below", number(optable.Schema{Constraints: &optable.Constraints{ExclusiveMaximum: "2"}}), []string{"1", "1.999"}, map[string][]string{
				"2": {"v: expected less than 2, got 2"}, "3": {"v: expected less than 2, got 3"},
			},
		},
		{
			"all at once", number(optable.Schema{
				Constraints: &optable.Constraints{Minimum: "3", Maximum: "1", ExclusiveMinimum: "3", ExclusiveMaximum: "1", MultipleOf: "4"},
			}), nil, map[string][]string{"2": {
				"v: expected at least 3, got 2", "v: expected at most 1, got 2", "v: expected more than 3, got 2",
				"v: expected less than 1, got 2", "v: expected a multiple of 4, got 2",
			}},
		},
		{
			"step", number(optable.Schema{Constraints: &optable.Constraints{MultipleOf: "0.05"}}), []string{"0", "0.05", "-0.1", "3"}, map[string][]string{
				"0.01": {"v: expected a multiple of 0.05, got 0.01"},
				"0.06": {"v: expected a multiple of 0.05, got 0.06"},
			},
		},
		{"step of nothing", number(optable.Schema{Constraints: &optable.Constraints{MultipleOf: "0"}}), []string{"0", "1", "0.3"}, nil},
		{"step below nothing", number(optable.Schema{Constraints: &optable.Constraints{MultipleOf: "-1"}}), []string{"0", "0.3"}, nil},
		{
			"exponent", number(optable.Schema{}), []string{"1e-308", "1.5E-308", "1e308", "-1e308"}, map[string][]string{
				"1e309": {"v: 1e309 is out of range"}, "1E309": {"v: 1E309 is out of range"},
				"1e-309": {"v: 1e-309 is out of range"}, "1e99999999999999999999": {"v: 1e99999999999999999999 is out of range"},
			},
		},
		{
			"64 bits", optable.Schema{Types: optable.Integer},
			[]string{"9223372036854775807", "-9223372036854775808"}, map[string][]string{
				"9223372036854775808":  {"v: 9223372036854775808 does not fit into 64 bits"},
				"-9223372036854775809": {"v: -9223372036854775809 does not fit into 64 bits"},
				"1e19":                 {"v: expected a whole number, got the number 1e19"},
				"1.5":                  {"v: expected a whole number, got the number 1.5"},
				strings.Repeat("9", 61): {
					"v: " + strings.Repeat("9", 60) + "… does not fit into 64 bits",
				},
			},
		},
		{
			"64 bits without a sign", optable.Schema{Types: optable.Integer, Format: "uint64"},
			[]string{"0", "9223372036854775808", "18446744073709551615"}, map[string][]string{
				"18446744073709551616": {"v: 18446744073709551616 does not fit into 64 bits"},
			},
		},
		{"numbers of any size", number(optable.Schema{}), []string{"18446744073709551616", "-123456789012345678901234567890"}, nil},
		{"any value", optable.Schema{}, []string{"123456789012345678901234567890"}, nil},
	})
}

// What is not valid is shown, but no more of it than a line.
func TestValuesAreShownCutShort(t *testing.T) {
	t.Parallel()
	x := func(n int) string { return strings.Repeat("x", n) }
	whole := optable.Schema{Types: optable.Integer}
	wantChecked(t, []keyword{{
		"a number", whole, nil, map[string][]string{
			`"` + x(59) + `"`:              {`v: expected a whole number, got the string "` + x(59) + `"`},
			`"` + x(60) + `"`:              {`v: expected a whole number, got the string "` + x(60) + `"`},
			`"` + x(61) + `"`:              {`v: expected a whole number, got the string "` + x(60) + `…"`},
			`"` + x(59) + `éx"`:            {`v: expected a whole number, got the string "` + x(59) + `é…"`},
			`"\n\"\u001b"`:                 {`v: expected a whole number, got the string "\n\"\x1b"`},
			"0." + strings.Repeat("1", 58): {"v: expected a whole number, got the number 0." + strings.Repeat("1", 58)},
			"0." + strings.Repeat("1", 59): {"v: expected a whole number, got the number 0." + strings.Repeat("1", 58) + "…"},
			"[1,2]":                        {"v: expected a whole number, got an array of 2"},
			"{}":                           {"v: expected a whole number, got an object"},
			"null":                         {"v: expected a whole number, got null"},
			"false":                        {"v: expected a whole number, got the boolean false"},
		},
	}})
}

func TestWholeNumbersBecomeDigits(t *testing.T) {
	t.Parallel()
	for given, want := range map[json.Number]json.Number{
		"1.0": "1", "1e2": "100", "1.5e1": "15", "-2.00": "-2", "100e-2": "1", "0.0": "0", "-0.0": "0",
		"9007199254740993.0": "9007199254740993", "9223372036854775807.0": "9223372036854775807", "0": "0", "-0": "-0",
		"1.5": "1.5", "1e19": "1e19", "1e400": "1e400",
	} {
		if got, _ := value.Check(&value.Schema{}, given); got != want {
			t.Errorf("%s: got %v, want %s", given, got, want)
		}
	}
}

func TestPathValuesAreNotEmpty(t *testing.T) {
	t.Parallel()
	s := &value.Schema{Types: optable.String, NonEmpty: true}
	if _, got := value.Check(s, "", value.Step{Name: "v"}); !slices.Equal(lines(got), []string{
		"v: expected at least 1 character, got 0",
	}) {
		t.Errorf("got %q, want the empty text rejected", lines(got))
	}
	if !value.Valid(s, "a") {
		t.Error("got a text rejected, want it accepted")
	}
}
