package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// request describes a call of a [Services] method.
type request struct {
	id    string   // of the operation
	path  segments // values of the path parameters, in order
	query query
	body  any // encoded as JSON; nil: none

	mayBeEmpty bool // whether the response may have no body
}

// segments are values of path parameters. No path has more; an array needs no allocation.
type segments [3]string

// build returns the HTTP request of an operation below a base URL. It has no context yet.
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
		return req, checkExclusive(route.Exclusive, &r.query, nil)
	}
	body, err := encodeBody(r.body)
	if err != nil {
		return nil, err
	}
	if err := checkExclusive(route.Exclusive, &r.query, body); err != nil {
		return nil, err
	}
	req.Header["Content-Type"] = []string{"application/json"}
	req.ContentLength = int64(len(body))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, _ = req.GetBody()
	return req, nil
}

func encodeBody(value any) ([]byte, error) {
	body, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	if bytes.Equal(body, []byte("null")) {
		if reflect.TypeOf(value).Kind() != reflect.Map {
			return nil, invalid("body", "is null: set a variant of the union with one of its From… methods")
		}
		body = []byte("{}") // a nil map is an empty object
	}
	return body, nil
}

// headers is the usual number of headers of a request.
const headers = 6

// target fills in the path template. Each value becomes one segment, whatever its characters.
func (r *request) target(route *optable.Route, base *url.URL) (*url.URL, error) {
	target := &url.URL{Scheme: base.Scheme, Host: base.Host, RawQuery: string(r.query.text)}
	rest, values := route.Path, r.path[:]
	plain, escaped := strings.TrimRight(base.Path, "/"), strings.TrimRight(base.EscapedPath(), "/")
	for {
		fixed, after, more := strings.Cut(rest, "{")
		plain, escaped = plain+fixed, escaped+fixed
		if !more {
			break
		}
		name, tail, _ := strings.Cut(after, "}")
		value := values[0] // the route's reserved values are those that optable.Router found when it was generated
		if value == "" || value == "." || value == ".." || slices.Contains(route.Reserved, [2]string{name, value}) {
			return nil, invalid(name, "is %q, which would address another endpoint", value)
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
