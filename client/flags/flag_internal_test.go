package flags

import (
	"strings"
	"testing"
)

func FuzzParse(f *testing.F) {
	f.Add(`{"a":{"enabled":true,"default_value":false,"targets":{"users":[null,{"id":"user_1","enabled":true}]}}}`)
	f.Add(`{"a":{"enabled":true}}`)
	f.Add(`null`)
	f.Add(`[]`)
	before, _, err := parse([]byte(`{"a":{"enabled":true,"default_value":true,"targets":{}}}`), nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		read, defects, err := parse([]byte(text), before)
		if err != nil {
			if read != nil || !strings.HasPrefix(err.Error(), "invalid snapshot: ") {
				t.Errorf("got %v and a snapshot %v", err, read != nil)
			}
			return
		}
		for slug, e := range read.flags {
			if slug != e.flag.Slug || len(e.targets) != len(e.flag.Targets) {
				t.Errorf("flag %q: got %+v", slug, e.flag)
			}
		}
		if again, _, err := parse(read.raw, before); err != nil || len(changes(read, again)) != 0 {
			t.Errorf("read again: got %v, want no change", err)
		}
		if alone, _, err := parse(read.raw, nil); err != nil || defects == nil && len(alone.flags) != len(read.flags) {
			t.Errorf("alone: got %v and %d flags, want %d", err, len(alone.flags), len(read.flags))
		}
	})
}
