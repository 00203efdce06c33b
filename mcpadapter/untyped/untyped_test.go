package untyped_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/openapi"
	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/annex"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/depot"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/kiosk"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/untyped"
)

// api records what arrives.
type api struct {
	*httptest.Server

	got []string
}

func newAPI(t *testing.T) *api {
	t.Helper()
	a := &api{}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		var b bytes.Buffer
		pairs := strings.Split(r.URL.RawQuery, "&")
		slices.Sort(pairs)
		b.WriteString(r.Method + " " + r.URL.EscapedPath() + "?" + strings.Join(pairs, "&") + "\n")
		for _, name := range []string{"X-Basket", "Cookie"} {
			b.WriteString(r.Header.Get(name) + "\n")
		}
		mediaType, boundary, multipart := strings.Cut(r.Header.Get("Content-Type"), "; boundary=")
		if multipart {
			body = bytes.ReplaceAll(body, []byte(boundary), []byte("boundary"))
		}
		b.WriteString(mediaType + "\n" + string(body))
		a.got = append(a.got, b.String())
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(a.Close)
	return a
}

// sample returns valid arguments of a tool.
func sample(t *testing.T, tool mcpadapter.Tool, everything bool) json.RawMessage {
	t.Helper()
	document := `{"openapi": "3.1.0", "paths": {"/": {"post": {"operationId": "x", "requestBody": {"content": {` +
		`"application/json": {"schema": {"$ref": "#/components/schemas/Input"}}}}}}}, "components": {"schemas": {"Input": ` +
		string(tool.Schema(mcpadapter.ProfileStandard)) + `}}}`
	table, _, err := openapi.Convert([]byte(document), openapi.Options{})
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := value.NewCompiler(table).Compile(&optable.Schema{Ref: "Input"})
	if err != nil {
		t.Fatal(err)
	}
	sampler := &value.Sampler{Least: !everything, Include: func(_ value.Path, p *value.Property) value.Inclusion {
		if everything || p.Required {
			return value.Always
		}
		return value.IfNeeded
	}}
	return sampler.Sample(compiled)
}

// TestRequestsAreThoseOfAGeneratedClient calls every operation of the clients that the adapter is tested with, and
// compares what arrives.
func TestRequestsAreThoseOfAGeneratedClient(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	client, err := untyped.NewClient(a.URL+"/v1", nil)
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for name, c := range map[string]struct {
		table     *optable.Table
		generated func(string) (any, error)
	}{
		"shop":  {&shop.Operations, func(url string) (any, error) { return shop.NewClientWithResponses(url) }},
		"depot": {&depot.Operations, func(url string) (any, error) { return depot.NewClientWithResponses(url) }},
		"annex": {&annex.Operations, func(url string) (any, error) { return annex.NewClientWithResponses(url) }},
		"kiosk": {&kiosk.Operations, func(url string) (any, error) { return kiosk.NewClientWithResponses(url) }},
	} {
		generated, err := c.generated(a.URL + "/v1")
		if err != nil {
			t.Fatal(err)
		}
		typed, err := mcpadapter.New(generated, c.table)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := mcpadapter.New(client, c.table)
		if err != nil {
			t.Fatal(err)
		}
		for _, skipped := range plain.Skipped() {
			t.Errorf("%s: %s", name, skipped)
		}
		for _, tool := range typed.Tools() {
			other, err := plain.Tool(tool.Name())
			if err != nil {
				t.Error(err)
				continue
			}
			for _, everything := range []bool{false, true} {
				arguments := sample(t, tool, everything)
				a.got = nil
				want, got := tool.Invoke(t.Context(), arguments), other.Invoke(t.Context(), arguments)
				if len(a.got) == 0 && want.Failure != nil && got.Failure != nil {
					continue // no arguments are known
				}
				if len(a.got) != 2 || a.got[0] != a.got[1] {
					t.Errorf("%s %s %s:\n%s%s\ngot %q", name, tool.Name(), arguments, want.Text(), got.Text(), a.got)
					continue
				}
				compared++
			}
		}
	}
	if compared < 40 {
		t.Errorf("compared %d requests, want at least 40", compared)
	}
}

func parameter(name string, in optable.Location, types optable.Types) optable.Parameter {
	return optable.Parameter{Name: name, In: in, Schema: &optable.Schema{Types: types}}
}

