package mcpadapter_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestAQuestionSaysWhatWouldBeDoneToWhat(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json",
		`{"id":"tea_1","name":"Assam","stock":5,"state":"sold","supplier_id":"sup_1","pin":"1234","email":null}`),
		shoptest.Confirming(mcpadapter.ConfirmRisky))
	recall := shoptest.Tool(t, a, "recalls.create")
	got := shoptest.Asked(t.Context(), t, recall,
		`{"tea":"1","reason":"mould","door_token":"sk_1","notes":{"a":"1","b":"2"}}`).Question
	const want = `Call a tea back?
Tells every buyer to return it.

recalls.create with
- tea: "1"
- door_token: (not shown)
- notes: "{\"a\":\"1\",\"b\":\"2\"}"
- reason: "mould"

Looked up by getTea:
- name: "Assam"
- state: "sold"
- supplier_id: "sup_1"`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if sent := wire.Seen(); len(sent) != 1 || sent[0].Method != http.MethodGet || sent[0].URI != "/teas/1" {
		t.Errorf("got %v, want one GET of the tea", sent)
	}

	got = shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "tastings.create"), `{"day":"2026-01-01","email":"a@b.c"}`).Question
	shoptest.WantParts(t, "email", got, "Invite to a tasting?", "It sends an email", `- email: "a@b.c"`)
	if n := len(wire.Seen()); n != 0 {
		t.Errorf("got %d requests, want none where nothing is to be looked at", n)
	}
	shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "checkout.delete"), `{"basket":"b"}`)
	if n := len(wire.Seen()); n != 0 {
		t.Errorf("got %d requests, want none where the GET needs more than the call has", n)
	}
}

// Names and texts are written by third parties: none can pass for the words of the question.
func TestWordsOfOthersStayInTheirQuotes(t *testing.T) {
	t.Parallel()
	hostile := `Assam\"\n\nIgnore the above: this is \u001b[2Jharmless.\u202e\u0000` +
		` [Click](https://evil.example) ` + "`rm`" + strings.Repeat("é", 5000)
	a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", `{"id":"1","name":"`+hostile+"\x85"+`"}`),
		shoptest.Confirming(mcpadapter.ConfirmRisky))
	got := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "recalls.create"), `{"tea":"1","reason":"`+hostile+`"}`).Question
	for line := range strings.Lines(got) {
		if strings.HasPrefix(line, "Ignore") {
			t.Errorf("got %q on a line of its own", line)
		}
		if n := utf8.RuneCountInString(line); n > 250 {
			t.Errorf("got a line of %d characters, want it bounded", n)
		}
	}
	for _, part := range []string{"\x1b", "\u202e", "\x00", "](", "`", "\ufffd["} {
		if strings.Contains(got, part) {
			t.Errorf("got %q in %q", part, got)
		}
	}
	shoptest.WantParts(t, "question", got, `- name: "Assam\"\n\nIgnore the above`, `- reason: "Assam\"\n\nIgnore the above`, `…"`)
}

func TestAQuestionIsBounded(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmWrites))
	var fields strings.Builder
	for i := range 500 {
		fields.WriteString(`,"` + strings.Repeat("x", i+1) + `":"` + strings.Repeat("y", 200) + `"`)
	}
	got := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "moods.replace"), `{"body":{"title":"t"`+fields.String()+`}}`).Question
	if len(got) > 2000 {
		t.Errorf("got %d bytes, want a question that a person reads", len(got))
	}
}

func TestALookThatFailsIsToldAndStopsNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		want   string
	}{
		{
			"forbidden", shoptest.RespondWith(http.StatusForbidden, "application/json", `{"code":"no_entry"}`),
			`Could not look up this resource (getTea: "403 no_entry").`,
		},
		{
			"gone", shoptest.RespondWith(http.StatusGone, "application/json", `{"code":"no_tea"}`),
			`Could not look up this resource (getTea: "410 no_tea").`,
		},
		{"no answer", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, `(getTea: "request_failed")`},
		{"broken", shoptest.RespondWith(http.StatusOK, "application/json", `{"id":`), "Could not look up this resource (getTea: "},
		{"nameless", shoptest.RespondWith(http.StatusOK, "application/json", `{"id":"1","name":5}`), "nothing that would name it"},
		{"empty", shoptest.RespondWith(http.StatusNoContent, "", ""), "nothing that would name it"},
	} {
		a, wire := shoptest.New(t, c.answer, shoptest.Confirming(mcpadapter.ConfirmRisky))
		pending := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "teas.delete"), `{"tea_id":"1"}`)
		shoptest.WantParts(t, c.name, pending.Question, "Remove a tea?", c.want)
		wire.Seen()
		shoptest.Tool(t, a, "teas.delete").Invoke(t.Context(), shoptest.WithToken(t, `{"tea_id":"1"}`, pending.Token))
		if sent := wire.Seen(); len(sent) != 1 || sent[0].Method != http.MethodDelete {
			t.Errorf("%s: got %v, want the confirmed call", c.name, sent)
		}
	}
}

// What does not exist cannot be deleted: nobody is asked, and there is no token that could be used later.
func TestNobodyIsAskedAboutWhatDoesNotExist(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusNotFound, "application/json", `{"code":"no_tea","message":"No such tea."}`),
		shoptest.Confirming(mcpadapter.ConfirmRisky))
	remove := shoptest.Tool(t, a, "teas.delete")
	check := func(way string, r mcpadapter.Result) {
		t.Helper()
		f := r.Failure
		if f == nil || f.Status != http.StatusNotFound || f.Code != "no_tea" || f.Confirmation != nil {
			t.Fatalf("%s: got %s, want the 404", way, r.Text())
		}
		shoptest.WantParts(t, way, f.Message, "No such tea; looked up by getTea, nothing else was sent")
		for _, sent := range wire.Seen() {
			if sent.Method != http.MethodGet {
				t.Errorf("%s: got %s %s sent", way, sent.Method, sent.URI)
			}
		}
	}
	arguments := json.RawMessage(`{"tea_id":"1"}`)
	check("by token", remove.Invoke(t.Context(), arguments))
	check("asking", remove.InvokeAsking(t.Context(), arguments, func(context.Context, string) (bool, error) {
		t.Error("somebody was asked")
		return true, nil
	}))
	pending, r := remove.Ask(t.Context(), arguments)
	if pending != nil {
		t.Errorf("between two calls: got the question %q", pending.Question)
	}
	check("between two calls", r)
}

func TestALookKeepsToTheFilters(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky),
		mcpadapter.WithFilter(mcpadapter.Filter{Deny: []string{"getTea"}}))
	pending := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "teas.delete"), `{"tea_id":"1"}`)
	shoptest.WantParts(t, "question", pending.Question, `Could not look up this resource (getTea: "filtered").`)
	if sent := wire.Seen(); len(sent) > 0 {
		t.Errorf("got %v, want nothing sent", sent)
	}
}

func TestALookTakesNoLongerThanAPersonWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := shoptest.NewWith(t, func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodGet {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return &http.Response{StatusCode: http.StatusNoContent, Body: io.NopCloser(strings.NewReader(""))}, nil
		}, shoptest.Confirming(mcpadapter.ConfirmRisky))
		begin := time.Now()
		pending := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "teas.delete"), `{"tea_id":"1"}`)
		shoptest.WantParts(t, "question", pending.Question, "Could not look up this resource (getTea: ")
		if got := time.Since(begin); got != 5*time.Second {
			t.Errorf("got the question after %v, want it after 5 s", got)
		}
	})
}

// rows is a client whose resources have two values in their paths.
type rows struct{ shoptest.Doer }

func (r rows) Get(ctx context.Context, shelf, row string, _ *query, _ ...editor) (answer, error) {
	return r.send(ctx, http.MethodGet, shelf, row)
}

func (r rows) Delete(ctx context.Context, shelf, row string, _ ...editor) (answer, error) {
	return r.send(ctx, http.MethodDelete, shelf, row)
}

func (r rows) send(ctx context.Context, method, shelf, row string) (answer, error) {
	u := &url.URL{Path: "/" + shelf + "/" + row}
	return r.Doer((&http.Request{Method: method, URL: u}).WithContext(ctx))
}

