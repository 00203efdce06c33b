package openapi_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/openapi"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// teas is a document with one operation that has the fields given, as flow mappings.
func teas(fields string) string {
	return `openapi: 3.1.0
paths:
  /teas: {get: {operationId: a` + fields + `}}
components:
  parameters: {P: {name: p, in: header}}
  requestBodies: {R: {content: {text/plain: {}}}}
  responses: {A: {content: {text/plain: {}}}}
  schemas: {S: {type: string}}
  securitySchemes:
    k: {type: http, scheme: bearer}
    l: {type: http, scheme: bearer}
    m: {type: http, scheme: bearer}
`
}

func TestEachFieldOfAnOperationIsKept(t *testing.T) {
	t.Parallel()
	str := optable.Schema{Types: optable.String}
	for fields, want := range map[string]optable.Operation{
		``:                                  {},
		`, summary: "A\n tea "`:             {Summary: "A tea"},
		`, description: "A\n tea "`:         {Description: "A tea"},
		`, deprecated: true`:                {Deprecated: true},
		`, deprecated: false`:               {},
		`, tags: []`:                        {},
		`, tags: [one]`:                     {Toolset: "one"},
		`, tags: [one, two]`:                {Toolset: "one"},
		`, servers: []`:                     {},
		`, servers: [{url: u}, {url: v}]`:   {Servers: []string{"u", "v"}},
		`, callbacks: {}, externalDocs: {}`: {},
		`, x-a: 1, x-b: [2]`: {
			Extensions: []optable.Extension{{Name: "x-a", JSON: "1"}, {Name: "x-b", JSON: "[2]"}},
		},

		`, x-limits: [{requests: [a b, c], text: "A\n b"}]`: {Limits: []optable.Limit{{Requests: []string{"a b", "c"}, Text: "A b"}}},

		`, x-lookup: [a, b]`: {Lookup: []string{"a", "b"}},
		`, x-goes-with: [{noun: n, operation: o, argument: a, from: f}]`: {
			GoesWith: []optable.Related{{Noun: "n", Operation: "o", Argument: "a", From: "f"}},
		},

		`, security: []`:                      {Security: []optable.Requirement{{}}},
		`, security: [{}]`:                    {Security: []optable.Requirement{{}}},
		`, security: [{k: []}]`:               {Security: []optable.Requirement{{{Scheme: "k"}}}},
		`, security: [{k: []}, {}, {l: [a]}]`: {Security: []optable.Requirement{{{Scheme: "k"}}, {}, {{Scheme: "l", Scopes: []string{"a"}}}}},
		`, security: [{}, {k: []}]`:           {Security: []optable.Requirement{{}, {{Scheme: "k"}}}},
		`, security: [{k: [], l: [a]}]`: {
			Security: []optable.Requirement{{{Scheme: "k"}, {Scheme: "l", Scopes: []string{"a"}}}},
		},
		`, security: [{k: []}, {l: []}, {m: }]`: {Security: []optable.Requirement{{{Scheme: "k"}}, {{Scheme: "l"}}, {{Scheme: "m"}}}},

		`, parameters: []`: {},
		`, parameters: [{name: a, in: path, required: true}, {name: b, in: query}, {name: c, in: header}, {name: d, in: cookie}]`: {
			Parameters: []optable.Parameter{
				{Name: "a", In: "path", Required: true, Schema: &optable.Schema{}}, {Name: "b", In: "query", Schema: &optable.Schema{}}, {Name: "c", In: "header", Schema: &optable.Schema{}}, {Name: "d", In: "cookie", Schema: &optable.Schema{}},
			},
		},
		`, parameters: [{$ref: '#/components/parameters/P'}]`: {Parameters: []optable.Parameter{{Name: "p", In: "header", Schema: &optable.Schema{}}}},
		`, parameters: [{name: a, in: query, required: true, deprecated: false}]`: {
			Parameters: []optable.Parameter{{Name: "a", In: "query", Required: true, Schema: &optable.Schema{}}},
		},
		`, parameters: [{name: a, in: query, required: false, deprecated: true}]`: {
			Parameters: []optable.Parameter{{Name: "a", In: "query", Deprecated: true, Schema: &optable.Schema{}}},
		},
		`, parameters: [{name: a, in: query, style: form, explode: true, description: "A\n b"}]`: {
			Parameters: []optable.Parameter{{Name: "a", In: "query", Style: "form", Explode: "true", Description: "A b", Schema: &optable.Schema{}}},
		},
		`, parameters: [{name: a, in: query, explode: false, schema: {type: string}}]`: {
			Parameters: []optable.Parameter{{Name: "a", In: "query", Explode: "false", Schema: &str}},
		},
		`, parameters: [{name: a, in: query, example: 1, examples: {}, allowEmptyValue: 1, allowReserved: 1, x-a: 1}]`: {
			Parameters: []optable.Parameter{{Name: "a", In: "query", Schema: &optable.Schema{Example: "1"}}},
		},

		`, requestBody: {required: true, content: {a/json: {}}}`:  {Body: &optable.Body{Required: true, MediaType: "a/json", Schema: &optable.Schema{}}},
		`, requestBody: {required: false, content: {a/json: {}}}`: {Body: &optable.Body{MediaType: "a/json", Schema: &optable.Schema{}}},
		`, requestBody: {$ref: '#/components/requestBodies/R'}`:   {Body: &optable.Body{MediaType: "text/plain", Schema: &optable.Schema{}}},
		`, requestBody: {content: {text/plain: {}, text/html: {schema: {type: string}}}}`: {
			Body: &optable.Body{
				MediaType: "text/plain", Others: []optable.Content{{MediaType: "text/html", Schema: &str}}, Schema: &optable.Schema{},
			},
		},
		`, requestBody: {content: {text/plain: {}, a/json: {schema: {type: string}}, b/json: {}}}`: {
			Body: &optable.Body{
				MediaType: "a/json", Schema: &str,
				Others: []optable.Content{{MediaType: "text/plain", Schema: &optable.Schema{}}, {MediaType: "b/json", Schema: &optable.Schema{}}},
			},
		},
		`, requestBody: {content: {a/json: {schema: {type: string}}, text/plain: {}}}`: {
			Body: &optable.Body{MediaType: "a/json", Schema: &str, Others: []optable.Content{{MediaType: "text/plain", Schema: &optable.Schema{}}}},
		},

		`, responses: {}`: {},
		`, responses: {200: {}, '201': {}, 2XX: {}, 4XX: {}, 599: {}, default: {}}`: {Responses: []optable.Response{
			{Status: 200}, {Status: 201}, {Status: 200}, {Status: 400}, {Status: 599}, {},
		}},
		`, responses: {200: {$ref: '#/components/responses/A'}}`: {
			Responses: []optable.Response{{Status: 200, MediaType: "text/plain"}},
		},
		`, responses: {200: {content: {a/json: {schema: {type: string}}}}, 201: {content: {b/json: {}}}}`: {
			Responses: []optable.Response{{Status: 200, MediaType: "a/json", Schema: &str}, {Status: 201, MediaType: "b/json"}},
		},

		`, x-mutually-exclusive-body-groups: {}`: {},
		`, x-mutually-exclusive-body-groups: {g: {variants: {}}}`: {
			Exclusive: []optable.Exclusive{{Name: "g"}},
		},
		`, x-mutually-exclusive-body-groups: {g: {optional: true, variants: {v: [a], w: [b, c, d]}, ` +
			`optionalFields: {w: [c, d]}}, h: {variants: {x: []}}}, x-mutually-exclusive-parameter-groups: {i: {}}`: {
			Exclusive: []optable.Exclusive{
				{Name: "g", Optional: true, Variants: []optable.Variant{
					{Name: "v", Fields: []string{"a"}},
					{Name: "w", Fields: []string{"b", "c", "d"}, Optional: []string{"c", "d"}},
				}},
				{Name: "h", Variants: []optable.Variant{{Name: "x"}}},
				{Name: "i"},
			},
		},
	} {
		want.ID, want.Method, want.Path = "a", "GET", "/teas"
		table := convert(t, teas(fields))
		if len(table.Operations) != 1 || !reflect.DeepEqual(table.Operations[0], want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", fields, table.Operations, want)
		}
	}
}

