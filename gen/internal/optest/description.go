package optest

import (
	"encoding/json"
	"maps"
	"os"
	"path"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"
)

// Keywords are those of a schema, as a document writes them.
type Keywords = map[string]any

// Description is an OpenAPI document as it is written. A test that compares with it relies on no generated code.
type Description struct {
	Paths      map[string]map[string]*described
	Components struct {
		Parameters map[string]describedParameter
		Schemas    map[string]Keywords
	}
}

// described is an operation.
type described struct {
	OperationID string
	Parameters  []describedParameter
	RequestBody *struct {
		Required bool
		Content  map[string]struct{ Schema Keywords }
	}
	BodyGroups      map[string]exclusiveGroup `json:"x-mutually-exclusive-body-groups"`      //nolint:tagliatelle // given
	ParameterGroups map[string]exclusiveGroup `json:"x-mutually-exclusive-parameter-groups"` //nolint:tagliatelle // given
}

type describedParameter struct {
	Ref        string `json:"$ref"`
	Name, In   string
	Required   bool
	Deprecated bool
	Schema     Keywords
}

type exclusiveGroup struct {
	Optional       bool
	Variants       map[string][]string
	OptionalFields map[string][]string // those of a variant's that may be missing
}

// form is one way to put the flat arguments of an operation together: without a union there is one, else one a variant.
type form struct {
	schema Keywords // of the object that the arguments are
	path   []string // those of the arguments that are path segments
	groups []exclusiveGroup
}

// Read reads an OpenAPI document in YAML. It ends the test if it cannot.
func Read(tb testing.TB, file string) *Description {
	tb.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		tb.Fatalf("read: %v", err)
	}
	var document any
	if err := yaml.Unmarshal(text, &document); err != nil {
		tb.Fatalf("parse: %v", err)
	}
	var d Description
	if err := json.Unmarshal(Encode(tb, document), &d); err != nil {
		tb.Fatalf("take apart: %v", err)
	}
	return &d
}

// formsOf lists the forms of the operation of that ID.
func (d *Description) formsOf(tb testing.TB, id string) []form {
	tb.Helper()
	for place, item := range d.Paths {
		for _, op := range item {
			if op.OperationID == id {
				return d.forms(place, op)
			}
		}
	}
	tb.Fatalf("the description has no operation %s", id)
	return nil
}

// resolve follows a reference to its component. What stands beside the reference goes before what the component says.
func (d *Description) resolve(s Keywords) Keywords {
	ref, ok := s["$ref"].(string)
	if !ok {
		return s
	}
	resolved := maps.Clone(d.resolve(d.Components.Schemas[path.Base(ref)]))
	maps.Copy(resolved, s)
	delete(resolved, "$ref")
	return resolved
}

// forms lists the ways to put the arguments of an operation together: path, query and header parameters side by side
// with the body's properties, under the names that these have as arguments; the body as one argument where it has no
// properties, or one that has no such name.
func (d *Description) forms(place string, op *described) []form {
	var base form
	properties, required := Keywords{}, []any{}
	for _, p := range op.Parameters {
		if p.Ref != "" {
			p = d.Components.Parameters[path.Base(p.Ref)]
		}
		properties[p.Name] = d.parameterSchema(p)
		if p.Required {
			required = append(required, p.Name)
		}
		if p.In == "path" {
			base.path = append(base.path, p.Name)
		}
	}
	for _, groups := range []map[string]exclusiveGroup{op.BodyGroups, op.ParameterGroups} {
		for _, name := range slices.Sorted(maps.Keys(groups)) {
			base.groups = append(base.groups, groups[name])
		}
	}
	var list []form
	for _, body := range d.bodies(op) {
		all, names := maps.Clone(properties), slices.Clone(required)
		inner, _ := body["properties"].(Keywords)
		flat := bodyNames(place, slices.Collect(maps.Keys(properties)), slices.Collect(maps.Keys(inner)), base.groups)
		var needed []any
		switch {
		case body == nil:
		case len(flat) == 0:
			all["body"] = body
			if !mayBeEmpty(body) {
				needed = []any{"body"}
			}
		default:
			for name, p := range inner {
				all[flat[name]] = p
			}
			for _, name := range textsOf(body["required"]) {
				needed = append(needed, flat[name])
			}
		}
		if op.RequestBody != nil && op.RequestBody.Required {
			names = append(names, needed...)
		}
		f := base
		f.schema = Keywords{
			"type": "object", "properties": all, "required": names, "additionalProperties": false,
		}
		list = append(list, f)
	}
	return list
}

// bodies lists the variants of an operation's body, or the body; nil if it has none.
func (d *Description) bodies(op *described) []Keywords {
	if op.RequestBody == nil {
		return []Keywords{nil}
	}
	body := d.resolve(op.RequestBody.Content["application/json"].Schema)
	variants := listOf(body["oneOf"])
	if len(variants) == 0 {
		return []Keywords{body}
	}
	list := make([]Keywords, len(variants))
	for i, variant := range variants {
		ref, _ := variant.(Keywords)
		list[i] = d.resolve(ref)
	}
	return list
}

// mayBeEmpty reports whether a schema accepts {} and no other type, so that a body may be left out.
func mayBeEmpty(s Keywords) bool {
	return slices.Equal(typeList(s), []string{"object"}) && len(listOf(s["required"])) == 0 && s["minProperties"] == nil &&
		s["oneOf"] == nil
}

// parameterSchema adds to a parameter's schema what follows from its place: a query has no way to write an empty array
// or map (RFC 6570 section 3.2.1).
func (d *Description) parameterSchema(p describedParameter) Keywords {
	s := maps.Clone(d.resolve(p.Schema))
	if p.Deprecated {
		s["deprecated"] = true
	}
	for typ, least := range map[string]string{"array": "minItems", "object": "minProperties"} {
		if p.In == "query" && slices.Contains(typeList(s), typ) && s[least] == nil {
			s[least] = 1.0
		}
	}
	return s
}

// typeList lists the types that a schema names; nil: any.
func typeList(s Keywords) []string {
	if one, ok := s["type"].(string); ok {
		return []string{one}
	}
	return textsOf(s["type"])
}

func listOf(v any) []any {
	list, _ := v.([]any)
	return list
}

func textsOf(v any) []string {
	var texts []string
	for _, member := range listOf(v) {
		text, _ := member.(string)
		texts = append(texts, text)
	}
	return texts
}

// propertiesOf returns the properties of an object's schema, each with its references followed.
func (d *Description) propertiesOf(s Keywords) map[string]Keywords {
	properties := map[string]Keywords{}
	described, _ := s["properties"].(Keywords)
	for name, p := range described {
		inner, _ := p.(Keywords)
		properties[name] = d.resolve(inner)
	}
	return properties
}

// nested returns the schema under a keyword with its references followed, or nil.
func (d *Description) nested(s Keywords, keyword string) Keywords {
	inner, ok := s[keyword].(Keywords)
	if !ok {
		return nil
	}
	return d.resolve(inner)
}

// alternatives lists what anyOf offers.
func (d *Description) alternatives(s Keywords) []Keywords {
	var list []Keywords
	for _, a := range listOf(s["anyOf"]) {
		inner, _ := a.(Keywords)
		list = append(list, d.resolve(inner))
	}
	return list
}
