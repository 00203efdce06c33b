package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

const aSchema = `{
	"type": "object",
	"$defs": {"domain": {"type": "object", "properties": {"domain": {"type": "string"}, "rank": {"type": "integer"}}}},
	"properties": {
		"name": {"type": "string"},
		"note": {"type": ["string", "null"]},
		"limit": {"type": "integer"},
		"on": {"type": "boolean"},
		"either": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
		"roles": {"type": "array", "items": {"type": "string"}},
		"sizes": {"type": ["array", "null"], "items": {"type": "number"}},
		"metadata": {"type": "object", "additionalProperties": {"type": "string"}},
		"a.b": {"type": "integer"},
		"owner": {"type": "object", "properties": {"age": {"type": "integer"}, "id": {"type": "string"}}},
		"domains": {"type": "array", "items": {"$ref": "#/$defs/domain"}}
	}
}`

func TestAssignments(t *testing.T) {
	for _, c := range []struct{ words, want string }{
		{"name=Acme", `{"name":"Acme"}`},
		{"name=1|limit=10|on=true", `{"name":"1","limit":10,"on":true}`},
		{"name=|note=null", `{"name":"","note":"null"}`},
		{"note:=null", `{"note":null}`},
		{"limit=ten", `{"limit":"ten"}`}, // which the check of the arguments refuses
		{"either=5|unknown=5", `{"either":"5","unknown":"5"}`},
		{"either:=5|unknown:=[1,{}]", `{"either":5,"unknown":[1,{}]}`},
		{"name=a=b:=c", `{"name":"a=b:=c"}`},
		{"roles[]=admin|roles[]=member", `{"roles":["admin","member"]}`},
		{`roles=["admin"]|sizes[]=1.50`, `{"roles":["admin"],"sizes":[1.50]}`},
		{"metadata.tier=1|metadata.area=x y", `{"metadata":{"tier":"1","area":"x y"}}`},
		{"a.b=7|owner.age=7|owner.id=7", `{"a.b":7,"owner":{"age":7,"id":"7"}}`},
		{`owner={"age":7}`, `{"owner":{"age":7}}`},
		{"domains[].domain=a.com|domains[].rank=1|domains[].domain=b.com", `{"domains":[{"domain":"a.com","rank":1},{"domain":"b.com"}]}`},
		{"deep.er.list[].x.y=1|deep.er.list[].x.z=2", `{"deep":{"er":{"list":[{"x":{"y":"1","z":"2"}}]}}}`},
		{"limit=123456789012345678901234567890", `{"limit":123456789012345678901234567890}`},
		{`{"name":"A","limit":1}|on=false`, `{"name":"A","limit":1,"on":false}`},
		{"-|name=B", `{"x":12345678901234567890,"name":"B"}`},
		{"$where=x", `{"$where":"x"}`},
	} {
		p := program{stdin: strings.NewReader("\xef\xbb\xbf" + `{"x": 12345678901234567890}`)}
		got, err := p.callArguments(strings.Split(c.words, "|"), json.RawMessage(aSchema), readProperty(json.RawMessage(aSchema)))
		if err != nil {
			t.Errorf("%s: %v", c.words, err)
			continue
		}
		var have, want any
		if json.Unmarshal(got, &have) != nil || json.Unmarshal([]byte(c.want), &want) != nil || !reflect.DeepEqual(have, want) {
			t.Errorf("%s: got %s, want %s", c.words, got, c.want)
		}
		if strings.Contains(c.want, "12345678901234567890") && !strings.Contains(string(got), "12345678901234567890") {
			t.Errorf("%s: got %s, want all digits", c.words, got)
		}
	}
}

func TestAssignmentsThatAreRefused(t *testing.T) {
	for words, want := range map[string]string{
		"name=a|name=b":                  `argument "name" is given twice`,
		"name=a|x":                       `argument "x": want name=value, name:=JSON or name[]=value`,
		"name=a|=x":                      `argument "=x": want name=value`,
		"roles=admin":                    `argument "roles" is a list: want roles[]=admin`,
		"roles[0]=admin":                 `argument "roles[0]": the list takes no index: want roles[]=admin`,
		"domains[1].rank=2":              `argument "domains[1].rank": the list takes no index: want domains[].rank=2`,
		"name:=x":                        `argument "name": invalid JSON`,
		"name=a|name.b=c":                `"name" has a value already`,
		"name=a|name[]=c":                `"name" has a value already, which is no list`,
		"name=a|name[].b=c":              `"name" has a value already, which is no list`,
		"[]|name=a":                      "the arguments before name=value are no JSON object",
		"null|name=a":                    "the arguments before name=value are no JSON object",
		"{} {}|name=a":                   "the arguments before name=value are no JSON object",
		strings.Repeat("a.", 40) + "b=1": "the name has more than 32 parts",
	} {
		_, err := program{}.callArguments(strings.Split(words, "|"), json.RawMessage(aSchema), readProperty(json.RawMessage(aSchema)))
		usage := usageError{}
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: got %v, want the usage error %q", words, err, want)
		}
	}
}

// TestAssignmentsToWhatContainsItself has more ways through a schema than can be followed.
func TestAssignmentsToWhatContainsItself(t *testing.T) {
	var ways strings.Builder
	for i := range 20 {
		fmt.Fprintf(&ways, `, "p%d": {"$ref": "#/$defs/node"}`, i)
	}
	schema := json.RawMessage(`{"type": "object", "properties": {"top": {"$ref": "#/$defs/node"}}, "$defs": {"node": {
		"type": "object", "anyOf": [{"$ref": "#/$defs/node"}], "properties": {"count": {"type": "integer"},
		"either": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}` + ways.String() + `}}}}`)
	got, err := program{}.callArguments([]string{"top.p1.either.p19.count=5"}, schema, readProperty(schema))
	if want := `{"top":{"p1":{"either":{"p19":{"count":5}}}}}`; err != nil || string(got) != want {
		t.Errorf("got %s and %v, want %s", got, err, want)
	}
}

func TestFilesOfWindows(t *testing.T) {
	for text, want := range map[string]string{
		"{}":                       "{}",
		"\xef\xbb\xbf{}":           "{}",
		"\xff\xfe{\x00}\x00":       "{}",
		"\xfe\xff\x00{\x00}":       "{}",
		"\xff\xfe\x3d\xd8\x00\xde": "\U0001F600",
		"\xff\xfe\x3d\xd8":         "\uFFFD",
		"\xff\xfe":                 "",
		"\xef\xbb":                 "\xef\xbb",
	} {
		if got, err := decodeText([]byte(text)); err != nil || string(got) != want {
			t.Errorf("%q: got %q and %v, want %q", text, got, err, want)
		}
	}
	if _, err := decodeText([]byte("\xff\xfe{")); err == nil {
		t.Error("half a character of UTF-16 is accepted")
	}
}

func FuzzAssign(f *testing.F) {
	f.Add("domains[].domain=a|domains[].rank=1")
	f.Add("a.b.c[].d[]=x|a:=null")
	f.Fuzz(func(t *testing.T, words string) {
		if strings.HasPrefix(words, "@") {
			t.Skip("a file")
		}
		got, err := program{stdin: strings.NewReader("{}")}.callArguments(strings.Split(words, "|"), json.RawMessage(aSchema), readProperty(json.RawMessage(aSchema)))
		if err == nil && strings.Contains(words, "|") && !json.Valid(got) {
			t.Errorf("%q: got %s, which is no JSON", words, got)
		}
	})
}
