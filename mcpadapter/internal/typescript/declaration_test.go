package typescript_test

import (
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/typescript"
)

func TestDeclarations(t *testing.T) {
	t.Parallel()
	text := of(optable.String)
	for want, s := range map[string]*value.Schema{
		"any": nil, `"a"`: {Const: `"a"`}, `"a" | null`: {Enum: []string{`"a"`, "null"}}, "number": of(optable.Integer),
		"string | boolean | null":       of(optable.String | optable.Boolean | optable.Null),
		"string | number":               {AnyOf: []*value.Schema{text, of(optable.Number)}},
		"(string | number)[]":           list(&value.Schema{AnyOf: []*value.Schema{text, of(optable.Number)}}),
		"{ [name: string]: any }":       of(optable.Object),
		`{ a: string; "b-c"?: number }`: object(value.Property{Name: "a", Required: true, Schema: text}, value.Property{Name: "b-c", Schema: of(optable.Integer)}),
		"{ a?: string; [name: string]: any }": {
			Types: optable.Object, Additional: text, Properties: []value.Property{{Name: "a", Schema: text}},
		},
		"({ a?: string } | null)[]": list(&value.Schema{
			Types: optable.Object | optable.Null, Properties: []value.Property{{Name: "a", Schema: text}},
		}),
		"({ a?: string } | { b?: string })[]": list(&value.Schema{AnyOf: []*value.Schema{
			object(value.Property{Name: "a", Schema: text}), object(value.Property{Name: "b", Schema: text}),
		}}),
		`{ "|\"|\\"?: string | null }[]`: list(object(value.Property{
			Name: `|"|\`, Schema: of(optable.String | optable.Null),
		})),
		"{ a?: string }[]": list(object(value.Property{Name: "a", Schema: text})),
		"{ k?: string } | { n?: number }": {Union: &value.Union{Variants: []value.Variant{
			{Schema: object(value.Property{Name: "k", Schema: text})},
			{Schema: object(value.Property{Name: "n", Schema: of(optable.Number)})},
		}}},
	} {
		if got := typescript.Declare(s); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// A deep schema is declared six levels deep, and a wide one less.
func TestADeclarationHasALimit(t *testing.T) {
	t.Parallel()
	deep := of(optable.String)
	for range 10 {
		deep = list(deep)
	}
	if got := typescript.Declare(deep); got != "any"+strings.Repeat("[]", 6) {
		t.Errorf("got %s, want six arrays", got)
	}
	wide := of(optable.String)
	for range 5 {
		var properties []value.Property
		for name := range strings.SplitSeq("abcdefgh", "") {
			properties = append(properties, value.Property{Name: name, Schema: wide})
		}
		wide = object(properties...)
	}
	if got := strings.Count(typescript.Declare(wide), ":"); got != 8+64+512 {
		t.Errorf("got %d properties, want those of three levels", got)
	}
	within := object(value.Property{Name: "a", Schema: &value.Schema{Within: wide}})
	if got := typescript.Declare(within); got != "{ a?: any }" {
		t.Errorf("got %s, want any for what is within itself", got)
	}
}

func TestNamesAndComments(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"a": "a", "$a_1": "$a_1", "1a": `"1a"`, "a-b": `"a-b"`, "": `""`, `a"`: `"a\""`} {
		if got := typescript.Property(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	for _, c := range [][3]string{
		{"Get a tea.", "It is\n hot. */ x", "  /** Get a tea. It is hot. * / x */\n"}, {"Get", "", "  /** Get. */\n"},
		{"Get", strings.Repeat("x", 401), "  /** Get. " + strings.Repeat("x", 400) + "… */\n"},
	} {
		if got := typescript.Comment(c[0], c[1], "  "); got != c[2] {
			t.Errorf("got %q, want %q", got, c[2])
		}
	}
}

func TestCallees(t *testing.T) {
	t.Parallel()
	for operation, want := range map[string]string{
		"get": "api.get", "users.get": "api.users.get", "api.get": "api.api.get", "class": "api.class",
		"get-user": `api["get-user"]`, "users.2fa.get": `api.users["2fa"].get`,
		"then.get": `api["then.get"]`, "users.toString": `api["users.toString"]`, "users..get": `api["users..get"]`,
	} {
		got := typescript.Callee(operation)
		if got != want || typescript.Operation(got) != operation {
			t.Errorf("%s: got %s, which calls %s, want %s", operation, got, typescript.Operation(got), want)
		}
	}
	for callee, want := range map[string]string{
		"users.get": "users.get", "api": "api", "apis.get": "apis.get", `api['get-user']`: "get-user",
	} {
		if got := typescript.Operation(callee); got != want {
			t.Errorf("%s: got %s, want %s", callee, got, want)
		}
	}
}
