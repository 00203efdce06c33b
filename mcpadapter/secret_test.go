package mcpadapter_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

const secretOrder = `{"id":"o1","pickup_code":"S1","seals":[1,{"x":"S2","y":null,"z":true}],` +
	`"payment":{"by":"link","url":"https://pay.example/S3"},"note":null,` +
	`"lines":[{"tea":{"id":"t","client_secret":"S4"}}],` +
	`"extra":{"api_key":"S5","apiKey":"S6","token":["S7"],"key":"k","token_type":"t","deep":[{"Password":"S8"}]},` +
	`"accessToken":"S9"}`

const hiddenOrder = `{"id":"o1","pickup_code":"[hidden]","seals":[null,{"x":"[hidden]","y":null,"z":null}],` +
	`"payment":{"by":"link","url":"[hidden]"},"note":null,"lines":[{"tea":{"id":"t","client_secret":"[hidden]"}}],` +
	`"extra":{"api_key":"[hidden]","apiKey":"[hidden]","token":["[hidden]"],"key":"k","token_type":"t",` +
	`"deep":[{"Password":"[hidden]"}]},"accessToken":"[hidden]"}`

func TestSecretsAreHiddenBeforeAnythingSeesThem(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", secretOrder),
		mcpadapter.WithHiddenSecrets(), mcpadapter.WithShapingArguments())
	const seals = `[null,{"x":"[hidden]","y":null,"z":null}]`
	for arguments, want := range map[string]string{
		`{"order_id":"1"}`: hiddenOrder,
		`{"order_id":"1","fields":"pickup_code,seals"}`:                `{"pickup_code":"[hidden]","seals":` + seals + `}`,
		`{"order_id":"1","jq":"[.pickup_code, .extra.token, .seals]"}`: `{"jq":[["[hidden]",["[hidden]"],` + seals + `]]}`,
		`{"order_id":"1","jq":".pickup_code | explode"}`:               "",
	} {
		r := shoptest.Invoke(t, a, "orders.get", arguments)
		if want == "" {
			shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
		} else if string(r.JSON) != want {
			t.Errorf("%s:\ngot  %s\nwant %s", arguments, r.JSON, want)
		}
		for i := 1; i <= 9; i++ {
			if secret := "S" + string(rune('0'+i)); strings.Contains(r.Text(), secret) {
				t.Errorf("%s: got %s in %s", arguments, secret, r.Text())
			}
		}
	}
}

func TestSecretsOfEachPageAreHidden(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, shoptest.Orders{N: 30, Change: func(_ string, page map[string]any) bool {
		data, _ := page["data"].([]any)
		for _, o := range data {
			if order, ok := o.(map[string]any); ok {
				order["pickup_code"] = "S1"
			}
		}
		return true
	}}.ServeHTTP, mcpadapter.WithHiddenSecrets(), mcpadapter.WithShapingArguments())
	r := shoptest.Invoke(t, a, "orders.list", `{"all_pages":true,"limit":10}`)
	if strings.Contains(r.Text(), "S1") || strings.Count(r.Text(), `"[hidden]"`) != 30 {
		t.Errorf("got %s, want 30 hidden codes", r.Text())
	}
}

func TestSecretsStayUnlessTheyAreToBeHidden(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", secretOrder))
	if r := shoptest.Invoke(t, a, "orders.get", `{"order_id":"1"}`); string(r.JSON) != secretOrder {
		t.Errorf("got %s, want the answer", r.Text())
	}
	r := shoptest.Tool(t, a, "orders.get").Invoke(mcpadapter.HideSecrets(t.Context()), json.RawMessage(`{"order_id":"1"}`))
	if string(r.JSON) != hiddenOrder {
		t.Errorf("asked for: got %s, want it hidden", r.Text())
	}
}

func TestWhatCannotBeReadShowsNoSecretEither(t *testing.T) {
	t.Parallel()
	const broken = `{"client_secret":"S1",`
	for _, status := range []int{http.StatusOK, http.StatusBadRequest} {
		a, _ := shoptest.New(t, shoptest.RespondWith(status, "application/json", broken))
		orders := shoptest.Tool(t, a, "orders.get")
		r := orders.Invoke(mcpadapter.HideSecrets(t.Context()), json.RawMessage(`{"order_id":"1"}`))
		if r.Failure == nil || strings.Contains(r.Text(), "S1") || strings.Contains(string(r.JSON), "S1") {
			t.Errorf("%d: got %s, want a failure without the secret", status, r.Text())
		}
		r = orders.Invoke(t.Context(), json.RawMessage(`{"order_id":"1"}`))
		if got, want := strings.Contains(r.Text(), "S1"), status == http.StatusOK; got != want { // errors never show any
			t.Errorf("%d, nothing to be hidden: got %s, want its beginning: %v", status, r.Text(), want)
		}
	}
}

func TestEachNameOfASecretHidesItHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, name := range []string{"secret", "token", "password", "passcode", "passphrase", "apikey", "credential"} {
		for _, form := range []string{name, strings.ToUpper(name), "a_" + name, "a-" + name, "a." + name} {
			names[form] = true
		}
		names[name+"s"], names["a"+strings.ToUpper(name[:1])+name[1:]], names["my big "+name] = true, true, true
		names[name+"_id"], names["a"+name], names[name+"d"] = false, false, false
	}
	for _, first := range []string{"api", "private", "secret", "access"} {
		names[first+"_key"], names[first+"Key"], names[first+"-keys"], names["my_"+first+"_key"] = true, true, true, true
		names[first], names[first+"_"], names["key_"+first], names[first+"_a_key"] = false, false, false, false
		names["x"+first+"_key"] = false
	}
	names["secret"], names["secret_"], names["key_secret"] = true, true, true
	names["key"], names["public_key"], names["_"], names[""], names["…"] = false, false, false, false, false
	for name, hidden := range names {
		want := `{"extra":{` + shoptest.Quoted(name) + `:"S"}}`
		a := shoptest.NewWith(t, bodies(want), mcpadapter.WithHiddenSecrets())
		if hidden {
			want = strings.Replace(want, `"S"`, `"[hidden]"`, 1)
		}
		if got := jsonOf(t, a, "orders.get", `{"order_id":"1"}`); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
}

// Whatever is told of a secret is hidden, and its structure stays.
func TestEachKindOfSecretValueIsHidden(t *testing.T) {
	t.Parallel()
	const h = `"[hidden]"`
	for value, want := range map[string]string{
		`"S"`: h, `""`: h, `1`: "null", `-1.5e3`: "null", `true`: "null", `false`: "null", `null`: "null",
		`[]`: "[]", `["S"]`: "[" + h + "]", `["S",1,"S"]`: "[" + h + ",null," + h + "]", `[["S"],{}]`: "[[" + h + "],{}]",
		`{}`: "{}", `{"a":"S"}`: `{"a":` + h + `}`,
		`{"a":1,"b":"S","c":{"d":["S"]}}`: `{"a":null,"b":` + h + `,"c":{"d":[` + h + `]}}`,
	} {
		for _, name := range []string{"token", "pickup_code"} { // by its name, by the table
			a := shoptest.NewWith(t, bodies(`{"id":"1",`+shoptest.Quoted(name)+`:`+value+`,"note":"n"}`), mcpadapter.WithHiddenSecrets())
			got := jsonOf(t, a, "orders.get", `{"order_id":"1"}`)
			if want := `{"id":"1",` + shoptest.Quoted(name) + `:` + want + `,"note":"n"}`; got != want {
				t.Errorf("%s: got %s, want %s", value, got, want)
			}
		}
	}
}

