package openapi

import (
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// methods are the fixed fields of a path item that hold operations; query is new in OpenAPI 3.2.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}

// document converts the document: operations first, then the schemas that they refer to.
func (c *converter) document() {
	t := c.table
	for name := range c.pairs(c.root) {
		switch name {
		case "openapi", "info", "paths", "components", "tags", "servers", "security", "externalDocs", "webhooks",
			"jsonSchemaDialect", "$self":
		default:
			if !strings.HasPrefix(name, "x-") {
				c.problemf(get(c.root, name), "remove it, or begin its name with x-", "unknown field %q of the document", name)
			}
		}
	}
	t.Servers = c.servers(get(c.root, "servers"))
	t.SecuritySchemes = c.schemes()
	t.Security = c.security(get(c.root, "security"))
	for path, item := range c.pairs(get(c.root, "paths")) {
		switch {
		case strings.HasPrefix(path, "/"):
			c.path(path, item)
		case !strings.HasPrefix(path, "x-"):
			c.problemf(item, "begin the path with a slash", "the path %q does not begin with a slash", shortened(path))
			c.path("/"+path, item)
		}
	}
	c.toolsets()
	for term, means := range c.pairs(get(c.root, "x-synonyms")) {
		t.Synonyms = append(t.Synonyms, optable.Synonym{Term: term, Means: c.texts(means)})
	}
	for len(c.queue) > 0 {
		next := c.queue[0]
		c.queue = c.queue[1:]
		c.current = next.base
		schema := *c.schema(next.node)
		schema.Name = next.name
		t.Schemas = append(t.Schemas, schema)
	}
	slices.SortFunc(t.Schemas, func(a, b optable.Schema) int { return strings.Compare(a.Name, b.Name) })
	c.breakCycles()
	c.settleUnions()
}

// toolsets are the tags that the document describes.
func (c *converter) toolsets() {
	for tag := range c.items(get(c.root, "tags")) {
		name := c.text(get(tag, "name"))
		if name == "" {
			c.problemf(tag, "give it a name", "a tag has no name; it is left out")
			continue
		}
		description := c.sentence(get(tag, "description"))
		if description == "" {
			description = c.sentence(get(tag, "summary"))
		}
		c.table.Toolsets = append(c.table.Toolsets, optable.Toolset{
			Name: name, Description: description, Limits: c.notDone(get(tag, "x-limits")),
		})
	}
}

// shared is what the operations of a path have in common.
type shared struct {
	path       string
	parameters []*node
	servers    []string
}

// path converts the operations of a path item. Fields beside its $ref come before those of the item that it refers to.
func (c *converter) path(path string, item *node) {
	if item.kind != object {
		if item.kind != null {
			c.problemf(item, "write an object here", "the path %q is %s; it is left out", shortened(path), item.describe())
		}
		return
	}
	items := []*node{item}
	if get(item, "$ref") != nil {
		items = append(items, c.resolve(item))
	}
	s := shared{path: path}
	for _, item := range items {
		for p := range c.items(get(item, "parameters")) {
			s.parameters = append(s.parameters, p)
		}
		if s.servers == nil {
			s.servers = c.servers(get(item, "servers"))
		}
	}
	done := map[string]bool{}
	for _, item := range items {
		for field, n := range c.pairs(item) {
			switch {
			case slices.Contains(methods, field):
				c.operationOnce(done, strings.ToUpper(field), s, n)
			case field == "additionalOperations":
				for method, n := range c.pairs(n) {
					c.operationOnce(done, method, s, n)
				}
			case field == "parameters", field == "servers", field == "summary", field == "description", field == "$ref",
				strings.HasPrefix(field, "x-"):
			default:
				c.problemf(n, "remove it, or begin its name with x-", "unknown field %q of a path", field)
			}
		}
	}
}

func (c *converter) operationOnce(done map[string]bool, method string, s shared, n *node) {
	if n.kind == null || done[method] {
		return
	}
	done[method] = true
	if n.kind != object {
		c.problemf(n, "write an object here", "the operation %s %s is %s; it is left out",
			method, shortened(s.path), n.describe())
		return
	}
	c.operation(method, s, n)
}
