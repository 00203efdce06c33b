package mcpadapter_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// placed is a tool whose words all say nothing, but for those that a test puts in one place of it.
type placed struct{ name, summary, keywords, description, argument, toolset string }

// placing is a client of two operations with an argument each.
type placing struct{}

type placingQuery struct {
	Arg *string `json:"arg,omitempty"`
}

func (placing) First(context.Context, *placingQuery) (*http.Response, error)    { return nothing() }
func (placing) Second(context.Context, *placingQuery) (*http.Response, error)   { return nothing() }
func (placing) FirstUva(context.Context, *placingQuery) (*http.Response, error) { return nothing() }
func (placing) SecondUva(context.Context, *placingQuery) (*http.Response, error) {
	return nothing()
}

func placedTools(tb testing.TB, tools ...placed) *mcpadapter.Adapter {
	tb.Helper()
	table := &optable.Table{Synonyms: []optable.Synonym{
		{Term: "grape", Means: []string{"uva", "vine"}}, {Term: "big grape", Means: []string{"vine"}},
		{Term: "one two three", Means: []string{"uva"}}, {Term: "two", Means: []string{"vine"}},
	}}
	for _, p := range tools {
		op := optable.Operation{
			ID: p.name, Method: http.MethodGet, Path: "/" + p.name, Summary: "x " + p.summary, Description: "x " + p.description,
			Toolset: p.name[:1],
			Parameters: []optable.Parameter{
				{Name: "arg", In: optable.InQuery, Description: "x " + p.argument, Schema: optable.Schema{Types: optable.String}},
			},
		}
		if p.keywords != "" {
			op.Extensions = []optable.Extension{{Name: "x-keywords", JSON: quoted(p.keywords)}}
		}
		table.Toolsets = append(table.Toolsets, optable.Toolset{Name: op.Toolset, Description: p.toolset})
		table.Operations = append(table.Operations, op)
	}
	a, err := mcpadapter.New(placing{}, table)
	if err != nil {
		tb.Fatal(err)
	}
	return a
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
				found := namesOf(placedTools(t, tools...).Search(t.Context(), "uva", 9))
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
		if found := namesOf(placedTools(t, tools...).Search(t.Context(), "uva", 9)); !slices.Equal(found, []string{"second",
			"first"}) {
			t.Errorf("%s: got %v, want the second first", name, found)
		}
	}
	// Alike, the order of the table decides.
	alike := placedTools(t, placed{name: "first", summary: "uva"}, placed{name: "second", summary: "uva"})
	if found := namesOf(alike.Search(t.Context(), "uva", 9)); !slices.Equal(found, []string{"first", "second"}) {
		t.Errorf("got %v, want the order of the table", found)
	}
	for limit, want := range map[int]int{-1: 0, 0: 0, 1: 1, 2: 2, 3: 2} {
		if found := alike.Search(t.Context(), "uva", limit); len(found) != want {
			t.Errorf("at most %d: got %d, want %d", limit, len(found), want)
		}
	}
}

func TestSynonymsStandForWhatTheyMean(t *testing.T) {
	t.Parallel()
	a := placedTools(t, placed{name: "first", summary: "uva"}, placed{name: "second", summary: "vine lorem"})
	for query, want := range map[string]string{
		"uva": "first", "vine": "second", "grape": "first second", "grapes": "first second", "big grape": "second",
		"big": "", "big uva grape": "first second", "one two three": "first", "one two": "second", "two three": "second",
		"two": "second", "three": "", "one": "", "uva vine": "first second", "the uva": "first", "UVA!": "first", "u": "",
		"grape big": "first second", "a big grape please": "second", "big big grape": "second", "": "",
	} {
		if got := strings.Join(namesOf(a.Search(t.Context(), query, 9)), " "); got != want {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
	// A word that stands there itself counts for more than one that stands for it.
	a = placedTools(t, placed{name: "first", summary: "uva"}, placed{name: "second", summary: "grape"})
	if got := namesOf(a.Search(t.Context(), "grape", 9)); !slices.Equal(got, []string{"second", "first"}) {
		t.Errorf("got %v, want what is called so first", got)
	}
}
