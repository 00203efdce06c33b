package runtime_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/gen/internal/runtime"
)

// pathOf is the escaped path of a request whose placeholder {parameter} the value fills.
func pathOf(parameter, value string) (string, error) {
	req, err := runtime.NewRequest(http.MethodGet, "https://api.test/", "/things/{"+parameter+"}/parts", value).Build()
	if err != nil {
		return "", err
	}
	return req.URL.EscapedPath(), nil
}

func TestPathValueThatAddressesAnotherEndpointIsAnError(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"", ".", "..", "name", "external_id"} {
		got, err := pathOf("id", value)
		want := fmt.Sprintf(`path parameter "id" is %q, which would address another endpoint`, value)
		if got != "" || err == nil || err.Error() != want {
			t.Errorf("%q: got %q and error %v, want %s", value, got, err, want)
		}
	}
}

// TestEachReservedValueIsReservedForItsParameter takes the reserved values of each parameter, and those of others.
func TestEachReservedValueIsReservedForItsParameter(t *testing.T) {
	t.Parallel()
	for parameter, reserved := range map[string][]string{
		"id": {"external_id", "name"}, "organizationId": {"external_id"}, "organization_id": {"external_id"},
		"userId": {"external_id"}, "user_id": {"external_id"}, "userlandUserId": {"external_id"}, "slug": nil,
	} {
		for _, value := range []string{"external_id", "name", "External_id", "external_id2", parameter + "x"} {
			got, err := pathOf(parameter, value)
			if slices.Contains(reserved, value) {
				if got != "" || err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q is %q", parameter, value)) {
					t.Errorf("%s: got %q and %v, want an error about %s", parameter, got, err, value)
				}
			} else if want := "/things/" + value + "/parts"; got != want || err != nil {
				t.Errorf("%s: got %q and %v, want %q", parameter, got, err, want)
			}
		}
	}
}

func TestPathValueIsEscapedAsOneSegment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ value, want string }{
		{"org_1", "org_1"},
		{"a/b", "a%2Fb"},
		{"../users/user_1", "..%2Fusers%2Fuser_1"},
		{"...", "..."},
		{".a", ".a"},
		{"a?b#c", "a%3Fb%23c"},
		{"%2e%2e", "%252e%252e"},
		{"{b}", "%7Bb%7D"},
		{"ü ", "%C3%BC%20"},
	} {
		got, err := pathOf("id", c.value)
		if want := "/things/" + c.want + "/parts"; err != nil || got != want {
			t.Errorf("%q: got %q and error %v, want %q", c.value, got, err, want)
		}
	}
}

func TestSegmentsFillThePlaceholdersInOrder(t *testing.T) {
	t.Parallel()
	for server, want := range map[string]string{
		"https://api.test/":       "https://api.test/a/1/%7Bb%7D/c/3",
		"https://api.test/v2/":    "https://api.test/v2/a/1/%7Bb%7D/c/3",
		"https://api.test/?x=1#y": "https://api.test/a/1/%7Bb%7D/c/3",
	} {
		req, err := runtime.NewRequest(http.MethodPut, server, "/a/{a}/{b}/c/{c}", "1", "{b}", "3").Build()
		if err != nil {
			t.Fatalf("%s: %v", server, err)
		}
		if got := req.URL.String(); req.Method != http.MethodPut || got != want {
			t.Errorf("%s: got %s %s, want PUT %s", server, req.Method, got, want)
		}
	}
}

func TestServerThatIsNoURLIsAnError(t *testing.T) {
	t.Parallel()
	request := runtime.NewRequest(http.MethodGet, "https://api test/", "/a")
	request.Query("b", 1)
	request.Header("c", 1)
	if req, err := request.Build(); err == nil {
		t.Errorf("got a request to %s, want an error", req.URL)
	}
}

type order string