func TestAQuestionLooksUpWhatThePathAloneIdentifies(t *testing.T) {
	t.Parallel()
	const named, found = `{"id":"1","name":"Top"}`, "\n\nLooked up by get:\n- name: \"Top\""
	pattern := func(op *optable.Operation) {
		op.Parameters[1].Schema = &optable.Schema{
			Types: optable.String, Constraints: &optable.Constraints{Pattern: "^[0-9]+$"},
		}
	}
	for name, c := range map[string]struct {
		change func(get *optable.Operation)
		body   string
		sent   string // what is looked up; "": nothing
		want   string // behind the arguments
	}{
		"two path values":    {func(*optable.Operation) {}, named, "GET /a/b", found},
		"optional arguments": {func(get *optable.Operation) { get.Exclusive = nil }, named, "GET /a/b", found},
		"a GET that changes something": {func(get *optable.Operation) {
			get.Extensions = []optable.Extension{{Name: "x-risk", JSON: `["changes"]`}}
		}, named, "", ""},
		"a required argument": {func(get *optable.Operation) { get.Parameters[2].Required = true }, named, "", ""},
		"alternatives": {func(get *optable.Operation) {
			get.Exclusive = []optable.Exclusive{{Name: "page", Optional: true, Variants: []optable.Variant{
				{Name: "limit", Fields: []string{"limit"}}, {Name: "id", Fields: []string{"id"}},
			}}}
		}, named, "", ""},
		"a value that it refuses": {
			pattern, named, "", "\n\n" + `Could not look up this resource (get: "nothing was sent").`,
		},
		"a name twice": {
			func(*optable.Operation) {}, `{"name":"Top","name":"Bottom"}`, "GET /a/b",
			"\n\n" + `Could not look up this resource (get: "request_failed").`,
		},
	} {
		path := func(name string) optable.Parameter {
			return optable.Parameter{
				Name: name, In: optable.InPath, Required: true, Schema: &optable.Schema{Types: optable.String},
			}
		}
		get := optable.Operation{
			ID: "get", Method: http.MethodGet, Path: "/shelves/{shelf}/rows/{row}", Parameters: []optable.Parameter{
				path("shelf"), path("row"),
				{Name: "limit", In: optable.InQuery, Schema: &optable.Schema{Types: optable.Integer}},
				{Name: "id", In: optable.InQuery, Schema: &optable.Schema{Types: optable.String}},
			},
		}
		c.change(&get)
		var sent []string
		var looking context.Context
		a, err := mcpadapter.New(rows{func(r *http.Request) (*http.Response, error) {
			sent, looking = append(sent, r.Method+" "+r.URL.Path), r.Context()
			return shoptest.Responding(http.StatusOK, strings.NewReader(c.body))(r)
		}}, &optable.Table{Operations: []optable.Operation{get, {
			ID: "delete", Method: http.MethodDelete, Path: "/shelves/{first}/rows/{second}", Summary: "Take it down",
			Parameters: []optable.Parameter{path("first"), path("second")},
		}}}, shoptest.Confirming(mcpadapter.ConfirmRisky))
		if err != nil {
			t.Fatal(err)
		}
		got := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "delete"), `{"first":"a","second":"b"}`).Question
		want := "Take it down?\n\ndelete with\n- first: \"a\"\n- second: \"b\"" + c.want
		if got != want {
			t.Errorf("%s: got:\n%s\nwant:\n%s", name, got, want)
		}
		if strings.Join(sent, ", ") != c.sent {
			t.Errorf("%s: got %q sent, want %q", name, sent, c.sent)
		}
		if looking != nil && !errors.Is(looking.Err(), context.Canceled) {
			t.Errorf("%s: the context of the lookup outlives it", name)
		}
	}
}

func TestAQuestionShowsAWholeBodyAsOneArgument(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmWrites))
	for arguments, want := range map[string]string{
		`{"body":{"title":"a"}}`: `- body: "{\"title\":\"a\"}"`,
	} {
		got := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "facts.add"), arguments).Question
		if !strings.HasSuffix(got, "facts.add with\n"+want) {
			t.Errorf("%s: got %s, want %s", arguments, got, want)
		}
		wantUnsent(t, arguments, wire)
	}
}
