package main_test

import (
	"reflect"
	"testing"

	treegen "github.com/seed-f165d83c/workos/gen/treegen"
)

type (
	plain  struct{ ID string }
	more   struct{ ID, Secret string }
	other  struct{ ID, Secret int }
	tagged struct {
		ID     string `json:"id"`
		Secret string
	}
	decoding struct{ ID, Secret string }
)

func (*decoding) UnmarshalJSON([]byte) error { return nil }

func TestExtensionHasAllFieldsAndMore(t *testing.T) {
	base := reflect.TypeFor[plain]()
	for typ, want := range map[reflect.Type]bool{
		reflect.TypeFor[more]():     true,
		base:                        false,
		reflect.TypeFor[other]():    false,
		reflect.TypeFor[tagged]():   false,
		reflect.TypeFor[decoding](): false,
		reflect.TypeFor[string]():   false,
	} {
		if got := treegen.Extends(typ, base); got != want {
			t.Errorf("%s: got %t, want %t", typ, got, want)
		}
	}
}
