package runtime_test

import (
	"fmt"
	"slices"
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

// TestEachReservedValueIsReservedForItsParameter takes the reserved values of each parameter, and those of others.
func TestEachReservedValueIsReservedForItsParameter(t *testing.T) {
	t.Parallel()
	for parameter, reserved := range map[string][]string{
		"id": {"external_id", "name"}, "organizationId": {"external_id"}, "organization_id": {"external_id"},
		"userId": {"external_id"}, "user_id": {"external_id"}, "userlandUserId": {"external_id"}, "slug": nil, "": nil,
	} {
		for _, value := range []string{"external_id", "name", "External_id", "external_id2", parameter + "x"} {
			got, err := runtime.StyleParamWithOptions("simple", false, parameter, value,
				runtime.StyleParamOptions{Type: "string", ParamLocation: runtime.ParamLocationPath})
			if slices.Contains(reserved, value) {
				want := fmt.Sprintf("path parameter %q is %q, which would address another endpoint", parameter, value)
				if got != "" || err == nil || err.Error() != want {
					t.Errorf("%s: got %q and %v, want %s", parameter, got, err, want)
				}
			} else if got != value || err != nil {
				t.Errorf("%s: got %q and %v, want %q", parameter, got, err, value)
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
	for _, value := range []string{"", ".", "..", "name", "external_id"} {
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
	if got, err := runtime.JSONMerge([]byte(`{"a":1}`), []byte(`{`)); err == nil {
		t.Errorf("a patch that is no JSON: got %s, want an error", got)
	}
}
