package serve

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestEnvelopesAreRead(t *testing.T) {
	for text, want := range map[string]string{
		`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":[1]}}`: `"2.0" 1 ping {"a":[1]}  plain`,
		` { "method" : "a/b" , "id" : "x" } `:                         ` "x" a/b   plain`,
		`{"id":1,"result":{}}`:                                        ` 1  {} plain`,
		`{"id":1,"error":{"code":1}}`:                                 ` 1  {"code":1} plain`,
		`{"id":1,"id":2,"method":"a","method":"b"}`:                   ` 2 b  `,
		`{"ID":1,"Method":"a"}`:                                       ` 1 a  `,
		`{"id":1,"method":"a","more":1}`:                              ` 1 a  `,
		`{"id":1,"method":"\u0061"}`:                                  ` 1 a  `,
		`{"id":1,"method":5}`:                                         ` 1   `,
		`[{"id":1,"method":"a"}]`:                                     `    `,
		`5`:                                                           `    `,
	} {
		m, ok := readEnvelope([]byte(text))
		got := strings.Join([]string{
			string(m.version), string(m.id), m.method, string(m.params) + string(m.result) + string(m.failure), "",
		}, " ")
		if m.plain {
			got += "plain"
		}
		if strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") || !ok {
			t.Errorf("%s: got %q and %t, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"", " ", "{", `{"id":1}x`, "\xff"} {
		if m, ok := readEnvelope([]byte(text)); ok {
			t.Errorf("%q: got %+v, want it refused", text, m)
		}
	}
}

func TestIDsAreCompared(t *testing.T) {
	for id, want := range map[string]string{
		"": "", "null": "", "1": "1", "1.0": "1", "10e-1": "1", "-7": "-7", "0.5": "0.5", `"1"`: `"1"`, `"a"`: `"a"`,
		`"\u0061"`: `"a"`, `"\""`: `"""`, `"é"`: `"é"`, "[1]": "[1]", "9007199254740993": "9007199254740992",
		"1.25": "1.25", "1e21": "1000000000000000000000",
	} {
		if got := idKey(json.RawMessage(id)); got != want {
			t.Errorf("%s: got %s, want %s", id, got, want)
		}
	}
}

// A plain ID is one that is written back as it came.
func TestPlainIDs(t *testing.T) {
	for id, want := range map[string]bool{
		"1": true, "-1": true, "0": true, "123456789012345": true, `"a-b:c"`: true, `""`: true,
		"": false, "null": false, "1.0": false, "1e3": false, "1234567890123456": false, `"a<b"`: false, `"a>b"`: false, `"a&b"`: false, `"\u0061"`: false,
		`"\u007f"`: false, "\"\x7f\"": false,
		`"é"`: false, "true": false, "{}": false, "-": false,
	} {
		if got := plainID([]byte(id)); got != want {
			t.Errorf("%s: got %t, want %t", id, got, want)
		}
		var v any
		if !want || json.Unmarshal([]byte(id), &v) != nil {
			continue
		}
		if back, err := json.Marshal(v); err != nil || string(back) != id {
			t.Errorf("%s: got %s and %v written back", id, back, err)
		}
	}
}

func FuzzEnvelope(f *testing.F) {
	f.Add([]byte(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}}`))
	f.Add([]byte(`{"Jsonrpc":"2.0","id":"\u0061","id":2}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, ok := readEnvelope(text)
		if ok != json.Valid(text) {
			t.Fatalf("got valid %t", ok)
		}
		if !m.plain {
			return
		}
		// Whatever is read without encoding/json is what encoding/json reads.
		want := readAnyEnvelope(text)
		if m.method != want.method || string(m.id) != string(want.id) || string(m.params) != string(want.params) ||
			string(m.result) != string(want.result) || string(m.failure) != string(want.failure) ||
			string(m.version) != string(want.version) {
			t.Errorf("got %+v, want %+v", m, want)
		}
	})
}
