package mcpadapter_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestMetaHasWhatWasReadOtherwise(t *testing.T) {
	t.Parallel()
	renamed := []mcpadapter.Renamed{{Given: "userId", Argument: "id"}}
	for want, r := range map[string]mcpadapter.Result{
		"null": {JSON: []byte(`{}`)},
		`{"` + mcpadapter.MetaRepaired + `":["limit"]}`:      {Repaired: []string{"limit"}},
		`{"` + mcpadapter.MetaRenamed + `":{"userId":"id"}}`: {Renamed: renamed},
		`{"` + mcpadapter.MetaRenamed + `":{"userId":"id"},"` + mcpadapter.MetaRepaired + `":["a","b"]}`: {
			Renamed: renamed, Repaired: []string{"a", "b"},
		},
	} {
		if got, err := json.Marshal(r.Meta()); err != nil || string(got) != want {
			t.Errorf("got %s (%v), want %s", got, err, want)
		}
	}
}

// The form of names in _meta, and what of them MCP keeps for itself (revision 2025-11-25, basic, "_meta").
func TestTheNameInMetaIsValid(t *testing.T) {
	t.Parallel()
	const label = `[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?`
	form := regexp.MustCompile(`^` + label + `(\.` + label + `)*/[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$`)
	reserved := regexp.MustCompile(`(^|\.)(mcp|modelcontextprotocol)[./]`)
	for _, name := range []string{mcpadapter.MetaRepaired, mcpadapter.MetaRenamed} {
		if !form.MatchString(name) || reserved.MatchString(name) {
			t.Errorf("got %q, want a valid name that is not reserved", name)
		}
	}
}
