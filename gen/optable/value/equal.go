package value

import (
	"encoding/json"
	"strings"
)

// same reports whether a JSON text stands for the value, however either of them is written.
func same(text string, v any) bool {
	if s, ok := v.(string); ok && strings.HasPrefix(text, `"`) && !strings.Contains(text, `\`) { // as most members are
		return len(text) == len(s)+len(`""`) && text[1:len(text)-1] == s
	}
	member, err := Parse([]byte(text))
	return err == nil && canonical(member) == canonical(v)
}

// canonical returns a JSON text that equal values share: 1, 1.0 and 10e-1 are one number (JSON Schema core 4.2.2).
func canonical(v any) string {
	text, _ := json.Marshal(withDecimals(v)) //nolint:errchkjson // as parsed
	return string(text)
}

// withDecimals returns a copy of a parsed value whose numbers are written without an exponent and without zeros at the
// end.
func withDecimals(v any) any {
	switch v := v.(type) {
	case json.Number:
		if number, ok := Rational(string(v)); ok {
			digits, _ := number.FloatPrec()
			return json.Number(number.FloatString(digits))
		}
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = withDecimals(v[i])
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name := range v {
			object[name] = withDecimals(v[name])
		}
		return object
	}
	return v
}

// quote returns a JSON string.
func quote(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) //nolint:errchkjson // a string, in memory
	return strings.TrimSuffix(b.String(), "\n")
}
