package runtime_test

import (
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/internal/runtime"
)

func style(t *testing.T, value any, location string) (string, error) {
	t.Helper()
	opts := runtime.StyleParamOptions{Type: "string"}
	switch location {
	case "path":
		opts.ParamLocation = runtime.ParamLocationPath
	case "query":
		opts.ParamLocation = runtime.ParamLocationQuery
	case "header":
		opts.ParamLocation = runtime.ParamLocationHeader
	}
	form := map[string]string{"path": "simple", "query": "form", "header": "simple"}[location]
	return runtime.StyleParamWithOptions(form, false, "id", value, opts)
}

type slug string

func TestPathValueThatAddressesAnotherEndpointIsAnError(t *testing.T) {
	t.Parallel()
	for _, value := range []any{"", ".", "..", slug(""), slug("."), slug(".."), "name", "external_id"} {
		got, err := style(t, value, "path")
		if err == nil || got != "" {
			t.Errorf("%q: got %q and error %v, want an error", value, got, err)
			continue
		}
		if !strings.Contains(err.Error(), `"id"`) {
			t.Errorf("%q: got the error %q, want it to name the parameter", value, err)
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
		{"ü ", "%C3%BC%20"},
	} {
		got, err := style(t, c.value, "path")
		if err != nil || got != c.want {
			t.Errorf("%q: got %q and error %v, want %q", c.value, got, err, c.want)
		}
	}
}

func TestOtherPlacesMayHoldDotsAndNothing(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"", ".", ".."} {
		for location, want := range map[string]string{"query": "id=" + value, "header": value} {
			got, err := style(t, value, location)
			if err != nil || got != want {
				t.Errorf("%s %q: got %q and error %v, want %q", location, value, got, err, want)
			}
		}
	}
}

func TestValueWithoutAStyleIsAnError(t *testing.T) {
	t.Parallel()
	if got, err := style(t, func() {}, "path"); err == nil {
		t.Errorf("a function as value: got %q, want an error", got)
	}
}

func TestJSONMergePatchesAsRFC7386Says(t *testing.T) {
	t.Parallel()
	got, err := runtime.JSONMerge([]byte(`{"a":1,"b":2}`), []byte(`{"b":3}`))
	if want := `{"a":1,"b":3}`; err != nil || string(got) != want {
		t.Errorf("got %s and error %v, want %s", got, err, want)
	}
}
