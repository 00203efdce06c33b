package mcpadapter_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// form is a variant of the payments: its properties with a valid value each.
type form struct {
	required, optional map[string]string
}

func paymentForms() map[string]form {
	return map[string]form{
		"card":    {map[string]string{"amount": "1", "number": `"4242"`}, map[string]string{"tip": "0"}},
		"voucher": {map[string]string{"amount": "5", "code": `"x"`}, nil},
		"invoice": {map[string]string{"amount": "1"}, map[string]string{"tip": `"much"`, "address": `{"name":"x"}`}},
	}
}

func written(by string, members map[string]string) string {
	text := `{"by":"` + by + `"`
	var textSb27 strings.Builder
	for _, name := range slices.Sorted(maps.Keys(members)) {
		textSb27.WriteString(`,"` + name + `":` + members[name])
	}
	text += textSb27.String()
	return text + "}"
}

// What each variant requires, takes and refuses, property by property.
func TestEachVariantTakesItsOwnProperties(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	forms := paymentForms()
	types := map[string]string{"amount": "a whole number", "number": "a string", "code": "a string"}
	for by, f := range forms {
		whole := maps.Clone(f.required)
		maps.Copy(whole, f.optional)
		for _, members := range []map[string]string{f.required, whole} {
			arguments := written(by, members)
			r := shoptest.Invoke(t, a, "payments.create", arguments)
			sent := wire.Seen()
			if r.Failure != nil || len(sent) != 1 || !sameJSON(t, sent[0].Body, arguments) {
				t.Errorf("%s: got %v and %s, want it sent", arguments, sent, r.Text())
			}
		}
		for name := range f.required {
			lacking := maps.Clone(f.required)
			delete(lacking, name)
			arguments := written(by, lacking)
			wantInvalid(t, arguments, shoptest.Invoke(t, a, "payments.create", arguments), wire, name+": is required: "+types[name])
		}
		for other, of := range forms {
			for name, value := range of.required {
				refusesForeign(t, by, other, whole, name, value)
			}
			for name, value := range of.optional {
				refusesForeign(t, by, other, whole, name, value)
			}
		}
		more := maps.Clone(f.required)
		more["quite_another"] = "1"
		arguments := written(by, more)
		r := shoptest.Invoke(t, a, "payments.create", arguments)
		if r.Failure == nil || !strings.HasPrefix(strings.Join(problemsOf(r), "; "), "quite_another: is unknown; expected ") {
			t.Errorf("%s: got %s, want a property refused that no variant has", arguments, r.Text())
		}
		wantUnsent(t, arguments, wire)
	}
}

func refusesForeign(t *testing.T, by, other string, own map[string]string, name, value string) {
	t.Helper()
	if _, has := own[name]; has {
		return
	}
	a, wire := shoptest.New(t, nil)
	more := maps.Clone(own)
	more[name] = value
	arguments := written(by, more)
	wantInvalid(t, other+"'s in "+arguments, shoptest.Invoke(t, a, "payments.create", arguments), wire,
		fmt.Sprintf("%s: does not go with by %q", name, by))
}

func TestEachVariantHasItsOwnBounds(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	for _, c := range []struct{ arguments, want string }{
		{`{"by":"card","number":"4242","amount":1}`, ""}, {`{"by":"card","number":"4242","amount":1000}`, ""},
		{`{"by":"card","number":"4242","amount":0}`, "amount: expected at least 1, got 0"},
		{`{"by":"card","number":"4242","amount":1001}`, "amount: expected at most 1000, got 1001"},
		{`{"by":"card","number":"424","amount":1}`, "number: expected at least 4 characters, got 3"},
		{`{"by":"card","number":"4242","amount":1,"tip":0}`, ""},
		{`{"by":"card","number":"4242","amount":1,"tip":-1}`, "tip: expected at least 0, got -1"},
		{`{"by":"card","number":"4242","amount":1,"tip":"x"}`, `tip: expected a whole number, got the string "x"`},
		{`{"by":"voucher","code":"","amount":5}`, ""}, {`{"by":"voucher","code":"","amount":50}`, ""},
		{`{"by":"voucher","code":"","amount":4}`, "amount: expected at least 5, got 4"},
		{`{"by":"voucher","code":"","amount":51}`, "amount: expected at most 50, got 51"},
		{`{"by":"invoice","amount":1}`, ""}, {`{"by":"invoice","amount":100000}`, ""},
		{`{"by":"invoice","amount":0}`, "amount: expected at least 1, got 0"},
		{`{"by":"invoice","amount":1,"tip":1}`, "tip: expected a string, got the number 1"},
		{`{"by":"invoice","amount":1,"address":{}}`, "address.name: is required: a string"},
		{`{"by":"invoice","amount":1,"address":{"name":"x","nmae":1}}`, "address.nmae: is unknown (did you mean name?)"},
		{`{}`, `by: is required: one of "card", "voucher", "invoice"`},
		{`{"amount":1}`, `by: is required: one of "card", "voucher", "invoice"`},
		{`{"by":null}`, `by: expected one of "card", "voucher", "invoice", got null`},
		{`{"by":["card"]}`, `by: expected one of "card", "voucher", "invoice", got an array of 1`},
		{`{"by":"Card","amount":1}`, `by: expected one of "card", "voucher", "invoice", got the string "Card" ` +
			`(did you mean card?)`},
		{`{"by":"","amount":1}`, `by: expected one of "card", "voucher", "invoice", got the string ""`},
	} {
		r := shoptest.Invoke(t, a, "payments.create", c.arguments)
		if c.want != "" {
			wantInvalid(t, c.arguments, r, wire, c.want)
			continue
		}
		if sent := wire.Seen(); r.Failure != nil || len(sent) != 1 || !sameJSON(t, sent[0].Body, c.arguments) {
			t.Errorf("%s: got %v and %s, want it sent", c.arguments, sent, r.Text())
		}
	}
}

