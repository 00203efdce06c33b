package optest_test

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/internal/optest"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// compare checks that a request carries the arguments, all of them where the table says, and nothing else.
func (f *fixture) compare(got sent, arguments map[string]any) {
	f.Helper()
	if got.method != f.op.Method {
		f.Errorf("method: got %s, want %s", got.method, f.op.Method)
	}
	f.comparePath(got.path, arguments)
	f.compareQuery(got.query, arguments)
	f.compareHeader(got.header, arguments)
	f.compareBody(got.body, arguments)
}

// comparePath checks that each path value is one segment.
func (f *fixture) comparePath(path string, arguments map[string]any) {
	f.Helper()
	want := strings.Split(f.op.Path, "/")
	for i, segment := range want {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			want[i] = fmt.Sprint(arguments[strings.TrimSuffix(name, "}")])
		}
	}
	got := strings.Split(path, "/")
	for i, segment := range got {
		var err error
		if got[i], err = url.PathUnescape(segment); err != nil {
			f.Errorf("path %s: %v", path, err)
		}
	}
	if !slices.Equal(got, want) {
		f.Errorf("path %s: got the segments %q, want %q", path, got, want)
	}
}

// compareQuery reads the query by the styles of OpenAPI 3.1 section 4.8.12: form for all but objects, and arrays, which
// are not exploded here, joined by bare commas.
func (f *fixture) compareQuery(query string, arguments map[string]any) {
	f.Helper()
	got := map[string][]string{}
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name = unescape(f.T, name)
		p := optest.Parameter(f.op, name)
		if p == nil || p.Explode != "false" {
			got[name] = append(got[name], unescape(f.T, value))
			continue
		}
		if got[name] != nil {
			f.Errorf("query %s: %s stands there twice, want its entries joined", query, name)
		}
		for item := range strings.SplitSeq(value, ",") {
			got[name] = append(got[name], unescape(f.T, item))
		}
	}
	want := map[string][]string{}
	for _, p := range f.op.Parameters {
		value, given := arguments[p.Name]
		if p.In != optable.InQuery || !given {
			continue
		}
		switch value := value.(type) {
		case []any:
			for _, item := range value {
				want[p.Name] = append(want[p.Name], fmt.Sprint(item))
			}
		case map[string]any:
			for key, inner := range value {
				want[p.Name+"["+key+"]"] = []string{fmt.Sprint(inner)}
			}
		default:
			want[p.Name] = []string{fmt.Sprint(value)}
		}
	}
	if !reflect.DeepEqual(got, want) {
		f.Errorf("query %s: got %q, want %q", query, got, want)
	}
}

func unescape(t *testing.T, s string) string {
	t.Helper()
	plain, err := url.QueryUnescape(s)
	if err != nil {
		t.Errorf("query: %v", err)
	}
	return plain
}

func (f *fixture) compareHeader(got http.Header, arguments map[string]any) {
	f.Helper()
	want := http.Header{}
	if f.op.Body != nil {
		want.Set("Content-Type", f.op.Body.MediaType)
	}
	for _, p := range f.op.Parameters {
		if value, given := arguments[p.Name]; given && p.In == optable.InHeader {
			want.Set(p.Name, fmt.Sprint(value))
		}
	}
	if !reflect.DeepEqual(got, want) {
		f.Errorf("header: got %v, want %v", got, want)
	}
}

// compareBody checks that the body is what was given. An optional body of which nothing was given is an empty object.
func (f *fixture) compareBody(got []byte, arguments map[string]any) {
	f.Helper()
	if f.op.Body == nil {
		if len(got) != 0 {
			f.Errorf("body: got %s, want none", got)
		}
		return
	}
	want := map[string]any{}
	for name, value := range arguments {
		if optest.Parameter(f.op, name) == nil {
			want[optest.Property(f.op, name)] = value
		}
	}
	if optest.WholeBody(f.op) {
		want, _ = want["body"].(map[string]any)
		if want == nil {
			want = map[string]any{}
		}
	}
	if !optest.SameJSON(f.T, optest.Decode(f.T, got), want) {
		f.Errorf("body: got %s, want %s", got, optest.Encode(f.T, want))
	}
}
