package openapi_test

import (
	"slices"
	"strings"
	"testing"
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
	var got []string
	for _, s := range table.Schemas {
		got = append(got, s.Name)
	}
	if want := []string{"A", "B", "C", "Create", "D", "E", "Order", "Thing"}; !slices.Equal(got, want) {
		t.Errorf("components: got %v, want %v", got, want)
	}
}

// TestEachPlaceOfAReferenceIsFollowed has one reference alone, in each place where an operation can have one.
func TestEachPlaceOfAReferenceIsFollowed(t *testing.T) {
	t.Parallel()
	const ref = "{$ref: '#/components/schemas/Kept'}"
	places := map[string]string{
		"first parameter": `, parameters: [{name: a, in: query, schema: REF}, {name: b, in: query}]`,
		"last parameter":  `, parameters: [{name: a, in: query}, {name: b, in: query, schema: REF}]`,
		"body":            `, requestBody: {content: {a/json: {schema: REF}}}`,
		"first response":  `, responses: {200: {content: {a/json: {schema: REF}}}, 201: {}}`,
		"last response":   `, responses: {200: {}, 201: {content: {a/json: {schema: REF}}}}`,
	}
	for _, schema := range []string{
		"items: REF", "additionalProperties: REF", "propertyNames: REF", "properties: {a: REF, b: {}}",
		"properties: {a: {}, b: REF}", "oneOf: [REF, {}]", "oneOf: [{}, REF]", "anyOf: [REF, {}]", "anyOf: [{}, REF]",
		"allOf: [REF, {}]", "allOf: [{}, REF]", "items: {items: {allOf: [REF]}}",
		"discriminator: {propertyName: a, mapping: {b: '#/components/schemas/Kept', c: '#/components/schemas/Kept'}}",
		"discriminator: {propertyName: a, mapping: {b: '#/components/schemas/Self', c: '#/components/schemas/Kept'}}",
		"$ref: '#/components/schemas/Via'", "$ref: '#/components/schemas/Self'",
	} {
		places[schema] = `, requestBody: {content: {a/json: {schema: {` + schema + `}}}}`
	}
	for place, fields := range places {
		text := "openapi: 3.1.0\npaths:\n  /other: {get: {operationId: z}}\n  /teas: {get: {operationId: a" +
			strings.ReplaceAll(fields, "REF", ref) + `}}
components:
  schemas:
    Dropped: {items: {$ref: '#/components/schemas/Gone'}}
    Gone: {}
    Kept: {items: {$ref: '#/components/schemas/Last'}}
    Last: {type: string}
    Self: {items: {$ref: '#/components/schemas/Self'}, allOf: [{$ref: '#/components/schemas/Kept'}]}
    Via: {$ref: '#/components/schemas/Kept'}
`
		table := convert(t, text)
		var got []string
		for _, s := range table.Schemas {
			if s.Name != "Self" && s.Name != "Via" {
				got = append(got, s.Name)
			}
		}
		if want := []string{"Kept", "Last"}; !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", place, got, want)
		}
	}
}
