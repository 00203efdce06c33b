package mcpadapter_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
)

// searchable returns the tools of the shop, whose table knows a few words more.
func searchable(tb testing.TB, opts ...mcpadapter.Option) *mcpadapter.Adapter {
	tb.Helper()
	table := shop.Operations
	table.Operations = slices.Clone(table.Operations)
	for i, op := range table.Operations {
		if op.ID == "shelves.label" {
			table.Operations[i].Extensions = append(slices.Clip(op.Extensions),
				optable.Extension{Name: "x-keywords", JSON: `"stickers, price tags"`})
		}
	}
	table.Toolsets = []optable.Toolset{{Name: "tastings", Description: "Evenings with guests."}}
	table.Synonyms = []optable.Synonym{
		{Term: "cuppa", Means: []string{"tea"}},
		{Term: "throw out", Means: []string{"remove"}},
		{Term: "throw", Means: []string{"send"}},
		{Term: "which", Means: []string{"list"}},
	}
	client, err := shop.NewClient("https://tea.example")
	if err != nil {
		tb.Fatal(err)
	}
	a, err := mcpadapter.New(client, &table, opts...)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

func TestSearchPutsTheRightToolFirst(t *testing.T) {
	t.Parallel()
	a := searchable(t)
	for query, want := range map[string]string{
		"print a packing slip":            "parcels.slip",
		"PRINTING packing slips!":         "parcels.slip", // stems, case, punctuation
		"where is my parcel, track it":    "parcels.track",
		"teas.delete":                     "teas.delete", // a name
		"teas_delete":                     "teas.delete",
		"which cuppas are there":          "teas.list",   // a synonym, in the plural
		"throw out a cuppa":               "teas.delete", // the longer synonym
		"throw me a parcel":               "parcels.create",
		"some stickers":                   "shelves.label",   // keywords
		"evening":                         "tastings.create", // of the toolset's description
		"greeting for a birthday present": "baskets.card.add",
	} {
		got := namesOf(a.Search(t.Context(), query, 3))
		if len(got) == 0 || got[0] != want {
			t.Errorf("%q: got %v, want %s first", query, got, want)
		}
	}
}

func TestSearchKeepsToItsBounds(t *testing.T) {
	t.Parallel()
	a := searchable(t, mcpadapter.WithFilter(mcpadapter.Filter{Deny: []string{"teas.create"}}))
	ctx, err := a.Narrow(t.Context(), mcpadapter.Filter{Deny: []string{"teas.delete"}})
	if err != nil {
		t.Fatal(err)
	}
	all := namesOf(a.Search(ctx, "tea", 100))
	if !slices.Contains(all, "getTea") || slices.Contains(all, "teas.create") || slices.Contains(all, "teas.delete") {
		t.Errorf("got %v, want teas without what is filtered", all)
	}
	if got := namesOf(a.Search(t.Context(), "tea", 100)); !slices.Contains(got, "teas.delete") {
		t.Errorf("got %v, want teas.delete where the context does not filter it", got)
	}
	if got := namesOf(a.Search(ctx, "tea", 2)); !slices.Equal(got, all[:2]) {
		t.Errorf("got %v, want the first two of %v", got, all)
	}
	baskets, err := a.Narrow(ctx, mcpadapter.Filter{Toolsets: []string{"baskets"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Search(baskets, "put a tea", 100); len(got) == 0 || got[0].Name() != "baskets.items.add" {
		t.Errorf("got %v, want those of the baskets", namesOf(got))
	}
	for _, query := range []string{"", "  ", "the of it", "zebra", "\xff", strings.Repeat("?", 1000)} {
		if got := a.Search(ctx, query, 5); len(got) != 0 {
			t.Errorf("%q: got %v, want nothing", query, namesOf(got))
		}
	}
	for limit, want := range map[int]int{-1: 0, 0: 0, 1: 1, len(all): len(all), len(all) + 1: len(all)} {
		if got := a.Search(ctx, "tea", limit); got == nil || len(got) != want {
			t.Errorf("at most %d: got %v, want %d", limit, namesOf(got), want)
		}
	}
}

func TestSearchAnswersAlikeEachTime(t *testing.T) {
	t.Parallel()
	a := searchable(t)
	want := namesOf(a.Search(t.Context(), "add a tea", 100))
	for range 20 {
		if got := namesOf(searchable(t).Search(t.Context(), "add a tea", 100)); !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

func FuzzSearch(f *testing.F) {
	for _, query := range []string{"throw out a cuppa", "which", "teas.list", "throw", "\xff\x00", "Ünïcode ǅ", "a-b_c"} {
		f.Add(query)
	}
	a := searchable(f)
	f.Fuzz(func(t *testing.T, query string) {
		seen := map[string]bool{}
		for _, tool := range a.Search(t.Context(), query, 1000) {
			if seen[tool.Name()] {
				t.Errorf("%q: got %s twice", query, tool.Name())
			}
			seen[tool.Name()] = true
		}
	})
}

// BenchmarkSearch measures the first search, which builds the index, beside a later one.
func BenchmarkSearch(b *testing.B) {
	var first, later time.Duration
	for b.Loop() {
		b.StopTimer()
		a := searchable(b)
		b.StartTimer()
		began := time.Now()
		a.Search(b.Context(), "throw out a cuppa", 5)
		middle := time.Now()
		a.Search(b.Context(), "throw out a cuppa", 5)
		first, later = first+middle.Sub(began), later+time.Since(middle)
	}
	b.ReportMetric(float64(first.Microseconds())/float64(b.N), "µs/first")
	b.ReportMetric(float64(later.Microseconds())/float64(b.N), "µs/later")
	b.ReportMetric(0, "ns/op")
}
