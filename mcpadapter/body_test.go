package mcpadapter_test

import (
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

func TestBodiesAreWrittenInTheirMediaType(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.Depot(t, nil)
	for _, c := range []struct{ tool, arguments, contentType, body string }{
		{"crates.create", `{"label":"a&b é"}`, formType, "label=a%26b+%C3%A9"},
		{"crates.create", `{"label":"x","count":3,"fragile":false}`, formType, "count=3&fragile=false&label=x"},
		{"crates.create", `{"label":"x","tags":["a","b c"]}`, formType, "label=x&tags=a&tags=b+c"},
		{"crates.create", `{"label":"x","rows":[1,2]}`, formType, "label=x&rows=1,2"},
		{
			"crates.create", `{"label":"x","size":{"height":1.50,"width":2}}`, formType,
			"label=x&size=%7B%22height%22%3A1.50%2C%22width%22%3A2%7D",
		},
		{
			"crates.create", `{"label":"x","owner":{"name":"n","teams":["a","b"]}}`, formType,
			"label=x&owner%5Bname%5D=n&owner%5Bteams%5D%5B0%5D=a&owner%5Bteams%5D%5B1%5D=b",
		},
		{"crates.label.replace", `{"id":"1","body":"AP8B"}`, "application/octet-stream", "\x00\xff\x01"},
		{"crates.label.change", `{"id":"1","body":"AP8B","content_type":"image/webp"}`, "image/webp", "\x00\xff\x01"},
		{"crates.label.change", `{"id":"1","body":"AP8B"}`, "", ""},
		{"crates.label.change", `{"id":"1","body":"AP8B","content_type":"image/"}`, "", ""},
		{"crates.label.change", `{"id":"1","body":"AP8B","content_type":"image/png\r\nX: y"}`, "", ""},
		{"crates.label.change", `{"id":"1","body":"AP8B","content_type":"text/html"}`, "", ""},
		{"crates.memo.replace", `{"id":"1","body":"{\"a\": 1}\n"}`, "text/plain", "{\"a\": 1}\n"},
		{"crates.memo.change", `{"id":"1","text":null}`, "application/merge-patch+json", `{"text":null}`},
		{"crates.memo.change", `{"id":"1","lines":0}`, "application/merge-patch+json", `{"lines":0}`},
		{"crates.owner.replace", `{"id":"1","body":{"id":"2","more":"x"}}`, jsonType, `{"id":"2","more":"x"}`},
		{"crates.owner.replace", `{"id":"1","body":{"owner_id":"2"}}`, "", ""},
		{"crates.owner.change", `{"id":"1","body":{"id":"2","team":"x"}}`, jsonType, `{"id":"2","team":"x"}`},
		{"customs.declare", `{"goods":"tea","worth":1e400}`, "", ""},
		{"customs.declare", `{"goods":"tea","worth":16777217.5}`, jsonType, `{"goods":"tea","worth":16777217.5}`},
		{"customs.declare", `{"goods":"tea","content_type":"` + formType + `"}`, formType, "goods=tea"},
		{"customs.replace", `{"body":{"goods":"tea"}}`, jsonType, `{"goods":"tea"}`},
		{"customs.replace", `{"body":"a,b\n","content_type":"text/csv"}`, "text/csv", "a,b\n"},
		{"customs.change", `{"body":"<goods/>"}`, "application/xml", "<goods/>"},
		{"customs.replace", `{"body":"a,b\n"}`, "", ""},
		{"customs.replace", `{"body":{"goods":"tea"},"content_type":"text/csv"}`, "", ""},
		{"customs.declare", `{"goods":"tea","content_type":"application/xml"}`, "", ""},
		{"crates.label.replace", `{"id":"1","body":"no base64"}`, "", ""},
		{"crates.memo.replace", `{"id":"1","body":7}`, "", ""},
		{"crates.create", `{"label":""}`, "", ""},
		{"crates.create", `{"label":"x","colour":"red"}`, "", ""},
		{"crates.create", `{"label":"x","tags":[]}`, "", ""}, // it would be absent
	} {
		r := shoptest.Invoke(t, a, c.tool, c.arguments)
		if c.contentType == "" {
			shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
			wantUnsent(t, c.tool+" "+c.arguments, wire)
			continue
		}
		seen := wire.Seen()
		if r.Failure != nil || len(seen) != 1 {
			t.Errorf("%s %s: got %s and %d requests, want it sent", c.tool, c.arguments, r.Text(), len(seen))
			continue
		}
		if got := seen[0].Header.Get("Content-Type"); got != c.contentType || seen[0].Body != c.body {
			t.Errorf("%s %s: got %s %q, want %s %q", c.tool, c.arguments, got, seen[0].Body, c.contentType, c.body)
		}
	}
}

func TestFilesAreSentAsPartsOfABody(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.Depot(t, nil)
	const arguments = `{"id":"1","note":"n","where":{"shelf":3},"photo":{"name":"p \"1\".jpg","content_base64":"AP8="},` +
		`"pages":[{"text":"one"},{"name":"two.txt","text":"two"}]}`
	if r := shoptest.Invoke(t, a, "crates.photos.add", arguments); r.Failure != nil {
		t.Fatal(r.Failure)
	}
	request := wire.Seen()[0]
	mediaType, params, err := mime.ParseMediaType(request.Header.Get("Content-Type"))
	if err != nil || mediaType != "multipart/form-data" {
		t.Fatalf("got %s (%v), want multipart/form-data", mediaType, err)
	}
	type part struct{ name, file, contentType, content string }
	var got []part
	for r := multipart.NewReader(strings.NewReader(request.Body), params["boundary"]); ; {
		p, err := r.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, part{p.FormName(), p.FileName(), p.Header.Get("Content-Type"), string(content)})
	}
	want := []part{
		{"note", "", "", "n"},
		{"photo", `p "1".jpg`, "image/png", "\x00\xff"},
		{"pages", "pages", "application/octet-stream", "one"},
		{"pages", "two.txt", "text/plain; charset=utf-8", "two"},
		{"where", "", "application/json", `{"shelf":3}`},
	}
	if len(got) != len(want) {
		t.Fatalf("got %d parts %q, want %d", len(got), got, len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("part %d: got %q, want %q", i, got[i], want[i])
		}
	}
}

