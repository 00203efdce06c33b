package client_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/oapi-codegen/nullable"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

func TestBodyReachesTheWire(t *testing.T) {
	w := newWire(respondJSON(http.StatusCreated, anOrg))
	api := newAPI(t, testKey, w.option())
	answer, err := api.OrganizationsCreateWithResponse(t.Context(), gen.CreateOrganization{Name: "Acme"})
	if err != nil {
		t.Fatalf("call: %v", err)
	}
	if answer.JSON201 == nil || answer.JSON201.ID != "org_01" {
		t.Errorf("answer: got %+v, want org_01", answer.JSON201)
	}
	if got := w.sent[0].Header.Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type: got %q, want application/json", got)
	}
}

func TestEmptyIDIsAnErrorAndNotTheList(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, `{"data":[],"list_metadata":{}}`))
	organization, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "")
	const want = `organizations.get: invalid request: id is ""`
	if organization != nil || err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, %v; want an error that names the parameter", organization, err)
	}
	if len(w.sent) != 0 {
		t.Errorf("sent %s, want nothing", w.sent[0].URL)
	}
}

func TestDotsAreNotSentAsAnID(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, `{}`))
	for _, id := range []string{".", ".."} {
		if err := newClient(t, testKey, w.option()).Organizations.Delete(t.Context(), id); err == nil {
			t.Errorf("Delete %q: got success, want an error", id)
		}
	}
	if len(w.sent) != 0 {
		t.Errorf("sent %d requests, want none", len(w.sent))
	}
}

func TestPathValueThatMeansAnotherOperationIsNotSent(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, `{}`))
	_, err := newClient(t, testKey, w.option()).Vault.KV.Metadata.Get(t.Context(), "name")
	if err == nil || !strings.Contains(err.Error(), "another endpoint") || len(w.sent) != 0 {
		t.Errorf("got %v and %d requests, want an error and none", err, len(w.sent))
	}
}

func TestEmptyNullAndAbsentAreThreeThings(t *testing.T) {
	for want, body := range map[string]gen.UpdateOrganization{
		`{}`:                   {},
		`{"domain_data":[]}`:   {DomainData: []gen.OrganizationDomainData{}},
		`{"external_id":null}`: {ExternalID: nullable.NewNullNullable[string]()},
		`{"external_id":""}`:   {ExternalID: nullable.NewNullableWithValue("")},
		`{"external_id":"a"}`:  {ExternalID: nullable.NewNullableWithValue("a")},
		`{"metadata":null}`:    {Metadata: nullable.NewNullNullable[map[string]*string]()},
		`{"metadata":{}}`:      {Metadata: nullable.NewNullableWithValue(map[string]*string{})},
		`{"metadata":{"a":null,"b":"c"}}`: {
			Metadata: nullable.NewNullableWithValue(map[string]*string{"a": nil, "b": new("c")}),
		},
	} {
		w := newWire(respondJSON(http.StatusOK, anOrg))
		if _, err := newClient(t, testKey, w.option()).Organizations.Update(t.Context(), "org_01", body); err != nil {
			t.Fatal(err)
		}
		if _, got, _ := strings.Cut(onTheWire(t, w.sent[0]), " {"); "{"+got != want {
			t.Errorf("got {%s, want %s", got, want)
		}
	}
}

func TestRequestSaysWhatItsBodyIs(t *testing.T) {
	with := sentBy(t, func(c *client.Client) {
		_, _ = c.Organizations.Create(t.Context(), gen.CreateOrganization{Name: "Acme"})
	})
	const body = `{"name":"Acme"}`
	for range 2 { // as often as it is sent
		text, err := io.ReadAll(with.Body)
		if err != nil || string(text) != body {
			t.Errorf("body: got %s, %v; want %s", text, err, body)
		}
		if with.Body, err = with.GetBody(); err != nil {
			t.Fatal(err)
		}
	}
	if with.ContentLength != int64(len(body)) || with.Header.Get("Content-Type") != "application/json" {
		t.Errorf("got %d bytes of %q", with.ContentLength, with.Header.Get("Content-Type"))
	}
	without := sentBy(t, func(c *client.Client) { _ = c.Organizations.Delete(t.Context(), "org_01") })
	if without.Body != nil || without.GetBody != nil || without.ContentLength != 0 ||
		len(without.Header["Content-Type"]) != 0 {
		t.Errorf("without a body: got %d bytes of %q", without.ContentLength, without.Header.Get("Content-Type"))
	}
	for _, req := range []*http.Request{with, without} {
		if req.Proto != "HTTP/1.1" || req.ProtoMajor != 1 || req.ProtoMinor != 1 || req.Host != "api.workos.com" {
			t.Errorf("got %s (%d.%d) to %s", req.Proto, req.ProtoMajor, req.ProtoMinor, req.Host)
		}
	}
}

func TestBodyThatIsAMapIsAnObject(t *testing.T) {
	for want, body := range map[string]gen.CreateClientSecret{`{}`: nil, `{"a":1}`: {"a": 1}} {
		req := sentBy(t, func(c *client.Client) {
			_, _ = c.Connect.Applications.ClientSecrets.Create(t.Context(), "app_01", body)
		})
		text, err := io.ReadAll(req.Body)
		if err != nil || string(text) != want || req.ContentLength != int64(len(want)) {
			t.Errorf("got %s of %d bytes, %v; want %s", text, req.ContentLength, err, want)
		}
	}
}

func TestPathOfARequestIsPlainWhereItCanBe(t *testing.T) {
	for base, tt := range map[string]struct{ id, path, raw string }{
		"https://h":       {"org_01", "/organizations/org_01", ""},
		"https://h/":      {"a b", "/organizations/a b", "/organizations/a%20b"},
		"https://h/v1/":   {"a/b", "/v1/organizations/a/b", "/v1/organizations/a%2Fb"},
		"https://h/x%2Fy": {"org_01", "/x/y/organizations/org_01", "/x%2Fy/organizations/org_01"},
	} {
		req := sentBy(t, func(c *client.Client) { _ = c.Organizations.Delete(t.Context(), tt.id) }, client.WithBaseURL(base))
		if req.URL.Path != tt.path || req.URL.RawPath != tt.raw || req.URL.Host != "h" || req.URL.Scheme != "https" {
			t.Errorf("%s: got %q, %q", base, req.URL.Path, req.URL.RawPath)
		}
	}
}

func TestPathValuesThatAddressAnotherEndpointAreNeverSent(t *testing.T) {
	w := newWire(respondJSON(http.StatusBadRequest, `{}`))
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
	w := newWire(respondJSON(http.StatusBadRequest, `{}`))
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
				if err := with(place, bad); !errors.Is(err, client.ErrInvalidRequest) || len(w.sent) > 0 {
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
	w := newWire(respondJSON(http.StatusBadRequest, `{}`))
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

func TestUnionWithoutAVariantIsNotSent(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, `{}`))
	_, err := newClient(t, testKey, w.option()).UserManagement.Authenticate(t.Context(), gen.Authenticate{})
	if err == nil || !strings.Contains(err.Error(), "set a variant") || len(w.sent) != 0 {
		t.Errorf("got %v and %d requests, want an error that says what is missing, and none", err, len(w.sent))
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
