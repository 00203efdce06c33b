package sandbox

import (
	"reflect"
	"testing"
)

func FuzzPlainLiteralsAreReadAsJSON(f *testing.F) {
	for _, text := range []string{
		"null", "true", "false", "{}", "[]", `""`, `"a"`, `"é ü"`, `"a\\b"`, `"a"b"`, `"`, `"a`, "\"\n\"", "\"\xff\"", "\"\u007f\"",
		"1", "1.50", "nul", " null", `{"a":1}`, `["a"]`, "",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, ok := plain(text)
		if !ok {
			return
		}
		if want, err := decode([]byte(text)); err != nil || !reflect.DeepEqual(v, want) {
			t.Errorf("%q: got %#v, want %#v (%v)", text, v, want, err)
		}
	})
}

// Records change their literals, so that each gets its own.
func TestLiteralsAreNotShared(t *testing.T) {
	t.Parallel()
	one, ok := literal("{}").(map[string]any)
	if !ok {
		t.Fatal("{} is not read as an object")
	}
	one["a"] = 1
	if other, _ := literal("{}").(map[string]any); len(other) != 0 {
		t.Errorf("got %v, want an empty object", other)
	}
}
