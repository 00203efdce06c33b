// Package untyped has a client of any API that a table describes, without generated types: mcpadapter checks arguments
// by the schemas of the table alone and calls it as it calls a generated client. It is for trying an API out, and for
// servers of descriptions that are known at start only. A generated client has what belongs to a program: types, its
// own transport, middleware and errors.
//
//	client, err := untyped.NewClient("https://museum.example", http.DefaultClient)
//	if err != nil { … }
//	adapter, err := spec.New(client, document)
package untyped

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Client sends requests of the operations of a table. It is safe for concurrent use if its HTTP client is.
type Client struct {
	server *url.URL
	doer   *http.Client
}

// NewClient returns a client for a base URL with the scheme http or https. Operations with servers of their own, see
// [optable.Operation], are sent to the first of those; relative ones are resolved against the base URL. A nil HTTP
// client is one with the defaults that follows no redirects, because those can carry a credential to another host.
func NewClient(server string, doer *http.Client) (*Client, error) {
	u, err := url.Parse(server)
	switch {
	case err != nil:
		return nil, fmt.Errorf("untyped: base URL: %w", err)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, fmt.Errorf("untyped: base URL %q: want an absolute http or https URL", server)
	}
	if doer == nil {
		doer = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	return &Client{server: directory(u), doer: doer}, nil
}

// directory returns a base URL whose path ends in a slash, so that paths are resolved below it.
func directory(u *url.URL) *url.URL {
	c := *u
	if !strings.HasSuffix(c.Path, "/") {
		c = *c.JoinPath("/")
	}
	c.RawQuery, c.Fragment = "", ""
	return &c
}

// Editor changes a request before it is sent.
type Editor = func(context.Context, *http.Request) error

var (
	contextType  = reflect.TypeFor[context.Context]()
	anyType      = reflect.TypeFor[any]()
	stringType   = reflect.TypeFor[string]()
	readerType   = reflect.TypeFor[io.Reader]()
	editorsType  = reflect.TypeFor[[]Editor]()
	responseType = reflect.TypeFor[*http.Response]()
	errorType    = reflect.TypeFor[error]()
)

// maxArguments is how many arguments reflect gives a function, beside those that every method has.
const maxArguments = 40

// Method returns a function with the arguments of oapi-codegen's method for an operation: a context, any for each part
// of the path, a pointer to a struct of parameters, the media type and the reader of a body, and request editors. It
// implements the interface that mcpadapter.New looks for.
func (c *Client) Method(op *optable.Operation) (any, error) {
	m := method{client: c, op: op, parts: split(op.Path)}
	in := []reflect.Type{contextType}
	for _, p := range m.parts {
		if p.name == "" {
			continue
		}
		if m.parameter(p.name, optable.InPath) == nil {
			return nil, fmt.Errorf("the table does not describe the path parameter %q", p.name)
		}
		in = append(in, anyType)
	}
	if len(in) > maxArguments {
		return nil, fmt.Errorf("its path has %d parameters, more than %d", len(in)-1, maxArguments-1)
	}
	var fields []reflect.StructField
	for i := range op.Parameters {
		p := &op.Parameters[i]
		if p.In == optable.InPath {
			continue
		}
		if strings.Contains(p.Name, ",") {
			return nil, fmt.Errorf("parameter %q: a name with a comma is not supported", p.Name)
		}
		fields = append(fields, reflect.StructField{
			Name: "P" + strconv.Itoa(i), Type: anyType,
			Tag: reflect.StructTag("json:" + strconv.Quote(p.Name) + " in:" + strconv.Quote(string(p.In))),
		})
		m.parameters = append(m.parameters, p)
	}
	if fields != nil {
		in = append(in, reflect.PointerTo(reflect.StructOf(fields)))
	}
	if op.Body != nil {
		in = append(in, stringType, readerType)
	}
	in = append(in, editorsType)
	typ := reflect.FuncOf(in, []reflect.Type{responseType, errorType}, true)
	return reflect.MakeFunc(typ, m.call).Interface(), nil
}

// method is the method for one operation.
type method struct {
	client     *Client
	op         *optable.Operation
	parts      []part
	parameters []*optable.Parameter // fields of the struct
}

func (m *method) parameter(name string, in optable.Location) *optable.Parameter {
	for i := range m.op.Parameters {
		if p := &m.op.Parameters[i]; p.Name == name && p.In == in {
			return p
		}
	}
	return nil
}

// call is the function that reflect calls.
func (m *method) call(in []reflect.Value) []reflect.Value {
	out := []reflect.Value{reflect.Zero(responseType), reflect.Zero(errorType)}
	resp, err := m.do(in) //nolint:bodyclose // the caller closes it
	if err != nil {
		out[1] = reflect.ValueOf(&err).Elem()
	} else {
		out[0] = reflect.ValueOf(resp)
	}
	return out
}

func (m *method) do(in []reflect.Value) (*http.Response, error) {
	ctx, ok := reflect.TypeAssert[context.Context](in[0])
	if !ok {
		return nil, errors.New("untyped: the context is nil")
	}
	request, err := m.request(ctx, in[1:])
	if err != nil {
		return nil, err
	}
	editors, _ := reflect.TypeAssert[[]Editor](in[len(in)-1])
	for _, edit := range editors {
		if err := edit(ctx, request); err != nil {
			return nil, err
		}
	}
	return m.client.doer.Do(request) //nolint:wrapcheck // as generated clients do
}

// request builds the request of the arguments that follow the context.
func (m *method) request(ctx context.Context, in []reflect.Value) (*http.Request, error) {
	path := ""
	for _, p := range m.parts {
		if p.name == "" {
			path += p.text
			continue
		}
		text, err := pathValue(m.parameter(p.name, optable.InPath), in[0].Interface())
		if err != nil {
			return nil, fmt.Errorf("untyped: path parameter %q: %w", p.name, err)
		}
		if strings.Contains(path, "?") { // a few APIs have a query in their paths
			text = escapeQuery(text)
		}
		path, in = path+text, in[1:]
	}
	base := m.client.server
	if len(m.op.Servers) > 0 {
		own, err := base.Parse(m.op.Servers[0])
		if err != nil {
			return nil, fmt.Errorf("untyped: server of the operation: %w", err)
		}
		base = directory(own)
	}
	u, err := base.Parse("./" + strings.TrimPrefix(path, "/"))
	if err != nil {
		return nil, fmt.Errorf("untyped: path: %w", err)
	}
	var values reflect.Value
	if m.parameters != nil {
		values, in = in[0].Elem(), in[1:]
	}
	mediaType, body := "", io.Reader(nil)
	if m.op.Body != nil {
		mediaType = in[0].String()
		body, _ = reflect.TypeAssert[io.Reader](in[1])
	}
	request, err := http.NewRequestWithContext(ctx, m.op.Method, u.String(), body)
	if err != nil {
		return nil, fmt.Errorf("untyped: %w", err)
	}
	if mediaType != "" {
		request.Header.Set("Content-Type", mediaType)
	}
	return request, m.set(request, values)
}

// escapeQuery escapes what a query gives a meaning and a path does not.
func escapeQuery(text string) string {
	return strings.NewReplacer("&", "%26", "+", "%2B", "=", "%3D", ";", "%3B").Replace(text)
}

// part is a piece of a path template: fixed text, or a parameter.
type part struct{ text, name string }

// split divides a path template at its parameters, whose marks of RFC 6570 their styles repeat.
func split(template string) []part {
	var parts []part
	for template != "" {
		text, rest, found := strings.Cut(template, "{")
		if text != "" {
			parts = append(parts, part{text: text})
		}
		if !found {
			break
		}
		var name string
		name, template, _ = strings.Cut(rest, "}")
		parts = append(parts, part{name: strings.TrimSuffix(strings.TrimLeft(name, ".;?"), "*")})
	}
	return parts
}
