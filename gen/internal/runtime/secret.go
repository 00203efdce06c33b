package runtime

import (
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"slices"
)

// hidden is printed in place of a secret.
const hidden = "[redacted]"

// Print prints a struct as package fmt does, but for the secrets among its fields. A secret that is not set is printed
// as it is.
func Print(state fmt.State, verb rune, value any, secrets ...string) {
	v := reflect.ValueOf(value)
	format := fmt.FormatString(state, verb)
	separator := " "
	if state.Flag('#') {
		_, _ = fmt.Fprintf(state, "%T", value)
		separator = ", "
	}
	_, _ = io.WriteString(state, "{")
	for i := range v.NumField() {
		if i > 0 {
			_, _ = io.WriteString(state, separator)
		}
		field := v.Type().Field(i)
		if state.Flag('+') || state.Flag('#') {
			_, _ = io.WriteString(state, field.Name+":")
		}
		switch {
		case slices.Contains(secrets, field.Name) && !v.Field(i).IsZero(), !field.IsExported():
			_, _ = io.WriteString(state, hidden)
		default:
			_, _ = fmt.Fprintf(state, format, v.Field(i).Interface())
		}
	}
	_, _ = io.WriteString(state, "}")
}

// LogValue returns a value for the log: as Print prints it, with the names of the fields.
func LogValue(value fmt.Formatter) slog.Value { return slog.StringValue(fmt.Sprintf("%+v", value)) }
