package main

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// formatPassword marks values to be hidden (OpenAPI 3.0.3 section 4.4): secrets.
const formatPassword = "password"

var types = map[string]optable.Types{
	"string": optable.String, "integer": optable.Integer, "number": optable.Number, "boolean": optable.Boolean,
	"object": optable.Object, "array": optable.Array, "null": optable.Null,
}

// schema converts a schema. Components that it refers to stay references.
func (d document) schema(n *yaml.Node) optable.Schema {
	if n.Kind == yaml.ScalarNode { // true: anything
		if !truth(n) {
			failf(n, "the table cannot represent a schema that accepts nothing")
		}
		return optable.Schema{}
	}
	var s optable.Schema
	for key, v := range pairs(n) {
		if !d.keyword(&s, key, v) && !ignored[key] && !strings.HasPrefix(key, "x-") {
			failf(v, "the table cannot represent the keyword %q", key)
		}
	}
	if s.Types == optable.Null && get(n, "nullable") != nil && s.Ref == "" && len(s.AllOf) == 0 {
		s.Types = 0 // nullable adds to a type, and without one everything is accepted (OpenAPI 3.0.3 section 4.7.24)
	}
	exclusiveBounds(&s)
	implicitMapping(&s)
	required := map[string]bool{}
	for _, name := range texts(get(n, "required")) {
		required[name] = true
	}
	for i, p := range s.Properties {
		s.Properties[i].Required = required[p.Name]
		delete(required, p.Name)
	}
	for name := range required {
		failf(get(n, "required"), "required property %q is not described", name)
	}
	return s
}

// exclusiveBounds turns the booleans of OpenAPI 3.0 beside a bound into bounds of their own.
func exclusiveBounds(s *optable.Schema) {
	for _, b := range [][2]*string{{&s.ExclusiveMinimum, &s.Minimum}, {&s.ExclusiveMaximum, &s.Maximum}} {
		switch exclusive, bound := b[0], b[1]; *exclusive {
		case "true":
			*exclusive, *bound = *bound, ""
		case "false":
			*exclusive = ""
		}
	}
}

func boundOrTruth(n *yaml.Node) string {
	if n.Tag == "!!bool" {
		return literal(n)
	}
	return number(n)
}

// implicitMapping adds the variants that the mapping leaves out: the name of each is its value (OpenAPI 3.1 section
// 4.8.25).
func implicitMapping(s *optable.Schema) {
	if s.Discriminator == nil {
		return
	}
	for _, v := range slices.Concat(s.OneOf, s.AnyOf) {
		named := func(m optable.Mapping) bool { return m.Ref == v.Ref }
		if v.Ref != "" && !slices.ContainsFunc(s.Discriminator.Mapping, named) {
			s.Discriminator.Mapping = append(s.Discriminator.Mapping, optable.Mapping{Value: v.Ref, Ref: v.Ref})
		}
	}
}

// ignored keywords do not affect which values are valid.
var ignored = map[string]bool{
	"title": true, "readOnly": true, "writeOnly": true, "externalDocs": true,
	"xml": true, "$comment": true, "required": true,
}

func (d document) keyword(s *optable.Schema, key string, v *yaml.Node) bool {
	switch key {
	case "$ref":
		if s.Ref = reference(v, "schemas"); get(d.root, "components", "schemas", s.Ref) == nil {
			failf(v, "%s does not exist", v.Value)
		}
	case "type":
		d.types(s, v)
	case "nullable":
		if truth(v) {
			s.Types |= optable.Null
		}
	case "description":
		s.Description = sentence(v)
	case "deprecated":
		s.Deprecated = truth(v)
	case "enum":
		for _, member := range items(v) {
			s.Enum = append(s.Enum, literal(member))
		}
	case "const":
		s.Const = literal(v)
	case "default":
		s.Default = literal(v)
	case "example":
		s.Example = literal(v)
	case "examples":
		if all := items(v); len(all) > 0 {
			s.Example = literal(all[0])
		}
	case "format":
		s.Format = text(v)
		s.Secret = s.Secret || s.Format == formatPassword
	case "pattern":
		s.Pattern = text(v)
	case "minimum":
		s.Minimum = number(v)
	case "maximum":
		s.Maximum = number(v)
	case "exclusiveMinimum":
		s.ExclusiveMinimum = boundOrTruth(v)
	case "exclusiveMaximum":
		s.ExclusiveMaximum = boundOrTruth(v)
	case "multipleOf":
		s.MultipleOf = number(v)
	case "minLength":
		s.MinLength = count(v)
	case "maxLength":
		s.MaxLength = most(v)
	case "minItems":
		s.MinItems = count(v)
	case "maxItems":
		s.MaxItems = most(v)
	case "uniqueItems":
		s.UniqueItems = truth(v)
	case "minProperties":
		s.MinProperties = count(v)
	case "maxProperties":
		s.MaxProperties = most(v)
	default:
		return d.structure(s, key, v)
	}
	return true
}

// structure converts the keywords that contain schemas.
func (d document) structure(s *optable.Schema, key string, v *yaml.Node) bool {
	switch key {
	case "x-secret":
		s.Secret = s.Secret || truth(v)
	case "x-deprecated-reason":
		s.Replacement = strings.TrimSuffix(text(v), ".")
	case "x-id-prefix":
		s.IDPrefixes = oneOrMore(v)
	case "items":
		item := d.schema(v)
		s.Items = &item
	case "properties":
		for name, p := range pairs(v) {
			s.Properties = append(s.Properties, optable.Property{Name: name, Schema: d.schema(p)})
		}
	case "additionalProperties":
		if v.Kind == yaml.ScalarNode && !truth(v) {
			s.Closed = true
			return true
		}
		additional := d.schema(v)
		s.Additional = &additional
	case "propertyNames":
		names := d.schema(v)
		s.PropertyNames = &names
	case "oneOf":
		s.OneOf = d.alternatives(s, v)
	case "anyOf":
		s.AnyOf = d.alternatives(s, v)
	case "allOf":
		for _, part := range items(v) {
			s.AllOf = append(s.AllOf, d.schema(part))
		}
	case "discriminator":
		s.Discriminator = &optable.Discriminator{Property: text(get(v, "propertyName"))}
		for value, ref := range pairs(get(v, "mapping")) {
			m := optable.Mapping{Value: value, Ref: reference(ref, "schemas")}
			if get(d.root, "components", "schemas", m.Ref) == nil {
				failf(ref, "%s does not exist", ref.Value)
			}
			s.Discriminator.Mapping = append(s.Discriminator.Mapping, m)
		}
	default:
		return false
	}
	return true
}

// alternatives turns the usual way to write a nullable reference into one: oneOf with null becomes the type null
// beside what is left, and one alternative alone is a reference.
func (d document) alternatives(s *optable.Schema, n *yaml.Node) []optable.Schema {
	var list []optable.Schema
	for _, item := range items(n) {
		alternative := d.schema(item)
		if alternative.Types == optable.Null {
			s.Types |= optable.Null
			continue
		}
		list = append(list, alternative)
	}
	if s.Types.Has(optable.Null) && len(list) == 1 && list[0].Ref != "" && s.Ref == "" {
		s.Ref = list[0].Ref
		return nil
	}
	return list
}

func (d document) types(s *optable.Schema, n *yaml.Node) {
	names := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		names = items(n)
	}
	for _, name := range names {
		t, ok := types[name.Value]
		if !ok {
			failf(name, "unknown type %q", name.Value)
		}
		s.Types |= t
	}
}
