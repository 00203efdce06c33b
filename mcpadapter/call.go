package mcpadapter

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/convert"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/media"
)

// editor changes a request before it is sent, as the request editors of a client do.
type editor func(context.Context, *http.Request) error

// goArguments returns the Go arguments of the method, with room for the context in front. The last one is the slice of
// request editors, if the method takes some.
func (t *tool) goArguments(r request) ([]reflect.Value, error) {
	const others = 5 // the context, the parameters, the media type and the body, the editors
	args := make([]reflect.Value, 1, len(t.bound.paths)+others)
	for _, p := range t.bound.paths {
		v, err := convert.To(p.typ, r.path[p.argument])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.argument, err)
		}
		args = append(args, v)
	}
	var editors []editor
	if keep := t.keepSegments(r.path); keep != nil {
		editors = append(editors, keep)
	}
	if t.bound.paramsType != nil {
		params, remove, err := t.params(r.params)
		if err != nil {
			return nil, err
		}
		args = append(args, params)
		if remove != nil {
			editors = append(editors, remove)
		}
		if t.input().spaced {
			editors = append(editors, escapeSpaces)
		}
	}
	switch {
	case t.operation.Body != nil:
		body, drop, err := t.bodyArguments(r)
		if err != nil {
			return nil, fmt.Errorf("body: %w", err)
		}
		args = append(args, body...)
		if drop {
			editors = append(editors, dropBody)
		}
	case t.bound.reader:
		args = append(args, reflect.ValueOf(""), reader(nil))
		editors = append(editors, dropBody)
	}
	if t.bound.editorsType == nil {
		return args, nil
	}
	list := reflect.Zero(t.bound.editorsType)
	for _, e := range editors {
		list = reflect.Append(list, reflect.ValueOf(e).Convert(t.bound.editorsType.Elem()))
	}
	return append(args, list), nil
}

// keepSegments returns an editor for an operation whose path has an unescaped character that must be escaped, such as a
// space or a letter beyond ASCII, or nil if it has none. Package net/url escapes such a path anew, so that the escaped
// slash of a value would divide it.
func (t *tool) keepSegments(values map[string]any) editor {
	if len(values) == 0 || !t.bound.unescaped {
		return nil
	}
	template, _, _ := strings.Cut(t.operation.Path, "?")
	return func(_ context.Context, r *http.Request) error {
		path := escapePath(template)
		for _, p := range t.bound.paths {
			segment := url.URL{Path: segmentOf(t.input().styled[p.argument], values[p.argument])}
			path = strings.ReplaceAll(path, escapePath("{"+p.name+"}"), strings.ReplaceAll(segment.EscapedPath(), "/", "%2F"))
		}
		plain, err := url.PathUnescape(path)
		if base, ok := strings.CutSuffix(r.URL.Path, plain); err == nil && ok {
			r.URL.RawPath = (&url.URL{Path: base}).EscapedPath() + path
		}
		return nil
	}
}

// escapePath escapes the characters of a path template that must be escaped. Those that are escaped already stay.
func escapePath(template string) string {
	var b strings.Builder
	for i := range len(template) {
		if c := template[i]; unescaped(rune(c)) {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// unescaped reports whether a character must be escaped in a path (RFC 3986 section 3.3).
func unescaped(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"<>\\^`|", r) }

// params returns a pointer to the struct of parameters, and an editor if the client would send some that are not given,
// or cannot write some that are.
func (t *tool) params(given map[string]any) (reflect.Value, editor, error) {
	params := reflect.New(t.bound.paramsType)
	var extra []paramField
	var added []string
	for _, f := range t.input().params {
		v, ok := given[f.argument]
		if f.always && (!ok || f.written != nil) {
			extra = append(extra, f)
			if f.typ.Kind() == reflect.Interface { // a nil one makes the client panic
				params.Elem().FieldByIndex(f.index).Set(reflect.ValueOf(placeholder()))
			}
		}
		if !ok {
			continue
		}
		if f.written != nil {
			text, err := media.Query(f.written, v)
			if err != nil {
				return params, nil, fmt.Errorf("%s: %w", f.argument, err)
			}
			added = append(added, text)
			continue
		}
		decoded, err := convert.To(f.typ, v)
		if err != nil {
			return params, nil, fmt.Errorf("%s: %w", f.argument, err)
		}
		params.Elem().FieldByIndex(f.index).Set(decoded)
	}
	if extra == nil && added == nil {
		return params, nil, nil
	}
	return params, func(_ context.Context, r *http.Request) error {
		removeParameters(r, extra)
		r.URL.RawQuery = joinQuery(append([]string{r.URL.RawQuery}, added...))
		return nil
	}, nil
}

// placeholder is a value that a client can write in every style, under the name of the parameter or one with [0].
func placeholder() []string { return []string{""} }

// joinQuery joins the parts of a query that are not empty.
func joinQuery(parts []string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "&")
}

// removable reports whether the zero value of a parameter can be found in a request.
func (f *paramField) removable() bool {
	switch f.typ.Kind() {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64:
	case reflect.Struct, reflect.Array: // a time, a date or a UUID is one text
		if !f.typ.Implements(textMarshaler) {
			return false
		}
	case reflect.Interface:
		if !reflect.TypeOf(placeholder()).AssignableTo(f.typ) {
			return false
		}
	default:
		if !f.typ.ConvertibleTo(reflect.TypeFor[int64]()) {
			return false
		}
	}
	return f.in == optable.InQuery || f.in == optable.InHeader
}

// removeParameters takes parameters that were not given out of a request.
func removeParameters(r *http.Request, fields []paramField) {
	pairs := strings.Split(r.URL.RawQuery, "&")
	for _, f := range fields {
		if f.in == optable.InHeader {
			r.Header.Del(f.name)
			continue
		}
		pairs = slices.DeleteFunc(pairs, func(pair string) bool {
			name, _, _ := strings.Cut(pair, "=")
			name, err := url.QueryUnescape(name)
			return err == nil && (name == f.name || f.typ.Kind() == reflect.Interface && name == f.name+"[0]")
		})
	}
	r.URL.RawQuery = strings.Join(pairs, "&")
}

// escapeSpaces escapes the spaces between the items of a list in the style spaceDelimited. Generated clients write them
// as they are, which no server can read: a space ends the target of a request (RFC 9112 section 3).
func escapeSpaces(_ context.Context, r *http.Request) error {
	r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, " ", "%20")
	return nil
}

