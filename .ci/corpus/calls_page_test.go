package main

import (
	"strings"
	"testing"
)

func TestThePageListsEachCallThatIsNotAccepted(t *testing.T) {
	rows := []*row{
		{name: "none"},
		{name: "large", unvalidated: "Prism ends while it reads the description: RangeError: deep"},
		{
			name: "teas", templates: []string{"{;id}"}, remote: 2,
			calls: []report{
				{Tool: "brew", Variant: "required"},
				{Tool: "pour", Variant: "required", verdict: notJudged, cause: "the request ends Prism"},
				{Tool: "pour", Variant: "everything", verdict: notJudged, cause: "the request ends Prism"},
				{Tool: "drink", Variant: "everything", verdict: refused, cause: "request.body: must be object\nmore"},
			},
			alone: []report{{verdict: refused, codes: []string{"enum", "type"}}, {verdict: refused, codes: []string{"enum"}}},
		},
	}
	page := validation(rows)
	for _, want := range []string{
		"| teas | 4 | 1 | 2 | 1 | 2 | 0 |\n",
		"\nOf 4 calls, 1 are accepted (25.0 %), 2 are not judged and 1 are refused. Of those that are judged, 50.0 % are accepted.\n",
		"\nNo call of large is judged: Prism ends while it reads the description: RangeError: deep.\n",
		"\nNot judged:\n\n- teas, `pour` (required, everything): the request ends Prism\n",
		"\nRefused:\n\n- teas, `drink` (everything): request.body: must be object\n",
		"such as `{id}` for `{;id}`: `{;id}`.\n",
		"with a URL, 2 times.",
		"\nCalls of teas by reflection alone are refused by what Go types do not say: `enum` 2, `type` 1.\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("got %s\nwant %q", page, want)
		}
	}
	if strings.Contains(page, "| none |") || strings.Contains(page, "| large |") {
		t.Errorf("got %s, want no line for what has no calls", page)
	}
}

func TestTheVerdictCountsWhatIsJudged(t *testing.T) {
	calls := func(accepts, open, refuses int) []report {
		var list []report
		for of, n := range map[verdict]int{accepted: accepts, notJudged: open, refused: refuses} {
			for range n {
				list = append(list, report{verdict: of})
			}
		}
		return list
	}
	for _, c := range []struct {
		row
		good bool
	}{
		{row{calls: calls(99, 0, 1)}, true},
		{row{calls: calls(98, 0, 2)}, false},
		{row{calls: calls(97, 3, 0)}, true},
		{row{calls: calls(96, 4, 0)}, false}, // too many to leave open
		{row{calls: calls(99, 0, 0), alone: calls(8, 0, 2)}, true},
		{row{calls: calls(99, 0, 0), alone: calls(7, 0, 2)}, false},
	} {
		if err := validVerdict([]*row{&c.row}); (err == nil) != c.good {
			t.Errorf("%+v: got %v", count(c.calls), err)
		}
	}
}
