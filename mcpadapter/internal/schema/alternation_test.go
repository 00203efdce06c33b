package schema //nolint:testpackage // the pattern of an enum is not exported

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

func enumOf(members ...string) *value.Schema {
	s := &value.Schema{Types: optable.String}
	for _, m := range members {
		s.Enum = append(s.Enum, `"`+m+`"`)
	}
	for i := len(members); i < manyMembers; i++ {
		s.Enum = append(s.Enum, fmt.Sprintf(`"m%d"`, i))
	}
	return s
}

// The pattern accepts the members and nothing else.
func TestALongEnumIsAPatternOfTheSame(t *testing.T) {
	t.Parallel()
	s := enumOf("user.created", "user.deleted", "user", "a.b.c", "a.b.d", "a.x", "one.two", "pt-BR", "pt_x")
	pattern := alternation(s)
	if want := `^(user(\.(created|deleted))?|a\.(b\.(c|d)|x)|one\.two|pt-BR|pt_x|m9|`; !strings.HasPrefix(pattern, want) {
		t.Errorf("got %s, want it to begin with %s", pattern, want)
	}
	accepts := regexp.MustCompile(pattern)
	for _, member := range s.Enum {
		if !accepts.MatchString(strings.Trim(member, `"`)) {
			t.Errorf("%s is not accepted", member)
		}
	}
	for _, other := range []string{"", "user.", "userXcreated", "user.created.", "a", "a.b", "one", "m9|", "M9", "m9\n", " m9"} {
		if accepts.MatchString(other) {
			t.Errorf("%q is accepted", other)
		}
	}
	if alternatives([]string{"a.b"}) != `a\.b` {
		t.Errorf("got %s", alternatives([]string{"a.b"}))
	}
}

func TestOtherEnumsStay(t *testing.T) {
	t.Parallel()
	short, null, pattern, odd := enumOf(), enumOf(), enumOf(), enumOf("a b")
	short.Enum = short.Enum[1:]
	null.Types |= optable.Null
	pattern.Pattern = regexp.MustCompile("m")
	others := map[string]*value.Schema{"short": short, "with null": null, "with a pattern": pattern, "with a space": odd}
	for _, member := range []string{"", ".a", "a.", "a..b", "ä", "a+b", `a\nb`} {
		others[member] = enumOf(member)
	}
	for name, s := range others {
		if got := alternation(s); got != "" {
			t.Errorf("%s: got %s", name, got)
		}
	}
	for name, c := range map[string]struct {
		at   Style
		enum bool
	}{
		"full": {Style{}, true}, "terse": {Style{Terse: true}, false}, "terse, for OpenAI": {Style{Terse: true, Dialect: OpenAI}, true},
		"terse, for Gemini": {Style{Terse: true, Dialect: Gemini}, true},
	} {
		var written struct {
			Enum    []string
			Pattern string
		}
		if err := json.Unmarshal(Append(nil, enumOf(), c.at), &written); err != nil {
			t.Fatal(err)
		}
		if (written.Enum != nil) != c.enum || (written.Pattern == "") != c.enum {
			t.Errorf("%s: got %v and %q, want the enum %t", name, written.Enum, written.Pattern, c.enum)
		}
	}
}
