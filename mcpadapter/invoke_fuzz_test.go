package mcpadapter_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"path"
	"reflect"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// FuzzInvoke holds that arbitrary arguments never panic, and that what is sent goes to the tool's own path, is valid
// by the published schema, and is what was given, spelt right.
func FuzzInvoke(f *testing.F) {
	for i := range shop.Operations.Operations {
		f.Add(uint8(i), []byte(`{}`))
	}
	for _, seed := range []string{
		`{"tea_id":"a/../b"}`, `{"tea_id":"%2e%2e"}`, `{"limit":1e1,"grades":["leaf"],"labels":{"a":"b"}}`,
		`{"name":"n","stock":1.0,"note":null,"tags":[],"facts":{"a":1.5},"prices":{"eur":null}}`,
		`{"shelf":"s","row":4,"colour":"red"}`, `{"basket":"1","body":["a"]}`, `{"basket":"1","text":"x"}`,
		`{"body":{"title":"t","x":[1,{"y":null}]}}`, `{"by":"card","amount":5,"number":"4242"}`,
		`{"brewing":{"way":"hot","degrees":99},"strength":2}`, `{"title":"a","entries":[{"title":"b"}]}`,
		`{"width":8,"address":"\ud800"}`, `{"number":-9223372036854775808}`, `[`, `{"a":{"a":`, "\xff",
	} {
		for i := range shop.Operations.Operations {
			f.Add(uint8(i), []byte(seed))
		}
	}
	var sent []*http.Request
	a := shoptest.NewWith(f, func(r *http.Request) (*http.Response, error) {
		sent = append(sent, r)
		return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
	})
	tools := a.Tools()
	schemas := make([]*jsonschema.Resolved, len(tools))
	for i, tool := range tools {
		schemas[i] = resolved(f, tool)
	}
	f.Fuzz(func(t *testing.T, which uint8, arguments []byte) {
		sent = nil
		i := int(which) % len(tools)
		result := tools[i].Invoke(t.Context(), arguments)
		if result.Failure == nil != (len(sent) == 1) {
			t.Fatalf("%s: got %d requests and %s", tools[i].Name(), len(sent), result.Text())
		}
		if result.Failure == nil {
			checkSent(t, tools[i], schemas[i], spelt(t, renamed(t, arguments, result.Renamed), result.Repaired), sent[0])
		} else if result.Failure.Code != mcpadapter.CodeInvalidArguments {
			t.Fatalf("%s: got %s, want the arguments refused", tools[i].Name(), result.Text())
		}
	})
}

// renamed returns the arguments under the names of the schema. A body that was unpacked stands for its members.
func renamed(t *testing.T, arguments []byte, names []mcpadapter.Renamed) []byte {
	t.Helper()
	if len(names) == 0 {
		return arguments
	}
	var text string
	if json.Unmarshal(arguments, &text) == nil { // all arguments in one string, which was repaired, too
		arguments = []byte(text)
	}
	var given map[string]json.RawMessage
	if err := json.Unmarshal(arguments, &given); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		value := given[name.Given]
		delete(given, name.Given)
		var members map[string]json.RawMessage
		if name.Given == "body" && json.Unmarshal(value, &members) == nil && members != nil {
			maps.Copy(given, members)
		} else {
			given[name.Argument] = value
		}
	}
	again, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func checkSent(t *testing.T, tool mcpadapter.Tool, schema *jsonschema.Resolved, arguments []byte, r *http.Request) {
	t.Helper()
	if route := routes.Match(r.Method, r.URL.EscapedPath()); route == nil || route.ID != tool.Name() {
		t.Fatalf("%s: %s %s is another operation", tool.Name(), r.Method, r.URL)
	}
	if p := r.URL.EscapedPath(); path.Clean(p) != p {
		t.Fatalf("%s: %s is not what a server would read", tool.Name(), p)
	}
	given := map[string]any{}
	if text := strings.TrimSpace(string(arguments)); text != "" && json.Unmarshal([]byte(text), &given) != nil {
		t.Fatalf("%s: %s was sent and is no JSON object", tool.Name(), text)
	}
	if given == nil { // null
		given = map[string]any{}
	}
	if given["price"] == nil { // the library divides multiples as floats
		if err := schema.Validate(given); err != nil {
			t.Fatalf("%s: %s was sent, and the published schema says %v", tool.Name(), arguments, err)
		}
	}
	checkBody(t, tool, given, r)
}

// checkBody holds that the body is what was given, but for texts that Go reads and writes anew, such as times.
func checkBody(t *testing.T, tool mcpadapter.Tool, given map[string]any, r *http.Request) {
	t.Helper()
	if r.Body == nil || r.Body == http.NoBody || tool.Name() == "teas.create" {
		return
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	var got any
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatalf("%s: %s: %v", tool.Name(), data, err)
	}
	want, whole := given["body"]
	if !whole {
		flat := map[string]any{}
		for name, v := range given {
			if !strings.Contains(routes.Match(r.Method, r.URL.EscapedPath()).Path, "{"+name+"}") {
				flat[name] = v
			}
		}
		want = flat
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s: got the body %s, want %v", tool.Name(), data, want)
	}
}
