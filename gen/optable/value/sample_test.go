package value_test

import (
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// What an example holds for a schema; "": there is no example, as none that could be made is valid.
func TestSamplesOfEachKeyword(t *testing.T) {
	t.Parallel()
	type schema = optable.Schema
	number := func(s schema) schema {
		s.Types = optable.Number
		return s
	}
	text := schema{Types: optable.String}
	property := func(name string, required bool) optable.Property {
		return optable.Property{Name: name, Required: required, Schema: &text}
	}
	list := func(items *schema, least int) schema {
		return schema{Types: optable.Array, Items: items, Constraints: &optable.Constraints{MinItems: least}}
	}
	for _, c := range []struct {
		name   string
		schema schema
		want   string
	}{
		{"anything", schema{}, `"example"`},
		{"text", text, `"example"`},
		{"boolean", schema{Types: optable.Boolean}, "true"},
		{"null", schema{Types: optable.Null}, ""},
		{"number or text", schema{Types: optable.Number | optable.String}, `"example"`},
		{"boolean or number", schema{Types: optable.Boolean | optable.Number}, "1"},

		{"number", number(schema{}), "1"},
		{"minimum", number(schema{Constraints: &optable.Constraints{Minimum: "5"}}), "5"},
		{"minimum below 1", number(schema{Constraints: &optable.Constraints{Minimum: "-5"}}), "1"},
		{"maximum", number(schema{Constraints: &optable.Constraints{Maximum: "-2"}}), "-2"},
		{"maximum of 0", number(schema{Constraints: &optable.Constraints{Maximum: "0"}}), "0"},
		{"above", number(schema{Constraints: &optable.Constraints{ExclusiveMinimum: "5"}}), "6"},
		{"above a fraction", number(schema{Constraints: &optable.Constraints{ExclusiveMinimum: "5.5"}}), "6.5"},
		{"below", number(schema{Constraints: &optable.Constraints{ExclusiveMaximum: "1"}}), "0"},
		{"below 0", number(schema{Constraints: &optable.Constraints{ExclusiveMaximum: "0"}}), "-1"},
		{"between 0 and 1", number(schema{Constraints: &optable.Constraints{ExclusiveMinimum: "0", ExclusiveMaximum: "1"}}), "0.5"},
		{"multiple", number(schema{Constraints: &optable.Constraints{MultipleOf: "8"}}), "8"},
		{"multiple of a fraction", number(schema{Constraints: &optable.Constraints{MultipleOf: "0.01"}}), "1"},
		{"multiple from a minimum", number(schema{Constraints: &optable.Constraints{MultipleOf: "3", Minimum: "10"}}), "12"},
		{"multiple at a minimum", number(schema{Constraints: &optable.Constraints{MultipleOf: "3", Minimum: "9"}}), "9"},
		{"multiple above", number(schema{Constraints: &optable.Constraints{MultipleOf: "3", ExclusiveMinimum: "9"}}), "12"},
		{"negative multiple", number(schema{Constraints: &optable.Constraints{MultipleOf: "4", Minimum: "-10", Maximum: "-1"}}), "-8"},
		{"small multiple", number(schema{Constraints: &optable.Constraints{MultipleOf: "0.1", Minimum: "0.35", Maximum: "0.45"}}), "0.4"},
		{"no number", number(schema{Constraints: &optable.Constraints{Minimum: "2", Maximum: "1"}}), ""},
		{"number of default", number(schema{Default: "7"}), "7"},
		{"default out of range", number(schema{Default: "7", Constraints: &optable.Constraints{Maximum: "5"}}), "1"},

		{"constant", schema{Types: optable.String, Const: `"c"`, Default: `"d"`}, `"c"`},
		{"example before constant", schema{Types: optable.String, Example: `"c"`, Const: `"c"`}, `"c"`},
		{"second member", schema{Types: optable.String, Enum: []string{`"a"`, `"bb"`}, Constraints: &optable.Constraints{MinLength: 2}}, `"bb"`},
		{"null among members", schema{Types: optable.String | optable.Null, Enum: []string{"null", `"a"`}}, `"a"`},
		{"null as the default", schema{Types: optable.String | optable.Null, Default: "null"}, `"example"`},
		{"too long", schema{Types: optable.String, Constraints: &optable.Constraints{MaxLength: 3}}, `"exa"`},
		{"too long in characters", schema{Types: optable.String, IDPrefixes: []string{"ééé"}, Constraints: &optable.Constraints{MaxLength: 2}}, `"éé"`},
		{"at most seven", schema{Types: optable.String, Constraints: &optable.Constraints{MaxLength: 7}}, `"example"`},
		{"at least seven", schema{Types: optable.String, Constraints: &optable.Constraints{MinLength: 7}}, `"example"`},
		{"at least eight", schema{Types: optable.String, Constraints: &optable.Constraints{MinLength: 8}}, `"examplex"`},
		{"the first ID prefix", schema{Types: optable.String, IDPrefixes: []string{"org_", "user_"}}, `"org_123"`},
		{"no ID prefix in a description", schema{Types: optable.String, Description: "As `org_…`."}, `"example"`},
		{"email", schema{Types: optable.String, Format: "email"}, `"user@example.com"`},
		{"date", schema{Types: optable.String, Format: "date"}, `"2026-01-31"`},
		{"uri", schema{Types: optable.String, Format: "uri"}, `"https://example.com/"`},
		{"ipv4", schema{Types: optable.String, Format: "ipv4"}, `"192.0.2.1"`},
		{"ipv6", schema{Types: optable.String, Format: "ipv6"}, `"2001:db8::1"`},
		{"uuid", schema{Types: optable.String, Format: "uuid"}, `"123e4567-e89b-42d3-a456-426614174000"`},
		{"byte", schema{Types: optable.String, Format: "byte"}, `"ZXhhbXBsZQ=="`},

		{"letters", schema{Types: optable.String, Constraints: &optable.Constraints{Pattern: "^[a-c]{2}$"}}, ""},
		{"a letter", schema{Types: optable.String, Constraints: &optable.Constraints{Pattern: "^[a-c]$"}}, `"a"`},
		{"a capital", schema{Types: optable.String, Constraints: &optable.Constraints{Pattern: "^[A-Z]$"}}, `"A"`},
		{"a digit", schema{Types: optable.String, Constraints: &optable.Constraints{Pattern: "^[0-9]$"}}, `"1"`},
		{"digits", schema{Types: optable.String, Constraints: &optable.Constraints{Pattern: "^[0-9]{6}$"}}, `"123456"`},
		{"version", schema{Types: optable.String, Constraints: &optable.Constraints{Pattern: `^\d+\.\d+\.\d+$`}}, `"1.0.0"`},
		{"example of a pattern", schema{Types: optable.String, Constraints: &optable.Constraints{Pattern: "^[a-c]{2}$"}, Example: `"ab"`}, `"ab"`},
		{"ID of a pattern", schema{Types: optable.String, Constraints: &optable.Constraints{Pattern: "^tea_.+$"}, IDPrefixes: []string{"tea_"}}, `"tea_123"`},
		{"as long as it must be", schema{Types: optable.String, Constraints: &optable.Constraints{Pattern: "^a", MinLength: 3}}, `"axx"`},

		{"list", list(&text, 0), `["example"]`},
		{"list of two", list(&text, 2), `["example","example"]`},
		{"list of anything", list(nil, 0), `["example"]`},
		{"list of lists", list(&schema{Types: optable.Array, Items: &schema{Types: optable.Integer}}, 1), "[[1]]"},
		{"two that differ", schema{Types: optable.Array, Constraints: &optable.Constraints{MinItems: 2, UniqueItems: true}}, ""},

		{"object", schema{Types: optable.Object}, "{}"},
		{"required", schema{Types: optable.Object, Properties: []optable.Property{
			property("a", true), property("b", false), property("c", true),
		}}, `{"a":"example","c":"example"}`},
		{"as many as needed", schema{
			Types: optable.Object, Closed: true, Constraints: &optable.Constraints{MinProperties: 2}, Properties: []optable.Property{
				property("a", false), property("b", true), property("c", false), property("d", false),
			},
		}, `{"b":"example","a":"example"}`},
		{"more than there are", schema{
			Types: optable.Object, Closed: true, Constraints: &optable.Constraints{MinProperties: 2}, Properties: []optable.Property{property("a", false)},
		}, ""},
		{"names of choice", schema{Types: optable.Object, Constraints: &optable.Constraints{MinProperties: 3}, Additional: &schema{Types: optable.Integer}},
			`{"key":1,"key2":1,"key3":1}`},
		{"names beside others", schema{Types: optable.Object, Constraints: &optable.Constraints{MinProperties: 2}, Properties: []optable.Property{
			property("a", true),
		}}, `{"a":"example","key":"example"}`},
		{"names of a list", schema{Types: optable.Object, Constraints: &optable.Constraints{MinProperties: 2}, PropertyNames: &schema{
			Types: optable.String, Enum: []string{`"x"`, `"y"`, `"z"`},
		}}, `{"x":"example","y":"example"}`},
		{"more names than the list has", schema{Types: optable.Object, Constraints: &optable.Constraints{MinProperties: 2}, PropertyNames: &schema{
			Types: optable.String, Enum: []string{`"x"`},
		}}, ""},
		{"short names", schema{Types: optable.Object, Constraints: &optable.Constraints{MinProperties: 1}, PropertyNames: &schema{
			Types: optable.String, Constraints: &optable.Constraints{MaxLength: 2},
		}}, `{"ke":"example"}`},

		{"alternatives", schema{Composition: &optable.Composition{AnyOf: []schema{{Types: optable.Null}, {Types: optable.Integer}, text}}}, "1"},
		{"an alternative of required names", schema{
			Types: optable.Object, Closed: true, Properties: []optable.Property{property("a", true), property("b", false)},
			Composition: &optable.Composition{AnyOf: []schema{{Required: []string{"c"}}, {Required: []string{"b"}}}},
		}, `{"a":"example","b":"example"}`},
		{"an alternative that adds properties", schema{
			Types: optable.Object, Properties: []optable.Property{property("a", true)},
			Composition: &optable.Composition{AnyOf: []schema{{Properties: []optable.Property{property("b", true)}}}},
		}, `{"a":"example","b":"example"}`},
		{"an alternative of limits", schema{
			Types: optable.Number | optable.String, Composition: &optable.Composition{AnyOf: []schema{{Types: optable.Integer, Constraints: &optable.Constraints{Minimum: "7"}}}},
		}, "7"},
		{"an alternative that fails", schema{Composition: &optable.Composition{AnyOf: []schema{number(schema{Constraints: &optable.Constraints{Minimum: "2", Maximum: "1"}}), text}}}, `"example"`},
	} {
		compiled := compile(t, c.schema)
		got := (&value.Sampler{}).Sample(compiled)
		if got != nil && !value.Valid(compiled, parse(t, string(got))) {
			got = nil // parts that are not valid together
		}
		if string(got) != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// Schemas that require themselves have no example, and looking for one ends.
func TestSamplesOfWhatHoldsItself(t *testing.T) {
	t.Parallel()
	object := func(name string, p ...optable.Property) optable.Schema {
		return optable.Schema{Name: name, Types: optable.Object, Properties: p}
	}
	of := func(name, ref string, required bool) optable.Property {
		return optable.Property{Name: name, Required: required, Schema: &optable.Schema{Ref: ref}}
	}
	lists := optable.Schema{Name: "lists", Types: optable.Array, Items: &optable.Schema{Ref: "lists"}}
	schemas := []optable.Schema{
		object("endless", of("next", "endless", true)), lists, object("optional", of("next", "optional", false)),
	}
	for ref, want := range map[string]string{"endless": "", "optional": "{}"} {
		if got := string((&value.Sampler{}).Sample(compile(t, optable.Schema{Ref: ref}, schemas...))); got != want {
			t.Errorf("%s: got %s, want %s", ref, got, want)
		}
	}
	twice := &value.Sampler{Include: func(at value.Path, _ *value.Property) value.Inclusion {
		if len(at) > 2 {
			return value.IfNeeded
		}
		return value.Always
	}}
	if got := string(twice.Sample(compile(t, optable.Schema{Ref: "optional"}, schemas...))); got != `{"next":{"next":{}}}` {
		t.Errorf("got %s, want what is included", got)
	}
	everything := &value.Sampler{Include: func(value.Path, *value.Property) value.Inclusion { return value.Always }}
	for _, s := range [...]optable.Schema{{Ref: "optional"}, object("", of("next", "endless", false))} {
		if got := string(everything.Sample(compile(t, s, schemas...))); !strings.HasPrefix(got, "{") || len(got) > 100 {
			t.Errorf("got %s, want an object without what has no end", got)
		}
	}
	got := string((&value.Sampler{}).Sample(compile(t, optable.Schema{Ref: "lists"}, schemas...)))
	if depth := strings.Count(got, "["); depth != strings.Count(got, "]") || depth < 1 || depth > 10 {
		t.Errorf("got %s, want a few lists", got)
	}
}

func TestSamplesOfEveryCommonName(t *testing.T) {
	t.Parallel()
	for want, names := range map[string]string{
		"user@example.com":     "email mail work_email e_mail EMAIL",
		"https://example.com/": "url uri website logo_url redirect_uri home_website",
		"https://example.com":  "origin web_origin",
		"example.com":          "domain host mail_domain db_host",
		"192.0.2.1":            "ip_address ip client_ip_address source_ip",
		"+15555550100":         "phone_number phone work_phone_number home_phone",
		"example":              "emails gmail url_path curl domains hostname ips zip original telephone",
	} {
		for name := range strings.FieldsSeq(names) {
			s := compile(t, optable.Schema{Types: optable.String})
			if got := string((&value.Sampler{}).Sample(s, value.Step{Name: name})); got != `"`+want+`"` {
				t.Errorf("%s: got %s, want %s", name, got, want)
			}
		}
	}
}

func TestASamplerPrefersWhatItsCallerKnows(t *testing.T) {
	t.Parallel()
	text, whole := optable.Schema{Types: optable.String, Constraints: &optable.Constraints{MaxLength: 4}}, optable.Schema{Types: optable.Integer}
	s := compile(t, optable.Schema{Types: optable.Object, Properties: []optable.Property{
		{Name: "name", Required: true, Schema: &text},
		{Name: "count", Required: true, Schema: &whole},
		{Name: "names", Required: true, Schema: &optable.Schema{Types: optable.Array, Items: &text}},
		{Name: "none", Required: true, Schema: &optable.Schema{Types: optable.String | optable.Null}},
		{Name: "other", Schema: &text},
	}})
	known := &value.Sampler{Null: true, Least: true, Scalar: func(at value.Path, s *value.Schema) any {
		if s.Types.Has(optable.Integer) {
			return "no number"
		}
		return strings.ToUpper(at.String())
	}}
	if got, want := string(known.Sample(s)), `{"name":"NAME","count":1,"names":[],"none":null}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	known.Least = false
	if got, want := string(known.Sample(s)), `{"name":"NAME","count":1,"names":["NAME"],"none":null}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestASamplerChoosesTheVariant(t *testing.T) {
	t.Parallel()
	object := func(name string) *value.Schema {
		return &value.Schema{Types: optable.Object, Properties: []value.Property{
			{Name: "kind", Required: true, Schema: &value.Schema{Types: optable.String}},
			{Name: name, Required: true, Schema: &value.Schema{Types: optable.Integer}},
		}}
	}
	s := &value.Schema{Types: optable.Object, Union: &value.Union{Property: "kind", Variants: []value.Variant{
		{Value: "cat", Schema: object("lives")}, {Value: "dog", Schema: object("tricks")},
	}}}
	second := func(_ value.Path, u *value.Union) *value.Variant { return &u.Variants[1] }
	for want, m := range map[string]*value.Sampler{
		`{"kind":"cat","lives":1}`: {}, `{"kind":"dog","tricks":1}`: {Variant: second},
	} {
		if got := string(m.Sample(s)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
