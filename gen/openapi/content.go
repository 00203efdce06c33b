package openapi

import (
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// rank orders media types by how well a program can write them: see [optable.Body].
func rank(mediaType string) int {
	base, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	switch base = strings.TrimSpace(base); {
	case base == "application/json":
		return 0
	case strings.HasSuffix(base, "+json"), strings.HasSuffix(base, "/json"):
		return 1
	case base == "application/x-www-form-urlencoded":
		return 2
	case strings.HasPrefix(base, "multipart/"):
		return 3
	case strings.HasSuffix(base, "/xml"), strings.HasSuffix(base, "+xml"):
		return 5
	case strings.HasPrefix(base, "text/"):
		return 4
	default:
		return 6
	}
}

// contents converts the media types of a body or response, the best one first and the others in the order of the
// document.
func (c *converter) contents(n *node, examples bool) (list []optable.Content, described []bool) {
	best := 0
	for mediaType, v := range c.pairs(n) {
		v = c.resolve(v)
		content := optable.Content{MediaType: mediaType, Schema: &optable.Schema{}}
		schema := get(v, "schema")
		if schema != nil {
			content.Schema = c.schema(schema)
		}
		if item := get(v, "itemSchema"); item != nil && schema == nil { // OpenAPI 3.2: of a sequence such as JSON Lines
			content.Schema, schema = &optable.Schema{Types: optable.Array, Items: c.schema(item)}, item
		}
		if examples {
			content.Encoding = c.encoding(get(v, "encoding"))
			if content.Schema.Example == "" {
				content.Schema.Example = c.exampleOf(v, content.Schema.Types)
			}
		}
		if list = append(list, content); rank(mediaType) < rank(list[best].MediaType) {
			best = len(list) - 1
		}
		described = append(described, schema != nil)
	}
	if best > 0 {
		first, has := list[best], described[best]
		list = slices.Insert(slices.Delete(list, best, best+1), 0, first)
		described = slices.Insert(slices.Delete(described, best, best+1), 0, has)
	}
	return list, described
}

func (c *converter) encoding(n *node) []optable.Encoding {
	var list []optable.Encoding
	for property, v := range c.pairs(n) {
		e := optable.Encoding{
			Property: property, ContentType: c.text(get(v, "contentType")), Style: c.text(get(v, "style")),
		}
		if explode := get(v, "explode"); explode != nil {
			e.Explode = strconv.FormatBool(c.truth(explode))
		}
		if e != (optable.Encoding{Property: property}) {
			list = append(list, e)
		}
	}
	return list
}

// body converts a request body; nil for one without content.
func (c *converter) body(n *node) *optable.Body {
	n = c.resolve(n)
	list, _ := c.contents(get(n, "content"), true)
	if len(list) == 0 {
		c.problemf(n, "add content with a media type", "a request body has no content; it is left out")
		return nil
	}
	best := list[0]
	body := &optable.Body{
		Required: c.truth(get(n, "required")), MediaType: best.MediaType, Schema: best.Schema, Encoding: best.Encoding,
	}
	if len(list) > 1 {
		body.Others = list[1:]
	}
	return body
}

func (c *converter) responses(n *node) []optable.Response {
	var list []optable.Response
	for code, v := range c.pairs(n) {
		if strings.HasPrefix(code, "x-") {
			continue
		}
		status, ok := statusOf(code)
		if !ok {
			c.problemf(v, "write a status such as 200 or 2XX, or default",
				"status %q is no number; the response is left out", shortened(code))
			continue
		}
		r := optable.Response{Status: status}
		contents, described := c.contents(get(c.resolve(v), "content"), false)
		if len(contents) > 0 {
			if r.MediaType = contents[0].MediaType; described[0] {
				r.Schema = contents[0].Schema
			}
		}
		if len(contents) > 1 {
			r.Others = contents[1:]
		}
		list = append(list, r)
	}
	return list
}

// statusOf reads the key of a response: a status, a range such as 4XX, or default.
func statusOf(code string) (status int, ok bool) {
	if code == "default" {
		return 0, true
	}
	if len(code) == 3 && strings.EqualFold(code[1:], "XX") {
		code = code[:1] + "00"
	}
	status, err := strconv.Atoi(code)
	return status, err == nil && status >= 100 && status <= 599
}
