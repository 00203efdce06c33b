package mcpadapter_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// refusal is a call that must not leave the process, and what its failure must say.
type refusal struct {
	name, tool, arguments string
	argument              string   // of the first problem; "": the arguments as a whole
	parts                 []string // of the text
}

func TestPathsToAnotherResourceAreRefused(t *testing.T) {
	t.Parallel()
	cases := []refusal{{"empty", "getTea", `{"tea_id":""}`, "tea_id", []string{"expected at least 1 character, got 0"}}}
	for _, value := range []string{
		".", "..", "../x", "a/../b", `a\\..\\b`, `..\\`, "./", "/..", "a/.", "//..//",
	} {
		cases = append(cases,
			refusal{value, "getTea", `{"tea_id":"` + value + `"}`, "tea_id", []string{"expected one path segment"}},
			refusal{value + " deleted", "teas.delete", `{"tea_id":"` + value + `"}`, "tea_id", []string{"one path segment"}},
			refusal{value + " beside a body", "shelves.label", `{"shelf":"` + value + `","body":{"shelf":"..","text":""}}`,
				"shelf", []string{"would address something else"}})
	}
	const author = `,"author":"6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10"}`
	cases = append(cases,
		refusal{"list of dots", "days.get", `{"days":[".."]` + author, "days", []string{"expected one path segment"}},
		refusal{"list of nothing", "days.get", `{"days":[""]` + author, "days[0]", []string{"at least 1 character"}},
		refusal{"with a pattern", "bins.get", `{"shelf":"..","row":1,"colour":"red"}`, "shelf", []string{"one path segment"}})
	refuse(t, cases)
}

func TestArgumentsThatAreNoObjectAreRefused(t *testing.T) {
	t.Parallel()
	refuse(t, []refusal{
		{"list", "teas.list", `[]`, "", []string{"expected a JSON object, got an array of 0"}},
		{"string", "teas.list", `"{"`, "", []string{"expected a JSON object, got the string"}},
		{"number", "teas.list", `1`, "", []string{"expected a JSON object, got the number 1"}},
		{"cut off", "teas.list", `{"limit":`, "", []string{"not valid JSON"}},
		{"cut off in a list", "teas.list", `{"grades":["leaf"`, "", []string{"not valid JSON"}},
		{"wrong bracket", "teas.list", `{"grades":["leaf"}`, "", []string{"not valid JSON"}},
		{"something after", "teas.list", `{} {}`, "", []string{"something follows the JSON value"}},
		{"given twice", "teas.list", `{"limit":1,"limit":1}`, "", []string{`"limit" is given twice`}},
		{
			"given twice, written differently", "teas.list", `{"limit":1,"\u006cimit":2}`,
			"", []string{`"limit" is given twice`},
		},
		{"given twice inside", "facts.replace", `{"body":{"a":{"b":1,"b":2}}}`, "", []string{`"b" is given twice`}},
		{"no UTF-8", "getTea", "{\"tea_id\":\"\xff\"}", "", []string{"not UTF-8"}},
		{"too deep", "facts.replace", `{"body":{"a":` + strings.Repeat("[", 1e6), "", []string{"nested deeper than"}},
		{
			"wrong at the bottom", "facts.note", `{"body":` + strings.Repeat("[", 900) + "null" + strings.Repeat("]", 900) + `}`,
			"body" + strings.Repeat("[0]", 900), []string{"null matches none of the accepted forms"},
		},
		{"too deep objects", "facts.replace", strings.Repeat(`{"body":`, 1e5), "", []string{"nested deeper than"}},
	})
}

func TestUnionsAreCheckedByTheirDiscriminator(t *testing.T) {
	t.Parallel()
	refuse(t, []refusal{
		{
			"no variant", "payments.create", `{"amount":1}`,
			"by", []string{`is required: one of "card", "voucher", "invoice"`},
		},
		{
			"unknown variant", "payments.create", `{"by":"cards","amount":1}`,
			"by", []string{"expected one of", "did you mean card?"},
		},
		{"variant of another type", "payments.create", `{"by":1}`, "by", []string{"expected one of", "got the number 1"}},
		{"null variant", "payments.create", `{"by":null}`, "by", []string{"expected one of", "got null"}},
		{
			"missing of the variant", "payments.create", `{"by":"voucher","amount":5}`,
			"code", []string{"is required: a string"},
		},
		{"of another variant", "payments.create", `{"by":"voucher","amount":5,"code":"x","number":"4242"}`, "number",
			[]string{`does not go with by "voucher"`}},
		{
			"unknown to all", "payments.create", `{"by":"voucher","amount":5,"code":"x","pin":1}`,
			"pin", []string{"is unknown"},
		},
		{
			"bound of the variant", "payments.create", `{"by":"voucher","amount":51,"code":"x"}`,
			"amount", []string{"at most 50"},
		},
		{
			"type of the variant", "payments.create", `{"by":"invoice","amount":51,"tip":3}`,
			"tip", []string{"expected a string"},
		},
		{
			"of a type that no alternative has", "blends.create", `{"brewing":{"way":"cold","hours":3},"strength":[]}`,
			"strength", []string{`expected a whole number or one of "mild", "strong", got an array of 0`},
		},
		{"nested", "blends.create", `{"brewing":{"way":"hot","hours":3}}`, "brewing.degrees",
			[]string{"is required", `brewing.hours: does not go with way "hot"`}},
		{"nested without", "blends.create", `{"brewing":{}}`, "brewing.way", []string{`is required: one of "hot", "cold"`}},
		{"in a list", "blends.create", `{"brewing":{"way":"cold","hours":3},"steps":[{"way":"cold","hours":99}]}`,
			"steps[0].hours", []string{"at most 24"}},
		{"without a discriminator", "blends.create", `{"brewing":{"way":"cold","hours":3},"strength":"lethal"}`,
			"strength", []string{`expected one of "mild", "strong"`}},
	})
}

