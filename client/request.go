package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// request is what the tree says of a call.
type request struct {
	id    string   // of the operation
	path  []string // values of the path's parameters, in its order
	query query
	body  any // to be written as JSON; nil: none

	mayBeEmpty bool // whether the API may answer without a body
}

// build makes the HTTP request of an operation that lives at a base URL. It has no context yet.
func (r *request) build(route *optable.Route, base *url.URL) (*http.Request, error) {
	if r.query.err != nil {
		return nil, r.query.err
	}
	target, err := r.target(route, base)
	if err != nil {
		return nil, err
	}
	req := &http.Request{
		Method: route.Method, URL: target, Host: target.Host, Header: make(http.Header, headers),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if r.body == nil {
		return req, nil
	}
	body, err := json.Marshal(r.body)
	if err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	if bytes.Equal(body, []byte("null")) {
		if reflect.TypeOf(r.body).Kind() != reflect.Map {
			return nil, errors.New("the body is null; a union needs one of its variants, by a method From…")
		}
		body = []byte("{}") // no map is an object without fields
	}
	req.Header["Content-Type"] = []string{"application/json"}
	req.ContentLength = int64(len(body))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, _ = req.GetBody()
	return req, nil
}

// headers is how many headers a request has at most, as a rule.
const headers = 6

// target fills the path template. Each value is one segment, whatever its characters.
func (r *request) target(route *optable.Route, base *url.URL) (*url.URL, error) {
	target := &url.URL{Scheme: base.Scheme, Host: base.Host, RawQuery: string(r.query.text)}
	rest, values := route.Path, r.path
	plain, escaped := strings.TrimRight(base.Path, "/"), strings.TrimRight(base.EscapedPath(), "/")
	for {
		fixed, after, more := strings.Cut(rest, "{")
		plain, escaped = plain+fixed, escaped+fixed
		if !more {
			break
		}
		name, tail, _ := strings.Cut(after, "}")
		value := values[0]
		if value == "" || value == "." || value == ".." || slices.Contains(route.Reserved, [2]string{name, value}) {
			return nil, fmt.Errorf("path parameter %q is %q, which would address another endpoint", name, value)
		}
		plain, escaped = plain+value, escaped+url.PathEscape(value)
		rest, values = tail, values[1:]
	}
	target.Path = plain
	if escaped != plain {
		target.RawPath = escaped
	}
	return target, nil
}
