package main_test

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	treegen "github.com/seed-f165d83c/workos/gen/treegen"
)

// The types of a generated client.
type (
	editor     func(context.Context, *http.Request) error
	shopItem   struct{ ID string }
	shopList   struct{ Data []shopItem }
	shopParams struct {
		Query *string    `json:"query"`
		Tags  []string   `json:"tags"`
		Since *time.Time `json:"since"`
		Ratio *float64   `json:"ratio"`
	}
	listResponse struct{ JSON200 *shopList }
	itemResponse struct{ JSON200 *shopItem }
	noResponse   struct{}
)

type shop struct{}

func (*shop) ShopItemsListWithResponse(context.Context, *shopParams, ...editor) (*listResponse, error) {
	return nil, nil
}

func (*shop) ShopItemsGetWithResponse(context.Context, string, ...editor) (*itemResponse, error) {
	return nil, nil
}

func (*shop) ShopItemsSellCreateWithResponse(context.Context, string, shopItem, ...editor) (*noResponse, error) {
	return nil, nil
}

func query(name string, s optable.Schema) optable.Parameter {
	return optable.Parameter{Name: name, In: optable.InQuery, Schema: &s}
}

func operations() []optable.Operation {
	return []optable.Operation{
		{
			ID: "shop.items.list", Method: "GET", Path: "/shop/items", Summary: "List items",
			Parameters: []optable.Parameter{
				query("query", optable.Schema{}), query("since", optable.Schema{}),
				{Name: "tags", In: optable.InQuery, Explode: "false", Required: true, Schema: &optable.Schema{}},
			},
		},
		{ID: "shop.items.get", Method: "GET", Path: "/shop/items/{itemId}", Summary: "SKU of an item"},
		{
			ID: "shop.items.sell.create", Method: "POST", Path: "/shop/items/{type}/sell", Summary: "Sell an item",
			Deprecated: true, Body: &optable.Body{Schema: &optable.Schema{}},
			Extensions: []optable.Extension{{Name: "x-go-method", JSON: `"Sell"`}},
		},
	}
}

func TestTreeFollowsTheNames(t *testing.T) {
	t.Parallel()
	root, err := treegen.Plant(&optable.Table{Operations: operations()}, reflect.TypeFor[*shop]())
	if err != nil {
		t.Fatal(err)
	}
	code, err := treegen.Print(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Shop *ShopService // shop.…",
		"func (s *ShopItemsService) List(ctx context.Context, params *main_test.shopParams, opts ...Option) " +
			"(*Page[main_test.shopItem], error) {",
		"func (s *ShopItemsService) All(ctx context.Context, params *main_test.shopParams, opts ...Option) " +
			"iter.Seq2[main_test.shopItem, error] {",
		`q.require(params != nil, "tags")`, `addOptional(&q, "query", params.Query)`, `addList(&q, "tags", params.Tags)`,
		`addTime(&q, "since", params.Since)`,
		"// Get: SKU of an item.\n//\n// GET /shop/items/{itemId} (shop.items.get)\n" +
			"func (s *ShopItemsService) Get(ctx context.Context, itemID string, opts ...Option) (*main_test.shopItem, error) {",
		"// Sell sells an item. The body may be nil.\n//\n// POST /shop/items/{type}/sell (shop.items.sell.create)\n//\n" +
			"// Deprecated:",
		"Sell(ctx context.Context, typ string, body *main_test.shopItem, opts ...Option) error {",
	} {
		if !strings.Contains(string(code), want) {
			t.Errorf("got\n%s\nwant in it\n%s", code, want)
		}
	}
}

func TestWhatTheTreeHasNoPlaceForIsAnError(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func([]optable.Operation){
		"shop.items.buy: the client has no method": func(ops []optable.Operation) { ops[0].ID = "shop.items.buy" },
		"has the method List already": func(ops []optable.Operation) {
			ops[2].Extensions[0].JSON = `"List"`
		},
		"want an exported name": func(ops []optable.Operation) { ops[2].Extensions[0].JSON = `"sell"` },
		"unsupported header parameter": func(ops []optable.Operation) {
			ops[0].Parameters[0] = optable.Parameter{Name: "query", In: optable.InHeader, Schema: &optable.Schema{}}
		},
		"has no field for colour":     func(ops []optable.Operation) { ops[0].Parameters[0].Name = "colour" },
		"unsupported parameter ratio": func(ops []optable.Operation) { ops[0].Parameters[0].Name = "ratio" },
		"unsupported parameter tags":  func(ops []optable.Operation) { ops[0].Parameters[2].Explode = "" },
		"argument of type":            func(ops []optable.Operation) { ops[2].Body = nil },
	} {
		ops := operations()
		change(ops)
		_, err := treegen.Plant(&optable.Table{Operations: ops}, reflect.TypeFor[*shop]())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}
