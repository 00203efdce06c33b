package client_test

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// values are path values that tell their places apart.
func values(n int) []string {
	return []string{"first_01", "second_02", "third_03", "fourth_04"}[:n]
}

func TestPathValuesThatAddressAnotherEndpointAreNeverSent(t *testing.T) {
	w := newWire(answerJSON(http.StatusBadRequest, `{}`))
	api := newAPI(t, testKey, w.option())
	for _, op := range operations(t, api) {
		for i := range op.paths {
			for _, bad := range []string{"", ".", ".."} {
				paths := values(op.paths)
				paths[i] = bad
				if err := op.do(t.Context(), paths); err == nil || !strings.Contains(err.Error(), "path parameter") {
					t.Errorf("%s with %q as path value %d: got %v, want an error", op.name, bad, i, err)
				}
			}
		}
	}
	if len(w.sent) != 0 {
		t.Errorf("sent %d requests, want none; the first is %s", len(w.sent), w.sent[0].URL)
	}
}

// TestTreeKeepsPathValuesInTheirPlaces does the same through the tree, which writes its URLs itself.
func TestTreeKeepsPathValuesInTheirPlaces(t *testing.T) {
	w := newWire(answerJSON(http.StatusBadRequest, `{}`))
	c := newClient(t, testKey, w.option(), client.WithBaseURL("https://api.workos.com/a%2Fb/"))
	for _, tree := range treeCalls(reflect.ValueOf(c).Elem().FieldByName("Services"), "") {
		args := arguments(t, tree.call.Type())
		with := func(place int, value string) error {
			changed := slices.Clone(args)
			changed[place] = reflect.ValueOf(value).Convert(args[place].Type())
			return tree.do(changed)
		}
		for place := 1; place < len(args) && args[place].Kind() == reflect.String; place++ {
			for _, bad := range []string{"", ".", ".."} {
				if err := with(place, bad); err == nil || !strings.Contains(err.Error(), "path parameter") || len(w.sent) > 0 {
					t.Errorf("%s with %q as path value %d: got %v and %d requests, want an error and none", tree.name, bad, place,
						err, len(w.sent))
				}
			}
			plain := sentPath(t, w, with(place, "plain_01"))
			for _, hostile := range []string{
				"../users/user_01", "a/b", "a?b", "a#b", "%2e%2e", "%2F", "é", "...", "a\nb", "{id}",
			} {
				got := sentPath(t, w, with(place, hostile))
				if want := strings.Replace(plain, "plain_01", url.PathEscape(hostile), 1); got != want {
					t.Errorf("%s with %q: got %s, want %s", tree.name, hostile, got, want)
				}
			}
		}
	}
}

func TestPathValueIsOneSegmentOnTheWire(t *testing.T) {
	w := newWire(answerJSON(http.StatusBadRequest, `{}`))
	both := client.WithCredentials(t.Context(), client.Credentials{
		APIKey: testKey, AccessToken: testToken, PlatformToken: testPlatformToken,
	})
	withPath := 0
	for _, op := range operations(t, newAPI(t, testKey, w.option())) {
		if op.paths == 0 {
			continue
		}
		withPath++
		plain := sentPath(t, w, op.do(both, values(op.paths)))
		for i, value := range values(op.paths) {
			for _, hostile := range []string{
				"../users/user_01", "a/b", "a?b", "a#b", "%2e%2e", "a b", "é", "...", "a;b", `a\b`, "a\nb", "{id}",
			} {
				paths := values(op.paths)
				paths[i] = hostile
				got := sentPath(t, w, op.do(both, paths))
				if want := strings.Replace(plain, value, url.PathEscape(hostile), 1); got != want {
					t.Errorf("%s with %q: got %s, want %s", op.name, hostile, got, want)
				}
			}
		}
	}
	want := 0
	for i := range gen.Routes {
		if strings.Contains(gen.Routes[i].Path, "{") {
			want++
		}
	}
	if withPath != want {
		t.Errorf("operations with path values: got %d, want %d", withPath, want)
	}
}

// sentPath is the request target of the one request since the last call.
func sentPath(t *testing.T, w *wire, err error) string {
	t.Helper()
	if len(w.sent) != 1 {
		t.Fatalf("got %d requests and error %v, want one request", len(w.sent), err)
	}
	req := w.sent[0]
	w.sent = nil
	return req.URL.RequestURI()
}

func TestPathValueArrivesEscapedAtAServer(t *testing.T) {
	var mu sync.Mutex
	var got []string
	base := serve(t, func(w http.ResponseWriter, req *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, req.Method+" "+req.RequestURI)
		w.WriteHeader(http.StatusNoContent)
	})
	api := newAPI(t, testKey, client.WithBaseURL(base+"/v1"))
	for _, id := range []string{"../users/user_01", "a/b", "a?b", "a#b", "%2e%2e", "a b", "é", "..", ""} {
		_, _ = api.OrganizationsDeleteWithResponse(t.Context(), id)
	}
	want := []string{
		"DELETE /v1/organizations/..%2Fusers%2Fuser_01", "DELETE /v1/organizations/a%2Fb",
		"DELETE /v1/organizations/a%3Fb", "DELETE /v1/organizations/a%23b", "DELETE /v1/organizations/%252e%252e",
		"DELETE /v1/organizations/a%20b", "DELETE /v1/organizations/%C3%A9",
	}
	if !slices.Equal(got, want) {
		t.Errorf("requests:\n got %q\nwant %q", got, want)
	}
}
