package main_test

import (
	"slices"
	"testing"

	tablegen "github.com/seed-f165d83c/workos/gen/tablegen"
)

func TestTableHoldsWhatOperationsLeadTo(t *testing.T) {
	t.Parallel()
	table := convert(t, `
openapi: 3.1.0
paths:
  /things:
    post:
      operationId: things.create
      parameters:
      - {name: order, in: query, schema: {$ref: '#/components/schemas/Order'}}
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Create'}}}
      responses:
        '200': {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}
        '204': {description: nothing}
components:
  schemas:
    Order: {type: string}
    Create: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
    A: {type: object, properties: {nested: {type: object, properties: {c: {$ref: '#/components/schemas/C'}}}}}
    B: {type: object, additionalProperties: {$ref: '#/components/schemas/D'}}
    C: {type: object}
    D: {type: object, propertyNames: {$ref: '#/components/schemas/E'}}
    E: {type: string}
    Thing: {type: object, properties: {parent: {$ref: '#/components/schemas/Thing'}}}
    Payload: {type: object, properties: {a: {$ref: '#/components/schemas/A'}, f: {$ref: '#/components/schemas/F'}}}
    F: {type: object}
`)
	tablegen.Prune(table)
	var got []string
	for _, s := range table.Schemas {
		got = append(got, s.Name)
	}
	if want := []string{"A", "B", "C", "Create", "D", "E", "Order", "Thing"}; !slices.Equal(got, want) {
		t.Errorf("components: got %v, want %v", got, want)
	}
}
