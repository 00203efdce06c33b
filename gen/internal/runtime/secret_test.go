package runtime_test

import (
	"fmt"
	"testing"

	"github.com/seed-f165d83c/workos/gen/internal/runtime"
)

type account struct {
	Name   string
	Key    string
	Hint   *string
	Token  map[bool]string // nullable
	Unset  map[bool]string
	Inner  inner
	Scopes []string
	union  []byte
}

func (a account) Format(state fmt.State, verb rune) {
	runtime.Print(state, verb, a, "Key", "Hint", "Token", "Unset")
}

type inner struct{ Code string }

func (i inner) Format(state fmt.State, verb rune) { runtime.Print(state, verb, i, "Code") }

func TestPrintHidesSecrets(t *testing.T) {
	t.Parallel()
	hint := "sk_2"
	a := account{
		Name: "Ada", Key: "sk_1", Hint: &hint, Token: map[bool]string{true: "sk_3"}, Inner: inner{"sk_4"},
		Scopes: []string{"a", "b"}, union: []byte(`"sk_5"`),
	}
	for format, want := range map[string]string{
		"%v":  "{Ada [redacted] [redacted] [redacted] map[] {[redacted]} [a b] [redacted]}",
		"%+v": "{Name:Ada Key:[redacted] Hint:[redacted] Token:[redacted] Unset:map[] Inner:{Code:[redacted]} Scopes:[a b] union:[redacted]}",
		"%#v": `runtime_test.account{Name:"Ada", Key:[redacted], Hint:[redacted], Token:[redacted], ` +
			`Unset:map[bool]string(nil), Inner:runtime_test.inner{Code:[redacted]}, Scopes:[]string{"a", "b"}, union:[redacted]}`,
		"%s": "{Ada [redacted] [redacted] [redacted] map[] {[redacted]} [a b] [redacted]}",
		"%q": `{"Ada" [redacted] [redacted] [redacted] map[] {[redacted]} ["a" "b"] [redacted]}`,
	} {
		if got := fmt.Sprintf(format, a); got != want {
			t.Errorf("%s: got %s, want %s", format, got, want)
		}
	}
	if got, want := runtime.LogValue(a).String(), fmt.Sprintf("%+v", a); got != want {
		t.Errorf("got %s in the log, want %s", got, want)
	}
}

// Without secrets it is what package fmt prints.
func TestPrintIsThatOfFmt(t *testing.T) {
	t.Parallel()
	type plain struct {
		Text   string
		Number float64
		List   []string
		Map    map[string]any
	}
	value := plain{"x y", 1.5, []string{"a"}, map[string]any{"b": true}}
	for _, format := range []string{"%v", "%+v", "%#v", "%8v", "%s", "%q", "%x"} {
		if got, want := fmt.Sprintf(format, printing{value}), fmt.Sprintf(format, value); got != want {
			t.Errorf("%s: got %s, want %s", format, got, want)
		}
	}
}

type printing struct{ value any }

func (p printing) Format(state fmt.State, verb rune) { runtime.Print(state, verb, p.value) }
