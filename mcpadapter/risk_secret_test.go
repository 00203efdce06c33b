package mcpadapter_test

import (
	"encoding/json"
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

// What the table says of a successful response counts, in an array of its own as well.
func TestTheSchemasOfSuccessfulResponsesSayWhatIsHidden(t *testing.T) {
	t.Parallel()
	object := optable.Schema{Types: optable.Object, Properties: []optable.Property{{
		Name: "a", Schema: &optable.Schema{Secret: true},
	}}}
	chain := []optable.Schema{{Name: "z", Types: optable.Object, Properties: object.Properties}}
	const given, hidden = `{"a":"S","b":"T"}`, `{"a":"[hidden]","b":"T"}`
	for name, c := range map[string]struct {
		schema      optable.Schema
		given, want string
	}{
		"property":  {object, given, hidden},
		"reference": {optable.Schema{Ref: "z"}, given, hidden},
		"an array in itself": {
			optable.Schema{Types: optable.Array, Items: &object}, `[` + given + `,` + given + `]`,
			`{"data":[` + hidden + `,` + hidden + `]}`,
		},
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
