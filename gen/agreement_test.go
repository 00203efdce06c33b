package gen_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/internal/optest"
	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestTableAndClientAgreeOneToOne(t *testing.T) {
	t.Parallel()
	calls := map[string]bool{}
	client := reflect.TypeFor[*gen.ClientWithResponses]()
	for method := range client.Methods() {
		if optest.IsTypedCall(method.Type) {
			calls[optest.Fold(strings.TrimSuffix(method.Name, "WithResponse"))] = true
		}
	}
	for _, op := range gen.Operations.Operations {
		if !calls[optest.Fold(op.ID)] {
			t.Errorf("operation %s has no method", op.ID)
		}
		delete(calls, optest.Fold(op.ID))
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
			ID: op.ID, Method: op.Method, Path: op.Path, Servers: op.Servers, Security: optable.Alternatives(op.Security),
			Exclusive:      op.Exclusive,
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

func TestEveryPathIsRecognizedAsItsOwnOperation(t *testing.T) {
	t.Parallel()
	router := optable.NewRouter(gen.Routes)
	for _, op := range gen.Operations.Operations {
		path := op.Path
		for _, name := range optest.PathNames(op.Path) {
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
		want := optest.PathNames(op.Path)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: got the path parameters %v, want %v", op.ID, got, want)
		}
	}
}
