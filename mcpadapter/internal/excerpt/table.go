package excerpt

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

const (
	separator        = "|" // between the cells of a row
	escapedSeparator = `\u007c`
	repeated         = "^" // a cell with the value of the one before it
)

// Table returns the items of a list as one text: a line with the names of the columns, then a line for each item, and
// | between cells. A column that has the same value in all of several items is only in the first line, as name=value.
// An empty cell is an absent property, and ^ the value of the cell before it; a text stands as it is, unless it could
// be read as something else, and everything else is JSON. It returns false if an item is no object, or if the items
// have more than [MaxFields] properties.
func Table(items []json.RawMessage) (text string, ok bool) {
	rows := make([][]jsontext.Member, len(items))
	var columns []string
	for i, item := range items {
		if len(item) == 0 || item[0] != '{' {
			return "", false
		}
		rows[i] = jsontext.Members(item)
		for _, m := range rows[i] {
			if !slices.Contains(columns, m.Name) {
				columns = append(columns, m.Name)
			}
		}
		if len(columns) > MaxFields {
			return "", false
		}
	}
	return writeRows(columns, rows), true
}

func writeRows(columns []string, rows [][]jsontext.Member) string {
	var b strings.Builder
	shared := map[string]bool{}
	for i, name := range columns {
		if i > 0 {
			b.WriteString(separator)
		}
		if quoted := jsontext.AppendString(nil, name); strings.Contains(name, "=") {
			b.WriteString(strings.ReplaceAll(string(quoted), separator, escapedSeparator))
		} else {
			b.WriteString(cell(quoted))
		}
		if value := sharedValue(rows, name); value != nil {
			shared[name] = true
			b.WriteString("=" + cell(value))
		}
	}
	for _, row := range rows {
		b.WriteByte('\n')
		first, left := true, ""
		for _, name := range columns {
			if shared[name] {
				continue
			}
			if !first {
				b.WriteString(separator)
			}
			first = false
			text := ""
			if value := jsontext.Lookup(row, name); value != nil {
				text = cell(value)
			}
			if len(text) > len(repeated) && text == left {
				b.WriteString(repeated)
				continue
			}
			b.WriteString(text)
			left = text
		}
	}
	return b.String()
}

// sharedValue returns the value that a property has in all of several rows, or nil.
func sharedValue(rows [][]jsontext.Member, name string) json.RawMessage {
	if len(rows) < 2 {
		return nil
	}
	value := jsontext.Lookup(rows[0], name)
	for _, row := range rows[1:] {
		if !bytes.Equal(jsontext.Lookup(row, name), value) {
			return nil
		}
	}
	return value
}

// cell returns a value as it stands in a row: a text without quotes if it cannot be taken for JSON, for no cell or for
// more than one, and otherwise the JSON.
func cell(value json.RawMessage) string {
	text, isText := jsontext.String(value)
	if !isText || text == "" || text == repeated || json.Valid([]byte(text)) || strings.ContainsAny(text[:1], "\"{[ ") ||
		strings.HasSuffix(text, " ") ||
		strings.ContainsFunc(text, func(r rune) bool { return r == '|' || unicode.IsControl(r) }) {
		return strings.ReplaceAll(string(value), separator, escapedSeparator)
	}
	return text
}