func TestEachMethodOfAPathIsAnOperation(t *testing.T) {
	t.Parallel()
	methods := []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}
	var text strings.Builder
	text.WriteString("openapi: 3.0.0\npaths:\n  /a: {}\n  /b:\n    summary: s\n    description: d\n    x-a: b\n")
	for _, method := range methods {
		text.WriteString("    " + method + ": {operationId: b." + method + "}\n")
	}
	text.WriteString("  /c: {get: {operationId: c}}\n")
	ops := convert(t, text.String()).Operations
	if len(ops) != len(methods)+1 {
		t.Fatalf("got %d operations, want %d", len(ops), len(methods)+1)
	}
	for i, method := range methods {
		if want := (optable.Operation{ID: "b." + method, Method: strings.ToUpper(method), Path: "/b"}); !reflect.DeepEqual(
			ops[i], want) {
			t.Errorf("got %+v, want %+v", ops[i], want)
		}
	}
	if last := ops[len(ops)-1]; last.ID != "c" || last.Path != "/c" {
		t.Errorf("got %+v, want the operation of /c", last)
	}
}

// TestParametersOfAPathAreShared has parameters of a path that differ from the operation's by name, by place, by both
// and by neither.
func TestParametersOfAPathAreShared(t *testing.T) {
	t.Parallel()
	ops := convert(t, `openapi: 3.1.0
paths:
  /teas:
    parameters:
    - {name: a, in: query, description: shared}
    - {name: a, in: header, description: shared}
    - {name: b, in: query, description: shared}
    - {name: b, in: header, description: shared}
    get: {operationId: a, parameters: [{name: z, in: path, required: true}, {name: a, in: query}]}
    put: {operationId: b}
`).Operations
	var got [2][]string
	for i := range got {
		for _, p := range ops[i].Parameters {
			got[i] = append(got[i], strings.TrimSpace(string(p.In)+" "+p.Name+" "+p.Description))
		}
	}
	want := [2][]string{
		{"header a shared", "query b shared", "header b shared", "path z", "query a"},
		{"query a shared", "header a shared", "query b shared", "header b shared"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestVersionOfTheDocumentIsChecked(t *testing.T) {
	t.Parallel()
	for version, ok := range map[string]bool{
		"3.0.0": true, "3.1.1": true, "3.": true, "'3'": false, "2.3.1": false, "30.1": false, "''": false,
	} {
		table, _, err := openapi.Convert([]byte("openapi: "+version+"\n"), openapi.Options{})
		if (err == nil) != ok || (table != nil) != ok {
			t.Errorf("%s: got %v and %v, want it to be read: %t", version, table, err, ok)
		}
	}
}

// TestComponentsAreSortedByName is what optable.Table.Schema relies on.
func TestComponentsAreSortedByName(t *testing.T) {
	t.Parallel()
	var got []string
	for _, s := range convert(t, document("    b: {}\n    a: {}\n    c: {}\n    B: {}\n")).Schemas {
		got = append(got, s.Name)
	}
	if want := "B Other a b c"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}
