package optest_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/internal/optest"
)

func TestPublishedSchemasHaveEveryConstraintOfTheDescription(t *testing.T) {
	t.Parallel()
	d := optest.Read(t, descriptionFile)
	eachOperation(t, func(f *fixture) {
		var published optest.Keywords
		if err := json.Unmarshal(f.tool.InputSchema(), &published); err != nil {
			f.Fatalf("read the schema: %v", err)
		}
		want := d.Flattened(f.T, f.op.ID)
		for _, loss := range d.Missing(want, published, "") {
			f.Error(loss)
		}
		var terse optest.Keywords
		if err := json.Unmarshal(f.terse(), &terse); err != nil {
			f.Fatalf("read the schema: %v", err)
		}
		for _, loss := range d.Missing(want, terse, "") {
			_, constraint, _ := strings.Cut(loss, ": ")
			if !strings.HasPrefix(constraint, "default: ") && !strings.HasPrefix(constraint, "additionalProperties: ") {
				f.Errorf("terse: %s", loss)
			}
		}
	})
}

// An enum may be published as a pattern of its members, and no other.
func TestPatternInPlaceOfAnEnumHasItsMembers(t *testing.T) {
	t.Parallel()
	d := &optest.Description{}
	for pattern, same := range map[string]bool{
		`^(a|b\.(c|d))$`: true, `^(b\.c|a|b\.d)$`: true, `^(b(\.[cd])|a)$`: true,
		`^(a|b.(c|d))$`: false, `^(a|b\.(c|d))`: false, `(a|b\.(c|d))$`: false, `^(a|b(\.(c|d))?)$`: false,
		`^(a|b\.c)$`: false, `^(a|b\.(c|d|e))$`: false, `^(a|b\.(c|d)+)$`: false, `^a|b\.(c|d)$`: false, `(`: false,
		`(?i)^(a|b\.(c|d))$`: false, `(?m)^(a|b\.(c|d))$`: false,
	} {
		want := optest.Keywords{"type": "string", "enum": []any{"a", "b.c", "b.d"}}
		got := optest.Keywords{"type": "string", "pattern": pattern}
		if losses := d.Missing(want, got, ""); (losses == nil) != same {
			t.Errorf("%s: got %q, want a loss: %t", pattern, losses, !same)
		}
	}
}

func TestMissingConstraintIsFound(t *testing.T) {
	t.Parallel()
	const whole = `{"type":"object","required":["a"],"additionalProperties":false,"properties":{
		"a":{"type":["string","null"],"enum":["x","y",null],"default":"x"},
		"b":{"type":"string","format":"uri","pattern":"^x","minLength":1,"maxLength":2,"deprecated":true},
		"c":{"type":"integer","minimum":1,"maximum":2,"exclusiveMinimum":0,"exclusiveMaximum":3,"multipleOf":1},
		"d":{"type":"array","minItems":1,"maxItems":2,"uniqueItems":true,"items":{"const":7}},
		"e":{"type":"object","minProperties":1,"maxProperties":2,"propertyNames":{"maxLength":3},
			"additionalProperties":{"anyOf":[{"type":"boolean"},{"type":"string","maxLength":4}]}}}}`
	read := func() optest.Keywords {
		var s optest.Keywords
		if err := json.Unmarshal([]byte(whole), &s); err != nil {
			t.Fatalf("read: %v", err)
		}
		return s
	}
	d := &optest.Description{}
	if got := d.Missing(read(), read(), ""); got != nil {
		t.Errorf("nothing is missing: got %q", got)
	}
	published := read()
	for _, place := range schemasWithin(published) {
		for _, keyword := range slices.Sorted(maps.Keys(place)) {
			value := place[keyword]
			delete(place, keyword)
			if got := d.Missing(read(), published, ""); len(got) == 0 {
				t.Errorf("%s is missing in %v: got no loss", keyword, place)
			}
			place[keyword] = value
		}
	}
}

// schemasWithin lists a schema and those that it holds, at any depth.
func schemasWithin(s optest.Keywords) []optest.Keywords {
	list := []optest.Keywords{s}
	properties, _ := s["properties"].(optest.Keywords)
	for _, keyword := range []string{"items", "additionalProperties", "propertyNames"} {
		if inner, ok := s[keyword].(optest.Keywords); ok {
			list = append(list, schemasWithin(inner)...)
		}
	}
	for _, p := range properties {
		inner, _ := p.(optest.Keywords)
		list = append(list, schemasWithin(inner)...)
	}
	alternatives, _ := s["anyOf"].([]any)
	for _, a := range alternatives {
		inner, _ := a.(optest.Keywords)
		list = append(list, schemasWithin(inner)...)
	}
	return list
}
