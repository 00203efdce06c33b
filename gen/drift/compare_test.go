package main

import (
	"encoding/json"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const base = `
openapi: 3.1.0
security: [{bearer: []}]
paths:
  /things:
    get:
      parameters:
      - {name: limit, in: query, schema: {type: integer, maximum: 100}}
      - {name: state, in: query, schema: {type: string, enum: [on, off]}}
      responses:
        '200':
          content:
            application/json:
              schema:
                type: object
                properties:
                  data: {type: array, items: {$ref: '#/components/schemas/Thing'}}
                required: [data]
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties:
                name: {type: string, maxLength: 10}
                note: {type: string}
              required: [name]
      responses:
        '201': {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
        '409': {content: {application/json: {schema: {properties: {code: {const: taken}}}}}}
  /things/{id}:
    delete:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {}}
components:
  schemas:
    Thing:
      type: object
      properties:
        id: {type: string}
        kind: {type: string, enum: [a, b]}
        made_at: {type: string, format: date-time}
        gone_at: {type: [string, 'null']}
      required: [id, kind]
    Event:
      x-event-payloads: {thing.created: Thing}
`

func parsed(t *testing.T, text string) *description {
	t.Helper()
	d, err := parseDescription([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// edited replaces a part of the base, which must stand there once.
func edited(t *testing.T, old, replacement string) string {
	t.Helper()
	if n := strings.Count(base, old); n != 1 {
		t.Fatalf("the base has %q %d times, want once", old, n)
	}
	return strings.Replace(base, old, replacement, 1)
}

func TestEachDifferenceIsNamedAndJudged(t *testing.T) {
	const (
		state = "{name: state, in: query, schema: {type: string, enum: [on, off]}}"
		note  = "                note: {type: string}\n"
	)
	for _, test := range []struct {
		name, old, replacement string // of theirs
		want                   string // change, breaking, kind, method, field
	}{
		{"parameter added", state, state + "\n      - {name: q, in: query, schema: {type: string}}",
			"added missing-param GET query:q"},
		{"required parameter added", state,
			state + "\n      - {name: q, in: query, required: true, schema: {type: string}}",
			"added BREAKING missing-param GET query:q"},
		{"parameter removed", "      - " + state + "\n", "", "removed BREAKING extra-param GET query:state"},
		{"parameter required", "{name: limit, in: query,", "{name: limit, in: query, required: true,",
			"changed BREAKING required GET query:limit"},
		{"limit lowered", "maximum: 100", "maximum: 50", "changed BREAKING constraint GET query:limit"},
		{"member of a request added", "enum: [on, off]", "enum: [on, off, auto]", "added missing-member GET query:state"},
		{"member of a request removed", "enum: [on, off]", "enum: [on]", "removed BREAKING extra-member GET query:state"},
		{"field of a request added", note, note + "                tag: {type: string}\n",
			"added missing-field POST request.tag"},
		{"field of a request removed", note, "", "removed BREAKING extra-field POST request.note"},
		{"field of a request optional", "              required: [name]\n", "",
			"changed required POST request.name"},
		{"type of a field", "note: {type: string}", "note: {type: integer}", "changed BREAKING type POST request.note"},
		{"default of a field", "note: {type: string}", "note: {type: string, default: x}",
			"changed default POST request.note"},
		{"field of a request deprecated", "note: {type: string}", "note: {type: string, deprecated: true}",
			"changed deprecated POST request.note"},
		{"format without a Go type", "note: {type: string}", "note: {type: string, format: password}",
			"changed format POST request.note"},
		{"status added", "responses: {'204': {}}", "responses: {'202': {}, '204': {}}", "added missing-status DELETE 202"},
		{"operation removed", "  /things/{id}:\n    delete:", "  /things/{id}:\n    x-delete:",
			"removed BREAKING extra-operation DELETE -"},
		{"operation added", "  /things/{id}:\n", "  /things/{id}:\n    get: {responses: {'204': {}}}\n",
			"added missing-operation GET -"},
		{"credential", "    delete:\n", "    delete:\n      security: [{other: []}]\n",
			"changed BREAKING security DELETE operation"},
		{"feature flag", "    delete:\n", "    delete:\n      x-feature-flag: beta\n", "changed extension DELETE operation"},
		{"event added", "{thing.created: Thing}", "{thing.created: Thing, thing.deleted: Thing}",
			"added missing-event EVENT -"},
		{"event removed", "{thing.created: Thing}", "{}", "removed BREAKING extra-event EVENT -"},
		{"code of an error", "{const: taken}", "{const: gone}", ""}, // which api.yaml does not describe
		{"wording", "note: {type: string}", "note: {type: string, description: What for.}", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			theirs := parsed(t, edited(t, test.old, test.replacement))
			differences, _ := compare(theirs, parsed(t, base))
			var got []string
			for _, d := range differences {
				text := d.change()
				if d.breaking() {
					text += " BREAKING"
				}
				got = append(got, strings.Join([]string{text, d.kind, d.method, d.field}, " "))
			}
			if text := strings.Join(got, "; "); text != test.want {
				t.Errorf("got %q, want %q", text, test.want)
			}
		})
	}
}

func TestResponsesAreComparedInEveryOperation(t *testing.T) {
	for _, test := range []struct{ name, old, replacement, want string }{
		{"field added", "        id: {type: string}\n", "        id: {type: string}\n        tag: {type: string}\n",
			"added missing-field 200.data[].tag; added missing-field 201.tag"},
		{"field removed", "        made_at: {type: string, format: date-time}\n", "",
			"removed BREAKING extra-field 200.data[].made_at; removed BREAKING extra-field 201.made_at"},
		{"member removed", "enum: [a, b]", "enum: [a]",
			"removed extra-member 200.data[].kind; removed extra-member 201.kind"},
		{"null no more", "[string, 'null']", "string",
			"changed BREAKING nullable 200.data[].gone_at; changed BREAKING nullable 201.gone_at"},
		{"time as text", "made_at: {type: string, format: date-time}", "made_at: {type: string}",
			"changed BREAKING format 200.data[].made_at; changed BREAKING format 201.made_at"},
		{"field optional", "required: [id, kind]", "required: [id]",
			"changed BREAKING required 200.data[].kind; changed BREAKING required 201.kind"},
	} {
		t.Run(test.name, func(t *testing.T) {
			differences, _ := compare(parsed(t, edited(t, test.old, test.replacement)), parsed(t, base))
			var got []string
			for _, d := range differences {
				text := d.change()
				if d.breaking() {
					text += " BREAKING"
				}
				got = append(got, strings.Join([]string{text, d.kind, d.field}, " "))
			}
			if text := strings.Join(got, "; "); text != test.want {
				t.Errorf("got %q, want %q", text, test.want)
			}
		})
	}
}

func TestStructureAndWordingDoNotCount(t *testing.T) {
	for name, text := range map[string]string{
		"the same": base,
		"inline": edited(t, "items: {$ref: '#/components/schemas/Thing'}", "items: {type: object, required: [id, kind], "+
			"properties: {id: {type: string}, kind: {enum: [b, a]}, made_at: {type: string, format: date-time}, "+
			"gone_at: {oneOf: [{type: string}, {type: 'null'}]}}}"),
		"allOf": edited(t, "items: {$ref: '#/components/schemas/Thing'}",
			"items: {allOf: [{$ref: '#/components/schemas/Thing'}, {description: One.}]}"),
	} {
		differences, count := compare(parsed(t, text), parsed(t, base))
		if len(differences) > 0 || count == 0 {
			t.Errorf("%s: got %v of %d facts, want no difference", name, differences, count)
		}
	}
}

func TestJSONIsReadLikeYAML(t *testing.T) {
	var value any
	if err := yaml.Unmarshal([]byte(base), &value); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if differences, _ := compare(parsed(t, string(text)), parsed(t, base)); len(differences) > 0 {
		t.Errorf("got %v, want no difference", differences)
	}
}

func TestDescriptionThatCannotBeComparedIsRejected(t *testing.T) {
	for name, text := range map[string]string{
		"no YAML":    "a: [",
		"no OpenAPI": "swagger: '2.0'\npaths: {}\n",
		"dangling":   edited(t, "items: {$ref: '#/components/schemas/Thing'}", "items: {$ref: '#/components/schemas/X'}"),
		"external":   edited(t, "items: {$ref: '#/components/schemas/Thing'}", "items: {$ref: 'other.yaml#/X'}"),
		"made of itself": edited(t, "gone_at: {type: [string, 'null']}", "gone_at: {$ref: '#/components/schemas/Loop'}") +
			"    Loop: {allOf: [{$ref: '#/components/schemas/Loop'}]}\n",
	} {
		if _, err := parseDescription([]byte(text)); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}
