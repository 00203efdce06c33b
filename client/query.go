package client

import (
	"bytes"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// query builds the query of a URL in the style of each parameter in api.yaml: form (OpenAPI 3.1 section 4.8.12.4) with
// commas between items, and deepObject for maps.
type query struct {
	text []byte
	err  error // the first that was found
}

// require rejects parameters of which a required one is missing.
func (q *query) require(ok bool, name string) {
	if !ok {
		q.fail(invalid(name, "is required"))
	}
}

// has reports whether a parameter was added.
func (q *query) has(name string) bool {
	for pair := range bytes.SplitSeq(q.text, []byte("&")) {
		if added, _, _ := bytes.Cut(pair, []byte("=")); string(added) == name {
			return true
		}
	}
	return false
}

func (q *query) fail(err error) {
	if q.err == nil {
		q.err = err
	}
}

func (q *query) add(name, escaped string) {
	if len(q.text) > 0 {
		q.text = append(q.text, '&')
	}
	q.text = append(append(append(q.text, name...), '='), escaped...)
}

// addText adds a value, even if it is empty.
func addText[T ~string](q *query, name string, value T) { q.add(name, url.QueryEscape(string(value))) }

// addOptional adds a value unless it is nil.
func addOptional[T ~string](q *query, name string, value *T) {
	if value != nil {
		addText(q, name, *value)
	}
}

// addEnum adds a value unless it is nil.
func addEnum[T enum](q *query, name string, value *T) {
	if value == nil {
		return
	}
	if !(*value).Valid() {
		q.fail(invalid(name, "is not a known value: %q", string(*value)))
	}
	addText(q, name, *value)
}

// addEnums adds a list unless it is nil.
func addEnums[T enum](q *query, name string, values []T) {
	for i, value := range values {
		if !value.Valid() {
			q.fail(invalid(name+"["+strconv.Itoa(i)+"]", "is not a known value: %q", string(value)))
		}
	}
	addList(q, name, values)
}

func addInt(q *query, name string, value *int) {
	if value != nil {
		q.add(name, strconv.Itoa(*value))
	}
}

// addLimit adds the limit of a list, from a minimum to a maximum, unless it is nil.
func addLimit(q *query, value *int, minimum, maximum int) { //nolint:unparam // the description sets both, per operation
	const name = "limit"
	if value != nil && (*value < minimum || *value > maximum) {
		q.fail(invalid(name, "is %d: want %d to %d", *value, minimum, maximum))
	}
	addInt(q, name, value)
}

func addBool(q *query, name string, value *bool) {
	if value != nil {
		q.add(name, strconv.FormatBool(*value))
	}
}

func addTime(q *query, name string, value *time.Time) {
	if value != nil {
		q.add(name, url.QueryEscape(value.Format(time.RFC3339Nano)))
	}
}

// addList adds a list unless it is nil. Commas within items are escaped.
func addList[T ~string](q *query, name string, values []T) {
	if values == nil {
		return
	}
	var text []byte
	for i, value := range values {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, url.QueryEscape(string(value))...)
	}
	q.add(name, string(text))
}

// addMap adds a map as name[key]=value, sorted by key.
func addMap(q *query, name string, values map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		q.add(name+"["+url.QueryEscape(key)+"]", url.QueryEscape(values[key]))
	}
}
