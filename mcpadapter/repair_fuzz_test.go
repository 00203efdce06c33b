package mcpadapter_test

import (
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// FuzzRepair holds that a repair only spells a call right: written as the schema wants it, it is the same request, and
// nothing of it is repaired.
func FuzzRepair(f *testing.F) {
	for _, seed := range []string{
		`{"limit":"10","in_stock":"true","grades":"[\"leaf\"]","labels":"{\"a\":\"1\"}","max_price":"1.5"}`,
		`"{\"limit\":\"10\"}"`, `{"body":"{\"a\":\"1\"}"}`,
		`{"body":"[{\"tea_id\":\"tea_1\",\"count\":\"1\"}]","basket":"1"}`,
		`{"name":"n","stock":"1","supplier":"{\"name\":\"x\",\"contact\":\"{\\\"hours\\\":[\\\"1\\\"]}\"}"}`,
		`{"by":"card","amount":"5","number":"4242","tip":"1"}`, `{"brewing":"{\"way\":\"hot\",\"degrees\":\"99\"}"}`,
		`{"title":"a","entries":"[{\"title\":\"b\",\"price\":\"1e0\"}]"}`, `{"width":"8","address":"\ud800"}`,
		`{"tea_id":"1","stock":"null","tags":"[]"}`, `{"number":"9223372036854775807"}`,
		`{"shelf":"s","row":"4","colour":"red"}`,
	} {
		for i := range shop.Operations.Operations {
			f.Add(uint8(i), []byte(seed))
		}
	}
	var sent []string
	a := shoptest.NewWith(f, func(r *http.Request) (*http.Response, error) {
		text := r.Method + " " + r.URL.String()
		if r.Body != nil {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			text += " " + string(body)
		}
		sent = append(sent, text)
		return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
	})
	tools := a.Tools()
	f.Fuzz(func(t *testing.T, which uint8, arguments []byte) {
		sent = nil
		tool := tools[int(which)%len(tools)]
		first := tool.Invoke(t.Context(), arguments)
		if first.Failure != nil {
			example := tool.Invoke(t.Context(), first.Failure.Example)
			if example.Failure != nil || example.Repaired != nil || len(sent) != 1 {
				t.Fatalf("%s: the example %s got %s", tool.Name(), first.Failure.Example, example.Text())
			}
			return
		}
		if len(first.Repaired) == 0 {
			return
		}
		meant := spelt(t, renamed(t, arguments, first.Renamed), first.Repaired)
		second := tool.Invoke(t.Context(), meant)
		if second.Failure != nil || second.Repaired != nil {
			t.Fatalf("%s: %s was sent for %s, which got %s", tool.Name(), meant, arguments, second.Text())
		}
		if len(sent) != 2 || sent[0] != sent[1] {
			t.Fatalf("%s: %s and %s sent %q, want the same twice", tool.Name(), arguments, meant, sent)
		}
	})
}

// spelt writes arguments with the values that the texts at the repaired paths stand for.
func spelt(t *testing.T, arguments []byte, repaired []string) json.RawMessage {
	t.Helper()
	if len(repaired) == 0 {
		return arguments
	}
	v := jsonValue(t, string(arguments))
	if text, whole := v.(string); whole {
		v = jsonValue(t, text)
	}
	text, err := json.Marshal(meant(t, v, "", repaired))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func meant(t *testing.T, v any, at string, repaired []string) any {
	t.Helper()
	if text, ok := v.(string); ok && slices.Contains(repaired, at) {
		v = jsonValue(t, text)
	}
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = meant(t, v[i], at+"["+strconv.Itoa(i)+"]", repaired)
		}
	case map[string]any:
		for name := range v {
			v[name] = meant(t, v[name], strings.TrimPrefix(at+"."+name, "."), repaired)
		}
	}
	return v
}

// jsonValue reads JSON; numbers keep their digits.
func jsonValue(t *testing.T, text string) any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("read %q: %v", text, err)
	}
	return v
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	return reflect.DeepEqual(jsonValue(t, a), jsonValue(t, b))
}