func TestWhatTheTableMarksIsHiddenInEachFormOfASchema(t *testing.T) {
	t.Parallel()
	secret, plain := optable.Schema{Secret: true}, optable.Schema{}
	of := func(name string, s optable.Schema) optable.Schema {
		return optable.Schema{Types: optable.Object, Properties: []optable.Property{{Name: name, Schema: s}}}
	}
	object := of("a", secret)
	chain := make([]optable.Schema, 40) // each refers to the next
	for i := range chain {
		chain[i] = optable.Schema{Name: fmt.Sprintf("z%02d", i), Ref: fmt.Sprintf("z%02d", i+1)}
	}
	chain[39] = optable.Schema{Name: "z39", Types: optable.Object, Properties: object.Properties}
	const given, hidden = `{"a":"S","b":"T"}`, `{"a":"[hidden]","b":"T"}`
	for name, c := range map[string]struct {
		schema      optable.Schema
		given, want string
	}{
		"property":           {object, given, hidden},
		"not marked":         {of("a", plain), given, given},
		"another property":   {of("b", secret), given, `{"a":"S","b":"[hidden]"}`},
		"all":                {secret, given, `{"a":"[hidden]","b":"[hidden]"}`},
		"reference":          {optable.Schema{Ref: "z39"}, given, hidden},
		"several references": {optable.Schema{Ref: "z35"}, given, hidden},
		"28 references":      {optable.Schema{Ref: "z11"}, given, hidden},
		"29 references":      {optable.Schema{Ref: "z10"}, given, given}, // no further
		"beside a reference": {
			optable.Schema{Ref: "z39", Properties: of("b", secret).Properties}, given, `{"a":"[hidden]","b":"[hidden]"}`,
		},
		"no such reference": {optable.Schema{Ref: "zz", Properties: object.Properties}, given, hidden},
		"allOf, the first":  {optable.Schema{AllOf: []optable.Schema{object, plain}}, given, hidden},
		"allOf, the last":   {optable.Schema{AllOf: []optable.Schema{plain, object}}, given, hidden},
		"oneOf, the first":  {optable.Schema{OneOf: []optable.Schema{object, plain}}, given, hidden},
		"oneOf, the last":   {optable.Schema{OneOf: []optable.Schema{plain, plain, object}}, given, hidden},
		"anyOf, the first":  {optable.Schema{AnyOf: []optable.Schema{object, plain}}, given, hidden},
		"anyOf, the last":   {optable.Schema{AnyOf: []optable.Schema{plain, object}}, given, hidden},
		"in one of two":     {optable.Schema{AnyOf: []optable.Schema{of("a", plain), object}}, given, hidden},
		"other properties":  {optable.Schema{Additional: &secret}, given, `{"a":"[hidden]","b":"[hidden]"}`},
		"others than the named": {
			optable.Schema{Additional: &secret, Properties: of("b", plain).Properties}, given, hidden,
		},
		"in other properties": {optable.Schema{Additional: &object}, `{"x":` + given + `}`, `{"x":` + hidden + `}`},
		"an array in itself": {
			optable.Schema{Types: optable.Array, Items: &object}, `[` + given + `,` + given + `]`,
			`{"data":[` + hidden + `,` + hidden + `]}`,
		},
		"items": {
			of("x", optable.Schema{Items: &object}), `{"x":[` + given + `,1,` + given + `]}`,
			`{"x":[` + hidden + `,1,` + hidden + `]}`,
		},
		"items of items": {
			of("x", optable.Schema{Items: &optable.Schema{Items: &secret}}), `{"x":[["S"],[],["S"]]}`,
			`{"x":[["[hidden]"],[],["[hidden]"]]}`,
		},
		"within":                  {of("x", object), `{"x":` + given + `}`, `{"x":` + hidden + `}`},
		"a described name":        {of("token", plain), `{"token":"S"}`, `{"token":"S"}`},
		"inside a described name": {of("token", of("a", secret)), `{"token":` + given + `}`, `{"token":` + hidden + `}`},
	} {
		for _, status := range []int{200, 201, 299} {
			answers := []optable.Response{{Status: 204}, documented(status, "application/json", c.schema)}
			a := shopAnswering(t, "orders.get", answers, chain, bodies(c.given), mcpadapter.WithHiddenSecrets())
			if got := jsonOf(t, a, "orders.get", `{"order_id":"1"}`); got != c.want {
				t.Errorf("%s: got %s, want %s", name, got, c.want)
			}
		}
	}
	for _, status := range []int{0, 199, 300, 400} { // which is no success
		answers := []optable.Response{documented(status, "application/json", object)}
		a := shopAnswering(t, "orders.get", answers, nil, bodies(given), mcpadapter.WithHiddenSecrets())
		if got := jsonOf(t, a, "orders.get", `{"order_id":"1"}`); got != given {
			t.Errorf("%d: got %s, want %s", status, got, given)
		}
	}
}

func TestSecretsAreHiddenByEitherWish(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ option, context, hidden bool }{
		{false, false, false}, {true, false, true}, {false, true, true}, {true, true, true},
	} {
		var opts []mcpadapter.Option
		if c.option {
			opts = append(opts, mcpadapter.WithHiddenSecrets())
		}
		ctx := t.Context()
		if c.context {
			ctx = mcpadapter.HideSecrets(ctx)
		}
		a := shoptest.NewWith(t, bodies(`{"token":"S"}`), opts...)
		r := shoptest.Tool(t, a, "orders.get").Invoke(ctx, json.RawMessage(`{"order_id":"1"}`))
		if got := strings.Contains(r.Text(), "[hidden]"); got != c.hidden {
			t.Errorf("%+v: got %s", c, r.Text())
		}
	}
}

