package recorded

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/media"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

// describe describes the operation of a name.
func (r *recorder) describe(name string) (optable.Operation, error) {
	method := name
	if r.has(name + withBody) {
		method += withBody
	}
	t := r.client.MethodByName(method).Type()
	end := t.NumIn() - 1 // before the editors
	if method != name {
		end -= 2
	}
	var args []reflect.Value
	var marks []string
	var params reflect.Type
	for i := 1; i < end; i++ {
		if p := t.In(i); i == end-1 && p.Kind() == reflect.Pointer && p.Elem().Kind() == reflect.Struct &&
			strings.HasSuffix(p.Elem().Name(), "Params") {
			params = p.Elem()
			break
		}
		v, mark, err := marked(t.In(i), i)
		if err != nil {
			return optable.Operation{}, fmt.Errorf("argument %d: %w", i, err)
		}
		args, marks = append(args, v), append(marks, mark)
	}
	call := func(p reflect.Value) (*http.Request, error) {
		in := slices.Clip(args)
		if params != nil {
			in = append(in, p)
		}
		if method != name {
			in = append(in, reflect.ValueOf("application/octet-stream"), reflect.Zero(readerType))
		}
		return r.record(method, in)
	}
	var none reflect.Value
	if params != nil {
		none = empty(params)
	}
	request, err := call(none)
	if err != nil {
		return optable.Operation{}, err
	}
	op := optable.Operation{ID: strings.ToLower(name[:1]) + name[1:], Method: request.Method}
	if err := describePath(&op, request.URL, marks); err != nil {
		return op, err
	}
	if params != nil {
		describeParams(&op, params, call)
	}
	if method != name {
		if params != nil {
			args = append(args, none)
		}
		op.Body = r.body(name, op.Method, args)
	}
	return op, nil
}

// describePath reads the template and the names of its parameters from the path of a request.
func describePath(op *optable.Operation, u *url.URL, marks []string) error {
	segments := strings.Split(u.EscapedPath(), "/")
	before := "" // the last fixed segment
	for i, segment := range segments {
		plain, err := url.PathUnescape(segment)
		if err != nil {
			return fmt.Errorf("path %s: %w", u.EscapedPath(), err)
		}
		fixed := true
		for j, mark := range marks {
			if mark == "" || !strings.Contains(plain, mark) {
				continue
			}
			name := parameterName(op, before)
			plain, marks[j], fixed = strings.Replace(plain, mark, "{"+name+"}", 1), "", false
			op.Parameters = append(op.Parameters, optable.Parameter{Name: name, In: optable.InPath, Required: true})
		}
		if segments[i] = plain; fixed {
			if before = plain; op.Toolset == "" {
				op.Toolset = plain
			}
		}
	}
	for i, mark := range marks {
		if mark != "" {
			return fmt.Errorf("argument %d is not part of the path %s", i+1, u.EscapedPath())
		}
	}
	op.Path = strings.Join(segments, "/")
	return nil
}

// parameterName names a parameter of the path after the fixed segment before it.
func parameterName(op *optable.Operation, before string) string {
	words := phrase.Singulars(before)
	if len(words) == 0 {
		words = []string{"path"}
	}
	name := strings.Join(words, "_") + "_id"
	for n := 2; parameterOf(op, name); n++ {
		name = strings.TrimRight(name, "0123456789") + strconv.Itoa(n)
	}
	return name
}

func parameterOf(op *optable.Operation, name string) bool {
	return slices.ContainsFunc(op.Parameters, func(p optable.Parameter) bool { return p.Name == name })
}

// describeParams finds the place of each parameter: that of the request with which the parameter has a value.
func describeParams(
	op *optable.Operation, params reflect.Type, call func(reflect.Value) (*http.Request, error),
) {
	for field := range params.Fields() {
		name, omitted := schema.JSONName(field)
		if name == "" {
			continue
		}
		p := optable.Parameter{Name: name, In: optable.InQuery, Required: !omitted}
		v := empty(params)
		if sample, _, err := marked(field.Type, 1); err == nil {
			v.Elem().FieldByIndex(field.Index).Set(sample)
			if request, err := call(v); err == nil { // else a value that its style cannot write, which a query has most
				p.In = placeOf(request, name)
			}
		}
		op.Parameters = append(op.Parameters, p)
	}
}

// empty returns a struct of parameters without values, except for interfaces: a client may write those in any case, and
// panic if they are nil. A list can be written in every style.
func empty(params reflect.Type) reflect.Value {
	v, list := reflect.New(params), reflect.ValueOf([]string{""})
	for field := range params.Fields() {
		if field.IsExported() && field.Type.Kind() == reflect.Interface && list.Type().AssignableTo(field.Type) {
			v.Elem().FieldByIndex(field.Index).Set(list)
		}
	}
	return v
}

func placeOf(r *http.Request, name string) optable.Location {
	_, err := r.Cookie(name)
	switch {
	case r.URL.Query().Has(name):
	case r.Header.Get(name) != "":
		return optable.InHeader
	case err == nil:
		return optable.InCookie
	}
	return optable.InQuery
}

// body returns the body of an operation: in the best media type of the methods that take a Go value, or else in those
// that carry any bytes, any text and any JSON. The arguments are those before the body.
func (r *recorder) body(name, method string, args []reflect.Value) *optable.Body {
	required := method == http.MethodPost || method == http.MethodPut || method == http.MethodPatch
	kinds := map[media.Kind]string{}
	for i := range r.client.NumMethod() {
		m := r.client.Type().Method(i).Name
		if m != name && (!strings.HasPrefix(m, name+"With") || !strings.HasSuffix(m, "Body") || m == name+withBody) {
			continue
		}
		t := r.client.Method(i).Type()
		if !returnsResponse(t) || t.NumIn() != len(args)+3 {
			continue
		}
		request, err := r.record(m, append(slices.Clip(args), reflect.Zero(t.In(len(args)+1))))
		if err != nil {
			continue
		}
		mediaType := request.Header.Get("Content-Type")
		if kind := media.KindOf(mediaType); kinds[kind] == "" || m == name {
			kinds[kind] = mediaType
		}
	}
	for _, kind := range []media.Kind{media.JSON, media.Form, media.Text} {
		if kinds[kind] != "" {
			return &optable.Body{Required: required, MediaType: kinds[kind]}
		}
	}
	return &optable.Body{Required: required, MediaType: "application/octet-stream", Others: []optable.Content{
		{MediaType: "text/plain", Schema: &optable.Schema{Types: optable.String}},
		{MediaType: "application/json", Schema: &optable.Schema{Description: "Any JSON."}},
	}}
}
