package runtime

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	upstream "github.com/oapi-codegen/runtime"
)

// Request collects the parts of an HTTP request. It remembers the first error, which Build returns.
type Request struct {
	method string
	url    string // without the query
	query  []string
	header http.Header
	body   io.Reader
	err    error
}

// NewRequest starts a request to a path such as "/users/{id}" below the URL of the server, whose query and fragment do
// not matter. The segments fill the placeholders of the path in order.
func NewRequest(method, server, path string, segments ...string) *Request {
	r := &Request{method: method, header: http.Header{}}
	if end := strings.IndexAny(server, "?#"); end >= 0 {
		server = server[:end]
	}
	r.url, r.err = expand(strings.TrimSuffix(server, "/"), path, segments)
	return r
}

// expand appends a path to the URL of a server and fills its placeholders. A segment that is empty, "." or ".." is an
// error: servers and URL libraries drop it and address another endpoint (RFC 3986 section 5.2.4). Escaping does not
// help, as "." is unreserved. So is a segment with which the URL would be that of another operation, by optable.Router.
func expand(server, path string, segments []string) (string, error) {
	var b strings.Builder
	const room = 50 // for the values
	b.Grow(len(server) + len(path) + room)
	b.WriteString(server)
	for _, segment := range segments {
		literal, rest, _ := strings.Cut(path, "{")
		name, rest, _ := strings.Cut(rest, "}")
		if segment == "" || segment == "." || segment == ".." || reserved(name, segment) {
			return "", fmt.Errorf("path parameter %q is %q, which would address another endpoint", name, segment)
		}
		b.WriteString(literal)
		b.WriteString(url.PathEscape(segment))
		path = rest
	}
	b.WriteString(path)
	return b.String(), nil
}

// style writes a parameter in its OpenAPI style.
func style(style string, explode bool, name string, value any, location upstream.ParamLocation) (string, error) {
	//nolint:wrapcheck // the generated caller hands it on as it is
	return upstream.StyleParamWithOptions(style, explode, name, value, upstream.StyleParamOptions{ParamLocation: location})
}

// Query adds a query parameter in the default style, an exploded form. It omits one that is a nil pointer, slice or
// map. A generated client calls it hundreds of times, which is much less code if it is not inlined.
//
//go:noinline
func (r *Request) Query(name string, value any) {
	r.StyledQuery("form", true, name, value)
}

// StyledQuery is Query in another style.
func (r *Request) StyledQuery(form string, explode bool, name string, value any) {
	value, ok := present(value)
	if !ok || r.err != nil {
		return
	}
	styled, err := style(form, explode, name, value, upstream.ParamLocationQuery)
	if err != nil {
		r.err = err
		return
	}
	r.query = append(r.query, styled)
}

// Header sets a header. It omits one that is a nil pointer, slice or map.
func (r *Request) Header(name string, value any) {
	value, ok := present(value)
	if !ok || r.err != nil {
		return
	}
	styled, err := style("simple", false, name, value, upstream.ParamLocationHeader)
	if err != nil {
		r.err = err
		return
	}
	r.header.Set(name, styled)
}

// present returns the value of a parameter, behind its pointer if it has one, and whether there is one.
func present(value any) (any, bool) {
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil, false
		}
		return v.Elem().Interface(), true
	case reflect.Slice, reflect.Map:
		return value, !v.IsNil()
	default:
		return value, true
	}
}

// WithBody sets the body and its content type, and returns the request.
func (r *Request) WithBody(contentType string, body io.Reader) *Request {
	r.header.Set("Content-Type", contentType)
	r.body = body
	if f, ok := body.(failedBody); ok {
		r.err = f.err
	}
	return r
}

// Build returns the request, or the first error.
func (r *Request) Build() (*http.Request, error) {
	if r.err != nil {
		return nil, r.err
	}
	target := r.url
	if query := strings.Join(r.query, "&"); query != "" {
		target += "?" + query
	}
	req, err := http.NewRequest(r.method, target, r.body) //nolint:noctx // the client gives it one
	if err != nil {
		return nil, err //nolint:wrapcheck // the generated caller hands it on as it is
	}
	req.Header = r.header
	return req, nil
}

// JSONBody returns a reader of the value as JSON. If the value cannot be encoded, the request with this body fails with
// the error.
func JSONBody(value any) io.Reader {
	data, err := json.Marshal(value)
	if err != nil {
		return failedBody{err}
	}
	return bytes.NewReader(data)
}

// failedBody is the body whose value could not be encoded.
type failedBody struct{ err error }

func (b failedBody) Read([]byte) (int, error) { return 0, b.err }