// bodyArguments returns the arguments for the body, and whether the request must go without one. A method cannot be
// called without a body, so an omitted one is {} if that is valid JSON for it, and otherwise removed from the request.
func (t *tool) bodyArguments(r request) (args []reflect.Value, drop bool, err error) {
	c := &t.input().contents[r.content]
	if !r.given {
		if c.Kind == media.JSON && value.Valid(c.Schema, map[string]any{}) {
			r.body = map[string]any{}
		} else if drop = true; t.bound.editorsType == nil {
			return nil, false, errors.New("the client cannot leave it out")
		}
	}
	switch {
	case t.bound.reader && drop:
		return []reflect.Value{reflect.ValueOf(""), reader(nil)}, true, nil
	case t.bound.reader:
		body, mediaType, err := c.Encode(r.body, r.chosen)
		return []reflect.Value{reflect.ValueOf(mediaType), reader(body)}, false, err
	case drop:
		return []reflect.Value{reflect.Zero(t.bound.bodyType)}, true, nil
	}
	body, err := convert.To(t.bound.bodyType, r.body)
	return []reflect.Value{body}, false, err
}

func dropBody(_ context.Context, r *http.Request) error {
	r.Body, r.GetBody, r.ContentLength = http.NoBody, nil, 0
	r.Header.Del("Content-Type")
	return nil
}

// prove tries the tool: it makes up valid arguments, first those that are required and then all, and converts them to
// those of the method, without calling it. It fails if that is impossible. Where no valid arguments can be made up, as
// for an unusual pattern, only a caller can tell. Plain arguments need no proof, and a
// strict adapter leaves all of it to the tests of its table.
func (t *tool) prove() error {
	if t.engine.strict || t.plain() {
		return nil
	}
	var err error
	for _, everything := range [...]bool{false, true} {
		e := exampler{everything: everything}
		args, unreadable := parseArguments(e.arguments(t.input()), value.Parse)
		if unreadable != nil {
			return nil //nolint:nilerr // nothing to try
		}
		split, problems := t.input().split(args)
		if len(problems) > 0 {
			return nil // nothing to try
		}
		if _, err = t.goArguments(split); err == nil {
			return nil
		}
	}
	return fmt.Errorf("valid arguments cannot be sent: %w", err)
}

// plain reports whether the arguments can be sent whatever they are: their Go types represent what their schemas
// accept, and the body is sent as it is given.
func (t *tool) plain() bool {
	for _, p := range t.bound.paths {
		if !convert.Exact(p.typ, t.input().root.Property(p.argument).Schema) {
			return false
		}
	}
	for _, p := range t.input().params {
		if p.always || !convert.Exact(p.typ, t.input().root.Property(p.argument).Schema) {
			return false
		}
	}
	return t.operation.Body == nil || t.bound.reader && (t.input().required || t.bound.editorsType != nil) &&
		!slices.ContainsFunc(t.input().contents, func(c media.Body) bool { return c.Kind != media.JSON })
}