func TestQueryHasTheParametersThatArePresent(t *testing.T) {
	t.Parallel()
	limit, none, when := 10, order(""), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	request := runtime.NewRequest(http.MethodGet, "https://api.test/", "/a")
	request.Query("z", &limit)
	request.Query("nil", (*int)(nil))
	request.Query("order", &none)
	request.Query("name", "a&b=c d,e")
	request.Query("dot", "..")
	request.Query("when", &when)
	request.Query("list", []string{"x", "y"})
	request.Query("nil list", []string(nil))
	request.Query("empty", []string{})
	request.StyledQuery("form", false, "joined", []order{"x", "y,z"})
	request.StyledQuery("deepObject", true, "deep", map[string]string{"k": "v"})
	request.StyledQuery("deepObject", true, "nil map", map[string]string(nil))
	req, err := request.Build()
	if err != nil {
		t.Fatal(err)
	}
	want := "z=10&order=&name=a%26b%3Dc+d%2Ce&dot=..&when=2026-01-02T03%3A04%3A05Z&list=x&list=y&empty=&" +
		"joined=x,y%2Cz&deep[k]=v"
	if got := req.URL.RawQuery; got != want {
		t.Errorf("query: got %s, want %s", got, want)
	}
}

func TestHeadersThatArePresentAreSet(t *testing.T) {
	t.Parallel()
	key := "a,b %"
	request := runtime.NewRequest(http.MethodPost, "https://api.test/", "/a")
	request.Header("idempotency-key", &key)
	request.Header("empty", "")
	request.Header("nil", (*string)(nil))
	request.WithBody("text/plain", strings.NewReader("body"))
	req, err := request.Build()
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(req.Header); got != "map[Content-Type:[text/plain] Empty:[] Idempotency-Key:[a,b %]]" {
		t.Errorf("got the headers %s", got)
	}
	if body, err := io.ReadAll(req.Body); err != nil || string(body) != "body" || req.ContentLength != 4 {
		t.Errorf("got the body %s of length %d and error %v", body, req.ContentLength, err)
	}
}

func TestParameterWithoutAStyleIsAnError(t *testing.T) {
	t.Parallel()
	for name, add := range map[string]func(*runtime.Request){
		"query":  func(r *runtime.Request) { r.Query("a", func() {}) },
		"style":  func(r *runtime.Request) { r.StyledQuery("odd", true, "a", []string{"b"}) },
		"header": func(r *runtime.Request) { r.Header("a", func() {}) },
	} {
		request := runtime.NewRequest(http.MethodGet, "https://api.test/", "/a")
		add(request)
		request.Query("later", 1) // does not replace the error
		if req, err := request.Build(); err == nil {
			t.Errorf("%s: got a request to %s, want an error", name, req.URL)
		}
	}
}

func TestJSONBodyCanBeSentAgain(t *testing.T) {
	t.Parallel()
	request := runtime.NewRequest(http.MethodPost, "https://api.test/", "/a")
	request.WithBody("application/json", runtime.JSONBody(map[string]any{"a": "<b>"}))
	req, err := request.Build()
	if err != nil {
		t.Fatal(err)
	}
	again, err := req.GetBody()
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []io.Reader{req.Body, again} {
		got, err := io.ReadAll(body)
		if want := `{"a":"\u003cb\u003e"}`; err != nil || string(got) != want || req.ContentLength != int64(len(want)) {
			t.Errorf("got %s of length %d and error %v, want %s", got, req.ContentLength, err, want)
		}
	}
}

func TestBodyThatCannotBeEncodedIsAnError(t *testing.T) {
	t.Parallel()
	body := runtime.JSONBody(func() {})
	if n, err := body.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("reading it: got %d bytes and error %v, want an error", n, err)
	}
	for _, segment := range []string{"b", ".."} { // its error comes first
		request := runtime.NewRequest(http.MethodPost, "https://api.test/", "/a/{a}", segment)
		request.WithBody("application/json", body)
		_, err := request.Build()
		if _, ok := errors.AsType[*json.UnsupportedTypeError](err); !ok {
			t.Errorf("%s: got the error %v, want that of JSON", segment, err)
		}
	}
}
