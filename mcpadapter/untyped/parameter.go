package untyped

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/oapi-codegen/runtime"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// style writes a value as the style of its parameter says, escaped for its place (OpenAPI 3.1 section 4.8.12.3). What
// the styles leave undefined is written as most servers read it: a scalar by itself, and what is nested in a list or an
// object of another style than deepObject as JSON.
func style(p *optable.Parameter, value any, defaultStyle string, in runtime.ParamLocation) (string, error) {
	name := cmp.Or(p.Style, defaultStyle)
	explode := p.Explode == "true" || p.Explode == "" && name == "form" || name == deepObject
	switch v := value.(type) {
	case nil:
		return "", errors.New("null cannot be sent")
	case []any:
		if name != deepObject {
			value = flat(v)
		}
	case map[string]any:
		switch name {
		case deepObject:
		case "spaceDelimited", "pipeDelimited":
			value = pairs(v)
		default:
			value = flat(v)
		}
	default:
		if in == runtime.ParamLocationQuery {
			name = "form"
		}
	}
	text, err := runtime.StyleParamWithOptions(name, explode, p.Name, value, runtime.StyleParamOptions{ParamLocation: in})
	if err != nil {
		return "", fmt.Errorf("write in the style %s: %w", name, err)
	}
	return text, nil
}

const deepObject = "deepObject"

// pairs returns the names and values of an object in one list.
func pairs(object map[string]any) any {
	list := make([]any, 0, 2*len(object))
	for _, name := range slices.Sorted(maps.Keys(object)) {
		list = append(list, name, object[name])
	}
	return flat(list)
}

// flat returns a list or an object whose parts are scalars.
func flat(v any) any {
	scalar := func(part any) any {
		switch part.(type) {
		case []any, map[string]any:
			if text, err := json.Marshal(part); err == nil {
				return string(text)
			}
		}
		return part
	}
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i, part := range v {
			list[i] = scalar(part)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, part := range v {
			object[name] = scalar(part)
		}
		return object
	}
	return v
}

// contentText returns a value of a parameter that has content in place of a style: as JSON, or a text of another media
// type as it is.
func contentText(p *optable.Parameter, value any) (string, error) {
	base, _, _ := strings.Cut(p.MediaType, ";")
	if text, ok := value.(string); ok && !strings.HasSuffix(strings.TrimSpace(base), "json") {
		return text, nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("write as JSON: %w", err)
	}
	return string(text), nil
}

// pathValue returns a value as a part of the path.
func pathValue(p *optable.Parameter, value any) (string, error) {
	if p.MediaType != "" {
		text, err := contentText(p, value)
		return url.PathEscape(text), err
	}
	return style(p, value, "simple", runtime.ParamLocationPath)
}

// set adds the parameters to a request whose fields are not nil.
func (m *method) set(r *http.Request, values reflect.Value) error {
	var query, cookies []string
	for i, p := range m.parameters {
		value := values.Field(i)
		if value.IsNil() {
			continue
		}
		text, err := write(p, value.Interface())
		if err != nil {
			return fmt.Errorf("untyped: parameter %q: %w", p.Name, err)
		}
		switch p.In {
		case optable.InQuery:
			query = append(query, text)
		case optable.InHeader:
			r.Header.Set(p.Name, text)
		case optable.InCookie:
			cookies = append(cookies, text)
		case optable.InPath:
		}
	}
	if r.URL.RawQuery != "" { // of the path template
		query = slices.Insert(query, 0, r.URL.RawQuery)
	}
	r.URL.RawQuery = strings.Join(query, "&")
	if own := r.Header.Get("Cookie"); own != "" { // a header parameter
		cookies = slices.Insert(cookies, 0, own)
	}
	if cookies != nil {
		r.Header.Set("Cookie", strings.Join(cookies, "; "))
	}
	return nil
}

// cookieText escapes what would end the value of a cookie (RFC 6265 section 4.1.1). Commas separate items.
func cookieText(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`";\%`, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// write returns the value of a header, or the names and values of a query or a cookie.
func write(p *optable.Parameter, value any) (string, error) {
	if p.MediaType != "" {
		text, err := contentText(p, value)
		switch p.In {
		case optable.InQuery:
			text = url.QueryEscape(p.Name) + "=" + url.QueryEscape(text)
		case optable.InCookie:
			text = p.Name + "=" + url.QueryEscape(text)
		case optable.InHeader, optable.InPath:
		}
		return text, err
	}
	switch p.In {
	case optable.InHeader:
		return style(p, value, "simple", runtime.ParamLocationHeader)
	case optable.InCookie:
		cookie := *p
		cookie.Explode = "" // parts of one cookie
		text, err := style(&cookie, value, "simple", runtime.ParamLocationCookie)
		return p.Name + "=" + cookieText(text), err
	case optable.InQuery, optable.InPath:
	}
	return style(p, value, "form", runtime.ParamLocationQuery)
}
