package openapi

import (
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// parameters converts the parameters of a path, but for those that the operation has itself, and those of the
// operation. A placeholder of the path without a parameter becomes one, as a request cannot be made without its value.
func (c *converter) parameters(op *optable.Operation, common []*node, n *node) []optable.Parameter {
	var own, all []optable.Parameter
	add := func(to *[]optable.Parameter, n *node) {
		p, ok := c.parameter(n)
		same := func(o optable.Parameter) bool { return o.Name == p.Name && o.In == p.In }
		switch {
		case !ok:
		case slices.ContainsFunc(*to, same):
			c.problemf(n, "remove one of them", "the %s parameter %q stands twice; the first one counts",
				p.In, shortened(p.Name))
		default:
			*to = append(*to, p)
		}
	}
	for p := range c.items(get(n, "parameters")) {
		add(&own, p)
	}
	for _, p := range common {
		add(&all, p)
	}
	all = slices.DeleteFunc(all, func(p optable.Parameter) bool {
		return slices.ContainsFunc(own, func(o optable.Parameter) bool { return o.Name == p.Name && o.In == p.In })
	})
	all = append(all, own...)
	for _, name := range placeholders(op.Path) {
		if !slices.ContainsFunc(all, func(p optable.Parameter) bool { return p.In == optable.InPath && p.Name == name }) {
			c.problemf(n, "describe it under parameters",
				"%s %s has no parameter for {%s}; a string is assumed", op.Method, shortened(op.Path), shortened(name))
			all = append(all, optable.Parameter{
				Name: name, In: optable.InPath, Required: true, Schema: &optable.Schema{Types: optable.String},
			})
		}
	}
	return all
}

// placeholders lists the names in the braces of a path, without the signs of a style such as {;id*}.
func placeholders(path string) []string {
	var names []string
	for {
		_, rest, found := strings.Cut(path, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return names
		}
		name = strings.TrimSuffix(strings.TrimLeft(name, ".;?&#+"), "*")
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
		path = after
	}
}

// of20 are fields that Swagger 2.0 has at a parameter and OpenAPI 3 in its schema.
var of20 = []string{
	"type", "format", "items", "default", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems",
	"maxItems", "uniqueItems", "multipleOf", "exclusiveMinimum", "exclusiveMaximum",
}

func (c *converter) parameter(n *node) (p optable.Parameter, ok bool) {
	n = c.resolve(n)
	p.Name, p.In = c.text(get(n, "name")), optable.Location(c.text(get(n, "in")))
	p.Schema = &optable.Schema{}
	if p.Name == "" {
		c.problemf(n, "give it a name", "a parameter has no name; it is left out")
		return p, false
	}
	switch p.In {
	case optable.InPath, optable.InQuery, optable.InHeader, optable.InCookie:
	case "body", "formData":
		c.problemf(n, "describe it under requestBody", "the parameter %q is in the %s, as in Swagger 2.0; it is left out",
			shortened(p.Name), p.In)
		return p, false
	default:
		c.problemf(n, "write path, query, header or cookie", "the parameter %q is in %q; it is left out",
			shortened(p.Name), shortened(string(p.In)))
		return p, false
	}
	var old []member
	for key, v := range c.pairs(n) {
		switch key {
		case "name", "in", "allowEmptyValue", "allowReserved", "content", "example", "examples":
		case "required":
			p.Required = c.truth(v)
		case "deprecated":
			p.Deprecated = c.truth(v)
		case "style":
			p.Style = c.text(v)
		case "explode":
			p.Explode = strconv.FormatBool(c.truth(v))
		case "description":
			p.Description = c.sentence(v)
		case "schema":
			p.Schema = c.schema(v)
		case "collectionFormat":
			p.Explode = strconv.FormatBool(c.text(v) == "multi")
			c.problemf(v, "write style and explode", "collectionFormat is of Swagger 2.0")
		default:
			if slices.Contains(of20, key) {
				old = append(old, member{key, v})
			} else if !strings.HasPrefix(key, "x-") {
				c.problemf(v, "remove it, or begin its name with x-", "unknown field %q of a parameter", key)
			}
		}
	}
	if old != nil && get(n, "schema") == nil {
		c.problemf(n, "put it under schema", "the parameter %q has its schema beside its name, as in Swagger 2.0",
			shortened(p.Name))
		p.Schema = c.schema(&node{kind: object, line: n.line, members: old})
	}
	c.parameterContent(n, &p)
	c.parameterNotes(n, &p)
	if p.In == optable.InPath && !p.Required {
		c.problemf(n, "write required: true", "the path parameter %q is not marked as required; it is", shortened(p.Name))
		p.Required = true
	}
	return p, true
}

// parameterContent reads content, which describes a parameter by a media type in place of a schema.
func (c *converter) parameterContent(n *node, p *optable.Parameter) {
	for mediaType, content := range c.pairs(get(n, "content")) {
		p.MediaType = mediaType
		if schema := get(c.resolve(content), "schema"); schema != nil {
			p.Schema = c.schema(schema)
		}
		return
	}
}

// parameterNotes reads what is said beside the schema of a parameter and belongs to it.
func (c *converter) parameterNotes(n *node, p *optable.Parameter) {
	if v := get(n, "x-id-prefix"); v != nil {
		p.Schema.IDPrefixes = c.oneOrMore(v)
	}
	if v := get(n, "x-deprecated-reason"); v != nil {
		extended := p.Schema.Extended()
		extended.Replacement = strings.TrimSuffix(c.text(v), ".")
		p.Schema.Extensions = &extended
	}
	p.Names, p.Filter = c.text(get(n, "x-names")), c.filter(get(n, "x-filter"))
	if p.Schema.Example == "" && p.MediaType == "" {
		p.Schema.Example = c.exampleOf(n, p.Schema.Types)
	}
}

// exampleOf returns the example of a parameter or media type, or the first of its examples, as JSON; "" without one.
func (c *converter) exampleOf(n *node, types optable.Types) string {
	if example := get(n, "example"); example != nil {
		return c.literal(example, types)
	}
	for _, example := range c.pairs(get(n, "examples")) {
		if value := get(c.resolve(example), "value"); value != nil {
			return c.literal(value, types)
		}
	}
	return ""
}
