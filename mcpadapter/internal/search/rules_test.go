package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/search"
)

// shelf is a small API: what the rules of the search need of one.
func shelf() (names func(request string) []string, found func(request string) search.Found) {
	documents := shelfDocuments()
	x := indexOf(documents)
	names = func(request string) []string {
		list := []string{}
		for _, i := range x.Search(request, nil).Documents {
			list = append(list, documents[i].Name)
		}
		return list
	}
	return names, func(request string) search.Found { return x.Search(request, nil) }
}

func indexOf(documents []search.Document) *search.Index { return search.New(documents, nil) }

func shelfDocuments() []search.Document {
	return []search.Document{
		{Name: "books.list", Summary: "List books", Reads: true},
		{Name: "books.create", Summary: "Add a book"},
		{Name: "books.delete", Summary: "Delete a book", Destroys: true},
		{Name: "alerts.enable", Summary: "Enable an alert"},
		{Name: "alerts.disable", Summary: "Disable an alert"},
		{Name: "readers.activate", Summary: "Activate a reader"},
		{Name: "readers.deactivate", Summary: "Deactivate a reader"},
		{Name: "readers.list", Summary: "List readers", Reads: true},
		{Name: "clubs.invitations.create", Summary: "Invite a reader to a club"},
		{Name: "clubs.invitations.revoke", Summary: "Revoke an invitation to a club", Destroys: true},
		{Name: "clubs.readers.add", Summary: "Put a reader in a club"},
		{Name: "clubs.readers.delete", Summary: "Take a reader out of a club", Destroys: true},
		{Name: "clubs.delete", Summary: "Delete a club", Destroys: true},
		{Name: "files.import", Summary: "Import a file"},
		{Name: "files.export", Summary: "Export a file"},
		{Name: "keys.encrypt", Summary: "Encrypt with a key"},
		{Name: "keys.decrypt", Summary: "Decrypt with a key"},
		{Name: "webhooks.list", Summary: "List webhooks", Reads: true},
		{Name: "webhooks.create", Summary: "Register a webhook"},
		{Name: "loans.deny", Summary: "Deny a loan"},
		{Name: "loans.approve", Summary: "Approve a loan"},
		{Name: "history.list", Summary: "List events", Keywords: "what happened lately", Reads: true},
		{
			Name: "access.check", Summary: "Check access of a reader", Reads: true,
			Keywords: "can somebody do it, is somebody allowed",
		},
		{Name: "access.readers.list", Summary: "List readers with access", Reads: true, Keywords: "who can do it, who has access"},
		{Name: "access.things.list", Summary: "List what a reader has access to", Reads: true, Keywords: "what can somebody see"},
	}
}

// wantFirst checks the first result of each request.
func wantFirst(t *testing.T, requests map[string]string) {
	t.Helper()
	names, _ := shelf()
	for request, want := range requests {
		if got := names(request); len(got) == 0 || got[0] != want {
			t.Errorf("%q: got %v, want %s first", request, got[:min(3, len(got))], want)
		}
	}
}

func TestQuestionsLeadToChecksAndLists(t *testing.T) {
	t.Parallel()
	wantFirst(t, map[string]string{
		"can jane delete book 7":                  "access.check",
		"is jane allowed to delete books":         "access.check",
		"does jane have permission to add a book": "access.check",
		"who can delete book 7":                   "access.readers.list",
		"who has access to the book":              "access.readers.list",
		"what can jane see":                       "access.things.list",
		"which books are there":                   "books.list",
		"are there books?":                        "books.list",
		"how many books did we delete":            "books.list",
		"check if jane may remove the book":       "access.check",
		"can you delete book 7":                   "books.delete", // asks somebody to do it
		"how do i delete a book":                  "books.delete",
	})
}

