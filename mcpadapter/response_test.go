package mcpadapter_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestAnswersBecomeOneObject(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name        string
		status      int
		contentType string
		body        string
		want        string
	}{
		{"object made compact", 200, "application/json", " {\n \"id\" : 9007199254740993 }\n", `{"id":9007199254740993}`},
		{"order kept", 200, "application/json", `{"b":1,"a":{"d":[ ],"c":null}}`, `{"b":1,"a":{"d":[],"c":null}}`},
		{"list", 200, "application/json; charset=utf-8", `[{"id": 1}]`, `{"data":[{"id":1}]}`},
		{"empty list", 200, "application/json", `[]`, `{"data":[]}`},
		{"string", 200, "application/json", `"<x>"`, `{"value":"<x>"}`},
		{"null", 200, "application/json", `null`, `{"value":null}`},
		{"no content", 204, "", "", `{}`},
		{"empty", 200, "application/json", "", `{}`},
		{"blank", 201, "application/json", "\r\n ", `{}`},
		{"JSON by another name", 200, "application/problem+json", `{}`, `{}`},
		{"JSON without a name", 200, "text/plain", `{"a":1}`, `{"a":1}`},
		{
			"text", 200, "text/plain; charset=utf-8",
			" a & \"b\"\n", `{"content_type":"text/plain; charset=utf-8","text":"a & \"b\""}`,
		},
		{"page", 200, "text/html", "<p>", `{"content_type":"text/html","text":"<p>"}`},
		{"a word", 200, "text/html; charset=utf-8", "OK", `{"content_type":"text/html; charset=utf-8","text":"OK"}`},
		{"invalid UTF-8", 200, "application/json", "{\"a\":\"\xff\xfe.\"}", "{\"a\":\"\uFFFD.\"}"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, _ := shoptest.New(t, shoptest.RespondWith(c.status, c.contentType, c.body))
			r := shoptest.Invoke(t, a, "teas.delete", `{"tea_id":"1"}`)
			if r.Failure != nil {
				t.Fatalf("got %s, want success", r.Failure)
			}
			if string(r.JSON) != c.want {
				t.Errorf("got  %s\nwant %s", r.JSON, c.want)
			}
			if r.Text() != string(r.JSON) {
				t.Errorf("text: got %s, want the JSON", r.Text())
			}
		})
	}
}

// A number is text where text is described, and JSON where it is not.
func TestAScalarIsWhatIsDescribed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ tool, arguments, contentType, body, want string }{
		{"parcels.slip", `{"number":1}`, "text/plain", " 0.10\n", `{"content_type":"text/plain","text":"0.10"}`},
		{"parcels.slip", `{"number":1}`, "text/plain", `"a"`, `{"content_type":"text/plain","text":"\"a\""}`},
		{"parcels.slip", `{"number":1}`, "text/csv", "null", `{"content_type":"text/csv","text":"null"}`},
		{"parcels.slip", `{"number":1}`, "text/plain", `{"a":1}`, `{"a":1}`},
		{"parcels.slip", `{"number":1}`, "application/json", "12", `{"value":12}`},
		{"parcels.slip", `{"number":1}`, "application/octet-stream", "12", `{"value":12}`},
		{"teas.delete", `{"tea_id":"1"}`, "text/plain", "12", `{"value":12}`},
	} {
		a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, c.contentType, c.body))
		if r := shoptest.Invoke(t, a, c.tool, c.arguments); string(r.JSON) != c.want {
			t.Errorf("%s %s %s: got %s, want %s", c.tool, c.contentType, c.body, r.Text(), c.want)
		}
	}
}

func TestARedirectIsAnswerAndNotFollowed(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://carrier.example/?n=1&lang=en", http.StatusFound)
	})
	r := shoptest.Invoke(t, a, "parcels.track", `{"number":1}`)
	if want := `{"location":"https://carrier.example/?n=1&lang=en"}`; string(r.JSON) != want {
		t.Errorf("got %s, want %s", r.JSON, want)
	}
	if n := len(wire.Seen()); n != 1 {
		t.Errorf("got %d requests, want 1", n)
	}
}

