package mcpadapter_test

import (
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestArgumentsAreOneJSONObject(t *testing.T) {
	t.Parallel()
	const list = "the arguments are unusable: expected a JSON object, got "
	const bad = "the arguments are unusable: not valid JSON: "
	a, wire := newShop(t, nil)
	for _, arguments := range []string{"", " ", "\n\t\r ", "null", " null ", "{}", " {} "} {
		r := invoke(t, a, "teas.list", arguments)
		if sent := wire.seen(); r.Failure != nil || len(sent) != 1 || sent[0].uri != "/teas" {
			t.Errorf("%q: got %s and %v, want a call without arguments", arguments, r.Text(), sent)
		}
	}
	for arguments, want := range map[string]string{
		"[]": list + "an array of 0", "[{}]": list + "an array of 1", "1": list + "the number 1",
		"true": list + "the boolean true", `"x"`: list + `the string "x"`,
		"{} {}":                    "the arguments are unusable: something follows the JSON value",
		"{}x":                      "the arguments are unusable: something follows the JSON value",
		"null null":                "the arguments are unusable: something follows the JSON value",
		`{"limit":1,"limit":1}`:    `the arguments are unusable: "limit" is given twice`,
		`{"a":1,"b":1,"a":1}`:      `the arguments are unusable: "a" is given twice`,
		`{"a":[{"b":1,"b":null}]}`: `the arguments are unusable: "b" is given twice`,
		`{"":1,"":1}`:              `the arguments are unusable: "" is given twice`,
		"\xff":                     bad + "the text is not UTF-8",
		"{\"region\":\"\xc3\"}":    bad + "the text is not UTF-8",
		`{"limit":`:                bad + "unexpected EOF",
		`{"limit"`:                 bad + "unexpected EOF",
		`{`:                        bad + "EOF",
		`[`:                        bad + "EOF",
	} {
		r := invoke(t, a, "teas.list", arguments)
		if r.Failure == nil || r.Failure.Message != want {
			t.Errorf("%q: got %s, want %s", arguments, r.Text(), want)
		}
		wantInvalid(t, arguments, r, wire)
	}
	for _, arguments := range []string{
		`{"limit":1,}`, `{limit:1}`, `{'limit':1}`, `{"limit":01}`, `{"limit":+1}`, `{"limit":.5}`, `{"limit":1.}`,
		`{"limit":NaN}`, `{"limit":tru}`, `{"grades":["leaf"}`, `{"grades":["leaf",]}`, `{"a":1]`, `}`, "{\"a\":\"\n\"}",
		`{"a":"\x"}`, `{"a":"\u12g4"}`, `{"a" 1}`, `{1:1}`, `{"a":1 "b":2}`, `{"a":[1 2]}`, `// one`,
	} {
		r := invoke(t, a, "teas.list", arguments)
		if r.Failure == nil || !strings.HasPrefix(r.Failure.Message, "the arguments are unusable: ") {
			t.Errorf("%q: got %s, want it refused as it is no JSON", arguments, r.Text())
		}
		wantInvalid(t, arguments, r, wire)
	}
}

func TestSurrogatesComeInPairs(t *testing.T) {
	t.Parallel()
	a, wire := puts(t, optable.Schema{Types: optable.String})
	for text, want := range map[string]string{
		`\ud83c\udf75`: `"🍵"`, `\uD83C\uDF75`: `"🍵"`, `a\ud83c\udf75\ud83c\udf75b`: `"a🍵🍵b"`, `\ud800\udc00`: `"𐀀"`,
		`\udbff\udfff`: `"` + "\U0010ffff" + `"`, `\\ud800`: `"\\ud800"`, `\\\\ud800`: `"\\\\ud800"`,
		`\ud7ff\ue000`: `"` + "\ud7ff\ue000" + `"`,
		`\nd83c`:       `"\nd83c"`, `\nd83cxudf75`: `"\nd83cxudf75"`,
		`\n\ud83c\udf75`: `"\n🍵"`, `\ufffd`: `"` + "\ufffd" + `"`, `\\\ud83c\udf75`: `"\\🍵"`,
	} {
		r := invoke(t, a, "put", `{"v":"`+text+`"}`)
		if sent := wire.took(); r.Failure != nil || len(sent) != 1 || sent[0] != want {
			t.Errorf("%s: got %q and %s, want %s", text, sent, r.Text(), want)
		}
	}
	const want = "the arguments are unusable: not valid JSON: half of a surrogate pair, which stands for no character"
	for _, text := range []string{
		`\ud83c`, `\udf75`, `\ud800`, `\udbff`, `\udc00`, `\udfff`, `\udf75\ud83c`, `\ud83c\ud83c`, `\ud83cx`, `\ud83c\n`,
		`\ud83c\\udf75`, `\ud83cxudf75`, `\ud83c\ndf75`, `x\ud83c\udf75\ud83c`, `\n\ud83c`,
		`\ud83c\u0041`, `\\\ud83c`, `\ud83c\udf75\udf75`,
	} {
		for _, arguments := range []string{`{"v":"` + text + `"}`, `{"` + text + `":1}`, `{"v":["","` + text + `"]}`} {
			r := invoke(t, a, "put", arguments)
			if r.Failure == nil || r.Failure.Message != want {
				t.Errorf("%s: got %s, want %s", arguments, r.Text(), want)
			}
			if sent := wire.took(); len(sent) > 0 {
				t.Errorf("%s: got %q sent, want nothing", arguments, sent)
			}
		}
	}
}

func TestNestingAndDigitsAreBounded(t *testing.T) {
	t.Parallel()
	nested := func(n int, open, value, end string) string {
		return `{"v":` + strings.Repeat(open, n) + value + strings.Repeat(end, n) + "}"
	}
	const deep = "the arguments are unusable: values are nested deeper than 1000"
	const long = "the arguments are unusable: a number has more than 400 characters"
	digits := func(n int) string { return `{"v":0.` + strings.Repeat("1", n-2) + `}` }
	a, wire := puts(t, optable.Schema{})
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
		r := invoke(t, a, "put", c.arguments)
		sent := wire.took()
		switch {
		case c.want == "" && (r.Failure != nil || len(sent) != 1):
			t.Errorf("%s: got %.200s, want it sent", c.name, r.Text())
		case c.want != "" && (r.Failure == nil || r.Failure.Message != c.want || len(sent) > 0):
			t.Errorf("%s: got %.200s and %d requests, want %s", c.name, r.Text(), len(sent), c.want)
		case c.want != "" && r.Failure.Code != mcpadapter.CodeInvalidArguments:
			t.Errorf("%s: got %s, want the arguments refused", c.name, r.Failure.Code)
		}
	}
}