func TestTimeWordsLeadToEvents(t *testing.T) {
	t.Parallel()
	wantFirst(t, map[string]string{
		"what changed this week":                     "history.list",
		"anything deleted in the last 24 hours?":     "history.list",
		"deletions lately":                           "history.list",
		"delete the books of last week":              "books.delete", // does not ask
		"export the files of last week":              "files.export", // neither
		"removed since yesterday, who did it":        "history.list",
		"add the book that came in over the weekend": "books.create",
	})
}

func TestOppositesNeverTradePlaces(t *testing.T) {
	t.Parallel()
	names, _ := shelf()
	for _, pair := range [][2]string{
		{"enable the alert", "disable the alert"}, {"turn the alert on", "turn the alert off"},
		{"switch on alerts", "switch off alerts"}, {"activate a reader", "deactivate a reader"},
		{"let the reader back in", "suspend the reader"}, {"invite a reader to the club", "revoke the invitation to the club"},
		{"put a reader in the club", "kick a reader out of the club"}, {"add a reader to a club", "remove a reader from a club"},
		{"import files", "export files"}, {"encrypt with key", "decrypt with key"}, {"approve the loan", "turn down the loan"},
		{"create a book", "get rid of a book"},
	} {
		opposite := map[string]string{
			"alerts.enable": "alerts.disable", "readers.activate": "readers.deactivate",
			"clubs.invitations.create": "clubs.invitations.revoke", "clubs.readers.add": "clubs.readers.delete",
			"files.import": "files.export", "keys.encrypt": "keys.decrypt", "loans.approve": "loans.deny",
			"books.create": "books.delete",
		}
		forth, back := names(pair[0]), names(pair[1])
		if len(forth) == 0 || len(back) == 0 || opposite[forth[0]] == "" || opposite[forth[0]] != back[0] {
			t.Errorf("%q and %q: got %v and %v, want opposites first", pair[0], pair[1], forth, back)
		}
	}
}

func TestOnlyAWordThatDestroysPutsWhatDestroysFirst(t *testing.T) {
	t.Parallel()
	names, _ := shelf()
	destroys := map[string]bool{}
	for _, d := range shelfDocuments() {
		destroys[d.Name] = d.Destroys
	}
	for request, want := range map[string]bool{
		"delete the book": true, "remove book": true, "erase a book please": true, "throw the book away": true,
		"get rid of this book": true, "i want the book deleted": true, "delet book": true, "deleting a book": true,
		"list books and delete them": true, "book remove": true,
		"book": false, "club": false, "invitation": false, "the deleted book": false, "who deletes a book": false,
		"list books to delete": false, "do not delete the book": false, "a book that was removed": false,
		"suspend the club": false, "can jane remove a reader from the club": false, "should we delete the book?": false,
	} {
		got := names(request)
		if len(got) == 0 || destroys[got[0]] != want {
			t.Errorf("%q: got %v, want one that destroys first: %t", request, got[:min(3, len(got))], want)
		}
	}
	// What nothing else stands beside is found all the same.
	x := indexOf([]search.Document{{Name: "books.delete", Summary: "Delete a book", Destroys: true}})
	if got := x.Search("book", nil).Documents; !slices.Equal(got, []int{0}) {
		t.Errorf("got %v, want the only one", got)
	}
	documents := shelfDocuments()
	found := indexOf(documents).Search("book", func(i int) bool { return documents[i].Name != "books.list" })
	if got := documents[found.Documents[0]].Name; got != "books.create" {
		t.Errorf("got %s, want the best permitted one that destroys nothing", got)
	}
}

func TestMisspeltWordsAreUnderstood(t *testing.T) {
	t.Parallel()
	wantFirst(t, map[string]string{
		"web hook list": "webhooks.list", "list webhoks": "webhooks.list", "register a wehbook": "webhooks.create",
		"bookslist": "books.list", "activvate raeder": "readers.activate", "ecnrypt key": "keys.encrypt",
		"delet bok club": "clubs.delete", "exprot file": "files.export",
	})
	names, _ := shelf()
	for _, request := range []string{"zebra", "xyz", "qqqqqqqqqqqq", "", "the of it", "12 345"} {
		if got := names(request); len(got) != 0 {
			t.Errorf("%q: got %v, want nothing", request, got)
		}
	}
}

