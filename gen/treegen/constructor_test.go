package main_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/internal/generator/commandtest"
	"github.com/seed-f165d83c/workos/gen/optable"
	treegen "github.com/seed-f165d83c/workos/gen/treegen"
)

func TestConstructorsOfExclusiveGroups(t *testing.T) {
	t.Parallel()
	code := commandtest.Read(t, "..", "..", "client", "types.gen.go")
	for _, want := range []string{
		"func AssignRoleByID(roleSlug, resourceID string) AssignRole {\n" +
			"\treturn AssignRole{RoleSlug: roleSlug, ResourceID: Ptr(resourceID)}\n}",
		"func AssignRoleByExternalID(roleSlug, resourceExternalID, resourceTypeSlug string) AssignRole {",
		"func CreateUserWithPasswordHashed(email, passwordHash string, passwordHashType PasswordHashType) CreateUser {",
		"func AuthenticateFrom[V AuthenticateWithCode | ",
		"\tcase AuthenticateWithCode:\n\t\terr = u.FromAuthenticateWithCode(v)\n",
	} {
		if !strings.Contains(code, want) {
			t.Errorf("client/types.gen.go: want in it\n%s", want)
		}
	}
	for _, not := range []string{"func CreateUserWithPasswordPlaintext", "func CreateResourceWithParentResource"} {
		if strings.Contains(code, not) {
			t.Errorf("client/types.gen.go has %s, want a literal in its place", not)
		}
	}
	// Each group of a body of which one variant is required has a function per variant.
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		for _, group := range op.Exclusive {
			if op.Body == nil || group.Optional {
				continue
			}
			if got := strings.Count(code, "\nfunc "+op.Body.Schema.Ref); got < len(group.Variants) {
				t.Errorf("%s: got %d constructors of %s, want %d", op.ID, got, op.Body.Schema.Ref, len(group.Variants))
			}
		}
	}
}

func TestOnlyWhatAlwaysEncodesHasAConstructorWithoutError(t *testing.T) {
	t.Parallel()
	for typ, want := range map[reflect.Type]bool{
		reflect.TypeFor[string]():                        true,
		reflect.TypeFor[*bool]():                         true,
		reflect.TypeFor[[]int]():                         true,
		reflect.TypeFor[map[string]string]():             true,
		reflect.TypeFor[map[bool]string]():               true,
		reflect.TypeFor[map[optable.Types]string]():      false,
		reflect.TypeFor[map[string]any]():                false,
		reflect.TypeFor[struct{ A, B string }]():         true,
		reflect.TypeFor[struct{ A []struct{ B any } }](): false,
		reflect.TypeFor[float64]():                       false,
		reflect.TypeFor[time.Time]():                     false,
		reflect.TypeFor[gen.AuthenticateWithCode]():      true,
	} {
		if got := treegen.Encodes(typ); got != want {
			t.Errorf("%s: got %t, want %t", typ, got, want)
		}
	}
}
