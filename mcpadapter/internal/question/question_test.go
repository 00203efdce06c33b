package question_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/question"
)

func TestValuesAreShownToAPerson(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 120)
	for _, c := range []struct {
		name  string
		value any
		want  string
	}{
		{"note", "a", `"a"`}, {"note", `a "b"`, `"a \"b\""`}, {"note", "a\nb\u202e", `"a\nb\u202e"`},
		{"note", "[a](https://b) `c`", `"[a] (https://b) 'c'"`},
		{"note", long, `"` + long + `"`}, {"note", long + "y", `"` + long + `…"`},
		{"count", json.Number("7"), "7"}, {"count", json.Number(long + "0"), "1"}, {"count", true, "true"}, {"count", nil, "null"},
		{"lines", []any{"a", json.Number("1")}, `"[\"a\",1]"`}, {"tea", map[string]any{"id": "1"}, `"{\"id\":\"1\"}"`},
		{"token", "S", "(not shown)"}, {"client_secret", true, "(not shown)"}, {"code", "S", "(not shown)"},
		{"password_hash", "S", "(not shown)"}, {"codes", "a", `"a"`},
		{"tea", map[string]any{"token": "S"}, "(not shown)"}, {"tea", []any{"a", map[string]any{"password": "S"}}, "(not shown)"},
		{"tea", map[string]any{"a": map[string]any{"code": "S"}}, "(not shown)"},
	} {
		if n, ok := c.value.(json.Number); ok && len(n) > 100 {
			continue // no number
		}
		if got := question.Value(c.name, c.value); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// The usual fields come first, then the IDs of parents, six at most and only texts.
func TestAResourceIsIdentifiedByAFewFields(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		resource map[string]any
		want     []string
	}{
		{nil, nil},
		{map[string]any{"id": "1", "grams": "2"}, nil},
		{map[string]any{"state": "new", "name": "Assam"}, []string{`name "Assam"`, `state "new"`}},
		{map[string]any{"name": "", "title": true, "shop_id": "s", "bin_id": "b`"}, []string{`bin_id "b'"`, `shop_id "s"`}},
		{
			map[string]any{
				"name": "1", "display_name": "2", "title": "3", "slug": "4", "email": "5", "username": "6", "domain": "7", "a_id": "8",
			},
			[]string{`name "1"`, `display_name "2"`, `title "3"`, `slug "4"`, `email "5"`, `username "6"`},
		},
	} {
		var got []string
		for _, f := range question.Identifying(c.resource) {
			got = append(got, f.Name+" "+f.Value)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v: got %q, want %q", c.resource, got, c.want)
		}
	}
}
