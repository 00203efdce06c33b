package docs_test

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
)

var (
	operation     = regexp.MustCompile("`c((?:\\.[A-Z]\\w*)+)`")
	authkitMethod = regexp.MustCompile("`authkit\\.Client\\.([A-Z]\\w*)`")
)

// Methods that the text names exist.
func TestNamedMethodsExist(t *testing.T) {
	found := 0
	for file, text := range documents(t) {
		for _, m := range operation.FindAllStringSubmatch(text, -1) {
			found++
			if err := descend(reflect.TypeFor[*client.Client](), m[1][1:]); err != "" {
				t.Errorf("%s: %s: %s", file, m[0], err)
			}
		}
		for _, m := range authkitMethod.FindAllStringSubmatch(text, -1) {
			found++
			if _, ok := reflect.TypeFor[*authkit.Client]().MethodByName(m[1]); !ok {
				t.Errorf("%s: %s: no such method", file, m[0])
			}
		}
	}
	if found < 50 {
		t.Errorf("got %d names, want 50 or more: is the pattern right?", found)
	}
}

// descend returns what is wrong with a path such as Organizations.Get, or "".
func descend(v reflect.Type, path string) string {
	for {
		name, rest, more := strings.Cut(path, ".")
		if _, ok := v.MethodByName(name); ok && !more {
			return ""
		}
		field, ok := v.Elem().FieldByName(name)
		if !ok {
			return v.String() + " has no " + name
		}
		if !more {
			return ""
		}
		v, path = field.Type, rest
	}
}
