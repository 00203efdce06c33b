package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestEachParameterIsChecked(t *testing.T) {
	t.Parallel()
	str, integer := optable.Schema{Types: optable.String, Constraints: &optable.Constraints{MaxLength: 3}}, optable.Schema{Types: optable.Integer}
	boolean := optable.Schema{Types: optable.Boolean}
	query := func(name string, required bool, s optable.Schema) optable.Parameter {
		return optable.Parameter{Name: name, In: optable.InQuery, Required: required, Schema: &s}
	}
	sb := serve(optable.Operation{Path: "/pets/{id}/{size}", Parameters: []optable.Parameter{
		{Name: "id", In: optable.InPath, Required: true, Schema: &str},
		{Name: "size", In: optable.InPath, Required: true, Schema: &optable.Schema{Enum: []string{`"big"`, `"small"`}}},
		{Name: "X-Trace", In: optable.InHeader, Required: true, Schema: &integer},
		query("q", true, str), query("n", false, integer), query("x", false, optable.Schema{Types: optable.Number}),
		query("yes", false, boolean), query("short", false, optable.Schema{Ref: "Lasting"}),
		query("tags", false, optable.Schema{Types: optable.Array, Constraints: &optable.Constraints{MaxItems: 1}, Items: &integer}),
		query("filter", true, object("a", str)),
		query("last", true, str),
	}})
	for target, want := range map[string][]string{
		"/a/big?q=a&last=b":                  nil,
		"/abc/small?q=abc&last=":             nil,
		"/abcd/big?q=a&last=b":               {"id invalid_length"},
		"/%C3%A4%C3%B6%C3%BC/big?q=a&last=b": nil,
		"/a%2Fb/big?q=a&last=b":              nil,
		"/a/tiny?q=a&last=b":                 {"size invalid_value"},
		"/a/big":                             {"q required", "last required"},
		"/a/big?last=b":                      {"q required"},
		"/abcd/tiny?last=abcd": {
			"id invalid_length", "size invalid_value", "q required", "last invalid_length",
		},
		"/a/big?q=a&q=abcd&last=b":                    {"q invalid_length"},
		"/a/big?q=a&last=b&n=1&x=1.5&yes=true":        nil,
		"/a/big?q=a&last=b&n=1.5":                     {"n invalid_type"},
		"/a/big?q=a&last=b&n=one":                     {"n invalid_type"},
		"/a/big?q=a&last=b&x=one":                     {"x invalid_type"},
		"/a/big?q=a&last=b&yes=1":                     {"yes invalid_type"},
		"/a/big?q=a&last=b&yes=false":                 nil,
		"/a/big?q=a&last=b&short=abc":                 nil,
		"/a/big?q=a&last=b&short=abcd":                {"short invalid_length"},
		"/a/big?q=a&last=b&tags=1":                    nil,
		"/a/big?q=a&last=b&tags=1,2,3":                nil,
		"/a/big?q=a&last=b&tags=1,b,c":                {"tags invalid_type", "tags invalid_type"},
		"/a/big?q=a&last=b&tags=1&tags=b":             {"tags invalid_type"},
		"/a/big?q=a,b,c&last=b":                       {"q invalid_length"},
		"/a/big?q=a&last=b&unknown=1&filter[b]=1":     nil,
		"/a/big?q=a&last=b&before=1":                  nil,
		"/a/big?q=a&last=b&after=1":                   nil,
		"/a/big?q=a&last=b&after=1&before=1":          {"before mutually_exclusive"},
		"/a/big?q=a&last=abcd&after=&before=":         {"last invalid_length", "before mutually_exclusive"},
		"/a/big?q=%C3%A4%C3%B6%C3%BC&last=%E2%82%AC":  nil,
		"/a/big?q=a&last=b&n=1&n=x&x=y&yes=true&yes=": {"n invalid_type", "x invalid_type", "yes invalid_type"},
	} {
		wantProblems(t, target, send(t, sb, "POST", "/pets"+target, nil), want...)
	}
}

