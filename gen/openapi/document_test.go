package openapi_test

import (
	"reflect"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

const operations = `openapi: 3.1.0
paths:
  /teas/{id}:
    summary: Teas
    x-note: about the path
    parameters:
    - {name: id, in: path, required: true, schema: {type: string}}
    - {name: limit, in: query, schema: {type: string}}
    post:
      operationId: teas.brew
      summary: Brew
      description: >-
        Brews
        it.
      deprecated: true
      tags: [teas, more]
      servers: [{url: 'https://hot.example'}]
      security: [{key: []}, {token: [a]}]
      x-cost: {cups: 1}
      x-mutually-exclusive-body-groups:
        how:
          optional: true
          variants: {short: [a], long: [b, c]}
          optionalFields: {long: [c]}
      parameters:
      - $ref: '#/components/parameters/Limit'
      - {name: tags, in: query, style: form, explode: false, deprecated: true, description: T., schema: {type: array}}
      requestBody: {$ref: '#/components/requestBodies/Brew'}
      responses:
        '200': {$ref: '#/components/responses/Cup'}
        302: {description: Moved.}
        5XX: {description: Down.}
        default: {description: Error., content: {application/json: {}}}
    get: {operationId: teas.get, security: [], responses: {}}
components:
  parameters:
    Limit: {name: limit, in: query, required: true, schema: {type: integer}}
  requestBodies:
    Brew:
      required: true
      content:
        text/plain: {schema: {type: string}}
        application/json: {schema: {$ref: '#/components/schemas/B'}}
        application/xml: {}
  responses:
    Cup: {description: A cup., content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
  schemas:
    B: {type: object}
    A: {type: string}
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    token: {type: http, scheme: bearer}
`

func TestAnOperationIsKept(t *testing.T) {
	t.Parallel()
	id := optable.Parameter{
		Name: "id", In: optable.InPath, Required: true, Schema: &optable.Schema{Types: optable.String},
	}
	want := []optable.Operation{
		{
			ID: "teas.brew", Method: "POST", Path: "/teas/{id}", Toolset: "teas", Summary: "Brew",
			Description: "Brews it.", Deprecated: true, Servers: []string{"https://hot.example"},
			Security: []optable.Requirement{{{Scheme: "key"}}, {{Scheme: "token", Scopes: []string{"a"}}}},
			Parameters: []optable.Parameter{
				id, // the operation's own limit takes the place of the path's
				{
					Name: "limit", In: optable.InQuery, Required: true,
					Schema: &optable.Schema{Types: optable.Integer},
				},
				{
					Name: "tags", In: optable.InQuery, Style: "form", Explode: "false", Deprecated: true,
					Description: "T.", Schema: &optable.Schema{Types: optable.Array},
				},
			},
			Body: &optable.Body{
				Required: true, MediaType: "application/json", Schema: &optable.Schema{Ref: "B"},
				Others: []optable.Content{
					{MediaType: "text/plain", Schema: &optable.Schema{Types: optable.String}}, {MediaType: "application/xml", Schema: &optable.Schema{}},
				},
			},
			Responses: []optable.Response{
				{Status: 200, MediaType: "application/json", Schema: &optable.Schema{Ref: "A"}},
				{Status: 302}, {Status: 500}, {MediaType: "application/json"},
			},
			Exclusive: []optable.Exclusive{{Name: "how", Optional: true, Variants: []optable.Variant{
				{Name: "short", Fields: []string{"a"}},
				{Name: "long", Fields: []string{"b", "c"}, Optional: []string{"c"}},
			}}},
			Extensions: []optable.Extension{{Name: "x-cost", JSON: `{"cups":1}`}},
		},
		{
			ID: "teas.get", Method: "GET", Path: "/teas/{id}", Security: []optable.Requirement{{}},
			Parameters: []optable.Parameter{id, {
				Name: "limit", In: optable.InQuery, Schema: &optable.Schema{Types: optable.String},
			}},
		},
	}
	table := convert(t, operations)
	for i := range want {
		if got := table.Operations[i]; !reflect.DeepEqual(got, want[i]) {
			t.Errorf("got  %+v\nwant %+v", got, want[i])
		}
	}
	if len(table.Operations) != 2 || len(table.Schemas) != 2 || table.Schemas[0].Name != "A" {
		t.Errorf("got %d operations and %+v, want 2 and the schemas by name", len(table.Operations), table.Schemas)
	}
}

func TestToolsetsAndSynonymsAreKept(t *testing.T) {
	t.Parallel()
	table := convert(t, `openapi: 3.1.0
tags:
- {name: teas, description: "What is\n\n  brewed."}
- {name: cups, x-limits: [{requests: [fill a cup], text: Fill it by hand.}]}
x-synonyms:
  cuppa: [tea, cup of tea]
  to go: [takeaway]
`)
	toolsets := []optable.Toolset{{Name: "teas", Description: "What is brewed."}, {
		Name: "cups", Limits: []optable.Limit{{Requests: []string{"fill a cup"}, Text: "Fill it by hand."}},
	}}
	synonyms := []optable.Synonym{
		{Term: "cuppa", Means: []string{"tea", "cup of tea"}}, {Term: "to go", Means: []string{"takeaway"}},
	}
	if !reflect.DeepEqual(table.Toolsets, toolsets) || !reflect.DeepEqual(table.Synonyms, synonyms) {
		t.Errorf("got %+v and %+v, want %+v and %+v", table.Toolsets, table.Synonyms, toolsets, synonyms)
	}
}

func TestOpenAPI32IsRead(t *testing.T) {
	t.Parallel()
	table := convert(t, `openapi: 3.2.0
paths:
  /logs:
    query:
      operationId: search
      responses: {200: {content: {application/jsonl: {itemSchema: {type: integer}}}}}
    additionalOperations: {PURGE: {operationId: purge}}
`)
	items := optable.Schema{Types: optable.Integer}
	want := []optable.Operation{
		{ID: "search", Method: "QUERY", Path: "/logs", Responses: []optable.Response{{
			Status: 200, MediaType: "application/jsonl", Schema: &optable.Schema{Types: optable.Array, Items: &items},
		}}},
		{ID: "purge", Method: "PURGE", Path: "/logs"},
	}
	if !reflect.DeepEqual(table.Operations, want) {
		t.Errorf("got  %+v\nwant %+v", table.Operations, want)
	}
}

func TestCredentialsAndServersAreKept(t *testing.T) {
	t.Parallel()
	table := convert(t, `openapi: 3.1.0
servers:
- {url: 'https://{region}.a.example/{v}', variables: {region: {default: eu}, v: {default: 2}}}
- url: /relative
security: [{key: [], id: []}, {}]
paths:
  /a:
    servers: [{url: 'https://b.example'}]
    get: {operationId: a}
    put: {operationId: b, servers: [{url: 'https://c.example'}], security: []}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    id: {type: http, scheme: Bearer, bearerFormat: JWT, description: 'A  token.'}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://t.example', scopes: {read: r, write: w}}}}
    oidc: {type: openIdConnect, openIdConnectUrl: 'https://d.example'}
`)
	want := &optable.Table{
		Servers:  []string{"https://eu.a.example/2", "/relative"},
		Security: []optable.Requirement{{{Scheme: "key"}, {Scheme: "id"}}, {}},
		SecuritySchemes: []optable.SecurityScheme{
			{Name: "key", Type: optable.APIKey, In: optable.InHeader, Parameter: "X-Key"},
			{Name: "id", Type: optable.HTTP, Scheme: "bearer", BearerFormat: "JWT", Description: "A token."},
			{Name: "oauth", Type: optable.OAuth2, TokenURL: "https://t.example", Scopes: []string{"read", "write"}},
			{Name: "oidc", Type: optable.OpenIDConnect, DiscoveryURL: "https://d.example"},
		},
		Operations: []optable.Operation{
			{ID: "a", Method: "GET", Path: "/a", Servers: []string{"https://b.example"}},
			{ID: "b", Method: "PUT", Path: "/a", Servers: []string{"https://c.example"}, Security: []optable.Requirement{{}}},
		},
	}
	if !reflect.DeepEqual(table, want) {
		t.Errorf("got  %+v\nwant %+v", table, want)
	}
}
