package optest_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/seed-f165d83c/workos/gen/internal/optest"
)

const small = `
paths:
  /users/{id}:
    patch:
      operationId: users.update
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {$ref: '#/components/parameters/Tags'}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/UpdateUser'}}}
components:
  parameters:
    Tags: {name: tags, in: query, schema: {type: array, items: {type: string}}}
  schemas:
    UpdateUser: {type: object, required: [name], properties: {name: {type: string, maxLength: 3}}}
`

func readSmall(t *testing.T) *optest.Description {
	t.Helper()
	file := filepath.Join(t.TempDir(), "small.yaml")
	if err := os.WriteFile(file, []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	return optest.Read(t, file)
}

func TestArgumentsOfAnOperationAreOneObject(t *testing.T) {
	t.Parallel()
	want := optest.Keywords{
		"type": "object", "additionalProperties": false, "required": []any{"id", "name"},
		"properties": optest.Keywords{
			"id":   optest.Keywords{"type": "string"},
			"tags": optest.Keywords{"type": "array", "items": optest.Keywords{"type": "string"}, "minItems": 1.0},
			"name": optest.Keywords{"type": "string", "maxLength": 3.0},
		},
	}
	if got := readSmall(t).Flattened(t, "users.update"); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestDefectsAreAtEachPlace(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	list := readSmall(t).Instances(t, "users.update")
	for _, i := range list {
		found[i.At+": "+string(i.Class)] = true
	}
	for _, want := range []string{
		": nothing", "id: a required name is missing", "id: a path value is empty", "id: null is not accepted",
		"tags: a value has another type", "tags[0]: a value has another type",
		"tags: a number, length or count is out of range",
		"name: a number, length or count is out of range", "tagsx: a name is unknown",
		"tags_: an argument is spelt with other signs between its words",
	} {
		if !found[want] {
			t.Errorf("got no instance of %q", want)
		}
	}
	again := readSmall(t).Instances(t, "users.update")
	if !slices.EqualFunc(list, again, func(a, b optest.Instance) bool { return reflect.DeepEqual(a, b) }) {
		t.Error("got other instances in a second run, want the same")
	}
}
