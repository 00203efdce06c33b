package optest

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

// Encode returns the JSON of a value. It ends the test if the value has none.
func Encode(tb testing.TB, v any) []byte {
	tb.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		tb.Fatalf("write as JSON: %v", err)
	}
	return text
}

// Decode reads JSON and keeps the digits of its numbers. It ends the test if the text is no JSON.
func Decode(tb testing.TB, text []byte) any {
	tb.Helper()
	var v any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		tb.Fatalf("read %q as JSON: %v", text, err)
	}
	return v
}

// SameJSON reports whether two values are the same JSON, digit for digit.
func SameJSON(tb testing.TB, a, b any) bool {
	tb.Helper()
	return reflect.DeepEqual(Decode(tb, Encode(tb, a)), Decode(tb, Encode(tb, b)))
}
