package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// form is the flag --output: how a command prints its result.
type form string

const (
	formJSON  form = "json"
	formYAML  form = "yaml"
	formTable form = "table"
	formID    form = "id"

	outputFlag = "output"
	jsonFlag   = "json"
)

func (f form) MarshalText() ([]byte, error) { return []byte(f), nil }

func (f *form) UnmarshalText(text []byte) error {
	switch form(text) {
	case formJSON, formYAML, formTable, formID:
		*f = form(text)
		return nil
	}
	return fmt.Errorf("unknown output %.40q: want json, yaml, table or id", text)
}

// addOutputFlags adds --output and --json, which is short for --output json and makes failures JSON too.
func addOutputFlags(cmd *cobra.Command, into *form, preset form) {
	cmd.Flags().TextVarP(into, outputFlag, "o", preset,
		"print the result as json, yaml, table, or id (the IDs alone, one a line)")
	nameValue(cmd.Flags().Lookup(outputFlag), "form")
	cmd.Flags().Bool(jsonFlag, false, "print the result as JSON, and a failure as JSON on stderr")
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		if asJSON, err := cmd.Flags().GetBool(jsonFlag); err != nil || !asJSON {
			return nil //nolint:nilerr // the flag is there
		}
		if cmd.Flags().Changed(outputFlag) && *into != formJSON {
			return usageError{fmt.Errorf("--json excludes --output %s", *into)}
		}
		*into = formJSON
		return nil
	}
}

// write prints a JSON object or array in the form.
func (f form) write(out io.Writer, d display, text json.RawMessage) error {
	switch f {
	case formYAML:
		return writeYAML(out, text)
	case formTable:
		return writeCells(out, d, text)
	case formID:
		return writeIDs(out, text)
	default:
		return writeJSON(out, text)
	}
}

// items returns the objects of a list: of a JSON array, or of the member data of an object.
func items(text json.RawMessage) (list []members, ok bool) {
	if object, isObject := readMembers(text); isObject {
		text = object.get("data")
	}
	var raw []json.RawMessage
	if json.Unmarshal(text, &raw) != nil || raw == nil {
		return nil, false
	}
	for _, item := range raw {
		object, _ := readMembers(item)
		list = append(list, object)
	}
	return list, true
}

const (
	maxColumns = 7
	maxCell    = 40 // characters
)

// writeCells writes a list as a table of its scalar members, and an object as names and values.
func writeCells(out io.Writer, d display, text json.RawMessage) error {
	var rows bytes.Buffer
	w := tabwriter.NewWriter(&rows, 0, 0, 2, ' ', 0)
	list, isList := items(text)
	if isList {
		columns := columnsOf(list)
		row := make([]string, len(columns))
		for i, name := range columns {
			row[i] = strings.ToUpper(name)
		}
		if len(row) > 0 {
			_, _ = fmt.Fprintln(w, strings.Join(row, "\t"))
		}
		for _, item := range list {
			for i, name := range columns {
				row[i] = cell(item.get(name), maxCell)
			}
			_, _ = fmt.Fprintln(w, strings.Join(row, "\t"))
		}
	} else {
		object, _ := readMembers(text)
		for _, member := range object {
			_, _ = fmt.Fprintf(w, "%s\t%s\n", member.name, cell(member.value, 2*maxCell))
		}
	}
	_ = w.Flush()
	if err := d.table(out, rows.String(), isList); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

// columnsOf returns the names of scalar members that some item has, without the name of its kind, which is the same in
// each.
func columnsOf(list []members) []string {
	var columns []string
	seen := map[string]bool{"object": true}
	for _, item := range list {
		for _, member := range item {
			scalar := len(member.value) > 0 && !strings.ContainsRune("{[n", rune(member.value[0]))
			if scalar && !seen[member.name] && len(columns) < maxColumns {
				seen[member.name] = true
				columns = append(columns, member.name)
			}
		}
	}
	return columns
}

// cell returns a value on one line, without characters that control a terminal.
func cell(value json.RawMessage, limit int) string {
	var text string
	switch {
	case len(value) == 0 || string(value) == "null":
		return "-"
	case value[0] != '"' || json.Unmarshal(value, &text) != nil:
		text = string(value)
	}
	return phrase.Shorten(jsontext.OneLine(text), limit)
}

// writeIDs writes the ID of an object, or those of a list, one a line.
func writeIDs(out io.Writer, text json.RawMessage) error {
	list, ok := items(text)
	if !ok {
		object, _ := readMembers(text)
		list = []members{object}
	}
	for _, item := range list {
		id := item.get("id")
		if id == nil {
			id = item.get("name") // of a tool
		}
		if id == nil {
			return errors.New("the result has no id: use --output json")
		}
		if _, err := fmt.Fprintln(out, cell(id, 1<<10)); err != nil {
			return fmt.Errorf("write the IDs: %w", err)
		}
	}
	return nil
}
