package gen_test

import (
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// isTypedCall tells whether a method returns a decoded answer and takes no body of the caller's making.
func isTypedCall(typ reflect.Type) bool {
	if typ.NumOut() != 2 || !strings.HasSuffix(typ.Out(0).String(), "Response") ||
		typ.Out(0) == reflect.TypeFor[*http.Response]() {
		return false
	}
	for i := range typ.NumIn() {
		if typ.In(i) == reflect.TypeFor[io.Reader]() {
			return false
		}
	}
	return true
}

func TestTableAndClientAgreeOneToOne(t *testing.T) {
	t.Parallel()
	calls := map[string]bool{}
	client := reflect.TypeFor[*gen.ClientWithResponses]()
	for i := range client.NumMethod() {
		if method := client.Method(i); isTypedCall(method.Type) {
			calls[folded(strings.TrimSuffix(method.Name, "WithResponse"))] = true
		}
	}
	for _, op := range gen.Operations.Operations {
		if !calls[folded(op.ID)] {
			t.Errorf("operation %s has no method", op.ID)
		}
		delete(calls, folded(op.ID))
	}
	for name := range calls {
		t.Errorf("method %s has no operation in the table", name)
	}
}

func TestRoutesAreThoseOfTheOperations(t *testing.T) {
	t.Parallel()
	if got, want := len(gen.Routes), len(gen.Operations.Operations); got != want {
		t.Fatalf("routes: got %d, want %d", got, want)
	}
	for i, op := range gen.Operations.Operations {
		want := optable.Route{
			ID: op.ID, Method: op.Method, Path: op.Path, Servers: op.Servers, Security: op.Security,
			IdempotencyKey: op.ID == "audit_logs.events.create",
			Reserved:       gen.Routes[i].Reserved, // TestReservedValuesAreThoseThatMeanAnotherOperation has them
		}
		for _, a := range op.Responses {
			want.Redirect = want.Redirect || a.Status/100 == 3
			if a.Status != 0 && a.MediaType != "" {
				want.JSON = append(want.JSON, a.Status)
			}
		}
		if got := gen.Routes[i]; !reflect.DeepEqual(got, want) {
			t.Errorf("route %d: got %+v, want %+v", i, got, want)
		}
	}
}

func TestReservedValuesAreThoseThatMeanAnotherOperation(t *testing.T) {
	t.Parallel()
	router := optable.NewRouter(gen.Routes)
	for _, route := range gen.Routes {
		segments := strings.Split(route.Path, "/")
		for at, segment := range segments {
			if !strings.HasPrefix(segment, "{") {
				continue
			}
			for _, other := range gen.Routes { // each fixed segment that stands at this place in another path
				literals := strings.Split(other.Path, "/")
				if other.Method != route.Method || len(literals) <= at || literals[at] == "" ||
					strings.HasPrefix(literals[at], "{") {
					continue
				}
				tried := slices.Clone(segments)
				tried[at] = literals[at]
				means := router.Match(route.Method, strings.Join(tried, "/"))
				pair := [2]string{strings.Trim(segment, "{}"), literals[at]}
				astray := means != nil && means.ID != route.ID
				if got := slices.Contains(route.Reserved, pair); got != astray {
					t.Errorf("%s: is %q reserved: got %t, want %t", route.ID, pair, got, astray)
				}
			}
		}
	}
}

// With the id "name", the metadata of a vault object would be the value of the object called metadata.
func TestPathValueOfAnotherOperationIsRefused(t *testing.T) {
	t.Parallel()
	client, err := gen.NewClientWithResponses("http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	adapter, err := mcpadapter.New(client, &gen.Operations)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ tool, arguments, want string }{
		{"vault.kv.metadata.get", `{"id":"name"}`, "vault.kv.name.get"},
		{"vault.kv.versions.list", `{"id":"name"}`, "vault.kv.name.get"},
		{"organizations.api_keys.list", `{"organizationId":"external_id"}`, "organizations.external_id.get"},
	} {
		tool, err := adapter.Tool(c.tool)
		if err != nil {
			t.Fatal(err)
		}
		r := tool.Invoke(t.Context(), []byte(c.arguments))
		if r.Failure == nil || r.Failure.Code != mcpadapter.CodeInvalidArguments || !strings.Contains(r.Text(), c.want) {
			t.Errorf("%s %s: got %s, want a refusal that names %s", c.tool, c.arguments, r.Text(), c.want)
		}
	}
	if _, err := client.VaultKVMetadataGetWithResponse(t.Context(), "name"); err == nil ||
		!strings.Contains(err.Error(), "another endpoint") {
		t.Errorf("the client: got %v, want a refusal", err)
	}
}

func TestEveryPathIsRecognizedAsItsOwnOperation(t *testing.T) {
	t.Parallel()
	router := optable.NewRouter(gen.Routes)
	for _, op := range gen.Operations.Operations {
		path := op.Path
		for _, name := range pathNames(op.Path) {
			path = strings.ReplaceAll(path, "{"+name+"}", "x%2Fy")
		}
		route := router.Match(op.Method, path)
		if route == nil || route.ID != op.ID {
			t.Errorf("%s %s: got the route %+v, want %s", op.Method, path, route, op.ID)
		}
	}
}

func TestParametersAreThoseOfThePath(t *testing.T) {
	t.Parallel()
	for _, op := range gen.Operations.Operations {
		var got []string
		for _, p := range op.Parameters {
			if p.In == optable.InPath {
				got = append(got, p.Name)
				if !p.Required {
					t.Errorf("%s: path parameter %s is optional", op.ID, p.Name)
				}
			}
		}
		want := pathNames(op.Path)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: got the path parameters %v, want %v", op.ID, got, want)
		}
	}
}

func TestEveryOperationBecomesATool(t *testing.T) {
	t.Parallel()
	client, err := gen.NewClientWithResponses("https://api.example.com")
	if err != nil {
		t.Fatalf("NewClientWithResponses: %v", err)
	}
	adapter, err := mcpadapter.New(client, &gen.Operations)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	for i, tool := range adapter.Tools() {
		if op := gen.Operations.Operations[i]; tool.Name != op.ID || tool.Title != op.Summary {
			t.Errorf("tool %d: got %s (%s), want %s (%s)", i, tool.Name, tool.Title, op.ID, op.Summary)
		}
	}
	if got := len(adapter.Tools()); got != operationCount {
		t.Errorf("tools: got %d, want %d", got, operationCount)
	}
}
