package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const aList = `{"object":"list","data":[
	{"object":"organization","id":"org_1","name":"A\u001b[31m\nB","big":12345678901234567890,"tags":["x"],"none":null},
	{"object":"organization","id":"org_2","name":"\ud83d\ude00","late":true}],"list_metadata":{"after":null}}`

func TestForms(t *testing.T) {
	for _, c := range []struct {
		form       form
		text, want string
	}{
		{formID, aList, "org_1\norg_2\n"},
		{formID, `{"id":"org_1"}`, "org_1\n"},
		{formID, `[]`, ""},
		{formID, `[{"name":"organizations.get","title":"Get"}]`, "organizations.get\n"},
		{formTable, aList, "ID     NAME      BIG                   LATE\norg_1  A [31m B  12345678901234567890  -\norg_2  \U0001F600         -                     true\n"},
		{formTable, `{"id":"org_1","metadata":{"a":1},"x":null}`, "id        org_1\nmetadata  {\"a\":1}\nx         -\n"},
		{formTable, `{"data":[]}`, ""},
		{formYAML, `{"b":1,"a":{"list":["x",true,"true",null,"1"],"empty":{}}}`,
			"b: 1\na:\n  list:\n    - x\n    - true\n    - \"true\"\n    - null\n    - \"1\"\n  empty: {}\n"},
		{formYAML, `{"b":1,"a":2,"b":3,"\u0062":4}`, "b: 4\na: 2\n"},
		{formTable, `{"b":1,"a":2,"b":3}`, "b  3\na  2\n"},
		{formID, `{"id":"org_1","id":"org_2"}`, "org_2\n"},
	} {
		var out bytes.Buffer
		if err := c.form.write(&out, display{}, json.RawMessage(c.text)); err != nil || out.String() != c.want {
			t.Errorf("%s of %.30s: got %q and %v, want %q", c.form, c.text, &out, err, c.want)
		}
	}
	if err := formID.write(&bytes.Buffer{}, display{}, json.RawMessage(`{"location":"x"}`)); err == nil {
		t.Error("an object without an ID has one")
	}
}

// FuzzYAML checks that the YAML has the values of the JSON.
func FuzzYAML(f *testing.F) {
	f.Add(aList)
	f.Add(`{"a":"\u2028\u0000\\\"","b":"- x: #","c":"2020-01-01","d":"1e3","e":1e3,"~":"~"}`)
	f.Add(`["\ud800"]`)
	f.Add(`{"b":1,"b":{"c":2,"c":3}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var want any
		if strings.ContainsAny(text, "eE") || json.Unmarshal([]byte(text), &want) != nil {
			return // numbers with exponents have other types in YAML
		}
		var out bytes.Buffer
		if err := formYAML.write(&out, display{}, json.RawMessage(text)); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		var got any
		if err := yaml.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatalf("%s: %v: %s", text, err, &out)
		}
		round, err := json.Marshal(plain(got))
		if err != nil {
			t.Fatalf("%s: %v: %s", text, err, &out)
		}
		var again any
		if json.Unmarshal(round, &again) != nil || !reflect.DeepEqual(again, want) {
			t.Errorf("%s: got %v, want %v; YAML: %s", text, again, want, &out)
		}
	})
}

// plain gives maps the names that JSON has.
func plain(v any) any {
	switch v := v.(type) {
	case map[any]any:
		named := map[string]any{}
		for name, value := range v {
			named[fmt.Sprint(name)] = plain(value)
		}
		return named
	case map[string]any:
		for name, value := range v {
			v[name] = plain(value)
		}
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	}
	return v
}
