package optest_test

import (
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/internal/optest"
	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestPathNamesAreInOrder(t *testing.T) {
	t.Parallel()
	for path, want := range map[string][]string{
		"/users": nil, "/users/{id}": {"id"}, "/a/{b}/c/{d_e}/f": {"b", "d_e"}, "/{b}{a}": {"b", "a"},
	} {
		if got := optest.PathNames(path); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}

func TestNamesFoldToWhatGoKeeps(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"": "", "api_keys.by-id.get": "apikeysbyidget", "APIKeysGet": "apikeysget"} {
		if got := optest.Fold(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestSuccessesAreTheResponsesThatAreNotErrors(t *testing.T) {
	t.Parallel()
	op := &optable.Operation{}
	for _, status := range []int{0, 200, 302, 400, 500} { // 0 is any other
		op.Responses = append(op.Responses, optable.Response{Status: status})
	}
	var got []int
	for _, r := range optest.Successes(op) {
		got = append(got, r.Status)
	}
	if want := []int{200, 302}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestATypedCallReturnsADecodedResponse(t *testing.T) {
	t.Parallel()
	client := reflect.TypeFor[*gen.ClientWithResponses]()
	for name, want := range map[string]bool{
		"OrganizationsGetWithResponse": true, "OrganizationsCreateWithResponse": true,
		"OrganizationsCreateWithBodyWithResponse": false, "OrganizationsGet": false,
	} {
		method, found := client.MethodByName(name)
		if !found {
			t.Errorf("the client has no method %s", name)
			continue
		}
		if got := optest.IsTypedCall(method.Type); got != want {
			t.Errorf("%s: got %t, want %t", name, got, want)
		}
	}
	if optest.IsTypedCall(reflect.TypeFor[func() (*http.Response, error)]()) {
		t.Error("a call that returns *http.Response: got true, want false")
	}
}
