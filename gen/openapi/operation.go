package openapi

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/seed-f165d83c/workos/gen/optable"
)

func (c *converter) operation(method string, s shared, n *node) {
	var tags []string
	if list := get(n, "tags"); list != nil {
		tags = c.texts(list)
	}
	id := c.text(get(n, "operationId"))
	if !c.options.selects(id, tags) {
		return
	}
	op := optable.Operation{Method: method, Path: s.path, Servers: s.servers, ID: c.name(id, method, s.path, n)}
	if len(tags) > 0 {
		op.Toolset = tags[0]
	}
	for key, v := range c.pairs(n) {
		switch key {
		case "operationId", "tags", "parameters", "callbacks", "externalDocs":
		case "summary":
			op.Summary = c.sentence(v)
		case "description":
			op.Description = c.sentence(v)
		case "deprecated":
			op.Deprecated = c.truth(v)
		case "servers":
			if own := c.servers(v); len(own) > 0 {
				op.Servers = own
			}
		case "security":
			op.Security = c.security(v)
		case "requestBody":
			op.Body = c.body(v)
		case "responses":
			op.Responses = c.responses(v)
		case "x-mutually-exclusive-body-groups", "x-mutually-exclusive-parameter-groups":
			op.Exclusive = append(op.Exclusive, c.exclusive(v)...)
		case "x-limits":
			op.Limits = c.notDone(v)
		case "x-lookup":
			op.Lookup = c.texts(v)
		case "x-goes-with":
			op.GoesWith = c.related(v)
		default:
			if !strings.HasPrefix(key, "x-") {
				c.problemf(v, "remove it, or begin its name with x-", "unknown field %q of an operation", key)
				continue
			}
			if value := c.literal(v, 0); value != "" {
				op.Extensions = append(op.Extensions, optable.Extension{Name: key, JSON: value})
			}
		}
	}
	op.Parameters = c.parameters(&op, s.parameters, n)
	c.table.Operations = append(c.table.Operations, op)
}

// name returns the ID of an operation: its operationId or, where that is missing or another operation has it, the name
// that oapi-codegen makes of method and path, as it names the method of the client.
func (c *converter) name(id, method, path string, n *node) string {
	at := method + " " + path
	if id != "" {
		other := c.ids[id]
		if other == "" {
			c.ids[id] = at
			return id
		}
		c.problemf(get(n, "operationId"), "give each its own", "%s and %s share the operationId %q", other, at, shortened(id))
	}
	made := defaultName(method, path)
	for i := 2; c.ids[made] != ""; i++ {
		made = defaultName(method, path) + "_" + strconv.Itoa(i)
	}
	if c.ids[made] = at; id == "" {
		c.problemf(n, "add one", "%s has no operationId; its name is %s", at, made)
	}
	return made
}

// defaultName is the rule of oapi-codegen: method and path in camel case, of letters with case and digits alone.
func defaultName(method, path string) string {
	words := strings.ToLower(method) + strings.ReplaceAll("/"+strings.Trim(path, "/"), "/", "-")
	var name strings.Builder
	begin := true
	for _, r := range words {
		switch {
		case unicode.IsUpper(r), unicode.IsDigit(r), unicode.IsLower(r) && !begin:
			name.WriteRune(r)
		case unicode.IsLower(r):
			name.WriteRune(unicode.ToUpper(r))
		}
		begin = strings.ContainsRune("-#@!$&=.+:;_~ (){}[]", r)
	}
	return name.String()
}

// notDone converts what the API cannot do.
func (c *converter) notDone(n *node) []optable.Limit {
	var list []optable.Limit
	for limit := range c.items(n) {
		l := optable.Limit{Requests: c.texts(get(limit, "requests")), Text: c.sentence(get(limit, "text"))}
		if len(l.Requests) == 0 || l.Text == "" {
			c.problemf(limit, "give it requests and a text", "a limit lacks requests or a text; it is left out")
			continue
		}
		list = append(list, l)
	}
	return list
}

// related converts the lists of what goes with a resource.
func (c *converter) related(n *node) []optable.Related {
	var list []optable.Related
	for item := range c.items(n) {
		r := optable.Related{
			Noun: c.text(get(item, "noun")), Operation: c.text(get(item, "operation")),
			Argument: c.text(get(item, "argument")), From: c.text(get(item, "from")),
		}
		if r.Noun == "" || r.Operation == "" || r.Argument == "" || r.From == "" {
			c.problemf(item, "give it a noun, an operation, an argument and from",
				"what goes with an operation is incomplete; it is left out")
			continue
		}
		list = append(list, r)
	}
	return list
}

// exclusive converts alternatives among the fields of an operation.
func (c *converter) exclusive(n *node) []optable.Exclusive {
	var groups []optable.Exclusive
	for name, g := range c.pairs(n) {
		group := optable.Exclusive{Name: name, Optional: c.truth(get(g, "optional"))}
		for variant, fields := range c.pairs(get(g, "variants")) {
			group.Variants = append(group.Variants, optable.Variant{
				Name: variant, Fields: c.texts(fields), Optional: c.texts(get(g, "optionalFields", variant)),
			})
		}
		groups = append(groups, group)
	}
	return groups
}

// servers returns base URLs with the defaults of their variables.
func (c *converter) servers(n *node) []string {
	var urls []string
	for server := range c.items(n) {
		url := c.text(get(server, "url"))
		if url == "" {
			c.problemf(server, "give it a url", "a server has no url; it is left out")
			continue
		}
		for name, variable := range c.pairs(get(server, "variables")) {
			url = strings.ReplaceAll(url, "{"+name+"}", c.text(get(variable, "default")))
		}
		urls = append(urls, url)
	}
	return urls
}
