package jsontext_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

func TestWalkVisitsEveryMember(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                               "",
		" {\t} ":                           "",
		`{"a":1}`:                          "a=1;",
		" {\r\n\"a\" : 1 ,\t\"b\":\"x\" }": `a=1;b="x";`,
		`{"a":{"b":[1, 2]},"c":[ {} ]}`:    `a={"b":[1, 2]};c=[ {} ];`,
		`{"a\"}":"\\","b":"}{\"]"}`:        `a\"}="\\";b="}{\"]";`,
		`{"a":null,"a":true}`:              "a=null;a=true;",
		`{"":-1.5e+3}`:                     "=-1.5e+3;",
	} {
		var got strings.Builder
		all := jsontext.Walk([]byte(text), func(name, value []byte) bool {
			got.WriteString(string(name) + "=" + string(value) + ";")
			return true
		})
		if got.String() != want || !all {
			t.Errorf("%s: got %q and %t, want %q", text, &got, all, want)
		}
	}
}

func TestWalkStopsWhereItIsTold(t *testing.T) {
	visits := 0
	all := jsontext.Walk([]byte(`{"a":1,"b":2,"c":3}`), func(name, _ []byte) bool {
		visits++
		return string(name) != "b"
	})
	if all || visits != 2 {
		t.Errorf("got %t after %d members, want false after 2", all, visits)
	}
}

func TestWalkVisitsNothingOfOtherValues(t *testing.T) {
	for _, text := range []string{"", " ", "[]", "1", `"{}"`, "null"} {
		if jsontext.Walk([]byte(text), func(_, _ []byte) bool { t.Error("got a member"); return true }) {
			t.Errorf("%q: got true, want false", text)
		}
	}
}

func FuzzWalk(f *testing.F) {
	f.Add([]byte(`{"a": {"b":[1,"}"]}, "c":"\"" }`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var want map[string]json.RawMessage
		if json.Unmarshal(text, &want) != nil || want == nil {
			return
		}
		got := map[string]json.RawMessage{}
		jsontext.Walk(text, func(name, value []byte) bool {
			var s string
			if err := json.Unmarshal([]byte(`"`+string(name)+`"`), &s); err != nil || !json.Valid(value) {
				t.Fatalf("got %q: %q", name, value)
			}
			got[s] = value
			return true
		})
		for name, value := range want {
			if string(got[name]) != string(value) {
				t.Errorf("%q: got %q, want %q", name, got[name], value)
			}
		}
		if len(got) != len(want) {
			t.Errorf("got %d members, want %d", len(got), len(want))
		}
	})
}