func TestFilesWithoutOneContentAreRefused(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.Depot(t, nil)
	for file, part := range map[string]string{
		`{"text":"a","content_base64":"AA=="}`: "photo: give either text or content_base64",
		`{"name":"a.png"}`:                     "photo: give the content as text, or in base64 as content_base64",
		`{"content_base64":"?"}`:               "photo.content_base64: expected base64",
		`{}`:                                   "photo: expected at least 1 name, got 0",
		`"AA=="`:                               "photo: expected an object, got the string",
	} {
		r := shoptest.Invoke(t, a, "crates.photos.add", `{"id":"1","photo":`+file+`}`)
		shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
		shoptest.WantParts(t, file, r.Text(), part)
		wantUnsent(t, file, wire)
	}
}

// Other media types than the default are a choice, where they add something.
func TestTheMediaTypeOfABodyIsAnArgument(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.Depot(t, nil)
	for tool, want := range map[string]string{
		"customs.declare": `{"type":"string","description":"Media type of the body.","enum":["application/json",` +
			`"application/x-www-form-urlencoded"],"default":"application/json"}`,
		"customs.replace": `{"type":"string","description":"Media type of the body.","enum":["application/json",` +
			`"text/csv"],"default":"application/json"}`,
		"crates.create":  "",
		"customs.change": "",
	} {
		var schema struct {
			Properties map[string]json.RawMessage `json:"properties"`
		}
		if err := json.Unmarshal(shoptest.Tool(t, a, tool).InputSchema(), &schema); err != nil {
			t.Fatal(err)
		}
		if got := string(schema.Properties["content_type"]); got != want {
			t.Errorf("%s: got %s, want %s", tool, got, want)
		}
	}
}

func TestOddNamesAndPathsAreBound(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.Depot(t, nil)
	for _, c := range []struct{ tool, arguments, uri string }{
		{"belts.get", `{"id":7,"query_id":"x"}`, "/belts/7?id=x"},
		{"belts.get", `{"id":7}`, "/belts/7"},
		{"3GPPGates", `{"gate":"g","lane":[1,2]}`, "/3GPPGates/.g/;lane=1;lane=2"},
		{"3GPPGates", `{"gate":"g","lane":[1],"OpenSince_lt":"2026-01-31"}`, "/3GPPGates/.g/;lane=1?OpenSince%3C=2026-01-31"},
		{"manuals_get", `{"name":"a/b"}`, "/manuals/a%2Fb"},
		{"manuals/get", `{"name":"a"}`, "/manuals/a"},
	} {
		r := shoptest.Invoke(t, a, c.tool, c.arguments)
		seen := wire.Seen()
		if r.Failure != nil || len(seen) != 1 || seen[0].Method != http.MethodGet || seen[0].URI != c.uri {
			t.Errorf("%s %s: got %s and %v, want GET %s", c.tool, c.arguments, r.Text(), seen, c.uri)
		}
	}
}
