package value_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable/value"
)

func TestTextsAreOneJSONValue(t *testing.T) {
	t.Parallel()
	const bad = "not valid JSON: "
	for text, want := range map[string]string{
		"{} {}": "something follows the JSON value", "{}x": "something follows the JSON value",
		"null null":                "something follows the JSON value",
		`{"limit":1,"limit":1}`:    `"limit" is given twice`,
		`{"a":1,"b":1,"a":1}`:      `"a" is given twice`,
		`{"a":[{"b":1,"b":null}]}`: `"b" is given twice`,
		`{"":1,"":1}`:              `"" is given twice`,
		"\xff":                     bad + "the text is not UTF-8",
		"{\"region\":\"\xc3\"}":    bad + "the text is not UTF-8",
		`{"limit":`:                bad + "unexpected EOF",
		`{"limit"`:                 bad + "unexpected EOF",
		`{`:                        bad + "EOF",
		`[`:                        bad + "EOF",
		``:                         bad + "unexpected EOF",
	} {
		wantParseError(t, text, want)
	}
	for _, text := range []string{
		`{"limit":1,}`, `{limit:1}`, `{'limit':1}`, `{"limit":01}`, `{"limit":+1}`, `{"limit":.5}`, `{"limit":1.}`,
		`{"limit":NaN}`, `{"limit":tru}`, `{"grades":["leaf"}`, `{"grades":["leaf",]}`, `{"a":1]`, `}`, "{\"a\":\"\n\"}",
		`{"a":"\x"}`, `{"a":"\u12g4"}`, `{"a" 1}`, `{1:1}`, `{"a":1 "b":2}`, `{"a":[1 2]}`, `// one`,
	} {
		if v, err := value.Parse([]byte(text)); err == nil || !strings.HasPrefix(err.Error(), bad) {
			t.Errorf("%s: got %v and %v, want an error that begins with %s", text, v, err, bad)
		}
	}
}

// What is wrong first is told, also where the text is no JSON further on.
func TestTheFirstProblemOfATextIsTold(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return strings.Repeat("[", n) }
	for text, want := range map[string]string{
		`{"a":1,"a":1,}`:                        `"a" is given twice`,
		`{"a":{"b":1,"c":[2]},"b":tru}`:         "not valid JSON: invalid character '}' in literal true (expecting 'e')",
		`{"a":[1,{"b":2}],"a":3`:                `"a" is given twice`,
		`[` + strings.Repeat("1", 401) + `,`:    "a number has more than 400 characters",
		nested(1000):                            "not valid JSON: EOF",
		nested(1001):                            "values are nested deeper than 1000",
		strings.Repeat(`{"a":`, 1001):           "values are nested deeper than 1000",
		strings.Repeat(`{"a":`, 1000):           "not valid JSON: unexpected EOF",
		strings.Repeat(`[{"a":`, 500) + `[`:     "values are nested deeper than 1000",
		`[[[],{}],[` + strings.Repeat("1", 400): "not valid JSON: EOF",
	} {
		wantParseError(t, text, want)
	}
	for most := range 4 {
		_, err := value.NewParser(most).Parse([]byte(`[1,{"a":2}`))
		if !errors.Is(err, value.ErrTooManyValues) {
			t.Errorf("at most %d values: got %v", most, err)
		}
	}
	if _, err := value.NewParser(4).Parse([]byte(`[1,{"a":2}`)); err == nil || errors.Is(err, value.ErrTooManyValues) {
		t.Errorf("at most 4 values: got %v, want what is wrong with the text", err)
	}
}

// The values of all texts count together.
func TestAParserLimitsValues(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`[1,2,3]`, `{"a":[true],"b":null}`, `[[[[]]]]`, `"a,b,c,d"`} {
		for most := range 5 {
			_, err := value.NewParser(most).Parse([]byte(text))
			enough := most >= 4 || most > 0 && text[0] == '"'
			if (err == nil) != enough || err != nil && !errors.Is(err, value.ErrTooManyValues) {
				t.Errorf("%s, at most %d: got %v", text, most, err)
			}
		}
	}
	p := value.NewParser(3)
	for i, want := range []error{nil, nil, value.ErrTooManyValues, value.ErrTooManyValues} {
		text := []string{`1`, `[2]`, `3`, `4`}[i]
		if _, err := p.Parse([]byte(text)); !errors.Is(err, want) {
			t.Errorf("text %d: got %v, want %v", i, err, want)
		}
	}
}

