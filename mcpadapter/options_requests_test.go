package mcpadapter_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/depot"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/kiosk"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// wireOf returns an HTTP client that writes each request as one line.
func wireOf(sent *[]string) shoptest.Doer {
	return func(r *http.Request) (*http.Response, error) {
		parts := []string{r.Method, r.URL.RequestURI()}
		for _, name := range []string{"X-Stall", "X-Since", "Cookie", "X-Basket"} {
			if v, given := r.Header[name]; given {
				parts = append(parts, name+":"+strings.Join(v, ","))
			} else if v := r.Header.Get(name); v != "" {
				parts = append(parts, name+":"+v)
			}
		}
		if r.Body != nil {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			parts = append(parts, string(body))
		}
		*sent = append(*sent, strings.Join(parts, " "))
		return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
	}
}

const paperID = "6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10"

// What a client always sends, although it is optional, is sent only where it is given.
func TestClientsWithOtherOptionsAreBound(t *testing.T) {
	t.Parallel()
	var sent []string
	c, err := kiosk.NewClientWithResponses("https://kiosk.example", kiosk.WithHTTPClient(wireOf(&sent)))
	if err != nil {
		t.Fatal(err)
	}
	a, err := mcpadapter.New(c, &kiosk.Operations)
	if err != nil || len(a.Skipped()) != 1 { // the client refuses a parameter of listShelves
		t.Fatalf("got %v and %v, want every other operation", err, a.Skipped())
	}
	for _, call := range []struct{ tool, arguments, want string }{
		{"listUserHttpPapers", `{"visitor":"v"}`, "GET /papers Cookie:visitor=v"},
		{
			"listUserHttpPapers", `{"visitor":"v","limit":0,"title":"","X-Stall":""}`,
			"GET /papers?limit=0&title= X-Stall: Cookie:visitor=v",
		},
		{
			"listUserHttpPapers", `{"visitor":"v","since":"2026-01-31T12:00:00Z","stall":"` + paperID + `"}`,
			"GET /papers?since=2026-01-31T12%3A00%3A00Z&stall=" + paperID + " Cookie:visitor=v",
		},
		{
			"listUserHttpPapers", `{"visitor":"v","day":"2026-01-31","X-Since":"2026-01-31T12:00:00Z"}`,
			"GET /papers?day=2026-01-31 X-Since:2026-01-31T12:00:00Z Cookie:visitor=v",
		},
		{"listUserHttpPapers", `{"visitor":"v","title":"a&limit=1"}`, "GET /papers?title=a%26limit%3D1 Cookie:visitor=v"},
		{
			"replace_paper_json", `{"paper_id":"` + paperID + `","title":"t","note":null,"price":0}`,
			"PUT /papers/" + paperID + ` {"note":null,"price":0,"title":"t"}`,
		},
		{"clearDay", `{"stall_id":7,"day":"2026-01-31"}`, "DELETE /stalls/7/days/2026-01-31/papers"},
	} {
		sent = nil
		r := shoptest.Invoke(t, a, call.tool, call.arguments)
		if r.Failure != nil || len(sent) != 1 || strings.TrimSpace(sent[0]) != call.want {
			t.Errorf("%s %s:\ngot  %q %s\nwant %q", call.tool, call.arguments, sent, r.Text(), call.want)
		}
	}
}

// A client alone makes tools, whose calls are those of the same client with a table.
func TestAClientAloneMakesTools(t *testing.T) {
	t.Parallel()
	var sent []string
	wire := wireOf(&sent)
	shopClient, err := shop.NewClientWithResponses("https://tea.example", shop.WithHTTPClient(wire))
	if err != nil {
		t.Fatal(err)
	}
	depotClient, err := depot.NewClient("https://depot.example", depot.WithHTTPClient(wire))
	if err != nil {
		t.Fatal(err)
	}
	kioskClient, err := kiosk.NewClient("https://kiosk.example", kiosk.WithHTTPClient(wire))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		client  any
		skipped string                                   // has a parameter that the client refuses
		calls   []struct{ tool, arguments, want string } // want "": refused
	}{
		{shopClient, "", []struct{ tool, arguments, want string }{
			{"teasList", `{"limit":3,"grades":["leaf"],"X-Basket":"b"}`, "GET /teas?grades=leaf&limit=3 X-Basket:b"},
			{"teasList", `{"limit":"three"}`, ""},
			{"teasCreate", `{"name":"n","stock":1,"tags":["a"]}`, `POST /teas {"name":"n","stock":1,"tags":["a"]}`},
			{"teasCreate", `{"name":"n"}`, ""},
			{"teasCreate", `{"name":"n","stock":1,"colour":"red"}`, ""},
			{"teasDelete", `{"tea_id":"a/b"}`, "DELETE /teas/a%2Fb"},
			{"teasDelete", `{"tea_id":".."}`, ""},
		}},
		{depotClient, "RacksFind", []struct{ tool, arguments, want string }{
			{"cratesCreate", `{"label":"l","rows":[1,2]}`, "POST /crates label=l&rows=1&rows=2"},
			{"cratesMemoReplace", `{"crate_id":"1","body":"text"}`, "PUT /crates/1/memo text"},
			{"cratesMemoChange", `{"crate_id":"1","lines":2}`, `PATCH /crates/1/memo {"lines":2}`},
			{"cratesLabelReplace", `{"crate_id":"1","body":"aGk="}`, "PUT /crates/1/label hi"},
			{"cratesLabelReplace", `{"crate_id":"1","body":"hi","content_type":"text/plain"}`, "PUT /crates/1/label hi"},
			{"cratesLabelReplace", `{"crate_id":"1","body":[1],"content_type":"application/json"}`, "PUT /crates/1/label [1]"},
		}},
		{kioskClient, "ListShelves", []struct{ tool, arguments, want string }{
			{"listUserHTTPPapers", `{"visitor":"v","limit":2}`, "GET /papers?limit=2 Cookie:visitor=v"},
			{"listUserHTTPPapers", `{}`, ""},
			{"replacePaperJSON", `{"paper_id":"` + paperID + `","title":"t"}`, "PUT /papers/" + paperID + ` {"title":"t"}`},
			{"replacePaperJSON", `{"paper_id":"1","title":"t"}`, ""},
		}},
	} {
		a, err := mcpadapter.New(c.client, nil, mcpadapter.WithRequests())
		if err != nil || sent != nil {
			t.Fatalf("%T: got %v and the requests %q, want tools and none", c.client, err, sent)
		}
		for _, s := range a.Skipped() {
			if s.Operation != c.skipped {
				t.Errorf("%T: got %s", c.client, s)
			}
		}
		for _, call := range c.calls {
			sent = nil
			r := shoptest.Invoke(t, a, call.tool, call.arguments)
			switch {
			case call.want == "":
				shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
				if sent != nil {
					t.Errorf("%s %s: got %q sent, want nothing", call.tool, call.arguments, sent)
				}
			case r.Failure != nil || len(sent) != 1 || strings.TrimSpace(sent[0]) != call.want:
				t.Errorf("%s %s:\ngot  %q %s\nwant %q", call.tool, call.arguments, sent, r.Text(), call.want)
			}
		}
		sent = nil
	}
	if a, err := mcpadapter.New(fake{}, nil, mcpadapter.WithRequests()); a != nil || err == nil {
		t.Error("got no error for another client")
	}
}
