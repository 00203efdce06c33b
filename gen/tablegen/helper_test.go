package main_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/gen/openapi"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// teas is a document with one of everything that is printed.
const teas = `openapi: 3.1.0
paths:
  /teas/{id}:
    post:
      operationId: teas.brew
      deprecated: true
      tags: [teas]
      servers: [{url: 'https://hot.example'}]
      security: [{key: [], token: [a]}, {}]
      x-cost: {cups: 1}
      x-mutually-exclusive-body-groups: {how: {variants: {short: [a], long: [b, c]}}}
      parameters: [{name: id, in: path, required: true, explode: false, schema: {type: string}}]
      requestBody: {content: {a/json: {schema: {items: {minLength: 2}}}, text/plain: {encoding: {a: {style: form}}}}}
      responses:
        200: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
        302: {description: Moved.}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}, token: {type: http, scheme: bearer}}
  schemas:
    A: {oneOf: [{$ref: '#/components/schemas/B'}], discriminator: {propertyName: k}}
    B: {required: [k], properties: {k: {const: b}}}
`

// odd has a keyword that the table cannot represent, on its sixth line.
const odd = `openapi: 3.1.0
paths:
  /teas:
    get:
      operationId: a
      parameters: [{name: a, in: query, schema: {not: {}}}]
`

// operation is a document with one operation, GET /teas, that has the fields given as flow mappings.
func operation(fields string) string {
	return "openapi: 3.1.0\npaths:\n  /teas: {get: {operationId: a" + fields + "}}\n"
}

// convert returns the table of a document.
func convert(t *testing.T, text string) *optable.Table {
	t.Helper()
	table, _, err := openapi.Convert([]byte(text), openapi.Options{})
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return table
}
