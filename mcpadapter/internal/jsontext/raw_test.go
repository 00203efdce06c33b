package jsontext_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

func raw(list ...string) []json.RawMessage {
	values := make([]json.RawMessage, len(list))
	for i, text := range list {
		values[i] = json.RawMessage(text)
	}
	return values
}

func TestMembersKeepOrderAndSpelling(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]jsontext.Member{
		`{}`:                   nil,
		`{"a":1}`:              {{"a", json.RawMessage(`1`)}},
		`{"b":1.50,"a":true}`:  {{"b", json.RawMessage(`1.50`)}, {"a", json.RawMessage(`true`)}},
		`{"":"","a":""}`:       {{"", json.RawMessage(`""`)}, {"a", json.RawMessage(`""`)}},
		`{"a":{},"b":[]}`:      {{"a", json.RawMessage(`{}`)}, {"b", json.RawMessage(`[]`)}},
		`{"a":{"b":[1,{}]}}`:   {{"a", json.RawMessage(`{"b":[1,{}]}`)}},
		`{"a":[[],[1]],"b":2}`: {{"a", json.RawMessage(`[[],[1]]`)}, {"b", json.RawMessage(`2`)}},
		`{"\u00e9":"\"","b":"}"}`: {
			{"é", json.RawMessage(`"\""`)}, {"b", json.RawMessage(`"}"`)},
		},
		`{"a\"}":"\\","b":"[,:{"}`: {{`a"}`, json.RawMessage(`"\\"`)}, {"b", json.RawMessage(`"[,:{"`)}},
		`{"a":{"b":"]}"},"c":-1e5}`: {
			{"a", json.RawMessage(`{"b":"]}"}`)}, {"c", json.RawMessage(`-1e5`)},
		},
	} {
		got := jsontext.Members(json.RawMessage(text))
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
		if again := string(jsontext.AppendObject(nil, got)); !sameJSON(t, []byte(again), []byte(text)) {
			t.Errorf("%s: written as %s", text, again)
		}
	}
}

func TestElementsKeepOrderAndSpelling(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]json.RawMessage{
		`[]`:                    {},
		`[1]`:                   raw(`1`),
		`[1.0,"",null]`:         raw(`1.0`, `""`, `null`),
		`["]",",","\"","\\"]`:   raw(`"]"`, `","`, `"\""`, `"\\"`),
		`[[],{},[{"a":[1,2]}]]`: raw(`[]`, `{}`, `[{"a":[1,2]}]`),
		`[{"a":"]"},false]`:     raw(`{"a":"]"}`, `false`),
	} {
		got := jsontext.Elements(json.RawMessage(text))
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
		if again := string(jsontext.AppendArray(nil, got)); again != text {
			t.Errorf("%s: written as %s", text, again)
		}
	}
}

func TestOtherValuesHaveNoParts(t *testing.T) {
	t.Parallel()
	for _, text := range []string{``, `"a"`, `""`, `1`, `null`, `true`} {
		if got := jsontext.Members(json.RawMessage(text)); got != nil {
			t.Errorf("members of %q: got %q", text, got)
		}
		if got := jsontext.Elements(json.RawMessage(text)); got != nil {
			t.Errorf("elements of %q: got %q", text, got)
		}
	}
	if got := jsontext.Members(json.RawMessage(`[1]`)); got != nil {
		t.Errorf("members of an array: got %q", got)
	}
	if got := jsontext.Elements(json.RawMessage(`{"a":1}`)); got != nil {
		t.Errorf("elements of an object: got %q", got)
	}
}

