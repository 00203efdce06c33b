package media_test

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/media"
)

type part struct{ name, file, contentType, content string }

// parts reads a multipart body.
func parts(tb testing.TB, body []byte, contentType string) []part {
	tb.Helper()
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		tb.Fatalf("%q: %v", contentType, err)
	}
	var list []part
	for r := multipart.NewReader(bytes.NewReader(body), params["boundary"]); ; {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			tb.Fatal(err)
		}
		content, err := io.ReadAll(p)
		if err != nil {
			tb.Fatal(err)
		}
		list = append(list, part{p.FormName(), p.FileName(), p.Header.Get("Content-Type"), string(content)})
	}
}

func TestPartsFollowTheSchemaAndTheEncoding(t *testing.T) {
	t.Parallel()
	const object = `{"z":"first","b":2,"list":["x",{"y":1}],"json":"j","all":[1,2],"none":null,` +
		`"file":{"name":"a.html","text":"<p>"},"files":[{"content_base64":"/w=="}]}`
	body, contentType, err := media.WriteMultipart("multipart/form-data", parsed(t, object), []string{"z", "absent", "file"},
		map[string]bool{"file": true, "files": true}, []optable.Encoding{
			{Property: "json", ContentType: "application/json"}, {Property: "all", ContentType: "application/json"},
			{Property: "files", ContentType: "image/*, image/png"},
		})
	if err != nil {
		t.Fatal(err)
	}
	want := []part{
		{"z", "", "", "first"}, {"file", "a.html", "text/html; charset=utf-8", "<p>"},
		{"all", "", "application/json", "[1,2]"}, {"b", "", "", "2"}, {"files", "files", "image/png", "\xff"},
		{"json", "", "application/json", `"j"`}, {"list", "", "", "x"}, {"list", "", "application/json", `{"y":1}`},
		{"none", "", "", ""},
	}
	if got := parts(t, body, contentType); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestFilesNeedOneContent(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		`{"file":{"text":"a","content_base64":"AA=="}}`: "file: give either text or content_base64",
		`{"file":{}}`:                     "file: give the content as text, or in base64 as content_base64",
		`{"file":{"content_base64":"a"}}`: "file: content_base64: expected base64",
		`{"file":"a"}`:                    "file: expected a file",
		`{"file":[{"text":"a"},1]}`:       "file: expected a file",
	} {
		body, _, err := media.WriteMultipart("multipart/form-data", parsed(t, file), nil, map[string]bool{"file": true}, nil)
		if body != nil || err == nil || err.Error() != want {
			t.Errorf("%s: got %q and %v, want %s", file, body, err, want)
		}
	}
}

// Neither a name nor a content can end a part or add a header.
func FuzzPartsAreReadAsGiven(f *testing.F) {
	f.Add("name", "file.png", "content")
	f.Add("a", "\x14", "content")
	f.Add("\u0085", "a", "content")
	f.Add("a\"; filename=\"x", "b\r\nX-Other: 1", "--boundary\r\n\r\n")
	f.Fuzz(func(t *testing.T, name, file, content string) {
		if strings.ContainsAny(name+file, "\r\n\x00\\/") || name == "" || file == "" {
			return // escaped in a way that a reader does not undo
		}
		object := map[string]any{name: map[string]any{"name": file, "text": content}, name + "2": content}
		body, contentType, err := media.WriteMultipart("multipart/form-data", object, nil, map[string]bool{name: true}, nil)
		if strings.ContainsFunc(name, unicode.IsControl) || strings.ContainsFunc(file, unicode.IsControl) {
			if err == nil || body != nil {
				t.Errorf("got %q, want an error about control characters", body)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		got := parts(t, body, contentType)
		if len(got) != 2 || got[0].content != content || got[1].content != content || got[1].file != "" {
			t.Errorf("got %q, want two parts with %q", got, content)
		}
	})
}
