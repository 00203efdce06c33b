package openapi_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestReferencesLeadAnywhere(t *testing.T) {
	t.Parallel()
	table := convert(t, `openapi: 3.1.0
paths:
  /a~b:
    get:
      operationId: a
      parameters: [{name: x, in: query, schema: {type: integer}}]
      responses: {200: {$ref: '#/paths/~1shared/get/responses/200'}}
  /shared: {$ref: '#/x-items/shared'}
x-items:
  shared:
    get:
      operationId: b
      parameters:
      - $ref: '#/paths/~1a~0b/get/parameters/0'
      - $ref: '#/components/parameters/Alias'
      responses:
        200:
          content:
            application/json: {schema: {$ref: '#/components/schemas/Tree/properties/child%72en/items'}}
components:
  parameters:
    Alias: {$ref: '#/components/parameters/Real'}
    Real: {name: y, in: query, schema: {$ref: '#/components/schemas/Anchored'}}
  schemas:
    Tree: {properties: {children: {items: {$ref: '#/components/schemas/Tree'}}, leaf: {$ref: '#leaf'}}}
    Leaf: {$anchor: leaf, $defs: {d: {type: boolean}}, items: {$ref: '#/$defs/d'}}
    Anchored: {$ref: '#/components/schemas/Leaf/items'}
`)
	var names []string
	for _, s := range table.Schemas {
		names = append(names, s.Name)
	}
	b := table.Operations[1]
	if b.Path != "/shared" || len(b.Parameters) != 2 || b.Parameters[0].Schema.Types != optable.Integer ||
		b.Parameters[1].Schema.Ref != "Anchored" {
		t.Errorf("got %+v, want the path that is referred to, with both parameters", b)
	}
	ref := table.Operations[0].Responses[0].Schema
	if ref == nil || table.Schema(ref.Ref) == nil || table.Schema(ref.Ref).Ref != "Tree" {
		t.Errorf("got %+v of %q, want a reference to the items", ref, names)
	}
	item := table.Schema(table.Schema("Anchored").Ref)
	if item == nil || table.Schema(item.Ref) == nil || table.Schema(item.Ref).Types != optable.Boolean {
		t.Errorf("got %+v of %q, want a reference to the definition", item, names)
	}
}
