package client

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/oapi-codegen/nullable"
)

// picky decodes objects that have a kind.
type picky struct {
	Kind string `json:"kind"`
	N    int    `json:"n"`
}

func (p *picky) UnmarshalJSON(text []byte) error {
	type plain picky
	if err := json.Unmarshal(text, (*plain)(p)); err != nil {
		return err
	}
	if p.Kind == "" {
		return errors.New("no kind")
	}
	return nil
}

type nested struct {
	Next *nested `json:"next"`
	N    int     `json:"n"`
}

func TestPruneKeepsWhatFits(t *testing.T) {
	type embedded struct {
		ID string `json:"id"`
	}
	type all struct {
		embedded

		Untagged int
		hidden   int //nolint:unused // has no JSON
		Skipped  int `json:"-"`
		Time     *time.Time
		Null     nullable.Nullable[[]int] `json:"null"`
		Any      any                      `json:"any"`
		Raw      json.RawMessage          `json:"raw"`
		Picky    []picky                  `json:"picky"`
		Maps     map[string]map[string]int
	}
	for _, tt := range []struct {
		text, want string
		invalid    []string
	}{
		{`{"id": "a", "new": 7}`, `{"id": "a", "new": 7}`, nil},
		{`{"id": 7, "ID": "a"}`, `{"ID":"a"}`, []string{"id"}},
		{`{"id": "a", "untagged": "x", "hidden": "x", "Skipped": "x"}`, `{"id":"a","hidden":"x","Skipped":"x"}`,
			[]string{"untagged"}},
		{`{"Time": "", "null": [1, "x", 2], "any": {"a": [1]}, "raw": [1,2]}`,
			`{"null":[1,2],"any":{"a": [1]},"raw":[1,2]}`, []string{"Time", "null[1]"}},
		{`{"picky": [{"kind": "a", "n": "x"}, {"kind": 7, "n": 1}, {"n": "x"}, 7, null, {"kind": "b", "n": 2}]}`,
			`{"picky":[{"kind":"a"},{"kind": "b", "n": 2}]}`,
			[]string{"picky[0].n", "picky[1]", "picky[2]", "picky[3]", "picky[4]"}},
		{`{"maps": {"a": {"x": 1, "y": "z"}, "b": 7}, "id": true}`, `{"maps":{"a":{"x":1}}}`,
			[]string{"maps.a.y", "maps.b", "id"}},
	} {
		var p pruner
		got, ok := p.prune(json.RawMessage(tt.text), reflect.TypeFor[all](), "", 0)
		if !ok || string(got) != tt.want || !slices.Equal(p.invalid, tt.invalid) {
			t.Errorf("%s: got %s, %t and %q, want %s and %q", tt.text, got, ok, p.invalid, tt.want, tt.invalid)
		}
	}
}

func TestPruneLimitsNesting(t *testing.T) {
	text := `{"n": "x"}`
	for range 200 {
		text = `{"n": 1, "next": ` + text + `}`
	}
	var p pruner
	got, ok := p.prune(json.RawMessage(text), reflect.TypeFor[nested](), "", 0)
	var into nested
	if err := json.Unmarshal(got, &into); !ok || err != nil || into.N != 1 || into.Next == nil || len(p.invalid) != 1 {
		t.Errorf("got %d bytes, %t, %v and %q, want the outer levels", len(got), ok, err, p.invalid)
	}
}