func TestExclusiveArgumentsDoNotGoTogether(t *testing.T) {
	t.Parallel()
	refuse(t, []refusal{
		{
			"two parameters", "teas.list", `{"shelf":1,"region":"x"}`,
			"shelf", []string{"cannot go together with country, region"},
		},
		{
			"half of a group of parameters", "teas.list", `{"region":"x"}`,
			"country", []string{"is required together with region"},
		},
		{"none of the body", "tastings.create", `{"day":"2026-01-31"}`, "email",
			[]string{"is required, or instead of it first_name with last_name"}},
		{"two of the body", "tastings.create", `{"day":"2026-01-31","email":"a@b.example","last_name":"x"}`, "email",
			[]string{"cannot go together with first_name, last_name"}},
		{"half of a group of the body", "tastings.create", `{"day":"2026-01-31","last_name":"x"}`, "first_name",
			[]string{"is required together with last_name"}},
	})
}

// What a Go type cannot hold would reach the server as something else.
func TestWhatTheClientWouldChangeIsRefused(t *testing.T) {
	t.Parallel()
	refuse(t, []refusal{
		{
			"digits beyond 32 bits", "teas.list", `{"max_price":123.456789}`,
			"", []string{"nothing was sent", "max_price: the number 123.456789 would arrive as 123.45679"},
		},
		{"int32", "parcels.slip", `{"number":1,"width":4294967296}`, "", []string{"nothing was sent", "width"}},
	})
}

func TestARefusalTellsAtMostTwentyProblems(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	var unfit strings.Builder
	for i := range 30 {
		fmt.Fprintf(&unfit, `,"x%d":[]`, i)
	}
	result := shoptest.Invoke(t, a, "facts.add", `{"body":{"title":"t"`+unfit.String()+`}}`)
	if result.Failure == nil || len(result.Failure.Arguments) != 20 {
		t.Fatalf("got %v, want 20 problems", result.Failure)
	}
	shoptest.WantParts(t, "message", result.Failure.Message, "the first 20 problems")
	if n := len(wire.Seen()); n != 0 {
		t.Errorf("got %d requests, want none", n)
	}
}

func TestUnknownToolsNameTheNearest(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	_, err := a.Tool("tea.list")
	if err == nil {
		t.Fatal("got no error")
	}
	shoptest.WantParts(t, "error", err.Error(), `unknown tool "tea.list"`, "did you mean teas.list")
	if _, err = a.Tool(strings.Repeat("q", 200)); err == nil || strings.Contains(err.Error(), "did you mean") {
		t.Errorf("got %v, want an error without a guess", err)
	}
}

func refuse(t *testing.T, cases []refusal) {
	t.Helper()
	a, wire := shoptest.New(t, nil)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { //nolint:paralleltest // they share the server
			result := shoptest.Invoke(t, a, c.tool, c.arguments)
			if n := len(wire.Seen()); n != 0 {
				t.Fatalf("got %d requests, want none", n)
			}
			if result.Failure == nil {
				t.Fatalf("got %s, want a failure", result.JSON)
			}
			f := result.Failure
			if f.Code != mcpadapter.CodeInvalidArguments {
				t.Errorf("code: got %q, want %q", f.Code, mcpadapter.CodeInvalidArguments)
			}
			if got := firstArgument(f); got != c.argument {
				t.Errorf("first argument: got %q, want %q", got, c.argument)
			}
			shoptest.WantParts(t, "text", result.Text(), c.parts...)
			example := shoptest.Tool(t, a, c.tool).Invoke(t.Context(), f.Example)
			if n := len(wire.Seen()); n != 1 || example.Repaired != nil {
				t.Errorf("example: got %d requests with %s, want it valid: %s", n, f.Example, example.Text())
			}
		})
	}
}

func firstArgument(f *mcpadapter.Failure) string {
	if len(f.Arguments) == 0 {
		return ""
	}
	return f.Arguments[0].Argument
}

func TestAPathValueInAnArrayAddressesNoOtherOperation(t *testing.T) {
	t.Parallel()
	const author = "6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10"
	table := shop.Operations
	table.Operations = slices.Clone(table.Operations)
	for i := range table.Operations {
		if op := &table.Operations[i]; op.ID == "teas.list" {
			op.Path = "/days/today/by/" + author
		}
	}
	a, err := mcpadapter.New(&shop.Client{}, &table)
	if err != nil {
		t.Fatal(err)
	}
	r := shoptest.Invoke(t, a, "days.get", `{"days":["today"],"author":"`+author+`"}`)
	shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
	shoptest.WantParts(t, "text", r.Text(), `days: "today" would address another operation, teas.list`)
}
