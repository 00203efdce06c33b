package mcpadapter_test

import (
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestArgumentsAreOneJSONObject(t *testing.T) {
	t.Parallel()
	const list = "the arguments are unusable: expected a JSON object, got "
	const bad = "the arguments are unusable: not valid JSON: "
	a, wire := shoptest.New(t, nil)
	for _, arguments := range []string{"", " ", "\n\t\r ", "null", " null ", "{}", " {} "} {
		r := shoptest.Invoke(t, a, "teas.list", arguments)
		if sent := wire.Seen(); r.Failure != nil || len(sent) != 1 || sent[0].URI != "/teas" {
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
		r := shoptest.Invoke(t, a, "teas.list", arguments)
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
		r := shoptest.Invoke(t, a, "teas.list", arguments)
		if r.Failure == nil || !strings.HasPrefix(r.Failure.Message, "the arguments are unusable: ") {
			t.Errorf("%q: got %s, want it refused as it is no JSON", arguments, r.Text())
		}
		wantInvalid(t, arguments, r, wire)
	}
}
