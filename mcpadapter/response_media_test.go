package mcpadapter_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/depot"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

const pixel = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"

func TestBinaryResponsesAreContentBesideTheJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tool, contentType, disposition, body string
		json                                 string
		want                                 mcpadapter.Content
	}{
		{
			"crates.label.get", "image/png", "", pixel, `{"bytes":16,"content_type":"image/png"}`,
			mcpadapter.Content{Kind: mcpadapter.ContentImage, MediaType: "image/png"},
		},
		{
			"crates.label.get", "Image/PNG; q=1", `attachment; filename="a \"b\".png"`, pixel,
			`{"bytes":16,"content_type":"image/png","file_name":"a \"b\".png"}`,
			mcpadapter.Content{Kind: mcpadapter.ContentImage, MediaType: "image/png"},
		},
		{ // as the bytes say, where nothing else does
			"crates.label.get", "", "", pixel, `{"bytes":16,"content_type":"image/png"}`,
			mcpadapter.Content{Kind: mcpadapter.ContentImage, MediaType: "image/png"},
		},
		{
			"announcements_get", "audio/mpeg", "", "ID3\xff", `{"bytes":4,"content_type":"audio/mpeg"}`,
			mcpadapter.Content{Kind: mcpadapter.ContentAudio, MediaType: "audio/mpeg"},
		},
		{
			"manuals_get", "application/pdf", "", "%PDF-\xff", `{"bytes":6,"content_type":"application/pdf"}`,
			mcpadapter.Content{
				Kind: mcpadapter.ContentResource, MediaType: "application/pdf", URI: "response:manuals_get",
			},
		},
	} {
		a, _ := shoptest.Depot(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = []string{c.contentType}
			if c.contentType == "" {
				w.Header()["Content-Type"] = nil
			}
			if c.disposition != "" {
				w.Header().Set("Content-Disposition", c.disposition)
			}
			_, _ = io.WriteString(w, c.body)
		})
		arguments := `{"id":"1"}`
		switch c.tool {
		case "manuals_get":
			arguments = `{"name":"a"}`
		case "announcements_get":
			arguments = `{}`
		}
		r := shoptest.Invoke(t, a, c.tool, arguments)
		if r.Failure != nil || string(r.JSON) != c.json || len(r.Content) != 1 {
			t.Errorf("%s: got %s and %d contents, want %s and one", c.contentType, r.Text(), len(r.Content), c.json)
			continue
		}
		got := r.Content[0]
		if string(got.Data) != c.body || got.Kind != c.want.Kind || got.MediaType != c.want.MediaType || got.URI != c.want.URI {
			t.Errorf("%s: got %+v, want %+v with the body", c.contentType, got, c.want)
		}
	}
}

func TestContentBeyondTheLimitIsLeftOut(t *testing.T) {
	t.Parallel()
	for size, given := range map[int]bool{768: true, 769: false} { // 1024 and 1028 in base64
		body := strings.Repeat("\xff", size)
		a, _ := shoptest.Depot(t, shoptest.RespondWith(http.StatusOK, "image/png", body), mcpadapter.WithMaxResultBytes(1024))
		r := shoptest.Invoke(t, a, "crates.label.get", `{"id":"1"}`)
		if r.Failure != nil || len(r.Content) == 1 != given {
			t.Errorf("%d bytes: got %s and %d contents, want them: %t", size, r.Text(), len(r.Content), given)
		}
		if !given {
			shoptest.WantParts(t, "JSON", string(r.JSON), fmt.Sprintf(`"bytes":%d`, size),
				`"left_out":{"reason":"The content has 1028 bytes in base64, and a result may have 1024."}`)
		}
	}
}

func TestStreamsAreArraysOfTheirRecords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ tool, arguments, contentType, body, want string }{
		{
			"belts.get", `{"id":1}`, "text/event-stream",
			": note\n\nevent: moved\r\nid: 7\r\ndata: {\"by\": 1}\r\n\r\ndata: two\rdata: lines\r\revent: none\n\ndata:last",
			`{"data":[{"event":"moved","id":"7","data":{"by":1}},{"id":"7","data":"two\nlines"},{"id":"7","data":"last"}]}`,
		},
		{"belts.get", `{"id":1}`, "text/event-stream; charset=utf-8", "", `{"data":[]}`},
		{
			"3GPPGates", `{"gate":"g","lane":[1]}`, "application/x-ndjson", "{\"a\": 1}\n\n[2]\r\nno json\n\xff",
			"{\"data\":[{\"a\":1},[2],\"no json\",\"\uFFFD\"]}",
		},
		{"3GPPGates", `{"gate":"g","lane":[1]}`, "application/json-seq", "\x1e{\"a\":1}\n\x1e2\n", `{"data":[{"a":1},2]}`},
	} {
		a, _ := shoptest.Depot(t, shoptest.RespondWith(http.StatusOK, c.contentType, c.body))
		if got := jsonOf(t, a, c.tool, c.arguments); got != c.want {
			t.Errorf("%q: got %s, want %s", c.body, got, c.want)
		}
	}
}

func TestStreamsEndAtTheLimits(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("{\"a\":\""+strings.Repeat("x", 92)+"\"}\n", 50) // records of 100 bytes
	for _, c := range []struct {
		option  mcpadapter.Option
		records int
		reason  string
	}{
		{mcpadapter.WithMaxElements(3), 3, "At most 3 records of a stream are returned."},
		{mcpadapter.WithMaxResultBytes(1024), 8, "The result may have 1024 bytes."},
		{mcpadapter.WithMaxResponseBytes(505), 5, "At most 505 bytes of a stream are read."},
	} {
		a, _ := shoptest.Depot(t, shoptest.RespondWith(http.StatusOK, "application/x-ndjson", body), c.option)
		got := jsonOf(t, a, "3GPPGates", `{"gate":"g","lane":[1]}`)
		if n := strings.Count(got, `{"a":"xx`); n != c.records || !strings.HasSuffix(got, `"left_out":{"more":true,"reason":"`+c.reason+`"}}`) {
			t.Errorf("got %d records and %s, want %d", n, got, c.records)
		}
	}
}

// unending is a stream that begins and then waits for its reader to go away.
type unending struct {
	io.Reader

	ctx context.Context // that of the request
}

func (e unending) Read(b []byte) (int, error) {
	if n, _ := e.Reader.Read(b); n > 0 {
		return n, nil
	}
	<-e.ctx.Done()
	return 0, e.ctx.Err()
}

func (unending) Close() error { return nil }

func TestAStreamWithoutAnEndIsReturnedAtTheTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, err := depot.NewClient("https://depot.example", depot.WithHTTPClient(shoptest.Doer(
			func(r *http.Request) (*http.Response, error) {
				return &http.Response{
					StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/event-stream"}}, Request: r,
					Body: unending{strings.NewReader("data: 1\n\n"), r.Context()},
				}, nil
			})))
		if err != nil {
			t.Fatal(err)
		}
		a, err := mcpadapter.New(c, &depot.Operations, mcpadapter.WithTimeout(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		const want = `{"data":[{"data":1}],"left_out":{"more":true,"reason":"The stream did not end within 1m0s."}}`
		if got := jsonOf(t, a, "belts.get", `{"id":1}`); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}