func TestLookupAndSetFindMembersByName(t *testing.T) {
	t.Parallel()
	list := jsontext.Members(json.RawMessage(`{"a":1,"b":2,"a":3}`))
	for name, want := range map[string]string{"a": "1", "b": "2", "c": "", "": ""} {
		if got := jsontext.Lookup(list, name); string(got) != want || want == "" && got != nil {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"a": `{"a":9,"b":2,"a":3}`, "b": `{"a":1,"b":9,"a":3}`, "c": `{"a":1,"b":2,"a":3,"c":9}`,
	} {
		got := jsontext.AppendObject(nil, jsontext.Set(slices.Clone(list), name, json.RawMessage("9")))
		if string(got) != want {
			t.Errorf("set %s: got %s, want %s", name, got, want)
		}
	}
	if got := jsontext.Set(nil, "a", json.RawMessage("1")); len(got) != 1 || got[0].Name != "a" {
		t.Errorf("set in nothing: got %q", got)
	}
}

func TestAppendingWritesBehindWhatIsThere(t *testing.T) {
	t.Parallel()
	list := jsontext.Members(json.RawMessage(`{"a":1,"é":"x"}`))
	if got, want := string(jsontext.AppendObject([]byte("["), list)), `[{"a":1,"é":"x"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := string(jsontext.AppendArray([]byte("["), raw("1", "2", "3"))), `[[1,2,3]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	b := jsontext.AppendMember([]byte("{"), "a", "")
	b = append(jsontext.AppendMember(append(b, "{}"...), `"`, "[]"), '}')
	if got, want := string(b), `{"a":{},"\"":[]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := string(jsontext.AppendObject(nil, nil)) + string(jsontext.AppendArray(nil, nil)); got != "{}[]" {
		t.Errorf("nothing is written as %s", got)
	}
}

func TestAppendStringIsValidJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":            `""`,
		"a é 日 <&>":   `"a é 日 <&>"`,
		" ":           `" "`,
		"a\"b":        `"a\"b"`,
		"\\":          `"\\"`,
		"\x1f":        `"\u001f"`,
		"\n":          `"\n"`,
		"\x00":        `"\u0000"`,
		"\xff":        `"\ufffd"`,
		"\x7f\u2028~": "\"\x7f\u2028~\"",
	} {
		if got := string(jsontext.AppendString([]byte(":"), text)); got != ":"+want {
			t.Errorf("%q: got %s, want :%s", text, got, want)
		}
	}
}

func TestStringReadsStringsOnly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`""`: "", `"a"`: "a", `"é"`: "é", `"\u00e9\n\""`: "é\n\"", `"\\"`: `\`,
	} {
		if got, ok := jsontext.String(json.RawMessage(text)); !ok || got != want {
			t.Errorf("%s: got %q, %t, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{``, `1`, `null`, `["a"]`, `{"a":"b"}`} {
		if got, ok := jsontext.String(json.RawMessage(text)); ok || got != "" {
			t.Errorf("%s: got %q, %t, want no string", text, got, ok)
		}
	}
}

func TestTooDeepCountsOpenArraysAndObjects(t *testing.T) {
	t.Parallel()
	arrays := func(n int, inner string) string { return strings.Repeat("[", n) + inner + strings.Repeat("]", n) }
	objects := func(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }
	for text, want := range map[string]bool{
		``: false, `1`: false, `"["`: false,
		arrays(jsontext.MaxDepth, ""):                          false,
		arrays(jsontext.MaxDepth+1, ""):                        true,
		objects(jsontext.MaxDepth):                             false,
		objects(jsontext.MaxDepth + 1):                         true,
		arrays(jsontext.MaxDepth, `{}`):                        true,
		arrays(jsontext.MaxDepth-1, `{},{}`):                   false,
		`[` + strings.Repeat(`["a"],{"a":"b"},`, 200) + `1]`:   false,
		`[` + strings.Repeat(`[],{},`, 200) + `1]`:             false,
		`[1,` + arrays(jsontext.MaxDepth, "") + `]`:            true,
		`["` + strings.Repeat("[{", jsontext.MaxDepth) + `"]`:  false,
		`["\"` + strings.Repeat("[", jsontext.MaxDepth) + `"]`: false,
		// Closing brackets in a string close nothing.
		`["]]]]",` + arrays(jsontext.MaxDepth, "") + `]`: true,
		`["",` + arrays(jsontext.MaxDepth, "") + `]`:     true,
	} {
		if got := jsontext.TooDeep([]byte(text)); got != want {
			t.Errorf("%.60s (%d bytes): got %t, want %t", text, len(text), got, want)
		}
	}
}

// FuzzParts takes any JSON apart, with all that is inside, and puts it together again.
func FuzzParts(f *testing.F) {
	f.Add([]byte(`{"b":[1.50,"\u00e9,]}",{}],"a\"":{"c":null,"d":[[],[true]]}}`))
	f.Add([]byte(`[-1e5,"\\",{"":""},"日"]`))
	f.Add([]byte(`"\\\""`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var compact bytes.Buffer
		if json.Compact(&compact, text) != nil || jsontext.TooDeep(text) {
			return
		}
		got := rewritten(compact.Bytes())
		if !json.Valid(got) || !sameJSON(t, got, compact.Bytes()) {
			t.Errorf("got %s of %s", got, compact.Bytes())
		}
	})
}

// rewritten writes a value anew from its innermost parts.
func rewritten(value json.RawMessage) []byte {
	if text, ok := jsontext.String(value); ok {
		return jsontext.AppendString(nil, text)
	}
	switch value[0] {
	case '{':
		list := jsontext.Members(value)
		for i := range list {
			list[i].Value = rewritten(list[i].Value)
		}
		return jsontext.AppendObject(nil, list)
	case '[':
		list := jsontext.Elements(value)
		for i := range list {
			list[i] = rewritten(list[i])
		}
		return jsontext.AppendArray(nil, list)
	}
	return value
}

// sameJSON reports whether two texts are the same JSON value, numbers by their digits.
func sameJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	decoded := func(text []byte) any {
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.UseNumber()
		var v any
		if err := dec.Decode(&v); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return v
	}
	return reflect.DeepEqual(decoded(a), decoded(b))
}