// tokenShop returns the shop with risks of orders.get, which responds with secrets, and the number of its requests.
func tokenShop(t *testing.T, risks string, opts ...mcpadapter.Option) (a *mcpadapter.Adapter, sent *int) {
	t.Helper()
	sent = new(int)
	respond := func(r *http.Request) (*http.Response, error) {
		*sent++
		return shoptest.Responding(http.StatusOK, strings.NewReader(secretOrder))(r)
	}
	return shopOf(t, respond, func(table *optable.Table) {
		for i := range table.Operations {
			if op := &table.Operations[i]; op.ID == "orders.get" {
				op.Extensions = []optable.Extension{{Name: "x-risk", JSON: risks}}
			}
		}
	}, opts...), sent
}

func TestASecretThatIsShownOnceIsNeverHidden(t *testing.T) {
	t.Parallel()
	a, sent := tokenShop(t, `["adds","shows_once"]`)
	ctx := mcpadapter.LimitResultBytes(t.Context(), 1)
	for _, tool := range []mcpadapter.Tool{
		shoptest.Tool(t, a, "orders.get"), shoptest.DynamicTool(t, a, "call_write_operation"),
	} {
		arguments := json.RawMessage(`{"order_id":"1"}`)
		if tool.Name() != "orders.get" {
			arguments = shoptest.CallOf("orders.get", arguments)
		}
		r := tool.Invoke(mcpadapter.HideSecrets(t.Context()), arguments)
		shoptest.WantFailure(t, r, mcpadapter.CodeSecretLost, 0)
		shoptest.WantParts(t, tool.Name(), r.Text(), "orders.get returns a secret that is shown only once", "nothing was sent")
		if *sent != 0 {
			t.Errorf("%s: got %d requests, want none", tool.Name(), *sent)
		}
		if r := tool.Invoke(ctx, arguments); string(r.JSON) != secretOrder || *sent != 1 {
			t.Errorf("%s: got %s, want all of the response", tool.Name(), r.JSON)
		}
		*sent = 0
	}
}

func TestASecretThatIsShownOnceIsNotLeftOut(t *testing.T) {
	t.Parallel()
	a, sent := tokenShop(t, `["adds","shows_once"]`, mcpadapter.WithShapingArguments(),
		mcpadapter.WithMaxResultBytes(1<<10))
	if got := shoptest.Tool(t, a, "orders.get").ShapingArguments(); len(got) != 0 {
		t.Errorf("got %v, want no arguments that leave out a part", got)
	}
	for _, arguments := range []string{`{"order_id":"1","fields":"id"}`, `{"order_id":"1","jq":".id"}`} {
		shoptest.WantFailure(t, shoptest.Invoke(t, a, "orders.get", arguments), mcpadapter.CodeInvalidArguments, 0)
	}
	if *sent != 0 {
		t.Errorf("got %d requests, want none", *sent)
	}
}

func TestOnlySecretsThatAreShownAreConfirmed(t *testing.T) {
	t.Parallel()
	const arguments = `{"order_id":"1"}`
	a, sent := tokenShop(t, `["reads_secret"]`, shoptest.Confirming(mcpadapter.ConfirmRisky))
	question := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "orders.get"), arguments).Question
	shoptest.WantParts(t, "question", question, "It returns a secret")
	if *sent != 0 {
		t.Errorf("got %d requests before the question, want none", *sent)
	}
	r := shoptest.Tool(t, a, "orders.get").Invoke(mcpadapter.HideSecrets(t.Context()), json.RawMessage(arguments))
	if string(r.JSON) != hiddenOrder || *sent != 1 {
		t.Errorf("got %s, want it sent, and its secrets hidden", r.Text())
	}
	a, sent = tokenShop(t, `["reads_secret","changes"]`, shoptest.Confirming(mcpadapter.ConfirmWrites),
		mcpadapter.WithHiddenSecrets())
	shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "orders.get"), arguments)
	if *sent != 0 {
		t.Errorf("got %d requests for a change, want none", *sent)
	}
}
