package search_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/search"
)

// placed is a document whose words say nothing, but for those that a test puts in one place of it.
type placed struct{ name, summary, keywords, description, argument, toolset string }

// index searches placed documents, and returns the names of those found.
func index(documents ...placed) func(query string) []string {
	list := make([]search.Document, len(documents))
	for i, p := range documents {
		list[i] = search.Document{
			Name: p.name, Summary: "x " + p.summary, Keywords: p.keywords, Description: "x " + p.description,
			Arguments: "arg x " + p.argument + " ", Toolset: p.name[:1] + " " + p.toolset,
		}
	}
	x := search.New(list, []optable.Synonym{
		{Term: "grape", Means: []string{"uva", "vine"}}, {Term: "big grape", Means: []string{"vine"}},
		{Term: "one two three", Means: []string{"uva"}}, {Term: "two", Means: []string{"vine"}},
	})
	return func(query string) []string {
		found := []string{}
		for _, i := range x.Search(query, nil).Documents {
			found = append(found, documents[i].name)
		}
		return found
	}
}

// The places of a word by what they count: its name, summary, keywords, description, toolset, arguments.
func TestAWordCountsByWhereItStands(t *testing.T) {
	t.Parallel()
	at := func(name string, place int) placed {
		p := placed{name: name}
		for i, field := range []*string{nil, &p.summary, &p.keywords, &p.description, &p.toolset, &p.argument} {
			switch {
			case i == 0 && place == 0:
				p.name += ".uva"
			case i > 0 && i == place:
				*field = "uva"
			case i > 0:
				*field = "lorem" // of the same length
			}
		}
		return p
	}
	for better := range 6 {
		for worse := better + 1; worse < 6; worse++ {
			for _, swapped := range []bool{false, true} {
				names := []string{"first", "second"}
				if swapped {
					slices.Reverse(names)
				}
				tools := []placed{at(names[0], better), at(names[1], worse)}
				if swapped {
					slices.Reverse(tools)
				}
				found := index(tools...)("uva")
				if len(found) != 2 || !strings.HasPrefix(found[0], names[0]) {
					t.Errorf("place %d before %d (swapped: %t): got %v, want %s first", better, worse, swapped, found, names[0])
				}
			}
		}
	}
}

func TestAWordCountsForMoreInAShorterText(t *testing.T) {
	t.Parallel()
	long := strings.Repeat(" lorem ipsum dolor", 9)
	for name, tools := range map[string][]placed{
		"summary":     {{name: "first", summary: "uva" + long}, {name: "second", summary: "uva"}},
		"keywords":    {{name: "first", keywords: "uva" + long}, {name: "second", keywords: "uva"}},
		"description": {{name: "first", description: "uva" + long}, {name: "second", description: "uva"}},
		"argument":    {{name: "first", argument: "uva" + long}, {name: "second", argument: "uva"}},
		"toolset":     {{name: "first", toolset: "uva" + long}, {name: "second", toolset: "uva"}},
		"twice":       {{name: "first", description: "uva lorem"}, {name: "second", description: "uva uva"}},
	} {
		if found := index(tools...)("uva"); !slices.Equal(found, []string{"second", "first"}) {
			t.Errorf("%s: got %v, want the second first", name, found)
		}
	}
	// Alike, the order of the table decides.
	alike := index(placed{name: "first", summary: "uva"}, placed{name: "second", summary: "uva"})
	if found := alike("uva"); !slices.Equal(found, []string{"first", "second"}) {
		t.Errorf("got %v, want the order of the table", found)
	}
}

// A note is for a request that has every word of one of its requests, or a synonym of it.
func TestNotesAreForWholeRequests(t *testing.T) {
	t.Parallel()
	x := search.New(
		[]search.Document{{Name: "hooks.list", Summary: "List hooks"}},
		[]optable.Synonym{{Term: "callback", Means: []string{"hook"}}},
		search.Note{Requests: []string{"rotate hook secret"}},
		search.Note{Requests: []string{"rotate hook", "roll a hook"}},
		search.Note{Requests: []string{"only hooks"}},
	)
	for request, want := range map[string][]int{
		"rotate the hook's secret":     {0, 1},
		"please rotate a hook":         {1},
		"rotating callbacks":           {1},
		"rotate the secret":            nil,
		"list hooks":                   nil,
		"":                             nil,
		"can I roll my hook every day": {1},
		"how to allow only hooks":      {2}, // and not each request with a hook
	} {
		if got := x.Search(request, nil).Notes; !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", request, got, want)
		}
	}
}
