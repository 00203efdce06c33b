// Package recorded makes an operations table of nothing but a client of oapi-codegen: it calls each method of a copy
// of the client whose HTTP client records the request and sends nothing.
package recorded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"sort"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Problem is a method of which no operation could be made.
type Problem struct {
	Method string
	Err    error
}

// Table returns the operations of a client, which is a *Client or a *ClientWithResponses as oapi-codegen generates
// them, in the order of their paths. Neither the client's HTTP client nor its request editors run.
//
// The table has methods, paths and the names and places of parameters. It has no schemas: those follow from the Go
// types.
func Table(client reflect.Value) (*optable.Table, []Problem, error) {
	r, err := newRecorder(client)
	if err != nil {
		return nil, nil, err
	}
	table := &optable.Table{}
	var problems []Problem
	for i := range r.client.NumMethod() {
		name := r.client.Type().Method(i).Name
		base, ok := r.operation(name)
		if !ok {
			continue
		}
		op, err := r.describe(base)
		if err != nil {
			problems = append(problems, Problem{base, err})
			continue
		}
		table.Operations = append(table.Operations, op)
	}
	sort.SliceStable(table.Operations, func(i, j int) bool {
		a, b := &table.Operations[i], &table.Operations[j]
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method)) < 0
	})
	return table, problems, nil
}

// recorder is a copy of a client whose requests are recorded.
type recorder struct {
	client reflect.Value // pointer to the copy
	doer   *doer
}

// doer records the last request.
type doer struct{ request *http.Request }

var errRecorded = errors.New("recorded")

// Do records a request instead of sending it.
func (d *doer) Do(r *http.Request) (*http.Response, error) {
	d.request = r
	return nil, errRecorded
}

// newRecorder copies the client with its server, HTTP client and request editors replaced.
func newRecorder(client reflect.Value) (*recorder, error) {
	inner := client
	if inner.Kind() == reflect.Pointer && inner.Elem().Kind() == reflect.Struct {
		if f := inner.Elem().FieldByName("ClientInterface"); f.IsValid() && f.Kind() == reflect.Interface && !f.IsNil() {
			inner = f.Elem()
		}
	}
	refuse := fmt.Errorf("%s is not a client of oapi-codegen: want a *Client or *ClientWithResponses with the fields "+
		"Server, Client and RequestEditors", client.Type())
	if inner.Kind() != reflect.Pointer || inner.IsNil() || inner.Elem().Kind() != reflect.Struct {
		return nil, refuse
	}
	r := &recorder{client: reflect.New(inner.Type().Elem()), doer: &doer{}}
	c := r.client.Elem()
	c.Set(inner.Elem())
	server, http, editors := c.FieldByName("Server"), c.FieldByName("Client"), c.FieldByName("RequestEditors")
	if !server.IsValid() || server.Kind() != reflect.String || !editors.IsValid() || editors.Kind() != reflect.Slice ||
		!http.IsValid() || http.Kind() != reflect.Interface || !reflect.TypeOf(r.doer).Implements(http.Type()) {
		return nil, refuse
	}
	server.SetString("http://client.invalid/")
	http.Set(reflect.ValueOf(r.doer))
	editors.SetZero()
	return r, nil
}

const withBody = "WithBody"

// operation returns the name of the operation that a method is for, or false if another method describes it or it is
// none.
func (r *recorder) operation(method string) (string, bool) {
	m := r.client.MethodByName(method)
	if !returnsResponse(m.Type()) {
		return "", false
	}
	if base, ok := strings.CutSuffix(method, withBody); ok && takesReader(m.Type()) {
		return base, true
	}
	for i, c := range method { // FooWithFormdataBody belongs to FooWithBody, as does Foo
		rest := method[i:]
		if c == 'W' && strings.HasPrefix(rest, "With") && strings.HasSuffix(rest, "Body") && r.has(method[:i]+withBody) {
			return "", false
		}
	}
	return method, !r.has(method + withBody)
}

func (r *recorder) has(method string) bool {
	m := r.client.MethodByName(method)
	return m.IsValid() && returnsResponse(m.Type()) && takesReader(m.Type())
}

var (
	contextType  = reflect.TypeFor[context.Context]()
	responseType = reflect.TypeFor[*http.Response]()
	errorType    = reflect.TypeFor[error]()
	readerType   = reflect.TypeFor[io.Reader]()
)

func returnsResponse(t reflect.Type) bool {
	return t.IsVariadic() && t.NumIn() > 1 && t.In(0) == contextType &&
		t.NumOut() == 2 && t.Out(0) == responseType && t.Out(1) == errorType
}

// takesReader reports whether the last two arguments before the editors are a media type and a reader.
func takesReader(t reflect.Type) bool {
	n := t.NumIn()
	return n >= 4 && t.In(n-2) == readerType && t.In(n-3).Kind() == reflect.String
}

// record calls a method and returns the request that it would send.
func (r *recorder) record(method string, args []reflect.Value) (request *http.Request, err error) {
	defer func() {
		if v := recover(); v != nil {
			request, err = nil, fmt.Errorf("the client panics: %v", v)
		}
	}()
	r.doer.request = nil
	in := append([]reflect.Value{reflect.ValueOf(context.Background())}, args...)
	out := r.client.MethodByName(method).Call(in)
	if r.doer.request == nil {
		err, _ := reflect.TypeAssert[error](out[1])
		return nil, fmt.Errorf("it sends nothing: %w", err)
	}
	return r.doer.request, nil
}
