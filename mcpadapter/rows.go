package mcpadapter

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// formatTable is the value of the argument format.
const formatTable = "table"

// tableMember is the member of a result with the table, in place of the items.
const tableMember = "table"

const (
	separator        = "|" // between the cells of a row
	escapedSeparator = `\u007c`
	repeated         = "^" // a cell with the value of the one before it
)

// asTable returns a list with its items as one text: a line with the names of the columns, then a line for each item,
// with | between cells. A column that has the same value in all of several items is only in the first line, as
// name=value. An empty cell is an absent property, and ^ the value of the cell before it; a text stands as it is,
// unless it could be read as something else, and everything else is JSON. It returns the response unchanged if an item
// is no object.
func (t *tool) asTable(l listing, response json.RawMessage) json.RawMessage {
	root := jsontext.Members(response)
	items := jsontext.Elements(jsontext.Lookup(root, l.items))
	rows := make([][]jsontext.Member, len(items))
	var columns []string
	for i, item := range items {
		if len(item) == 0 || item[0] != '{' {
			return response
		}
		rows[i] = jsontext.Members(item)
		for _, m := range rows[i] {
			if !slices.Contains(columns, m.Name) {
				columns = append(columns, m.Name)
			}
		}
		if len(columns) > maxFields {
			return response
		}
	}
	text := writeRows(columns, rows)
	i := slices.IndexFunc(root, func(m jsontext.Member) bool { return m.Name == l.items })
	if i < 0 {
		return response
	}
	root[i] = jsontext.Member{Name: t.unusedName(root, tableMember), Value: jsontext.AppendString(nil, text)}
	return jsontext.AppendObject(nil, root)
}

// formatted returns a list in the format that was asked for, if that fits.
func (t *tool) formatted(s shaping, l listing, response json.RawMessage, limit int) json.RawMessage {
	if !s.table {
		return response
	}
	if text := t.asTable(l, response); limit == 0 || len(text) <= limit {
		return text
	}
	return response
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
