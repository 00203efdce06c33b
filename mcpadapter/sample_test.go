package mcpadapter_test

import (
	"context"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestRefusalsHaveAnExampleOfWhatIsRequired(t *testing.T) {
	t.Parallel()
	const uuid = "123e4567-e89b-42d3-a456-426614174000"
	exemplify(t, []exemplified{
		{"getTea", `{}`, `{"tea_id":"tea_123"}`},
		{"teas.list", `[]`, `{}`},
		{"teas.create", `null`, `{"name":"example","stock":1}`},
		{"bins.get", `{}`, `{"shelf":"example","row":1,"colour":"red"}`},
		{"shelves.label", `{}`, `{"shelf":"example","label_shelf":"example","text":"example"}`},
		{"baskets.items.add", `{}`, `{"basket":"` + uuid + `","body":[{"tea_id":"tea_1","count":1}]}`},
		{"facts.replace", `{}`, `{"body":{"key":"example"}}`},
		{"days.get", `{}`, `{"days":["example"],"author":"` + uuid + `"}`},
		{"blends.create", `{}`, `{"brewing":{"way":"hot","degrees":60}}`},
		{"parcels.create", `{}`, `{"width":1,"address":"example"}`},
		{"tastings.create", `{}`, `{"day":"2026-01-31","email":"user@example.com"}`},
		{"payments.create", `{}`, `{"by":"card","amount":1,"number":"example"}`},
	})
}

func TestExamplesShowWhatTheProblemsAreAbout(t *testing.T) {
	t.Parallel()
	exemplify(t, []exemplified{
		{"teas.list", `{"limit":"x"}`, `{"limit":20}`},
		{"teas.list", `{"shelff":1}`, `{"shelf":1}`},
		{"teas.list", `{"labels":{"secret":1}}`, `{"labels":{"key":"example"}}`},
		{"teas.list", `{"labels":{}}`, `{"labels":{"key":"example"}}`},
		{"teas.list", `{"max_price":0}`, `{"max_price":1}`},
		{"teas.list", `{"region":1}`, `{"country":"ex","region":"example"}`},
		{"teas.list", `{"shelf":2,"country":"at"}`, `{"shelf":1}`},
		{"parcels.slip", `{"number":1,"width":1}`, `{"number":1,"width":8}`},
		{"teas.create", `{"name":"","stock":1,"lot":"","facts":{"A":1},"prices":{"gbp":1}}`,
			`{"name":"example","stock":1,"lot":"L111","facts":{"key":"example"},"prices":{"eur":1}}`},
		{"teas.create", `{"name":"n","stock":1,"supplier":{"name":"x","contact":{"hours":[1,24]}}}`,
			`{"name":"example","stock":1,"supplier":{"name":"example","contact":{"hours":[1]}}}`},
		{"menus.create", `{"title":"a","entries":[{"title":"b","entries":[{"title":"c","price":[]}]}]}`,
			`{"title":"example","entries":[{"title":"example","entries":[{"title":"example","price":1}]}]}`},
		{"baskets.card.add", `{"basket":"1","gold":1}`, `{"basket":"example","text":"example","gold":true}`},
		{"surveys.create", `{"mood":1,"ipv4":"x","ipv6":"x","size":1}`,
			`{"mood":"good","ipv4":"192.0.2.1","ipv6":"2001:db8::1"}`},
	})
}

func TestExamplesKeepToTheVariantThatWasChosen(t *testing.T) {
	t.Parallel()
	exemplify(t, []exemplified{
		{"payments.create", `{"by":"voucher"}`, `{"by":"voucher","amount":5,"code":"example"}`},
		{"payments.create", `{"by":"invoice","tip":1}`, `{"by":"invoice","amount":1,"tip":"example"}`},
		{"payments.create", `{"by":"gold","amount":1}`, `{"by":"card","amount":1,"number":"example"}`},
		{"blends.create", `{"brewing":{"way":"cold"}}`, `{"brewing":{"way":"cold","hours":1}}`},
		{"tastings.create", `{"last_name":"x"}`, `{"day":"2026-01-31","first_name":"example","last_name":"example"}`},
	})
}

// exemplified is a call that is refused, and the example that its failure must have.
type exemplified struct{ tool, arguments, want string }

func exemplify(t *testing.T, cases []exemplified) {
	t.Helper()
	a, _ := shoptest.New(t, nil)
	for _, c := range cases {
		result := shoptest.Invoke(t, a, c.tool, c.arguments)
		if result.Failure == nil {
			t.Errorf("%s %s: got %s, want a failure", c.tool, c.arguments, result.JSON)
			continue
		}
		if got := string(result.Failure.Example); got != c.want {
			t.Errorf("%s %s:\n got %s\nwant %s", c.tool, c.arguments, got, c.want)
		}
		shoptest.WantParts(t, "text", result.Text(), "\nExample: "+c.want)
		shoptest.WantParts(t, "JSON", string(result.JSON), `"example":`+c.want)
	}
}

// What callers send may be a secret, whatever it is called.
func TestExamplesHoldNothingThatWasSent(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	a, _ := shoptest.New(t, nil, mcpadapter.WithKnown(func(op *optable.Operation, argument string) (string, bool) {
		return secret, op.ID == "getTea" && argument == "tea_id"
	}))
	for _, c := range []struct{ tool, arguments string }{
		{"teas.create", `{"name":"` + secret + `","lot":"` + secret + `","facts":{"` + secret + `":1},"` + secret + `":1}`},
		{"teas.list", `{"labels":{"` + secret + `":1},"X-Basket":"` + secret + `","grades":["` + secret + `"]}`},
		{"payments.create", `{"by":"` + secret + `","code":"` + secret + `"}`},
		{"payments.create", `{"by":"voucher","code":"` + secret + `","amount":"` + secret + `"}`},
		{"facts.replace", `{"body":{"` + secret + `":{}},"x":"` + secret + `"}`},
		{"facts.replace", `{"body":"{'` + secret + `':1}"}`},
		{"blends.create", `{"brewing":{"way":"` + secret + `"}}`},
		{"teas.list", `"` + secret + `"`},
		{"getTea", `{"x":1}`},
	} {
		failure := shoptest.Invoke(t, a, c.tool, c.arguments).Failure
		if failure == nil || failure.Example == nil || strings.Contains(string(failure.Example), secret) {
			t.Errorf("%s %s: got %v, want an example without what was sent", c.tool, c.arguments, failure)
		}
	}
}

func TestExamplesPreferTheTablesOwn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		schema optable.Schema
		want   string
	}{
		{"example", optable.Schema{Types: optable.String, Example: `"tea_7"`, Default: `"tea_8"`}, `{"id":"tea_7"}`},
		{"invalid example", optable.Schema{Types: optable.String, Example: `7`, Default: `"tea_8"`}, `{"id":"tea_8"}`},
		{
			"member before default", optable.Schema{Types: optable.String, Enum: []string{`"a"`, `"b"`}, Default: `"b"`},
			`{"id":"a"}`,
		},
		{"ID prefix", optable.Schema{Types: optable.String, IDPrefixes: []string{"tea_"}}, `{"id":"tea_123"}`},
		{
			"ID prefix that is too long", optable.Schema{Types: optable.String, IDPrefixes: []string{"tea_"}, Constraints: &optable.Constraints{MaxLength: 5}},
			`{"id":"tea_1"}`,
		},
		{"too short", optable.Schema{Types: optable.String, Constraints: &optable.Constraints{MinLength: 9}}, `{"id":"examplexx"}`},
		{"pattern without an example", optable.Schema{Types: optable.String, Constraints: &optable.Constraints{Pattern: `^(x|y)[^a-z]{2}\.?z+$`}}, ``},
		{"pattern of a common text", optable.Schema{Types: optable.String, Constraints: &optable.Constraints{Pattern: `^v[0-9]+$`}}, `{"id":"v1"}`},
		{"format", optable.Schema{Types: optable.String, Format: "date-time"}, `{"id":"2026-01-31T12:00:00Z"}`},
		{"unknown format", optable.Schema{Types: optable.String, Format: "tea"}, `{"id":"example"}`},
		{"what nothing satisfies", optable.Schema{Types: optable.String, Constraints: &optable.Constraints{Pattern: `^a$`, MinLength: 2}}, ``},
	} {
		op := optable.Operation{ID: "item", Path: "/{id}", Parameters: []optable.Parameter{
			{Name: "id", In: optable.InPath, Required: true, Schema: &c.schema},
		}}
		a, err := mcpadapter.New(fake{}, &optable.Table{Operations: []optable.Operation{op}})
		if err != nil {
			t.Fatal(err)
		}
		failure := shoptest.Invoke(t, a, "item", `{}`).Failure
		if got := string(failure.Example); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestExamplesKnowCommonNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"email": "user@example.com", "work_email": "user@example.com", "endpoint_url": "https://example.com/",
		"redirect_uri": "https://example.com/", "domain": "example.com", "ip_address": "192.0.2.1",
		"phone_number": "+15555550100", "emails_sent": "example", "curl": "example",
	} {
		op := optable.Operation{ID: "item", Path: "/{" + name + "}", Parameters: []optable.Parameter{
			{Name: name, In: optable.InPath, Required: true, Schema: &optable.Schema{Types: optable.String}},
		}}
		a, err := mcpadapter.New(fake{}, &optable.Table{Operations: []optable.Operation{op}})
		if err != nil {
			t.Fatal(err)
		}
		failure := shoptest.Invoke(t, a, "item", `{}`).Failure
		if got, want := string(failure.Example), `{"`+name+`":"`+want+`"}`; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// guest has a property of the name that a whole body takes.
type guest struct {
	Body   *string           `json:"body,omitempty"`
	Email  *string           `json:"email,omitempty"`
	Name   *string           `json:"name,omitempty"`
	Labels map[string]string `json:"labels,omitempty"`
}

type guests struct{}

func (guests) Invite(context.Context, guest, ...editor) (answer, error) { return nil, nil }

func TestExamplesOfAWholeBody(t *testing.T) {
	t.Parallel()
	text := func(name string) optable.Property {
		return optable.Property{Name: name, Schema: &optable.Schema{Types: optable.String}}
	}
	a, err := mcpadapter.New(guests{}, &optable.Table{Operations: []optable.Operation{{
		ID: "invite",
		Body: &optable.Body{Schema: &optable.Schema{Types: optable.Object, Properties: []optable.Property{
			text("body"), text("email"), text("name"),
			{Name: "labels", Schema: &optable.Schema{
				Types: optable.Object, Constraints: &optable.Constraints{MinProperties: 2}, PropertyNames: &optable.Schema{Constraints: &optable.Constraints{Pattern: `^x?k`}},
			}},
		}}},
		Exclusive: []optable.Exclusive{{Name: "who", Variants: []optable.Variant{
			{Name: "by email", Fields: []string{"email"}}, {Name: "by name", Fields: []string{"name"}},
		}}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ arguments, want string }{
		{`{}`, `{"body":{"email":"user@example.com"}}`},
		{`{"body":{"email":1,"name":"x"}}`, `{"body":{"email":"user@example.com"}}`},
		{`{"body":{"name":1}}`, `{"body":{"name":"example"}}`},
		{`{"body":{"name":"x","labels":1}}`, `{"body":{"name":"example","labels":{"key":"example","key2":"example"}}}`},
	} {
		if got := string(shoptest.Invoke(t, a, "invite", c.arguments).Failure.Example); got != c.want {
			t.Errorf("%s: got %s, want %s", c.arguments, got, c.want)
		}
	}
}

// Places are shown without their indexes, and what looks like one but is a name stays.
func TestExamplesFollowThePlacesOfProblems(t *testing.T) {
	t.Parallel()
	whole := optable.Schema{Types: optable.Integer}
	s := optable.Schema{Types: optable.Object, Closed: true, Properties: []optable.Property{
		{Name: "list", Schema: &optable.Schema{Types: optable.Array, Items: &optable.Schema{
			Types: optable.Object, Closed: true, Properties: []optable.Property{
				{Name: "deep", Schema: &whole}, {Name: "other", Schema: &whole},
			},
		}}},
		{Name: "x[y]", Schema: &whole}, {Name: "x[0]", Schema: &whole}, {Name: "near", Schema: &whole},
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
		if got := string(shoptest.Invoke(t, a, "put", `{"v":`+given+`}`).Failure.Example); got != `{"v":`+want+`}` {
			t.Errorf("%s: got %s, want %s", given, got, want)
		}
	}
}
