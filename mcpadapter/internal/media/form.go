package media

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// AppendForm writes the properties of an object as application/x-www-form-urlencoded, in order of their names. Values
// are as parsed from JSON.
//
// A property whose encoding has a style or explode is written like a query parameter of RFC 6570. Otherwise a list is
// repeated, and an object is one value as JSON (OpenAPI 3.1.1, section 4.8.15.1).
func AppendForm(b []byte, object map[string]any, encodings []optable.Encoding) ([]byte, error) {
	f := form{b: b}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if err := f.property(name, object[name], encodingOf(encodings, name)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return f.b, nil
}

// Query writes a query parameter by its style, or as the text of its media type: one pair or several. Brackets and bars
// are not escaped, as generated clients do not.
func Query(p *optable.Parameter, v any) (string, error) {
	e := optable.Encoding{Property: p.Name, ContentType: p.MediaType}
	if p.MediaType == "" {
		e.Style, e.Explode = cmp.Or(p.Style, "form"), p.Explode
	}
	f := form{inQuery: true}
	err := f.property(p.Name, v, e)
	return string(f.b), err
}

// encodingOf returns the encoding of a property; the zero value is the default.
func encodingOf(encodings []optable.Encoding, property string) optable.Encoding {
	for _, e := range encodings {
		if e.Property == property {
			return e
		}
	}
	return optable.Encoding{}
}

type form struct {
	b       []byte
	inQuery bool // of a URL, not in a body
}

// add writes one pair, of which the value is escaped already.
func (f *form) add(name, escaped string) { f.pair(url.QueryEscape(name), escaped) }

// pair writes one pair, which is escaped already.
func (f *form) pair(name, v string) {
	if len(f.b) > 0 {
		f.b = append(f.b, '&')
	}
	f.b = append(append(append(f.b, name...), '='), v...)
}

// within returns the escaped name of a part of what has an escaped name.
func (f *form) within(name, part string) string {
	if f.inQuery {
		return name + "[" + url.QueryEscape(part) + "]"
	}
	return name + "%5B" + url.QueryEscape(part) + "%5D"
}

func (f *form) property(name string, v any, e optable.Encoding) error {
	switch v := v.(type) {
	case []any:
		return f.list(name, v, e)
	case map[string]any:
		return f.object(name, v, e)
	}
	text, err := valueText(v, e.ContentType)
	if err == nil {
		f.add(name, url.QueryEscape(text))
	}
	return err
}

func (f *form) list(name string, list []any, e optable.Encoding) error {
	separator := f.separator(e)
	switch {
	case isJSON(e):
		return f.json(name, list)
	case e.Style == "deepObject":
		return f.deep(url.QueryEscape(name), list)
	case separator == "":
		for _, item := range list {
			text, err := valueText(item, e.ContentType)
			if err != nil {
				return err
			}
			f.add(name, url.QueryEscape(text))
		}
		return nil
	}
	texts := make([]string, len(list))
	for i, item := range list {
		text, err := valueText(item, e.ContentType)
		if err != nil {
			return err
		}
		texts[i] = url.QueryEscape(text)
	}
	f.add(name, strings.Join(texts, separator))
	return nil
}

// separator returns what stands between the parts of one value; "": each part has a pair of its own.
func (f *form) separator(e optable.Encoding) string {
	switch {
	case e.Style == "pipeDelimited" && e.Explode != "true" && f.inQuery:
		return "|"
	case e.Style == "spaceDelimited" && e.Explode != "true":
		return "%20"
	case e.Style == "pipeDelimited" && e.Explode != "true":
		return "%7C"
	case e.Explode == "false":
		return ","
	}
	return ""
}

func (f *form) object(name string, object map[string]any, e optable.Encoding) error {
	switch {
	case e.Style == "deepObject":
		return f.deep(url.QueryEscape(name), object)
	case isJSON(e) || e.Style == "" && e.Explode == "":
		return f.json(name, object)
	}
	var parts []string
	separator := f.separator(e)
	for _, key := range slices.Sorted(maps.Keys(object)) {
		text, err := valueText(object[key], "")
		if err != nil {
			return err
		}
		if separator == "" {
			f.add(key, url.QueryEscape(text))
		}
		parts = append(parts, url.QueryEscape(key), url.QueryEscape(text))
	}
	if separator != "" {
		f.add(name, strings.Join(parts, separator))
	}
	return nil
}

// deep writes what is nested under names with brackets, such as a[b][0]. The name is escaped already.
func (f *form) deep(name string, v any) error {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if err := f.deep(f.within(name, key), v[key]); err != nil {
				return err
			}
		}
	case []any:
		for i, item := range v {
			if err := f.deep(f.within(name, strconv.Itoa(i)), item); err != nil {
				return err
			}
		}
	default:
		text, err := valueText(v, "")
		if err != nil {
			return err
		}
		f.pair(name, url.QueryEscape(text))
	}
	return nil
}

func (f *form) json(name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write as JSON: %w", err)
	}
	f.add(name, url.QueryEscape(string(text)))
	return nil
}

// isJSON reports whether a property is written as JSON because its encoding says so.
func isJSON(e optable.Encoding) bool { return e.ContentType != "" && KindOf(e.ContentType) == JSON }

// valueText returns a value as text: a string or number as it is, null as nothing, and everything else as JSON. With
// the media type JSON a string is JSON as well.
func valueText(v any, mediaType string) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		if mediaType == "" || KindOf(mediaType) != JSON {
			return v, nil
		}
	case json.Number:
		return v.String(), nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("write as JSON: %w", err)
	}
	return string(text), nil
}
