package main_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	treegen "github.com/seed-f165d83c/workos/gen/treegen"
)

const aDocument = `
tags:
- {name: shop, x-product: Store}
x-services:
  shop: sells things
  shop.items: keeps the things
`

// described returns the tree of the shop's operations, with what a document states about it.
func described(t *testing.T, document string, change func([]optable.Operation)) (*treegen.Node, error) {
	t.Helper()
	ops := operations()
	for i := range ops {
		ops[i].Toolset = "shop"
	}
	if change != nil {
		change(ops)
	}
	root, err := treegen.Plant(&optable.Table{Operations: ops}, reflect.TypeFor[*shop]())
	if err != nil {
		t.Fatal(err)
	}
	services, err := treegen.ReadServices([]byte(document))
	if err != nil {
		return nil, err
	}
	return root, services.Describe(root)
}

func TestServicesHaveAProductAndAPurpose(t *testing.T) {
	t.Parallel()
	root, err := described(t, aDocument, nil)
	if err != nil {
		t.Fatal(err)
	}
	code, err := treegen.Print(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"// ShopService (Store) sells things. Operations: shop.…\ntype ShopService struct",
		"// ShopItemsService (Store) keeps the things. Operations: shop.items.…\ntype ShopItemsService struct",
	} {
		if !strings.Contains(string(code), want) {
			t.Errorf("got\n%s\nwant in it\n%s", code, want)
		}
	}
}

func TestServicesWithoutTextsAreErrors(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		document string
		change   func([]optable.Operation)
	}{
		"parse YAML: ": {"a: [", nil},
		"the tag shop has no x-product": {
			strings.Replace(aDocument, ", x-product: Store", "", 1), nil,
		},
		"x-services has no line for shop.items":                     {strings.Replace(aDocument, "shop.items: ", "shop.thing: ", 1), nil},
		"x-services has a line for shop.thing, which is no service": {aDocument + "  shop.thing: is nothing\n", nil},
		`shop: unknown tag "mall"`: {aDocument, func(ops []optable.Operation) {
			for i := range ops {
				ops[i].Toolset = "mall"
			}
		}},
		`shop: want operations of one tag, got ["mall" "shop"]`: {
			aDocument, func(ops []optable.Operation) { ops[0].Toolset = "mall" },
		},
	} {
		if _, err := described(t, c.document, c.change); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
