package excerpt_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/excerpt"
)

// wideObject is an object of n members with names of that many bytes.
func wideObject(n, size int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"%0*d":1`, size, i)
	}
	return `{` + strings.TrimPrefix(b.String(), ",") + `}`
}

func TestTheShapeOfAResponse(t *testing.T) {
	t.Parallel()
	forty := strings.ReplaceAll(wideObject(40, 2), ":1", `:"number"`)
	alike := strings.Repeat("w", 60)
	for _, c := range []struct{ value, want string }{
		{`1`, `"number"`}, {`-1`, `"number"`}, {`true`, `"boolean"`}, {`false`, `"boolean"`}, {`null`, `null`},
		{`"a"`, `"string"`}, {`""`, `"string"`},
		{`"` + strings.Repeat("a", 98) + `"`, `"string"`}, {`"` + strings.Repeat("a", 99) + `"`, `"string of 99 bytes"`},
		{`[]`, `"array of 0"`}, {`[true]`, `["1 element, the first","boolean"]`},
		{`["a",1]`, `["2 elements, the first","string"]`},
		{`{}`, `"object of 0 members"`}, {`{"a":1}`, `{"a":"number"}`}, {`{"a":1,"b":null}`, `{"a":"number","b":null}`},
		{`{"a":{"b":1}}`, `{"a":{"b":"number"}}`}, {`{"a":{"b":{}}}`, `{"a":{"b":"object of 0 members"}}`},
		{`{"a":{"b":{"c":1}}}`, `{"a":{"b":"object of 1 member"}}`},
		{`{"a":{"b":{"c":1,"d":2}}}`, `{"a":{"b":"object of 2 members"}}`},
		{`[[[1]]]`, `["1 element, the first",["1 element, the first","array of 1"]]`},
		{`[[1,2]]`, `["1 element, the first",["2 elements, the first","number"]]`},
		{`[{"a":[1,2]}]`, `["1 element, the first",{"a":"array of 2"}]`},
		{wideObject(40, 2), forty},
		{wideObject(41, 2), strings.TrimSuffix(forty, "}") + `,"…":"1 more"}`},
		{wideObject(49, 2), strings.TrimSuffix(forty, "}") + `,"…":"9 more"}`},
		{`{"` + alike + `":1}`, `{"` + alike + `":"number"}`}, {`{"` + alike + `a":1}`, `{"` + alike + `…":"number"}`},
		{`{"` + alike + `a":1,"b":2,"` + alike + `c":3}`, `{"` + alike + `…":"number","b":"number","…":"1 more"}`},
	} {
		if got := string(excerpt.AppendShape(nil, []byte(`{"x":`+c.value+`}`), excerpt.MaxDepth)); got != `{"x":`+c.want+`}` {
			t.Errorf("%.80s: got %.300s, want %s", c.value, got, c.want)
		}
	}
}
