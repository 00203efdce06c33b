package openapi_test

import (
	"strings"
	"testing"
)

func TestValuesHaveTheDeclaredType(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{type: string, enum: [no, on, yes, 2026-01-31, 0777, 12:30, 1.10, true, null, ~]}`: "" +
			`"no" "on" "yes" "2026-01-31" "0777" "12:30" "1.10" "true" "null" null`,
		`{type: [string, 'null'], enum: [a, null]}`:    `"a" null`,
		`{type: integer, enum: ['1', 2, 0x10, 1_000]}`: `1 2 16 1000`,
		`{type: number, enum: ['1.50', 2]}`:            `1.50 2`,
		`{type: boolean, enum: ['true', no, off]}`:     `true false false`,
		`{type: [string, integer], enum: ['1', 1]}`:    `"1" 1`,
		`{enum: ['1', 1, true, 2026-01-31]}`:           `"1" 1 true "2026-01-31"`,
		`{type: integer, enum: [a]}`:                   `"a"`,
	} {
		got := convert(t, document("    T: "+text+"\n")).Schema("T").Enum
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	s := convert(t, document("    T: {type: string, const: 1, default: 2026-01-31, example: 1.10}\n")).Schema("T")
	if got := s.Const + s.Default + s.Example; got != `"1""2026-01-31""1.10"` {
		t.Errorf("got %s, want three strings", got)
	}
}