func TestUnionsInsideABodyAreChecked(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	const hot, cold = `{"way":"hot","degrees":60}`, `{"way":"cold","hours":24}`
	for _, c := range []struct {
		arguments string
		want      []string
	}{
		{`{"brewing":` + hot + `}`, nil},
		{`{"brewing":` + cold + `,"fallback":` + hot + `,"steps":[` + cold + `,` + hot + `]}`, nil},
		{`{"brewing":{"way":"hot","degrees":100,"minutes":1.5}}`, nil},
		{`{"brewing":{"way":"hot","degrees":59}}`, []string{"brewing.degrees: expected at least 60, got 59"}},
		{`{"brewing":{"way":"hot","degrees":101}}`, []string{"brewing.degrees: expected at most 100, got 101"}},
		{`{"brewing":{"way":"cold","hours":0}}`, []string{"brewing.hours: expected at least 1, got 0"}},
		{`{"brewing":{"way":"cold","hours":25}}`, []string{"brewing.hours: expected at most 24, got 25"}},
		{`{"brewing":{"way":"cold"}}`, []string{"brewing.hours: is required: a whole number"}},
		{`{"brewing":{"way":"cold","hours":1,"degrees":60}}`, []string{`brewing.degrees: does not go with way "cold"`}},
		{`{"brewing":{"way":"cold","hours":1,"grams":60}}`, []string{"brewing.grams: is unknown; expected way, hours"}},
		{`{"brewing":{"degrees":60}}`, []string{`brewing.way: is required: one of "hot", "cold"`}},
		{`{"brewing":{"way":"lukewarm"}}`, []string{`brewing.way: expected one of "hot", "cold", got the string "lukewarm"`}},
		{`{"brewing":"hot"}`, []string{`brewing: expected an object, got the string "hot"`}},
		{`{"brewing":[]}`, []string{"brewing: expected an object, got an array of 0"}},
		{
			`{"brewing":` + hot + `,"fallback":{"way":"cold"},"steps":[` + hot + `,{"way":"hot"}]}`,
			[]string{"fallback.hours: is required: a whole number", "steps[1].degrees: is required: a whole number"},
		},
		{`{"brewing":` + hot + `,"steps":[` + hot + `,` + hot + `,` + hot + `]}`, []string{
			"steps: expected at most 2 items, got 3",
		}},
		{`{"brewing":` + hot + `,"strength":0}`, []string{"strength: expected at least 1, got 0"}},
		{`{"brewing":` + hot + `,"strength":"weak"}`, []string{
			`strength: expected one of "mild", "strong", got the string "weak"`,
		}},
		{`{"brewing":` + hot + `,"strength":1}`, nil}, {`{"brewing":` + hot + `,"strength":"strong"}`, nil},
	} {
		r := shoptest.Invoke(t, a, "blends.create", c.arguments)
		if c.want != nil {
			wantInvalid(t, c.arguments, r, wire, c.want...)
			continue
		}
		if sent := wire.Seen(); r.Failure != nil || len(sent) != 1 || !sameJSON(t, sent[0].Body, c.arguments) {
			t.Errorf("%s: got %v and %s, want it sent", c.arguments, sent, r.Text())
		}
	}
}

// Clients are told one flat object: each property says which variants have it.
func TestTheFlatFormOfAUnionSaysWhatGoesWithWhat(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	var root struct {
		Properties map[string]struct{ Description string }
		Required   []string
	}
	if err := json.Unmarshal(shoptest.Tool(t, a, "payments.create").InputSchema(), &root); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"by": "Selects the form.", "amount": "", "number": "The card's number. Only with card.",
		"tip": "Not with voucher.", "code": "Code on the voucher. Only with voucher.", "address": "Only with invoice.",
	} {
		if got := root.Properties[name].Description; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if want := []string{"by", "amount"}; !slices.Equal(root.Required, want) || len(root.Properties) != 6 {
		t.Errorf("got %v required of %d, want %v of 6", root.Required, len(root.Properties), want)
	}
}
