package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// document is an OpenAPI document on its way into a table.
type document struct{ root *yaml.Node }

var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// Convert reads an OpenAPI 3.0 or 3.1 document.
func Convert(data []byte) (table *optable.Table, err error) {
	var file yaml.Node
	if err := yaml.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("parse YAML: %w", err)
	}
	if len(file.Content) == 0 {
		return nil, errors.New("the document is empty")
	}
	// Errors that the nodes alone do not show: duplicate keys, and aliases that are cyclic or multiply.
	if err := file.Decode(new(any)); err != nil {
		return nil, fmt.Errorf("parse YAML: %w", err)
	}
	plainDates(&file)
	defer func() {
		switch v := recover().(type) {
		case nil:
		case fault:
			table, err = nil, v.err
		default:
			panic(v)
		}
	}()
	d := document{follow(file.Content[0])}
	if !strings.HasPrefix(text(get(d.root, "openapi")), "3.") {
		return nil, errors.New("no OpenAPI 3 document: the field openapi is missing or of another version")
	}
	table = &optable.Table{}
	for path, item := range pairs(get(d.root, "paths")) {
		for key, v := range pairs(item) {
			switch {
			case slices.Contains(methods, key):
				table.Operations = append(table.Operations, d.operation(key, path, item, v))
			case key != "parameters" && key != "summary" && key != "description" && !strings.HasPrefix(key, "x-"):
				failf(v, "unknown field %q of a path", key)
			}
		}
	}
	for name, s := range pairs(get(d.root, "components", "schemas")) {
		schema := d.schema(s)
		schema.Name = name
		table.Schemas = append(table.Schemas, schema)
	}
	for _, tag := range items(get(d.root, "tags")) {
		if text(get(tag, "name")) == "" {
			failf(tag, "a tag has no name")
		}
		table.Toolsets = append(table.Toolsets, optable.Toolset{
			Name: text(get(tag, "name")), Description: sentence(get(tag, "description")),
		})
	}
	for term, means := range pairs(get(d.root, "x-synonyms")) {
		table.Synonyms = append(table.Synonyms, optable.Synonym{Term: term, Means: texts(means)})
	}
	slices.SortFunc(table.Schemas, func(a, b optable.Schema) int { return strings.Compare(a.Name, b.Name) })
	return table, check(table)
}

// check reports errors that make the table useless.
func check(table *optable.Table) error {
	seen := map[string]string{}
	for _, o := range table.Operations {
		at := o.Method + " " + o.Path
		if o.ID == "" {
			return fmt.Errorf("%s has no operationId", at)
		}
		if other := seen[o.ID]; other != "" {
			return fmt.Errorf("%s and %s share the operationId %s", other, at, o.ID)
		}
		seen[o.ID] = at
	}
	return nil
}

func (d document) operation(method, path string, item, n *yaml.Node) optable.Operation {
	op := optable.Operation{Method: strings.ToUpper(method), Path: path}
	for key, v := range pairs(n) {
		switch key {
		case "operationId":
			op.ID = text(v)
		case "summary":
			op.Summary = sentence(v)
		case "description":
			op.Description = sentence(v)
		case "deprecated":
			op.Deprecated = truth(v)
		case "tags":
			if tags := texts(v); len(tags) > 0 {
				op.Toolset = tags[0]
			}
		case "servers":
			for _, server := range items(v) {
				op.Servers = append(op.Servers, text(get(server, "url")))
			}
		case "security":
			op.Security = security(v)
		case "parameters":
		case "requestBody":
			op.Body = d.body(v)
		case "responses":
			op.Responses = d.answers(v)
		case "x-mutually-exclusive-body-groups", "x-mutually-exclusive-parameter-groups":
			op.Exclusive = append(op.Exclusive, exclusive(v)...)
		case "callbacks", "externalDocs":
		default:
			if !strings.HasPrefix(key, "x-") {
				failf(v, "unknown field %q of an operation", key)
			}
			op.Extensions = append(op.Extensions, optable.Extension{Name: key, JSON: literal(v)})
		}
	}
	for _, p := range items(get(n, "parameters")) {
		op.Parameters = append(op.Parameters, d.parameter(p))
	}
	op.Parameters = append(d.shared(item, op.Parameters), op.Parameters...)
	return op
}

