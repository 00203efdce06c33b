package schema_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

func object(name string, properties ...value.Property) *value.Schema {
	return &value.Schema{Name: name, Types: optable.Object, Closed: true, Properties: properties}
}

func TestARecursiveSchemaRefersToItself(t *testing.T) {
	t.Parallel()
	node := object("Node")
	again := &value.Schema{Types: optable.Object, Within: node}
	maybe := &value.Schema{Types: optable.Object | optable.Null, Within: node, Description: "The next one."}
	node.Properties = []value.Property{
		{Name: "next", Schema: maybe}, {Name: "all", Schema: &value.Schema{Types: optable.Array, Items: again}},
	}
	other := object("a/b")
	other.Properties = []value.Property{{Name: "more", Schema: &value.Schema{Types: optable.Object, Within: other}}}
	const definition = `{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#/$defs/Node"},{"type":"null"}],` +
		`"description":"The next one."},"all":{"type":"array","items":{"$ref":"#/$defs/Node"}}},"additionalProperties":false}`
	for _, c := range []struct {
		root *value.Schema
		want string
	}{
		{object("", value.Property{Name: "node", Schema: node}), `{"type":"object","properties":{"node":` +
			`{"$ref":"#/$defs/Node"}},"additionalProperties":false,"$defs":{"Node":` + definition + `}}`},
		{node, definition[:len(definition)-1] + `,"$defs":{"Node":` + definition + `}}`},
		{
			object("", value.Property{Name: "other", Schema: other}), `{"type":"object","properties":{"other":` +
				`{"$ref":"#/$defs/Recursive1"}},"additionalProperties":false,"$defs":{"Recursive1":{"type":"object",` +
				`"properties":{"more":{"$ref":"#/$defs/Recursive1"}},"additionalProperties":false}}}`,
		},
		{object("Flat"), `{"type":"object","properties":{},"additionalProperties":false}`},
	} {
		if got := string(schema.AppendRoot(nil, c.root, schema.Style{})); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	root := object("", value.Property{Name: "node", Schema: object("", value.Property{Name: "next", Schema: again})})
	const cut = `{"type":"object","properties":{"node":{"type":"object","properties":{"next":{"type":"object",` +
		`"properties":{},"additionalProperties":true}},"additionalProperties":false}},"additionalProperties":false}`
	if got := string(schema.AppendRoot(nil, root, schema.Style{Dialect: schema.OpenAI})); got != cut {
		t.Errorf("got  %s\nwant %s", got, cut)
	}
}
