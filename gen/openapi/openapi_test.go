package openapi_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/openapi"
)

func TestOperationsAreSelectedByTagAndID(t *testing.T) {
	t.Parallel()
	const text = "openapi: 3.1.0\npaths:\n  /a: {get: {operationId: a, tags: [x, y]}, put: {operationId: b, tags: [y]}}\n" +
		"  /c: {get: {operationId: c}}\n"
	for _, c := range []struct {
		options openapi.Options
		want    string
	}{
		{openapi.Options{}, "a b c"},
		{openapi.Options{IncludeTags: []string{"y"}}, "a b"},
		{openapi.Options{IncludeTags: []string{"y"}, ExcludeTags: []string{"x"}}, "b"},
		{openapi.Options{ExcludeTags: []string{"x"}}, "b c"},
		{openapi.Options{IncludeOperationIDs: []string{"a", "c"}}, "a c"},
		{openapi.Options{ExcludeOperationIDs: []string{"a"}}, "b c"},
		{openapi.Options{IncludeOperationIDs: []string{"a"}, ExcludeTags: []string{"x"}}, ""},
	} {
		table, _, err := openapi.Convert([]byte(text), c.options)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, op := range table.Operations {
			got = append(got, op.ID)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%+v: got %s, want %s", c.options, got, c.want)
		}
	}
}

// TestYAMLAndJSONAreReadAlike reads one document in both forms.
func TestYAMLAndJSONAreReadAlike(t *testing.T) {
	t.Parallel()
	const text = `{"openapi": "3.1.0", "paths": {"/a": {"get": {"operationId": "a\u00e9\"\\", "x-a": [1, 1.50, -2e3, true, ` +
		`false, null, "", {}], "tags": [], "parameters": [{"name": "n", "in": "query", "schema": {"minimum": 0.10}}]}}}}`
	want := convert(t, "# YAML, as JSON has no comments\n"+text)
	if got := convert(t, text); !reflect.DeepEqual(got, want) || len(got.Operations) != 1 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := convert(t, "\ufeff"+text); !reflect.DeepEqual(got, want) {
		t.Errorf("after a byte order mark: got %+v, want %+v", got, want)
	}
	for _, broken := range []string{
		`{"openapi": "3.1.0"`, `{"openapi": "3.1.0" "a": 1}`, `{"openapi": tru}`, `{"openapi": [3.1}`,
	} {
		if table, found, err := openapi.Convert([]byte(broken), openapi.Options{}); err == nil || table != nil || found != nil {
			t.Errorf("%s: got %v, %v and %v, want an error alone", broken, table, found, err)
		}
	}
}

func TestWhatIsNoDocumentIsAnError(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                   "the document is empty",
		"a: [":               "neither YAML nor JSON: yaml: line 1: did not find expected node content",
		"- a\n":              "no OpenAPI document: it is not a mapping with the field openapi",
		"a: b\n":             "no OpenAPI document: the field openapi is missing",
		"swagger: '2.0'\n":   "a document of Swagger 2.0: convert it to OpenAPI 3, for example with swagger2openapi",
		"openapi: 4.0.0\n":   `OpenAPI version "4.0.0": want 3.0, 3.1 or 3.2`,
		"openapi: [3.1.0]\n": `OpenAPI version "": want 3.0, 3.1 or 3.2`,
	} {
		table, found, err := openapi.Convert([]byte(text), openapi.Options{})
		if table != nil || found != nil || err == nil || err.Error() != want {
			t.Errorf("%q: got %v, %v and %v, want %s", text, table, found, err, want)
		}
	}
}
