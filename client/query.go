package client

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// query writes the parameters of a call into the query of its URL, as api.yaml says for each: in the style form
// (OpenAPI 3.1 section 4.8.12.4), lists with commas between their entries, maps as deepObject.
type query struct {
	text []byte
	err  error
}

// need refuses parameters that are nil where some are required.
func (q *query) need(given bool, names string) {
	if !given {
		q.err = fmt.Errorf("the parameters are nil, and %s is required", names)
	}
}

func (q *query) add(name, escaped string) {
	if len(q.text) > 0 {
		q.text = append(q.text, '&')
	}
	q.text = append(append(append(q.text, name...), '='), escaped...)
}

// addText writes a value that is always sent.
func addText[T ~string](q *query, name string, value T) { q.add(name, url.QueryEscape(string(value))) }

// addOptional writes a value unless it is nil.
func addOptional[T ~string](q *query, name string, value *T) {
	if value != nil {
		addText(q, name, *value)
	}
}

func addInt(q *query, name string, value *int) {
	if value != nil {
		q.add(name, strconv.Itoa(*value))
	}
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

// addList writes a list unless it is nil. A comma within an entry is escaped.
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

// addMap writes a map as name[key]=value, in the order of the keys.
func addMap(q *query, name string, values map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		q.add(name+"["+url.QueryEscape(key)+"]", url.QueryEscape(values[key]))
	}
}
