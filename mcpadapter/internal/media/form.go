package media

import (
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
	f := form{b}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if err := f.property(name, object[name], encodingOf(encodings, name)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return f.b, nil
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

type form struct{ b []byte }

// add writes one pair, of which the value is escaped already.
func (f *form) add(name, escaped string) {
	if len(f.b) > 0 {
		f.b = append(f.b, '&')
	}
	f.b = append(append(append(f.b, url.QueryEscape(name)...), '='), escaped...)
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
	separator := ","
	switch {
	case isJSON(e):
		return f.json(name, list)
	case e.Style == "deepObject":
		return f.deep(name, list)
	case e.Style == "spaceDelimited" && e.Explode != explodes:
		separator = "%20"
	case e.Style == "pipeDelimited" && e.Explode != explodes:
		separator = "%7C"
	case e.Explode != "false":
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

const explodes = "true"

func (f *form) object(name string, object map[string]any, e optable.Encoding) error {
	switch {
	case e.Style == "deepObject":
		return f.deep(name, object)
	case isJSON(e) || e.Style == "" && e.Explode == "":
		return f.json(name, object)
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(object)) {
		text, err := valueText(object[key], "")
		if err != nil {
			return err
		}
		if e.Explode != "false" {
			f.add(key, url.QueryEscape(text))
		}
		parts = append(parts, url.QueryEscape(key), url.QueryEscape(text))
	}
	if e.Explode == "false" {
		f.add(name, strings.Join(parts, ","))
	}
	return nil
}

// deep writes what is nested under names with brackets, such as a[b][0].
func (f *form) deep(name string, v any) error {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if err := f.deep(name+"["+key+"]", v[key]); err != nil {
				return err
			}
		}
	case []any:
		for i, item := range v {
			if err := f.deep(name+"["+strconv.Itoa(i)+"]", item); err != nil {
				return err
			}
		}
	default:
		text, err := valueText(v, "")
		if err != nil {
			return err
		}
		f.add(name, url.QueryEscape(text))
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