func TestParametersAreWrittenInTheirStyles(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	object := parameter("filter", optable.InQuery, optable.Object)
	object.Style, object.Explode = "deepObject", "true"
	spaced := parameter("ids", optable.InQuery, optable.Array)
	spaced.Schema.Items = &optable.Schema{Types: optable.Integer}
	spaced.Style, spaced.Explode = "pipeDelimited", "false"
	content := parameter("where", optable.InQuery, optable.Object)
	content.MediaType = "application/json"
	table := &optable.Table{Operations: []optable.Operation{{
		ID: "op", Method: http.MethodGet, Path: "/things/{id}/{;list*}", Parameters: []optable.Parameter{
			{Name: "id", In: optable.InPath, Required: true, Schema: &optable.Schema{Types: optable.String}},
			{
				Name: "list", In: optable.InPath, Required: true, Style: "matrix", Explode: "true",
				Schema: &optable.Schema{Types: optable.Array, Items: &optable.Schema{Types: optable.Integer}},
			},
			object, spaced, content, parameter("a&b", optable.InQuery, optable.String),
			parameter("X-Basket", optable.InHeader, optable.Integer), parameter("mood", optable.InCookie, optable.String),
		},
	}}}
	client, err := untyped.NewClient(a.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	adapter, err := mcpadapter.New(client, table)
	if err != nil {
		t.Fatal(err)
	}
	result := adapter.Tools()[0].Invoke(t.Context(), json.RawMessage(`{"id":"a/b ?","list":[1,2],"filter":{"x":"1 2"},`+
		`"ids":[3,4],"where":{"n":12345678901234567890},"a&b":"c&d","X-Basket":7,"mood":"so 100%"}`))
	const want = "GET /things/a%2Fb%20%3F/;list=1;list=2?a%26b=c%26d&filter[x]=1+2&ids=3|4&" +
		"where=%7B%22n%22%3A12345678901234567890%7D\n7\nmood=so%20100%25\n\n"
	if result.Failure != nil || len(a.got) != 1 || a.got[0] != want {
		t.Errorf("got %s %q, want %q", result.Text(), a.got, want)
	}
}

func TestAnOperationHasItsOwnServer(t *testing.T) {
	t.Parallel()
	a, b := newAPI(t), newAPI(t)
	client, err := untyped.NewClient(a.URL+"/base", nil)
	if err != nil {
		t.Fatal(err)
	}
	adapter, err := mcpadapter.New(client, &optable.Table{Operations: []optable.Operation{
		{ID: "own", Method: http.MethodGet, Path: "/x", Servers: []string{b.URL + "/v2"}},
		{ID: "relative", Method: http.MethodGet, Path: "/x", Servers: []string{"/v3"}},
		{ID: "common", Method: http.MethodGet, Path: "/x"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range adapter.Tools() {
		if result := tool.Invoke(t.Context(), nil); result.Failure != nil {
			t.Error(result.Text())
		}
	}
	if got := strings.Join(a.got, ""); got != "GET /v3/x?\n\n\n\nGET /base/x?\n\n\n\n" {
		t.Errorf("got %q", got)
	}
	if got := strings.Join(b.got, ""); got != "GET /v2/x?\n\n\n\n" {
		t.Errorf("got %q", got)
	}
}

func TestWhatCannotBeSentIsSkipped(t *testing.T) {
	t.Parallel()
	client, err := untyped.NewClient("https://api.example", nil)
	if err != nil {
		t.Fatal(err)
	}
	adapter, err := mcpadapter.New(client, &optable.Table{Operations: []optable.Operation{
		{ID: "fine", Method: http.MethodGet, Path: "/x"},
		{ID: "undescribed", Method: http.MethodGet, Path: "/x/{id}"},
		{ID: "long", Method: http.MethodGet, Path: strings.Repeat("/{id}", 50), Parameters: []optable.Parameter{
			{Name: "id", In: optable.InPath, Required: true},
		}},
		{ID: "comma", Method: http.MethodGet, Path: "/y", Parameters: []optable.Parameter{{Name: "a,b", In: optable.InQuery}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range adapter.Skipped() {
		got = append(got, s.Operation+": "+s.Reason)
	}
	want := []string{
		`undescribed: the table does not describe the path parameter "id"`,
		"long: its path has 50 parameters, more than 39", `comma: parameter "a,b": a name with a comma is not supported`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestABaseURLIsAbsolute(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "/v1", "ftp://x", "https://", "api.example", "http://[::1"} {
		if c, err := untyped.NewClient(url, nil); c != nil || err == nil {
			t.Errorf("%q: got no error", url)
		}
	}
}
