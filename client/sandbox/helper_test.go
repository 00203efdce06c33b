package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// answer is what a request got.
type answer struct {
	status int
	header http.Header
	text   string
	json   map[string]any // nil: no object
}

// send puts a request to a sandbox. A body that is a string goes as it is, another as JSON.
func send(tb testing.TB, sb *sandbox.Sandbox, method, path string, body any) answer {
	tb.Helper()
	return sendAs(tb, sb, "sk_test", method, path, body)
}

// sendAs puts a request with that API key.
func sendAs(tb testing.TB, sb *sandbox.Sandbox, key, method, path string, body any) answer {
	tb.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			tb.Fatal(err)
		}
		r = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(tb.Context(), method, "https://api.workos.com"+path, r)
	if err != nil {
		tb.Fatal(err)
	}
	if key == "sk_test" && strings.HasPrefix(path, "/platform/") {
		key = sandbox.PlatformToken(sb)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	return do(tb, sb, req)
}

// do puts a request to a sandbox, and follows no redirect.
func do(tb testing.TB, sb *sandbox.Sandbox, req *http.Request) answer {
	tb.Helper()
	res, err := (&http.Client{
		Transport:     sb,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}).Do(req)
	if err != nil {
		tb.Fatalf("%s %s: %v", req.Method, req.URL, err)
	}
	data, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		tb.Fatal(err)
	}
	return newAnswer(res.StatusCode, res.Header, string(data))
}

func newAnswer(status int, header http.Header, text string) answer {
	a := answer{status: status, header: header, text: text}
	_ = json.Unmarshal([]byte(text), &a.json) // stays nil if the text is not an object
	return a
}

// must puts a request that has to get the status.
func must(tb testing.TB, sb *sandbox.Sandbox, status int, method, path string, body any) map[string]any {
	tb.Helper()
	a := send(tb, sb, method, path, body)
	if a.status != status {
		tb.Fatalf("%s %s: got %d %s, want %d", method, path, a.status, a.text, status)
	}
	return a.json
}

// create makes a thing and returns its ID.
func create(tb testing.TB, sb *sandbox.Sandbox, path string, body any) string {
	tb.Helper()
	id := str(must(tb, sb, http.StatusCreated, http.MethodPost, path, body)["id"])
	if id == "" {
		tb.Fatalf("POST %s answered without an ID", path)
	}
	return id
}

type fields = map[string]any

// str, obj and list take a JSON value for what it should be, and for nothing if it is not.

func str(v any) string {
	s, _ := v.(string)
	return s
}

func obj(v any) fields {
	o, _ := v.(map[string]any)
	return o
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// refused puts a request that has to get the status and leave the store as it was.
func refused(tb testing.TB, sb *sandbox.Sandbox, status int, method, path string, body any) answer {
	tb.Helper()
	before := sandbox.Content(sb)
	a := send(tb, sb, method, path, body)
	if a.status != status {
		tb.Errorf("%s %s: got %d %s, want %d", method, path, a.status, a.text, status)
	}
	for _, change := range changes(before, sandbox.Content(sb)) {
		tb.Errorf("%s %s: got %d and a changed store: %s", method, path, a.status, change)
	}
	return a
}

// codeOf follows a sign-in in the browser to the code that it ends with.
func codeOf(tb testing.TB, sb *sandbox.Sandbox, path string) string {
	tb.Helper()
	a := send(tb, sb, http.MethodGet, path, nil)
	u, err := url.Parse(a.header.Get("Location"))
	if err != nil || a.status != http.StatusFound {
		tb.Fatalf("GET %s: got %d %s, want a redirect", path, a.status, a.text)
	}
	return u.Query().Get("code")
}