func TestAlternativesExcludeEachOther(t *testing.T) {
	t.Parallel()
	anyObject := optable.Schema{Types: optable.Object, Additional: &optable.Schema{}}
	how := []optable.Variant{
		{Name: "short", Fields: []string{"a"}},
		{Name: "long", Fields: []string{"b", "c", "d"}, Optional: []string{"c"}},
		{Name: "last", Fields: []string{"e"}},
	}
	for _, c := range []struct {
		body               string
		required, optional []string // problems by whether one of the alternatives must be given
	}{
		{`{}`, []string{"a required"}, nil},
		{`{"other":1}`, []string{"a required"}, nil},
		{`{"a":1}`, nil, nil},
		{`{"a":null}`, nil, nil},
		{`{"b":1,"d":1}`, nil, nil},
		{`{"b":1,"c":1,"d":1}`, nil, nil},
		{`{"b":1}`, []string{"d required"}, []string{"d required"}},
		{`{"c":1}`, []string{"b required", "d required"}, []string{"b required", "d required"}},
		{`{"d":1,"c":1}`, []string{"b required"}, []string{"b required"}},
		{`{"e":1}`, nil, nil},
		{`{"a":1,"b":1,"d":1}`, []string{"b mutually_exclusive"}, []string{"b mutually_exclusive"}},
		{`{"a":1,"d":1}`, []string{"b mutually_exclusive"}, []string{"b mutually_exclusive"}},
		{`{"a":1,"e":1}`, []string{"e mutually_exclusive"}, []string{"e mutually_exclusive"}},
		{`{"d":1,"e":1}`, []string{"e mutually_exclusive"}, []string{"e mutually_exclusive"}},
		{`{"a":1,"d":1,"e":1}`, []string{"b mutually_exclusive"}, []string{"b mutually_exclusive"}},
	} {
		for _, optional := range []bool{false, true} {
			want := c.required
			if optional {
				want = c.optional
			}
			group := optable.Exclusive{Name: "how", Optional: optional, Variants: how}
			sb := serve(optable.Operation{
				Body: &optable.Body{Required: true, Schema: &anyObject}, Exclusive: []optable.Exclusive{group},
			})
			wantProblems(t, c.body, send(t, sb, "POST", "/pets", c.body), want...)
			sb = serve(optable.Operation{
				Body:      &optable.Body{Required: true, Schema: &anyObject},
				Exclusive: []optable.Exclusive{{Name: "none"}, {Variants: []optable.Variant{{Fields: []string{"x"}}}}, group},
			})
			want = append([]string{"x required"}, want...)
			wantProblems(t, "second group "+c.body, send(t, sb, "POST", "/pets", c.body), want...)
		}
	}
}

// TestAlternativesAmongParametersMayAllBeGiven has no body, so that the alternatives are filters.
func TestAlternativesAmongParametersMayAllBeGiven(t *testing.T) {
	t.Parallel()
	groups := []optable.Exclusive{{Variants: []optable.Variant{{Fields: []string{"a"}}, {Fields: []string{"b"}}}}}
	wantProblems(t, "no body", send(t, serve(optable.Operation{Exclusive: groups}), "POST", "/pets?a=1&b=1", nil))
	body := &optable.Body{Schema: &optable.Schema{Types: optable.Object}}
	sb := serve(optable.Operation{Exclusive: groups, Body: body})
	wantProblems(t, "body", send(t, sb, "POST", "/pets?a=1", `{}`), "a required")
	wantProblems(t, "optional body", send(t, sb, "POST", "/pets?a=1", nil))
}

func TestBodyMustBeJSON(t *testing.T) {
	t.Parallel()
	object := optable.Schema{Types: optable.Object, Properties: []optable.Property{{Name: "a", Required: true}}}
	for _, c := range []struct {
		body     string
		schema   *optable.Schema
		required bool
		status   int
		message  string
	}{
		{"", nil, false, http.StatusCreated, ""},
		{"not JSON", nil, false, http.StatusCreated, ""}, // no body is described, so none is read
		{"", &object, false, http.StatusCreated, ""},
		{"", &object, true, http.StatusUnprocessableEntity, "Validation failed: a (required)."},
		{" ", &object, false, http.StatusBadRequest, "The body is not JSON."},
		{"{", &object, false, http.StatusBadRequest, "The body is not JSON."},
		{"nul", &object, true, http.StatusBadRequest, "The body is not JSON."},
		{`{"a":1}{"a":1}`, &object, true, http.StatusBadRequest, "The body is not JSON."},
		{`{"a":1}]`, &object, true, http.StatusBadRequest, "The body is not JSON."},
		{" {\"a\":1}\n ", &object, true, http.StatusCreated, ""},
		{"{}", &object, false, http.StatusUnprocessableEntity, "Validation failed: a (required)."},
		{"null", &object, true, http.StatusUnprocessableEntity, "Validation failed:  (invalid_type)."},
	} {
		op := optable.Operation{}
		if c.schema != nil {
			op.Body = &optable.Body{Required: c.required, Schema: c.schema}
		}
		a := send(t, serve(op), "POST", "/pets", c.body)
		if a.status != c.status || str(a.json["message"]) != c.message {
			t.Errorf("%q: got %d %s, want %d %q", c.body, a.status, a.text, c.status, c.message)
		}
		if code := str(a.json["code"]); c.status == http.StatusBadRequest && code != "bad_request" {
			t.Errorf("%q: got the code %q, want bad_request", c.body, code)
		}
	}
}

// TestQueryMustBeEscaped sends what url.ParseQuery refuses.
func TestQueryMustBeEscaped(t *testing.T) {
	t.Parallel()
	for _, query := range []string{"limit=%zz", "a;b", "%", "limit=1&x=%4"} {
		sb := serve(optable.Operation{})
		res := record(t.Context(), sb, http.MethodPost, "/pets?"+query, "")
		if want := `{"code":"bad_request","message":"The query is not escaped as it should be."}`; res.Code != 400 ||
			strings.TrimSpace(res.Body.String()) != want {
			t.Errorf("%q: got %d %s, want 400 %s", query, res.Code, res.Body, want)
		}
	}
}
