package mcpadapter_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
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
	a, _ := newShop(t, answering(http.StatusOK, "application/json", secretOrder),
		mcpadapter.WithHiddenSecrets(), mcpadapter.WithShapingArguments())
	const seals = `[null,{"x":"[hidden]","y":null,"z":null}]`
	for arguments, want := range map[string]string{
		`{"order_id":"1"}`: hiddenOrder,
		`{"order_id":"1","fields":"pickup_code,seals"}`:                `{"pickup_code":"[hidden]","seals":` + seals + `}`,
		`{"order_id":"1","jq":"[.pickup_code, .extra.token, .seals]"}`: `{"jq":[["[hidden]",["[hidden]"],` + seals + `]]}`,
		`{"order_id":"1","jq":".pickup_code | explode"}`:               "",
	} {
		r := invoke(t, a, "orders.get", arguments)
		if want == "" {
			wantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
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
	a, _ := newShop(t, orders{n: 30, change: func(_ string, page map[string]any) bool {
		data, _ := page["data"].([]any)
		for _, o := range data {
			if order, ok := o.(map[string]any); ok {
				order["pickup_code"] = "S1"
			}
		}
		return true
	}}.ServeHTTP, mcpadapter.WithHiddenSecrets(), mcpadapter.WithShapingArguments())
	r := invoke(t, a, "orders.list", `{"all_pages":true,"limit":10}`)
	if strings.Contains(r.Text(), "S1") || strings.Count(r.Text(), `"[hidden]"`) != 30 {
		t.Errorf("got %s, want 30 hidden codes", r.Text())
	}
}

func TestSecretsStayUnlessTheyAreToBeHidden(t *testing.T) {
	t.Parallel()
	a, _ := newShop(t, answering(http.StatusOK, "application/json", secretOrder))
	if r := invoke(t, a, "orders.get", `{"order_id":"1"}`); string(r.JSON) != secretOrder {
		t.Errorf("got %s, want the answer", r.Text())
	}
	r := tool(t, a, "orders.get").Invoke(mcpadapter.HideSecrets(t.Context()), json.RawMessage(`{"order_id":"1"}`))
	if string(r.JSON) != hiddenOrder {
		t.Errorf("asked for: got %s, want it hidden", r.Text())
	}
}

func TestWhatCannotBeReadShowsNoSecretEither(t *testing.T) {
	t.Parallel()
	const broken = `{"client_secret":"S1",`
	for _, status := range []int{http.StatusOK, http.StatusBadRequest} {
		a, _ := newShop(t, answering(status, "application/json", broken))
		orders := tool(t, a, "orders.get")
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
