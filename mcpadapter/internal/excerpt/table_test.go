package excerpt_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/excerpt"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

func TestTables(t *testing.T) {
	t.Parallel()
	for items, want := range map[string]string{
		`[]`:                                             "",
		`[{"id":"a","n":1}]`:                             "id|n\na|1",
		`[{"id":"a","n":1},{"id":"b","n":1}]`:            "id|n=1\na\nb",
		`[{"id":"a","x":null},{"id":"b"}]`:               "id|x\na|null\nb|",
		`[{"id":"a"},{"n":2,"id":"b"}]`:                  "id|n\na|\nb|2",
		`[{"t":"1"},{"t":""}]`:                           "t\n\"1\"\n\"\"",
		`[{"t":"null"},{"t":"a|b"}]`:                     "t\n\"null\"\n\"a\\u007cb\"",
		`[{"t":"a\nb"},{"t":" a"}]`:                      "t\n\"a\\nb\"\n\" a\"",
		`[{"t":"{x"},{"t":"a \"b\""}]`:                   "t\n\"{x\"\na \"b\"",
		`[{"o":{"k":"a|b"}},{"o":[1,2]}]`:                "o\n{\"k\":\"a\\u007cb\"}\n[1,2]",
		`[{"a":"long","b":"long","c":"long"},{"a":"x"}]`: "a|b|c\nlong|^|^\nx||",
		`[{"a":"^","b":"xx"}]`:                           "a|b\n\"^\"|xx",
		`[{"a=b":"c=d"}]`:                                "\"a=b\"\nc=d",
		`[{"id":"a","k":"v"},{"id":"b","k":"v"}]`:        "id|k=v\na\nb",
	} {
		if got, ok := excerpt.Table(jsontext.Elements([]byte(items))); got != want || !ok {
			t.Errorf("%s: got %q and %t, want %q", items, got, ok, want)
		}
	}
}

// Only objects with a limited number of properties are rows.
func TestWhatIsNoTable(t *testing.T) {
	t.Parallel()
	object := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,"%d":1`, i)
		}
		return "{" + strings.TrimPrefix(b.String(), ",") + "}"
	}
	for items, want := range map[string]bool{
		`[1]`: false, `[{"a":1},null]`: false, `[[]]`: false, `[{}]`: true,
		`[` + object(excerpt.MaxFields) + `]`: true, `[` + object(excerpt.MaxFields+1) + `]`: false,
	} {
		if got, ok := excerpt.Table(jsontext.Elements([]byte(items))); ok != want || !ok && got != "" {
			t.Errorf("%.40s: got %.40q and %t, want %t", items, got, ok, want)
		}
	}
}

// FuzzTable checks that a table is one line for each item and a header, whatever the items say.
func FuzzTable(f *testing.F) {
	f.Add(`[{"a":"b"},{"a":"c\n|"}]`)
	f.Add(`[{"a|=":null},{"":[{}]}]`)
	f.Fuzz(func(t *testing.T, items string) {
		var parsed []map[string]any
		if json.Unmarshal([]byte(items), &parsed) != nil || len(parsed) == 0 {
			t.Skip()
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, []byte(items)); err != nil {
			t.Fatal(err)
		}
		got, ok := excerpt.Table(jsontext.Elements(compact.Bytes()))
		if ok && strings.Count(got, "\n") != len(parsed) {
			t.Errorf("%s: got %q, want %d rows", items, got, len(parsed))
		}
	})
}
