package openapi

import (
	"net/url"
	"strconv"
	"strings"
)

// maxHops limits references that lead to references.
const maxHops = 64

// unescape decodes a token of a JSON Pointer (RFC 6901 section 4).
var unescape = strings.NewReplacer("~1", "/", "~0", "~")

// resolve follows the reference of anything but a schema. It returns an empty object where there is nothing, with a
// problem. Members beside a $ref are not read.
func (c *converter) resolve(n *node) *node {
	for range maxHops {
		ref := get(n, "$ref")
		if ref == nil {
			return n
		}
		if n = c.target(ref); n == nil {
			return &node{kind: object, line: ref.line}
		}
	}
	c.problemf(n, "let one of them have the content", "references that lead to each other; nothing is known of them")
	return &node{kind: object, line: n.line}
}

// target returns what a $ref refers to; nil with a problem where there is nothing.
func (c *converter) target(ref *node) *node {
	tokens, ok := c.pointer(ref)
	if !ok {
		return nil
	}
	if found := c.walk(c.root, tokens); found != nil {
		return found
	}
	c.problemf(ref, "correct the reference or add what it refers to", "%s does not exist", shortened(ref.text))
	return nil
}

// pointer splits a reference into the tokens of its JSON Pointer. The tokens of an anchor are none, and ok is false, as
// for references that cannot be followed.
func (c *converter) pointer(ref *node) (tokens []string, ok bool) {
	text := c.text(ref)
	if text == "" {
		c.problemf(ref, "write it as #/components/…", "a $ref is empty; nothing is known of it")
		return nil, false
	}
	file, fragment, _ := strings.Cut(text, "#")
	if file != "" || !strings.HasPrefix(text, "#") {
		c.problemf(ref, "bundle the documents into one, for example with redocly bundle",
			"$ref %q is outside of the document; nothing is known of it", shortened(text))
		return nil, false
	}
	if decoded, err := url.PathUnescape(fragment); err == nil {
		fragment = decoded
	}
	if fragment == "" {
		return nil, true
	}
	rest, rooted := strings.CutPrefix(fragment, "/")
	if !rooted {
		c.problemf(ref, "write it as #/components/…", "$ref %q is no JSON Pointer; nothing is known of it", shortened(text))
		return nil, false
	}
	tokens = strings.Split(rest, "/")
	for i := range tokens {
		tokens[i] = unescape.Replace(tokens[i])
	}
	return tokens, true
}

// walk follows the tokens of a pointer, through references where a token is not found beside one.
func (c *converter) walk(n *node, tokens []string) *node {
	hops := 0
	for i := 0; i < len(tokens); {
		if n == nil {
			return nil
		}
		var next *node
		switch n.kind {
		case null, boolean, number, text: // nothing is in them
		case object:
			next = c.member(n, tokens[i])
		case array:
			if at, err := strconv.Atoi(tokens[i]); err == nil && at >= 0 && at < len(n.members) {
				next = n.members[at].value
			}
		}
		if next != nil {
			n, i = next, i+1
			continue
		}
		ref := get(n, "$ref")
		if hops++; ref == nil || hops > maxHops {
			return nil
		}
		through, ok := c.pointer(ref)
		if !ok {
			return nil
		}
		tokens, n, i = append(through, tokens[i:]...), c.root, 0
		if len(tokens) > maxDepth {
			return nil
		}
	}
	return n
}

// schemaRef returns the name in the table of the schema that a $ref refers to, and queues it; "" with a problem where
// there is none. A schema that is no component, such as a property of one, gets a name.
func (c *converter) schemaRef(ref *node) string {
	if anchored := c.anchored(ref); anchored != nil {
		return c.hoist(anchored, anchored, strings.TrimPrefix(ref.text, "#"))
	}
	tokens, ok := c.pointer(ref)
	if !ok {
		return ""
	}
	n := c.walk(c.root, tokens)
	if n == nil && len(tokens) > 0 && (tokens[0] == "$defs" || tokens[0] == "definitions") {
		n = c.walk(c.current, tokens) // relative to the schema, as many mean it
	}
	switch {
	case n == nil:
		c.problemf(ref, "correct the reference or add what it refers to",
			"%s does not exist; any value is accepted", shortened(ref.text))
		return ""
	case n.kind != object && n.kind != boolean:
		c.problemf(ref, "refer to a schema", "%s is no schema; any value is accepted", shortened(ref.text))
		return ""
	case len(tokens) == 3 && tokens[0] == "components" && tokens[1] == "schemas" && tokens[2] != "":
		c.enqueue(component{tokens[2], n, n})
		return tokens[2]
	}
	base := c.current
	if len(tokens) > 3 && tokens[0] == "components" && tokens[1] == "schemas" {
		base = c.walk(c.root, tokens[:3])
	}
	return c.hoist(n, base, hoisted(tokens))
}

// hoisted makes a name of a pointer: without the tokens that say only how things are nested.
func hoisted(tokens []string) string {
	var name []string
	for _, token := range tokens {
		switch token {
		case "components", "schemas", "properties", "paths", "content", "schema", "$defs", "definitions":
			continue
		}
		token = strings.Map(func(r rune) rune {
			if r < 128 && (r == '_' || r == '-' || r == '.' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' ||
				'a' <= r && r <= 'z') {
				return r
			}
			return '_'
		}, token)
		if token = strings.Trim(token, "_"); token != "" {
			name = append(name, token)
		}
	}
	return strings.Join(name, ".")
}

// hoist gives a schema a name of its own in the table and queues it.
func (c *converter) hoist(n, base *node, wish string) string {
	if name := c.hoists[n]; name != "" {
		return name
	}
	if wish == "" {
		wish = "schema"
	}
	schemas := get(c.root, "components", "schemas")
	name := wish
	for i := 2; c.queued[name] || c.member(schemas, name) != nil; i++ {
		name = wish + "." + strconv.Itoa(i)
	}
	c.hoists[n] = name
	c.enqueue(component{name, n, base})
	return name
}

func (c *converter) enqueue(s component) {
	if !c.queued[s.name] {
		c.queued[s.name] = true
		c.queue = append(c.queue, s)
	}
}

// anchored returns the schema with the $anchor that a reference such as #node names, or nil.
func (c *converter) anchored(ref *node) *node {
	name, local := strings.CutPrefix(ref.text, "#")
	if !local || name == "" || name[0] == '/' {
		return nil
	}
	if c.anchors == nil {
		c.anchors = map[string]*node{}
		c.findAnchors(get(c.root, "components"), map[*node]bool{}, 0)
	}
	return c.anchors[name]
}

func (c *converter) findAnchors(n *node, seen map[*node]bool, depth int) {
	if n == nil || seen[n] || depth > maxDepth {
		return
	}
	seen[n] = true
	for _, key := range []string{"$dynamicAnchor", "$anchor"} {
		if anchor := get(n, key); anchor != nil && anchor.kind == text {
			c.anchors[anchor.text] = n
		}
	}
	for _, m := range n.members {
		c.findAnchors(m.value, seen, depth+1)
	}
}
