package serve

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestWhatIsRefusedBeforeItIsDecoded(t *testing.T) {
	members := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"m%d":0,`, i)
		}
		return b.String()
	}
	call := func(arguments string) string { return callBody(1, "teas.list", arguments) }
	nested := func(depth int) string {
		return strings.Repeat(`[`, depth) + strings.Repeat(`]`, depth)
	}
	for _, c := range []struct{ text, want string }{
		{`1`, ""}, {`"{"`, ""}, {`[]`, ""}, {`{}`, ""}, {call(`{}`), ""},
		{call(`{"a":1,"A":2}`), ""}, // a map's keys
		{call(`{"a":{"b":1},"b":{"b":1}}`), ""},
		{call(`{"a":["x","x"],"x":"a"}`), ""},
		{call(`{` + members(40) + `"x":1}`), ""},
		{`{"id":1,"method":"x","params":{"names":1,"Other":1}}`, ""},
		{`{"result":{"name":1,"NAME":2}}`, ""},

		{`{"id":1,"id":2}`, `the message has the member "id" twice in one object`},
		{`{"id":1,"ID":2}`, `the message has the member "ID" twice in one object`},
		{`{"Method":"x"}`, `the message has the member "Method": want "method"`},
		{`{"params":{"name":"a","NAME":"b"}}`, `the message has the member "NAME" twice in one object`},
		{`{"params":{"Arguments":{}}}`, `the message has the member "Arguments": want "arguments"`},
		{`{"param` + "ſ" + `":{}}`, `the message has the member "paramſ": want "params"`}, // as encoding/json reads it
		{`{"p\u0061rams":{},"params":{}}`, `the message has the member "params" twice in one object`},
		{`{"params":{"other":1,"Other":1}}`, `the message has the member "Other" twice in one object`},
		{call(`{"a":1,"a":2}`), `the message has the member "a" twice in one object`},
		{call(`{"a":{"b":1,"\u0062":2}}`), `the message has the member "b" twice in one object`},
		{call(`{"a":[{"b":[1,{"c":2}],"b":2}]}`), `the message has the member "b" twice in one object`},
		{call(`{` + members(40) + `"m7":1}`), `the message has the member "m7" twice in one object`},
		{call(`{` + members(40) + `"m39":1}`), `the message has the member "m39" twice in one object`},

		{nested(maxDepth), ""},
		{nested(maxDepth + 1), "the message is nested deeper than 100 levels"},
		{`[0` + strings.Repeat(`,0`, maxValues-2) + `]`, ""},
		{`[0` + strings.Repeat(`,0`, maxValues-1) + `]`, "the message has more than 10000 JSON values"},
		{`["` + strings.Repeat(`,[{`, maxValues) + `"]`, ""},
	} {
		got := ""
		if d := inspect([]byte(c.text)); d != nil {
			got = d.message
		}
		if got != c.want {
			t.Errorf("%.200s: got %q, want %q", c.text, got, c.want)
		}
	}
}

// Whatever passes means the same to encoding/json as to a reader that compares names exactly.
func FuzzInspect(f *testing.F) {
	for _, text := range []string{
		callBody(1, "teas.list", `{"a":[1,{"b":"\"}"}]}`), `{"ID":1}`, `{"a":1,"\u0061":2}`, `[[],{}]`, `{"params":{"Name":""}}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if !json.Valid(text) || inspect(text) != nil {
			return
		}
		var exact map[string]json.RawMessage
		var folded struct {
			ID     json.RawMessage `json:"id"`
			Method json.RawMessage `json:"method"`
			Params json.RawMessage `json:"params"`
		}
		if json.Unmarshal(text, &exact) != nil || json.Unmarshal(text, &folded) != nil {
			return
		}
		for name, got := range map[string]json.RawMessage{
			"id": folded.ID, "method": folded.Method, "params": folded.Params,
		} {
			if string(got) != string(exact[name]) {
				t.Errorf("%s: %s reads as %s and as %s", text, name, got, exact[name])
			}
		}
	})
}