func TestUnreadableAnswersAreFailures(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name        string
		contentType string
		body        string
		part        string
	}{
		{"page labelled JSON", "application/json", "<html>\nOops</html>", "does not match its content type: <html> Oops</html>"},
		{"cut off", "application/json", `{"id":`, "does not match its content type"},
		{"two values", "application/json", `{}{}`, "does not match its content type"},
		{"too deep", "application/json", strings.Repeat("[", 20000) + strings.Repeat("]", 20000), "does not match its content type"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, c.contentType, c.body))
			r := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`)
			shoptest.WantFailure(t, r, mcpadapter.CodeRequestFailed, 200)
			shoptest.WantParts(t, "text", r.Text(), "the call succeeded", c.part)
		})
	}
}

// A proxy, or a server at a wrong URL, returns its page for every request: nothing has been deleted then.
func TestAPageThatNoOperationHasIsAFailure(t *testing.T) {
	t.Parallel()
	const page = "\n<!DOCTYPE html>\n<title>Sign in</title>"
	for _, c := range []struct{ tool, args string }{{"teas.delete", `{"tea_id":"1"}`}, {"getTea", `{"tea_id":"1"}`}} {
		a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "text/html; charset=utf-8", page))
		r := shoptest.Invoke(t, a, c.tool, c.args)
		shoptest.WantFailure(t, r, mcpadapter.CodeRequestFailed, 200)
		shoptest.WantParts(t, c.tool, r.Text(), "HTML page", "may not have been carried out", "Sign in")
		if n := len(wire.Seen()); n != 1 {
			t.Errorf("%s: got %d requests, want 1", c.tool, n)
		}
	}
	for name, c := range map[string]struct {
		responses []optable.Response
		fails     bool
	}{
		"none described":       {nil, false},
		"errors alone":         {[]optable.Response{{Status: 404, MediaType: "text/plain"}, {MediaType: "application/json"}}, false},
		"a page":               {[]optable.Response{{Status: 200, MediaType: "text/html"}}, false},
		"a page beside JSON":   {[]optable.Response{{Status: 200, MediaType: "application/json", Others: []optable.Content{{MediaType: "text/html"}}}}, false},
		"anything":             {[]optable.Response{{Status: 200, MediaType: "*/*"}}, false},
		"a range, JSON":        {[]optable.Response{{Status: 200, MediaType: "application/problem+json"}}, true},
		"nothing":              {[]optable.Response{{Status: 204}, {Status: 404, MediaType: "text/plain"}}, true},
		"any other is a page":  {[]optable.Response{{Status: 204}, {MediaType: "text/html"}}, false},
		"any other is of JSON": {[]optable.Response{{Status: 204}, {MediaType: "application/json"}}, true},
	} {
		a := shopOf(t, replying(http.StatusOK, page, "Content-Type", "text/html"), func(table *optable.Table) {
			for i := range table.Operations {
				table.Operations[i].Responses = c.responses
			}
		})
		if r := shoptest.Invoke(t, a, "teas.delete", `{"tea_id":"1"}`); (r.Failure != nil) != c.fails {
			t.Errorf("%s: got %s, want a failure: %t", name, r.Text(), c.fails)
		}
	}
}

func TestAnswersLargerThanTheLimitAreFailures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		size int
		fits bool
	}{{99, true}, {100, true}, {101, false}, {1 << 20, false}} {
		a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "", `"`+strings.Repeat("a", c.size-2)+`"`),
			mcpadapter.WithMaxResponseBytes(100))
		r := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`)
		if c.fits {
			if r.Failure != nil {
				t.Errorf("%d bytes: got %s, want success", c.size, r.Failure)
			}
			continue
		}
		shoptest.WantFailure(t, r, mcpadapter.CodeRequestFailed, 200)
		shoptest.WantParts(t, "text", r.Text(), "more than 100 bytes")
	}
}

func TestTheLargestLimitReadsEverything(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "", `{"id":"1"}`), mcpadapter.WithMaxResponseBytes(1<<63-1))
	if r := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`); string(r.JSON) != `{"id":"1"}` {
		t.Errorf("got %s, want the answer", r.JSON)
	}
}

func TestBodiesOfAnswersAreClosed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 204, 302, 404} {
		body := &closer{Reader: strings.NewReader("{}")}
		a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{"Location": {"/x"}}, Body: body}, nil
		})
		shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`)
		if !body.closed {
			t.Errorf("%d: got an open body, want it closed", status)
		}
		body.closed = false
		if r := shoptest.Invoke(t, a, "parcels.track", `{"number":1}`); !body.closed {
			t.Errorf("%d: got an open body and %s, want it closed", status, r.Text())
		}
	}
}

type closer struct {
	io.Reader

	closed bool
}

func (c *closer) Close() error {
	c.closed = true
	return nil
}
