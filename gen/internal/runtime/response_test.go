package runtime_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/seed-f165d83c/workos/gen/internal/runtime"
)

// body is that of a response, and whether it was closed.
type body struct {
	io.Reader

	closed bool
}

func (b *body) Close() error {
	b.closed = true
	return nil
}

type thing struct {
	Name string `json:"name"`
}

type fields struct {
	body        []byte
	json200     *thing
	json201     *[]int
	jsonDefault *thing
}

func read(t *testing.T, status int, contentType string, content io.Reader) (fields, error) {
	t.Helper()
	b := &body{Reader: content}
	rsp := &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {contentType}}, Body: b}
	var f fields
	err := runtime.ReadResponse(rsp, &f.body,
		runtime.Content{Status: 200, JSON: &f.json200},
		runtime.Content{Status: 201, JSON: &f.json201},
		runtime.Content{Status: 204},
		runtime.Content{Status: runtime.Default, JSON: &f.jsonDefault})
	if !b.closed {
		t.Errorf("%d: the body is not closed", status)
	}
	return f, err
}

func TestBodyIsDecodedByItsStatus(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status                int
		contentType, content  string
		is200, is201, another bool
	}{
		{200, "application/json", `{"name":"a"}`, true, false, false},
		{200, "application/problem+json; charset=utf-8", `{"name":"a"}`, true, false, false},
		{200, "application/json", "null", true, false, false},
		{200, "text/html", "<p>", false, false, false},
		{200, "", `{"name":"a"}`, false, false, false},
		{201, "application/json", "[1]", false, true, false},
		{201, "application/json", "null", false, true, false},
		{204, "application/json", "", false, false, false},
		{202, "application/json", `{"name":"a"}`, false, false, true},
		{404, "application/json", `{"name":"a"}`, false, false, true},
		{502, "text/html", "<p>", false, false, false},
	} {
		f, err := read(t, c.status, c.contentType, strings.NewReader(c.content))
		if err != nil {
			t.Errorf("%d %s: %v", c.status, c.content, err)
		}
		if string(f.body) != c.content {
			t.Errorf("%d: got the body %s, want %s", c.status, f.body, c.content)
		}
		if (f.json200 != nil) != c.is200 || (f.json201 != nil) != c.is201 || (f.jsonDefault != nil) != c.another {
			t.Errorf("%d %s: decoded into %+v", c.status, c.content, f)
		}
		for _, decoded := range []*thing{f.json200, f.jsonDefault} {
			if decoded != nil && (decoded.Name == "a") != (c.content != "null") {
				t.Errorf("%d: decoded %s into %+v", c.status, c.content, decoded)
			}
		}
	}
}

func TestBodyThatCannotBeDecodedIsAnError(t *testing.T) {
	t.Parallel()
	for status, content := range map[int]string{200: "", 201: `{}`, 500: `{"name":1}`} {
		if f, err := read(t, status, "application/json", strings.NewReader(content)); err == nil {
			t.Errorf("%d %q: got %+v, want an error", status, content, f)
		}
	}
}

func TestBodyThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	cause := errors.New("reset")
	f, err := read(t, 200, "application/json", iotest.ErrReader(cause))
	if !errors.Is(err, cause) || f.json200 != nil {
		t.Errorf("got %+v and error %v, want %v", f, err, cause)
	}
}

func TestResponseOfAnotherStatusIsNotDecoded(t *testing.T) {
	t.Parallel()
	var content []byte
	var decoded *thing
	rsp := &http.Response{
		StatusCode: http.StatusAccepted, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader("{}")),
	}
	err := runtime.ReadResponse(rsp, &content, runtime.Content{Status: http.StatusOK, JSON: &decoded})
	if err != nil || decoded != nil || string(content) != "{}" {
		t.Errorf("got %v, %s and error %v", decoded, content, err)
	}
}

func TestStatusOfNoResponseIsZero(t *testing.T) {
	t.Parallel()
	if status, code := runtime.Status(nil), runtime.StatusCode(nil); status != "" || code != 0 {
		t.Errorf("got %q and %d", status, code)
	}
	rsp := &http.Response{Status: "200 OK", StatusCode: http.StatusOK}
	if status, code := runtime.Status(rsp), runtime.StatusCode(rsp); status != "200 OK" || code != http.StatusOK {
		t.Errorf("got %q and %d", status, code)
	}
}
