package excerpt_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/excerpt"
)

func orders() excerpt.List {
	return excerpt.List{Items: "data", Metadata: "list_metadata", After: "after", Before: "before"}
}

func pageOf(before, after string, items ...string) string {
	return `{"object":"list","data":[` + strings.Join(items, "},") + `}],"list_metadata":{"before":` + before +
		`,"after":` + after + `}}`
}

func read(t *testing.T, response string) excerpt.Page {
	t.Helper()
	p, ok := orders().Read(json.RawMessage(response))
	if !ok {
		t.Fatalf("%s is no page", response)
	}
	return p
}

// The cursor that follows an item is the one property that is seen to be the cursor, and no other.
func TestTheCursorOfAnItemIsTheOnePropertyThatCanBe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		page   string
		cursor string // of the first item; "": none
	}{
		"by the end":         {pageOf(`null`, `"3"`, `{"id":"1"`, `{"id":"2"`, `{"id":"3"`), "1"},
		"by both ends":       {pageOf(`"1"`, `"3"`, `{"id":"1"`, `{"id":"2"`, `{"id":"3"`), "1"},
		"by the beginning":   {pageOf(`"1"`, `null`, `{"id":"1"`, `{"id":"2"`, `{"id":"3"`), "1"},
		"by none":            {pageOf(`null`, `null`, `{"id":"1"`, `{"id":"2"`, `{"id":"3"`), ""},
		"by an empty one":    {pageOf(`""`, `""`, `{"id":""`, `{"id":""`, `{"id":""`), ""},
		"of a number":        {pageOf(`null`, `3`, `{"n":1`, `{"n":2`, `{"n":3`), ""},
		"ends that disagree": {pageOf(`"1"`, `"3"`, `{"x":"1"`, `{"id":"2"`, `{"id":"3"`), ""},
		"a wrong beginning":  {pageOf(`"0"`, `"3"`, `{"id":"1"`, `{"id":"2"`, `{"id":"3"`), ""},
		"a wrong end":        {pageOf(`"1"`, `"4"`, `{"id":"1"`, `{"id":"2"`, `{"id":"3"`), ""},
		"two that could be":  {pageOf(`null`, `"3"`, `{"a":"1","id":"1"`, `{"id":"2"`, `{"a":"3","id":"3"`), ""},
		"two, told apart by the beginning": {
			pageOf(`"1"`, `"3"`, `{"a":"9","id":"1"`, `{"id":"2"`, `{"a":"3","id":"3"`), "1",
		},
		"two, told apart by the end": {
			pageOf(`"1"`, `"3"`, `{"a":"1","id":"1"`, `{"id":"2"`, `{"a":"9","id":"3"`), "1",
		},
		"the second of several":  {pageOf(`null`, `"3"`, `{"a":"9","z":"1"`, `{"z":"2"`, `{"a":"9","z":"3"`), "1"},
		"absent where it is cut": {pageOf(`null`, `"3"`, `{"x":"1"`, `{"id":"2"`, `{"id":"3"`), ""},
		"empty where it is cut":  {pageOf(`null`, `"3"`, `{"id":""`, `{"id":"2"`, `{"id":"3"`), ""},
	} {
		p := read(t, c.page)
		want := ""
		if c.cursor != "" {
			want = `"` + c.cursor + `"`
		}
		if got := string(p.CursorOf(p.Elements[0])); got != want {
			t.Errorf("%s: got the cursor %s, want %s", name, got, want)
		}
	}
}

func TestWhatIsNoPage(t *testing.T) {
	t.Parallel()
	for _, response := range []string{`{}`, `{"data":null}`, `{"data":{}}`, `{"items":[]}`, `[]`, `1`} {
		if p, ok := orders().Read(json.RawMessage(response)); ok {
			t.Errorf("%s: got %+v, want no page", response, p)
		}
	}
	if p, ok := (excerpt.List{}).Read(json.RawMessage(`{"":[1]}`)); ok {
		t.Errorf("of no list: got %+v, want no page", p)
	}
	if p := read(t, `{"data":[]}`); p.Next() != "" || string(p.JSON()) != `{"data":[]}` {
		t.Errorf("got %s and the cursor %s, want the page as it is", p.JSON(), p.Next())
	}
}

func TestPagesAreCombined(t *testing.T) {
	t.Parallel()
	all := read(t, pageOf(`null`, `"x"`, `{"id":"1"`, `{"id":"2"`)).Gather()
	if all.Next() != "x" || !all.Gathered() || all.CursorOf(all.Elements[0]) != nil {
		t.Errorf("got the cursors %s and %s, want x and none", all.Next(), all.CursorOf(all.Elements[0]))
	}
	all = all.Add(read(t, pageOf(`null`, `"4"`, `{"id":"3"`, `{"id":"4"`)))
	if got := string(all.CursorOf(all.Elements[0])); got != `"1"` { // as the second page shows
		t.Errorf("got the cursor %s, want that of the second page", got)
	}
	all = all.EndsEarly("At most %d.", 4)
	if got := string(all.Continuation()); got != `{"after":"4"}` || !slices.Equal(all.Rest.Reasons, []string{"At most 4."}) {
		t.Errorf("got %s because of %q, want the arguments for the next page", got, all.Rest.Reasons)
	}
	byName := read(t, pageOf(`null`, `"b"`, `{"n":"a"`, `{"n":"b"`)).Gather()
	byName = byName.Add(read(t, pageOf(`null`, `"d"`, `{"id":"c","n":"x"`, `{"id":"d","n":"y"`)))
	if got := string(byName.CursorOf(byName.Elements[0])); got != `"a"` { // as the first page shows
		t.Errorf("got the cursor %s, want that of the first page", got)
	}
	all = all.Add(read(t, `{"data":[{"id":"5"}],"list_metadata":{}}`))
	const want = `{"object":"list","data":[{"id":"1"},{"id":"2"},{"id":"3"},{"id":"4"},{"id":"5"}],` +
		`"list_metadata":{"before":null,"after":null}}`
	if got := string(all.JSON()); got != want || all.Continuation() != nil {
		t.Errorf("got %s and %s, want %s", got, all.Continuation(), want)
	}
}

// A part of a page can be changed without a change of the page.
func TestThePartOfAPageIsAnother(t *testing.T) {
	t.Parallel()
	p := read(t, pageOf(`null`, `"3"`, `{"id":"1"`, `{"id":"2"`, `{"id":"3"`)).Gather()
	cut := p.First(1)
	cut.SetNext(json.RawMessage(`"1"`))
	if got := string(cut.JSON()); got != pageOf(`null`, `"1"`, `{"id":"1"`) || cut.Gathered() {
		t.Errorf("got %s, want the first item", got)
	}
	if p.Next() != "3" || len(p.Elements) != 3 || !p.Gathered() {
		t.Errorf("got the cursor %s of %d items, want the page as it was", p.Next(), len(p.Elements))
	}
	if got := p.Continuation(); got != nil {
		t.Errorf("got %s, want nothing to continue with, as the page did not end early", got)
	}
}