// shared lists the parameters of a path that the operation does not describe itself.
func (d document) shared(item *yaml.Node, own []optable.Parameter) []optable.Parameter {
	var list []optable.Parameter
	for _, n := range items(get(item, "parameters")) {
		p := d.parameter(n)
		if !slices.ContainsFunc(own, func(o optable.Parameter) bool { return o.Name == p.Name && o.In == p.In }) {
			list = append(list, p)
		}
	}
	return list
}

func security(n *yaml.Node) []string {
	var names []string
	for _, requirement := range items(n) {
		before := len(names)
		for name := range pairs(requirement) {
			names = append(names, name)
		}
		switch len(names) {
		case before: // {}: the operation can be called without
			names = append(names, "none")
		case before + 1:
		default:
			failf(requirement, "the table cannot represent schemes that are needed together")
		}
	}
	if names == nil {
		return []string{"none"}
	}
	return names
}

func (d document) resolve(n *yaml.Node, kind string) *yaml.Node {
	if ref := get(n, "$ref"); ref != nil {
		name := reference(ref, kind)
		if n = get(d.root, "components", kind, name); n == nil {
			failf(ref, "%s does not exist", ref.Value)
		}
	}
	return n
}

func (d document) parameter(n *yaml.Node) optable.Parameter {
	n = d.resolve(n, "parameters")
	var p optable.Parameter
	var prefixes []string
	var replacement string
	for key, v := range pairs(n) {
		switch key {
		case "name":
			p.Name = text(v)
		case "in":
			p.In = location(v)
		case "required":
			p.Required = truth(v)
		case "deprecated":
			p.Deprecated = truth(v)
		case "style":
			p.Style = text(v)
		case "explode":
			p.Explode = strconv.FormatBool(truth(v))
		case "description":
			p.Description = sentence(v)
		case "schema":
			p.Schema = d.schema(v)
		case "x-id-prefix":
			prefixes = oneOrMore(v)
		case "x-deprecated-reason":
			replacement = strings.TrimSuffix(text(v), ".")
		case "example", "examples", "allowEmptyValue", "allowReserved":
		default:
			if !strings.HasPrefix(key, "x-") {
				failf(v, "unknown field %q of a parameter", key)
			}
		}
	}
	if prefixes != nil {
		p.Schema.IDPrefixes = prefixes
	}
	if replacement != "" {
		p.Schema.Replacement = replacement
	}
	return p
}

func location(n *yaml.Node) optable.Location {
	switch in := optable.Location(text(n)); in {
	case optable.InPath, optable.InQuery, optable.InHeader, optable.InCookie:
		return in
	default:
		failf(n, "a parameter cannot stand in %q", in)
		return ""
	}
}

// content is the media type that counts: JSON before any other.
func (d document) content(n *yaml.Node) (mediaType string, schema *yaml.Node) {
	for mt, v := range pairs(n) {
		if mediaType == "" || strings.Contains(mt, "json") && !strings.Contains(mediaType, "json") {
			mediaType, schema = mt, get(v, "schema")
		}
	}
	return mediaType, schema
}

func (d document) body(n *yaml.Node) *optable.Body {
	n = d.resolve(n, "requestBodies")
	b := &optable.Body{Required: truth(get(n, "required"))}
	mediaType, schema := d.content(get(n, "content"))
	b.MediaType = mediaType
	if schema != nil {
		b.Schema = d.schema(schema)
	}
	return b
}

func (d document) answers(n *yaml.Node) []optable.Response {
	var answers []optable.Response
	for code, r := range pairs(n) {
		r = d.resolve(r, "responses")
		var a optable.Response
		if code != "default" {
			status, err := strconv.Atoi(strings.Replace(code, "XX", "00", 1))
			if err != nil {
				failf(r, "status %q is no number", code)
			}
			a.Status = status
		}
		mediaType, schema := d.content(get(r, "content"))
		a.MediaType = mediaType
		if schema != nil {
			s := d.schema(schema)
			a.Schema = &s
		}
		answers = append(answers, a)
	}
	return answers
}

func exclusive(n *yaml.Node) []optable.Exclusive {
	var groups []optable.Exclusive
	for name, g := range pairs(n) {
		group := optable.Exclusive{Name: name, Optional: truth(get(g, "optional"))}
		for variant, fields := range pairs(get(g, "variants")) {
			group.Variants = append(group.Variants, optable.Variant{
				Name: variant, Fields: texts(fields), Optional: texts(get(g, "optionalFields", variant)),
			})
		}
		groups = append(groups, group)
	}
	return groups
}
