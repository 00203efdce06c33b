package gen_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

func encode(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("write as JSON: %v", err)
	}
	return text
}

// decodeText reads JSON with the digits of its numbers.
func decodeText(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("read %q as JSON: %v", text, err)
	}
	return v
}

// sameJSON tells whether two values are the same JSON, digit for digit.
func sameJSON(t *testing.T, a, b any) bool {
	t.Helper()
	return reflect.DeepEqual(decodeText(t, encode(t, a)), decodeText(t, encode(t, b)))
}
