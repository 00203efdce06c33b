package mcpadapter_test

import (
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// What an example holds for a schema; "": there is no example, as none that could be made is valid.
func TestExamplesOfEachKeyword(t *testing.T) {
	t.Parallel()
	type schema = optable.Schema
	number := func(s schema) schema {
		s.Types = optable.Number
		return s
	}
	text := schema{Types: optable.String}
	property := func(name string, required bool) optable.Property {
		return optable.Property{Name: name, Required: required, Schema: text}
	}
	list := func(items *schema, least int) schema {
		return schema{Types: optable.Array, Items: items, MinItems: least}
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
		{"minimum", number(schema{Minimum: "5"}), "5"},
		{"minimum below 1", number(schema{Minimum: "-5"}), "1"},
		{"maximum", number(schema{Maximum: "-2"}), "-2"},
		{"maximum of 0", number(schema{Maximum: "0"}), "0"},
		{"above", number(schema{ExclusiveMinimum: "5"}), "6"},
		{"above a fraction", number(schema{ExclusiveMinimum: "5.5"}), "6.5"},
		{"below", number(schema{ExclusiveMaximum: "1"}), "0"},
		{"below 0", number(schema{ExclusiveMaximum: "0"}), "-1"},
		{"between 0 and 1", number(schema{ExclusiveMinimum: "0", ExclusiveMaximum: "1"}), "0.5"},
		{"multiple", number(schema{MultipleOf: "8"}), "8"},
		{"multiple of a fraction", number(schema{MultipleOf: "0.01"}), "1"},
		{"multiple from a minimum", number(schema{MultipleOf: "3", Minimum: "10"}), "12"},
		{"multiple at a minimum", number(schema{MultipleOf: "3", Minimum: "9"}), "9"},
		{"multiple above", number(schema{MultipleOf: "3", ExclusiveMinimum: "9"}), "12"},
		{"negative multiple", number(schema{MultipleOf: "4", Minimum: "-10", Maximum: "-1"}), "-8"},
		{"small multiple", number(schema{MultipleOf: "0.1", Minimum: "0.35", Maximum: "0.45"}), "0.4"},
		{"no number", number(schema{Minimum: "2", Maximum: "1"}), ""},
		{"number of default", number(schema{Default: "7"}), "7"},
		{"default out of range", number(schema{Default: "7", Maximum: "5"}), "1"},

		{"constant", schema{Types: optable.String, Const: `"c"`, Default: `"d"`}, `"c"`},
		{"example before constant", schema{Types: optable.String, Example: `"c"`, Const: `"c"`}, `"c"`},
		{"second member", schema{Types: optable.String, Enum: []string{`"a"`, `"bb"`}, MinLength: 2}, `"bb"`},
		{"null among members", schema{Types: optable.String | optable.Null, Enum: []string{"null", `"a"`}}, `"a"`},
		{"null as the default", schema{Types: optable.String | optable.Null, Default: "null"}, `"example"`},
		{"too long", schema{Types: optable.String, MaxLength: 3}, `"exa"`},
		{"too long in characters", schema{Types: optable.String, IDPrefixes: []string{"ééé"}, MaxLength: 2}, `"éé"`},
		{"at most seven", schema{Types: optable.String, MaxLength: 7}, `"example"`},
		{"at least seven", schema{Types: optable.String, MinLength: 7}, `"example"`},
		{"at least eight", schema{Types: optable.String, MinLength: 8}, `"examplex"`},
		{"the first ID prefix", schema{Types: optable.String, IDPrefixes: []string{"org_", "user_"}}, `"org_123"`},
		{"no ID prefix in a description", schema{Types: optable.String, Description: "As `org_…`."}, `"example"`},
		{"email", schema{Types: optable.String, Format: "email"}, `"user@example.com"`},
		{"date", schema{Types: optable.String, Format: "date"}, `"2026-01-31"`},
		{"uri", schema{Types: optable.String, Format: "uri"}, `"https://example.com/"`},
		{"ipv4", schema{Types: optable.String, Format: "ipv4"}, `"192.0.2.1"`},
		{"ipv6", schema{Types: optable.String, Format: "ipv6"}, `"2001:db8::1"`},
		{"uuid", schema{Types: optable.String, Format: "uuid"}, `"123e4567-e89b-42d3-a456-426614174000"`},
		{"byte", schema{Types: optable.String, Format: "byte"}, `"ZXhhbXBsZQ=="`},

		{"letters", schema{Types: optable.String, Pattern: "^[a-c]{2}$"}, `"aa"`},
		{"capitals", schema{Types: optable.String, Pattern: "^[B-Z][A-C]$"}, `"BA"`},
		{"digits", schema{Types: optable.String, Pattern: "^[0-9]+-[5-9]$"}, `"1-5"`},
		{"any character", schema{Types: optable.String, Pattern: "^x.y$"}, `"xay"`},
		{"any character and line", schema{Types: optable.String, Pattern: "(?s)^x.y$"}, `"xay"`},
		{"a choice", schema{Types: optable.String, Pattern: "^(one|two)$"}, `"one"`},
		{"what may be missing", schema{Types: optable.String, Pattern: "^xa?b*c+$"}, `"xc"`},
		{"what no class holds", schema{Types: optable.String, Pattern: "^[^\\x00-\\x{10FFFF}]$"}, ""},

		{"list", list(&text, 0), `["example"]`},
		{"list of two", list(&text, 2), `["example","example"]`},
		{"list of anything", list(nil, 0), `["example"]`},
		{"list of lists", list(&schema{Types: optable.Array, Items: &schema{Types: optable.Integer}}, 1), "[[1]]"},
		{"two that differ", schema{Types: optable.Array, MinItems: 2, UniqueItems: true}, ""},

		{"object", schema{Types: optable.Object}, "{}"},
		{"required", schema{Types: optable.Object, Properties: []optable.Property{
			property("a", true), property("b", false), property("c", true),
		}}, `{"a":"example","c":"example"}`},
		{"as many as needed", schema{
			Types: optable.Object, Closed: true, MinProperties: 2, Properties: []optable.Property{
				property("a", false), property("b", true), property("c", false), property("d", false),
			},
		}, `{"b":"example","a":"example"}`},
		{"more than there are", schema{
			Types: optable.Object, Closed: true, MinProperties: 2, Properties: []optable.Property{property("a", false)},
		}, ""},
		{"names of choice", schema{Types: optable.Object, MinProperties: 3, Additional: &schema{Types: optable.Integer}},
			`{"key":1,"key2":1,"key3":1}`},
		{"names beside others", schema{Types: optable.Object, MinProperties: 2, Properties: []optable.Property{
			property("a", true),
		}}, `{"a":"example","key":"example"}`},
		{"names of a list", schema{Types: optable.Object, MinProperties: 2, PropertyNames: &schema{
			Types: optable.String, Enum: []string{`"x"`, `"y"`, `"z"`},
		}}, `{"x":"example","y":"example"}`},
		{"more names than the list has", schema{Types: optable.Object, MinProperties: 2, PropertyNames: &schema{
			Types: optable.String, Enum: []string{`"x"`},
		}}, ""},
		{"short names", schema{Types: optable.Object, MinProperties: 1, PropertyNames: &schema{
			Types: optable.String, MaxLength: 2,
		}}, `{"ke":"example"}`},

		{"alternatives", schema{AnyOf: []schema{{Types: optable.Null}, {Types: optable.Integer}, text}}, "1"},
		{"an alternative that fails", schema{AnyOf: []schema{number(schema{Minimum: "2", Maximum: "1"}), text}}, `"example"`},
	} {
		a, wire := puts(t, c.schema)
		want := ""
		if c.want != "" {
			want = `{"v":` + c.want + `}`
		}
		r := invoke(t, a, "put", `{}`)
		if r.Failure == nil || len(wire.took()) > 0 {
			t.Fatalf("%s: got %s, want a refusal", c.name, r.Text())
		}
		if got := string(r.Failure.Example); got != want {
			t.Errorf("%s: got %s, want %s", c.name, got, want)
		}
		if want == "" {
			continue
		}
		if r := invoke(t, a, "put", want); r.Failure != nil || len(wire.took()) != 1 {
			t.Errorf("%s: %s: got %s, want the example sent", c.name, want, r.Text())
		}
	}
}

// Schemas that require themselves have no example, and looking for one ends.
func TestExamplesOfWhatHoldsItself(t *testing.T) {
	t.Parallel()
	object := func(name string, p ...optable.Property) optable.Schema {
		return optable.Schema{Name: name, Types: optable.Object, Properties: p}
	}
	of := func(name, ref string, required bool) optable.Property {
		return optable.Property{Name: name, Required: required, Schema: optable.Schema{Ref: ref}}
	}
	lists := optable.Schema{Name: "lists", Types: optable.Array, Items: &optable.Schema{Ref: "lists"}}
	schemas := []optable.Schema{
		object("endless", of("next", "endless", true)), lists, object("optional", of("next", "optional", false)),
	}
	for ref, want := range map[string]string{"endless": "", "optional": `{"v":{}}`} {
		a, _ := puts(t, optable.Schema{Ref: ref}, schemas...)
		if got := string(invoke(t, a, "put", `{}`).Failure.Example); got != want {
			t.Errorf("%s: got %s, want %s", ref, got, want)
		}
	}
	a, _ := puts(t, optable.Schema{Ref: "optional"}, schemas...)
	deep := string(invoke(t, a, "put", `{"v":{"next":{"next":1}}}`).Failure.Example)
	if deep != `{"v":{"next":{"next":{}}}}` {
		t.Errorf("got %s, want what the problem is about", deep)
	}
	a, _ = puts(t, optable.Schema{Ref: "lists"}, schemas...)
	got := string(invoke(t, a, "put", `{}`).Failure.Example)
	if depth := strings.Count(got, "["); depth != strings.Count(got, "]") || depth < 1 || depth > 10 {
		t.Errorf("got %s, want a few lists", got)
	}
}

// Places are shown without their indexes, and what looks like one but is a name stays.
func TestExamplesFollowThePlacesOfProblems(t *testing.T) {
	t.Parallel()
	whole := optable.Schema{Types: optable.Integer}
	s := optable.Schema{Types: optable.Object, Closed: true, Properties: []optable.Property{
		{Name: "list", Schema: optable.Schema{Types: optable.Array, Items: &optable.Schema{
			Types: optable.Object, Closed: true, Properties: []optable.Property{
				{Name: "deep", Schema: whole}, {Name: "other", Schema: whole},
			},
		}}},
		{Name: "x[y]", Schema: whole}, {Name: "x[0]", Schema: whole}, {Name: "near", Schema: whole},
	}}
	a, _ := puts(t, s)
	for given, want := range map[string]string{
		`{"list":[{},{"deep":"x"}]}`:  `{"list":[{"deep":1}]}`,
		`{"list":[{},{"other":"x"}]}`: `{"list":[{"other":1}]}`,
		`{"list":[{"deeq":1}]}`:       `{"list":[{"deep":1}]}`,
		`{"x[y]":"x"}`:                `{"x[y]":1}`,
		`{"naer":1}`:                  `{"near":1}`,
		`{"list":1}`:                  `{"list":[{}]}`,
	} {
		if got := string(invoke(t, a, "put", `{"v":`+given+`}`).Failure.Example); got != `{"v":`+want+`}` {
			t.Errorf("%s: got %s, want %s", given, got, want)
		}
	}
}

func TestExamplesOfEveryCommonName(t *testing.T) {
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
			a, _ := puts(t, optable.Schema{Types: optable.Object, Properties: []optable.Property{
				{Name: name, Required: true, Schema: optable.Schema{Types: optable.String}},
			}})
			if got := string(invoke(t, a, "put", `{}`).Failure.Example); got != `{"v":{"`+name+`":"`+want+`"}}` {
				t.Errorf("%s: got %s, want %s", name, got, want)
			}
		}
	}
}
