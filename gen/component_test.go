package gen_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/internal/optest"
	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestComponentNamesLeaveTheGeneratorItsOwn(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
	taken := regexp.MustCompile(`(Request|Response|Params|Body|Client|ClientInterface|RequestEditorFn|DTO|Dto)$`)
	for _, s := range gen.Operations.Schemas {
		if !name.MatchString(s.Name) || taken.MatchString(s.Name) {
			t.Errorf("component %q: want a name that matches %s and not %s", s.Name, name, taken)
		}
	}
}

func TestListComponentsArePagesOfWhatTheyAreNamedAfter(t *testing.T) {
	t.Parallel()
	for i := range gen.Operations.Schemas {
		s := &gen.Operations.Schemas[i]
		element, named := strings.CutSuffix(s.Name, "List")
		if page := s.Types.Has(optable.Object) && optest.IsCollection(s); page != named {
			t.Errorf("component %s: is a page of a list: %t; has a name that ends in List: %t", s.Name, page, named)
			continue
		}
		if !named {
			continue
		}
		if got := s.Property("data").Schema.Items.Ref; got != element {
			t.Errorf("component %s: got entries of %q, want %s", s.Name, got, element)
		}
	}
}

func TestNewComponentsShowMoreThanTheirResource(t *testing.T) {
	t.Parallel()
	answered := map[string]bool{}
	for _, op := range gen.Operations.Operations {
		for _, a := range optest.Successes(&op) {
			if a.Schema != nil {
				answered[a.Schema.Ref] = true
			}
		}
	}
	for i := range gen.Operations.Schemas {
		created := &gen.Operations.Schemas[i]
		name, ok := strings.CutPrefix(created.Name, "New")
		if !ok || !answered[created.Name] {
			continue
		}
		resource := gen.Operations.Schema(name)
		if resource == nil {
			t.Errorf("component %s: there is no %s that it shows more of", created.Name, name)
			continue
		}
		if len(created.Properties) <= len(resource.Properties) {
			t.Errorf("component %s: got %d properties, want more than the %d of %s",
				created.Name, len(created.Properties), len(resource.Properties), name)
		}
	}
}

func TestBodiesAreNamedByVerbPhrases(t *testing.T) {
	t.Parallel()
	answered := map[string]bool{}
	for _, op := range gen.Operations.Operations {
		for _, a := range op.Responses {
			if a.Schema != nil {
				answered[a.Schema.Ref] = true
			}
		}
	}
	verbs := regexp.MustCompile(`^(Add|Assign|Authenticate|Authorize|Challenge|Check|Complete|Configure|Confirm|Create|` +
		`Decrypt|Enroll|Exchange|Expire|Generate|Get|Invite|Link|Rekey|Remove|Replace|Resend|Revoke|Send|Set|Update|` +
		`Validate|Verify)([A-Z]|$)`)
	for _, op := range gen.Operations.Operations {
		if op.Body == nil {
			continue
		}
		if name := op.Body.Schema.Ref; !verbs.MatchString(name) || answered[name] {
			t.Errorf("%s: body %q: want a component of its own that is named by a verb phrase", op.ID, name)
		}
	}
}

func TestWhatNeedsATypeIsAComponent(t *testing.T) {
	t.Parallel()
	for i := range gen.Operations.Schemas {
		s := &gen.Operations.Schemas[i]
		for j := range s.Properties {
			inline(t, s.Name+"."+s.Properties[j].Name, s.Properties[j].Schema)
		}
		if s.Items != nil {
			inline(t, s.Name+"[]", s.Items)
		}
	}
	for _, op := range gen.Operations.Operations {
		for i := range op.Parameters {
			inline(t, op.ID+" "+op.Parameters[i].Name, op.Parameters[i].Schema)
		}
		if op.Body != nil && op.Body.Schema.Ref == "" {
			t.Errorf("%s: the body is no component", op.ID)
		}
		for _, a := range op.Responses {
			if a.Schema != nil {
				inline(t, op.ID+" answer", a.Schema)
			}
		}
	}
}

// inline reports an enum, an object or a union that stands where a reference should.
func inline(t *testing.T, at string, s *optable.Schema) {
	t.Helper()
	if len(s.Enum) > 0 || len(s.Properties) > 0 || len(s.Composed().OneOf) > 0 {
		t.Errorf("%s: an enum, object or union stands inline, want a component", at)
	}
	for _, inner := range []*optable.Schema{s.Items, s.Additional} {
		if inner != nil {
			inline(t, at+"[]", inner)
		}
	}
}

func TestUnionsHaveADiscriminatorForEachVariant(t *testing.T) {
	t.Parallel()
	for i := range gen.Operations.Schemas {
		s := &gen.Operations.Schemas[i]
		if len(s.Composed().OneOf) == 0 {
			continue
		}
		if s.Composed().Discriminator == nil {
			t.Errorf("union %s has no discriminator", s.Name)
			continue
		}
		mapped := map[string]string{}
		for _, m := range s.Composed().Discriminator.Mapping {
			mapped[m.Ref] = m.Value
		}
		if len(mapped) != len(s.Composed().OneOf) {
			t.Errorf("union %s: the discriminator maps to %d variants, want %d", s.Name, len(mapped), len(s.Composed().OneOf))
		}
		for _, variant := range s.Composed().OneOf {
			p := optest.Component(&variant).Property(s.Composed().Discriminator.Property)
			if p == nil || !p.Required || optest.Component(p.Schema).Const != `"`+mapped[variant.Ref]+`"` {
				t.Errorf("union %s: variant %s does not pin %s to %q", s.Name, variant.Ref, s.Composed().Discriminator.Property,
					mapped[variant.Ref])
			}
		}
	}
}

func TestEveryComponentIsReached(t *testing.T) {
	t.Parallel()
	reached := map[string]bool{}
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		for j := range op.Parameters {
			reach(reached, op.Parameters[j].Schema)
		}
		if op.Body != nil {
			reach(reached, op.Body.Schema)
		}
		for _, a := range op.Responses {
			reach(reached, a.Schema)
		}
	}
	for _, s := range gen.Operations.Schemas {
		if !reached[s.Name] {
			t.Errorf("component %s: no operation reaches it", s.Name)
		}
	}
}

// reach records every component that a schema refers to.
func reach(reached map[string]bool, s *optable.Schema) {
	if s == nil || reached[s.Ref] {
		return
	}
	if s.Ref != "" {
		reached[s.Ref] = true
		reach(reached, gen.Operations.Schema(s.Ref))
	}
	reach(reached, s.Items)
	reach(reached, s.Additional)
	for _, m := range s.Extended().Payloads {
		reach(reached, &optable.Schema{Ref: m.Ref})
	}
	for i := range s.Properties {
		reach(reached, s.Properties[i].Schema)
	}
	for _, alternatives := range [][]optable.Schema{s.Composed().OneOf, s.Composed().AnyOf, s.Composed().AllOf} {
		for i := range alternatives {
			reach(reached, &alternatives[i])
		}
	}
}
