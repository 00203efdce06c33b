package search_test

import (
	"slices"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/search"
)

// What stands beside the request is no request: conditions, what might be done, what is to stay.
func TestAnAsideAsksForNothing(t *testing.T) {
	t.Parallel()
	wantFirst(t, map[string]string{
		"before we delete the book, list the readers":       "readers.list",
		"after the book was removed, list readers":          "readers.list",
		"I might delete the club, list the readers":         "readers.list",
		"if the loan is late, disable the alert":            "alerts.disable",
		"when books are late they should disable the alert": "alerts.disable",
		"delete the book, keep the club":                    "books.delete",
		"delete a book, no club needed":                     "books.delete",
		"delete a book without a club":                      "books.delete",
		`delete the book "Club Readers"`:                    "books.delete",
	})
	_, found := shelf()
	if got := found("if books"); len(got.Documents) == 0 || got.Weak {
		t.Errorf("nothing but an aside: got %v, want what it is about", got)
	}
}

func TestPhrasesSayWhatIsWanted(t *testing.T) {
	t.Parallel()
	names, _ := shelf()
	destroys := map[string]bool{}
	for _, d := range shelfDocuments() {
		destroys[d.Name] = d.Destroys
	}
	for request, want := range map[string]bool{
		"shut the book off for good": true, "the reader should no longer be in the club": true,
		"the club shouldnt approve readers any more": true, "dissolve the club": true, "rip the book out": true,
		"kick the reader off the club": true,
		"shut the book off":            false, "the book no longer opens": false, "kick off a book": false,
		"throw the book away and use this instead": false, "the book is invalid": false, "the book is about to expire": false,
		"find books to clean up": false, "never mind, add the book": false, "dump the books": false,
	} {
		got := names(request)
		if len(got) == 0 || destroys[got[0]] != want {
			t.Errorf("%q: got %v, want one that destroys first: %t", request, got[:min(3, len(got))], want)
		}
	}
}

// The keywords of a document teach what a turn of phrase is for, and the words that others of its family are found by.
func TestKeywordsTeachTurnsOfPhrase(t *testing.T) {
	t.Parallel()
	documents := []search.Document{
		{Name: "shops.prices.list", Summary: "List prices", Reads: true, Keywords: "what a shop charges, tariff of a shop"},
		{Name: "prices.list", Summary: "List prices", Reads: true, Keywords: "prices for all shops, prices everywhere"},
		{Name: "prices.create", Summary: "Add a price"},
		{Name: "prices.people.list", Summary: "List prices", Reads: true, Keywords: "what she pays, prices of somebody"},
		{Name: "tills.list", Summary: "List tills", Reads: true, Keywords: "registers, cash desks"},
		{Name: "tills.delete", Summary: "Delete a till", Destroys: true},
		{Name: "resets.create", Summary: "Send", Keywords: "stock count again"},
		{Name: "counts.create", Summary: "Count", Keywords: "count the stock"},
		{Name: "events.list", Summary: "List events", Reads: true}, {Name: "callbacks.list", Summary: "List callbacks", Reads: true},
	}
	x := search.New(documents, []optable.Synonym{{Term: "stock", Means: []string{"goods"}}})
	for request, want := range map[string]string{
		"global prices":                      "prices.list",
		"prices that alice has":              "prices.people.list",
		"remove a cash desk":                 "tills.delete", // of the words of tills.list
		"the goods count":                    "counts.create",
		"show till.opened":                   "events.list",
		"is https://x.example/callback used": "callbacks.list",
		"alice":                              "",
	} {
		got := ""
		if found := x.Search(request, nil).Documents; len(found) > 0 {
			got = documents[found[0]].Name
		}
		if got != want && (want != "" || !slices.Contains([]string{"", "prices.people.list"}, got)) {
			t.Errorf("%q: got %s, want %s", request, got, want)
		}
	}
}