func TestAWeakResultIsReported(t *testing.T) {
	t.Parallel()
	_, found := shelf()
	for request, want := range map[string]bool{
		"enable an alert": false, "books": false, "loan webhook key file": true, "zebra": false,
	} {
		if got := found(request); got.Weak != want {
			t.Errorf("%q: got %t, want %t", request, got.Weak, want)
		}
	}
}

// FuzzSearch holds that a request costs no more than its bound, and that each permitted document is found once at most.
func FuzzSearch(f *testing.F) {
	for _, request := range []string{
		"can jane delete book 7", "turn the alert off", "web hook", "\xff\x00", "Ünïcode ǅ", "a-b_c", "can't don't 's ' ''",
		"203.0.113.9 bob@example.com https://x.example", strings.Repeat("delete ", 400), strings.Repeat("ab", 5000),
		"?who ?may", "let let let in in in",
		strings.Repeat("wehbook", 50),
	} {
		f.Add(request)
	}
	x := indexOf(shelfDocuments())
	f.Fuzz(func(t *testing.T, request string) {
		seen := map[int]bool{}
		for _, i := range x.Search(request, func(i int) bool { return i%2 == 0 }).Documents {
			if seen[i] || i%2 != 0 {
				t.Errorf("%q: got %d, which is not permitted or found before", request, i)
			}
			seen[i] = true
		}
	})
}

func TestAHostileRequestIsCut(t *testing.T) {
	t.Parallel()
	_, found := shelf()
	if got := found(strings.Repeat("zebra ", 400) + "book"); len(got.Documents) != 0 {
		t.Errorf("got %v, want nothing of what is beyond the limit", got)
	}
}

func BenchmarkSearch(b *testing.B) {
	documents := shelfDocuments()
	for len(documents) < 300 {
		for _, d := range shelfDocuments() {
			d.Name = fmt.Sprintf("area%d.%s", len(documents), d.Name)
			documents = append(documents, d)
		}
	}
	began := time.Now()
	x := indexOf(documents)
	built := time.Since(began)
	for b.Loop() {
		x.Search("can jane remove a lapesd raeder from the book club since yesterday?", nil)
	}
	b.ReportMetric(float64(built.Microseconds()), "µs/index")
}

// A rare verb among the keywords of other operations must not hide the operation on what the request names.
func TestTheThingThatARequestNamesIsNearTheFirst(t *testing.T) {
	t.Parallel()
	documents := []search.Document{
		{Name: "workers.delete", Summary: "Delete a worker", Keywords: "terminate somebody, terminate an employee", Destroys: true},
		{Name: "leases.revoke", Summary: "Revoke a lease", Keywords: "terminate a lease, terminate it early", Destroys: true},
		{Name: "shops.delete", Summary: "Delete a shop", Destroys: true},
		{Name: "people.workers.badges.delete", Summary: "Delete a badge of a worker", Destroys: true},
	}
	for _, part := range []string{"doors", "shelves", "signs", "windows", "clocks", "lamps"} {
		documents = append(documents,
			search.Document{Name: "shops." + part + ".delete", Summary: "Delete " + part + " of a shop", Destroys: true},
			search.Document{Name: "shops." + part + ".list", Summary: "List " + part + " of a shop", Reads: true})
	}
	x := search.New(documents, []optable.Synonym{{Term: "store", Means: []string{"shop"}}})
	for request, want := range map[string]string{
		"terminate a shop": "shops.delete", "terminate the store": "shops.delete", "terminate a badge": "people.workers.badges.delete",
		"terminate a worker": "workers.delete",
	} {
		found := x.Search(request, nil).Documents
		i := slices.IndexFunc(found, func(i int) bool { return documents[i].Name == want })
		if i < 0 || i > 1 {
			t.Errorf("%q: got place %d, want %s among the first two", request, i+1, want)
		}
	}
}
