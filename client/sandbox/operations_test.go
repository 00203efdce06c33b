package sandbox_test

import (
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// TestEveryOperationAnswersAsDocumented puts a valid request to each operation, in a sandbox that has one of each
// thing, and checks status and body against the description, and that the generated client decodes them.
func TestEveryOperationAnswersAsDocumented(t *testing.T) {
	methods := clientMethods(t)
	if got := len(gen.Operations.Operations); got == 0 {
		t.Fatal("no operations")
	}
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		t.Run(op.ID, func(t *testing.T) {
			sb, w := furnished(t)
			a := send(t, sb, op.Method, w.target(op), w.body(op))
			var documented *optable.Response
			for i := range op.Responses {
				if op.Responses[i].Status == a.status {
					documented = &op.Responses[i]
				}
			}
			switch {
			case documented == nil || a.status >= http.StatusBadRequest:
				t.Fatalf("%s %s: got undocumented %d %s", op.Method, w.target(op), a.status, a.text)
			case documented.Schema == nil:
				if a.text != "" {
					t.Errorf("got body %s, want none", a.text)
				}
			default:
				checkAnswer(t, documented.Schema, a.text)
			}
			if a.status == http.StatusFound && a.header.Get("Location") == "" {
				t.Error("a redirect without Location")
			}
			checkDecoded(t, methods[op.ID], a, documented)
		})
	}
}

// method is one of the generated client's.
type method struct {
	name string
	call func(gen.HttpRequestDoer) reflect.Value // with arguments of no meaning; the result is never nil
}

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(req *http.Request) (*http.Response, error) { return d(req) }

// clientMethods finds the generated client's method for each operation, by the requests that they send.
func clientMethods(t *testing.T) map[string]method {
	t.Helper()
	router := optable.NewRouter(gen.Routes)
	methods := map[string]method{}
	typ := reflect.TypeFor[*gen.ClientWithResponses]()
	for m := range typ.Methods() {
		if !strings.HasSuffix(m.Name, "WithResponse") || strings.HasSuffix(m.Name, "WithBodyWithResponse") {
			continue
		}
		call := func(d gen.HttpRequestDoer) reflect.Value {
			client, err := gen.NewClientWithResponses("https://api.workos.com", gen.WithHTTPClient(d))
			if err != nil {
				t.Fatal(err)
			}
			args := []reflect.Value{reflect.ValueOf(client), reflect.ValueOf(t.Context())}
			for n := 2; n < m.Type.NumIn()-1; n++ { // the last are request editors
				arg := reflect.New(m.Type.In(n)).Elem()
				switch arg.Kind() {
				case reflect.String:
					arg.SetString(map[bool]string{true: "ip_address", false: "block"}[strings.HasSuffix(arg.Type().Name(), "Type")])
				case reflect.Pointer:
					arg.Set(reflect.New(arg.Type().Elem()))
				default:
				}
				args = append(args, arg)
			}
			results := m.Func.Call(args)
			if err, _ := reflect.TypeAssert[error](results[1]); err != nil {
				t.Fatalf("%s: %v", m.Name, err)
			}
			return results[0]
		}
		call(doer(func(req *http.Request) (*http.Response, error) {
			route := router.Match(req.Method, req.URL.EscapedPath())
			if route == nil {
				t.Fatalf("%s sends %s %s", m.Name, req.Method, req.URL)
			}
			methods[route.ID] = method{m.Name, call}
			return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
		}))
	}
	return methods
}

// checkDecoded has the generated client decode an answer.
func checkDecoded(t *testing.T, m method, a answer, documented *optable.Response) {
	t.Helper()
	if m.call == nil {
		t.Fatal("the generated client has no such method")
	}
	result := m.call(doer(func(*http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(a.text)),
		}, nil
	})).Elem()
	field := result.FieldByName("JSON" + strconv.Itoa(a.status))
	if documented.Schema != nil && (!field.IsValid() || field.IsNil()) {
		t.Errorf("%s: JSON%d is nil after decoding %s", m.name, a.status, a.text)
	}
}