func wantParseError(t *testing.T, text, want string) {
	t.Helper()
	if v, err := value.Parse([]byte(text)); err == nil || err.Error() != want {
		t.Errorf("%.200s: got %v and the error %v, want %s", text, v, err, want)
	}
}

func TestSurrogatesComeInPairs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`\ud83c\udf75`: `"🍵"`, `\uD83C\uDF75`: `"🍵"`, `a\ud83c\udf75\ud83c\udf75b`: `"a🍵🍵b"`, `\ud800\udc00`: `"𐀀"`,
		`\udbff\udfff`: `"` + "\U0010ffff" + `"`, `\\ud800`: `"\\ud800"`, `\\\\ud800`: `"\\\\ud800"`,
		`\ud7ff\ue000`: `"` + "\ud7ff\ue000" + `"`,
		`\nd83c`:       `"\nd83c"`, `\nd83cxudf75`: `"\nd83cxudf75"`,
		`\n\ud83c\udf75`: `"\n🍵"`, `\ufffd`: `"` + "\ufffd" + `"`, `\\\ud83c\udf75`: `"\\🍵"`,
	} {
		if got := write(t, parse(t, `"`+text+`"`)); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	if got := write(t, parse(t, `"\u0041"`)); got != `"A"` { // an escape at the very end
		t.Errorf("got %s", got)
	}
	const want = "not valid JSON: half of a surrogate pair, which stands for no character"
	for _, text := range []string{
		`\ud83c`, `\udf75`, `\ud800`, `\udbff`, `\udc00`, `\udfff`, `\udf75\ud83c`, `\ud83c\ud83c`, `\ud83cx`, `\ud83c\n`,
		`\ud83c\\udf75`, `\ud83cxudf75`, `\ud83c\ndf75`, `x\ud83c\udf75\ud83c`, `\n\ud83c`,
		`\ud83c\u0041`, `\\\ud83c`, `\ud83c\udf75\udf75`,
	} {
		for _, arguments := range []string{`{"v":"` + text + `"}`, `{"` + text + `":1}`, `{"v":["","` + text + `"]}`} {
			wantParseError(t, arguments, want)
		}
	}
}

func TestNestingAndDigitsAreBounded(t *testing.T) {
	t.Parallel()
	nested := func(n int, open, value, end string) string {
		return `{"v":` + strings.Repeat(open, n) + value + strings.Repeat(end, n) + "}"
	}
	const deep = "values are nested deeper than 1000"
	const long = "a number has more than 400 characters"
	digits := func(n int) string { return `{"v":0.` + strings.Repeat("1", n-2) + `}` }
	for _, c := range []struct{ name, arguments, want string }{
		{"998 lists in the object", nested(998, "[", "1", "]"), ""},
		{"999 lists in the object", nested(999, "[", "1", "]"), ""},
		{"1000 lists in the object", nested(1000, "[", "1", "]"), deep},
		{"998 objects in the object", nested(998, `{"a":`, "1", "}"), ""},
		{"999 objects in the object", nested(999, `{"a":`, "1", "}"), ""},
		{"1000 objects in the object", nested(1000, `{"a":`, "1", "}"), deep},
		{"1000 of both", nested(500, `{"a":[`, "1", "]}"), deep},
		{"998 of both", nested(499, `{"a":[`, "1", "]}"), ""},
		{"999 and an empty list", nested(998, "[", "[]", "]"), ""},
		{"1000 and an empty list", nested(999, "[", "[]", "]"), deep},
		{"1000 and an empty object", nested(999, "[", "{}", "]"), deep},
		{"many side by side", `{"v":[` + strings.Repeat("[],{},", 1500) + "1]}", ""},
		{"399 characters", digits(399), ""},
		{"400 characters", digits(400), ""},
		{"401 characters", digits(401), long},
		{"401 characters in a list", `{"v":[1,` + strings.Repeat("1", 401) + `]}`, long},
	} {
		if c.want != "" {
			wantParseError(t, c.arguments, c.want)
		} else {
			parse(t, c.arguments)
		}
	}
}

// What is read of valid JSON is what encoding/json reads, token by token.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		`{"a":[1,-2.5e+3,"x\\\"\u00e9",null,true,false],"b":{}}`, " [ ] ", `"\ud83c\udf75"`, `{"a":1,"a":2}`, "1", `{"":{" ":[[]]}}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := value.Parse(text)
		if err != nil {
			return
		}
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.UseNumber()
		var want any
		if err := dec.Decode(&want); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %#v, want %#v (%v)", text, got, want, err)
		}
	})
}
