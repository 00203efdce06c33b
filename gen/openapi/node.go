package openapi

import (
	"encoding/json"
	"iter"
	"math"
	"strconv"
	"strings"
)

// kind is the kind of a JSON value.
type kind uint8

const (
	null kind = iota
	boolean
	number
	text
	object
	array
)

// node is a value of the document. Aliases and merge keys are resolved: what is repeated is the same node, and none
// contains itself.
type node struct {
	kind    kind
	line    int32
	text    string   // of a scalar, as written
	members []member // of an object, or of an array without keys, in the order of the document
}

type member struct {
	key   string
	value *node
}

// indexed is the number of members from which an object gets an index.
const indexed = 16

// get returns the last of the keys, each a member of the one before; nil where one is missing.
func get(n *node, keys ...string) *node {
	for _, key := range keys {
		if n == nil || n.kind != object {
			return nil
		}
		var found *node
		for i := range n.members {
			if n.members[i].key == key {
				found = n.members[i].value
				break
			}
		}
		n = found
	}
	return n
}

// member is get for one key of an object that may be large.
func (c *converter) member(n *node, key string) *node {
	if n == nil || n.kind != object || len(n.members) < indexed {
		return get(n, key)
	}
	index := c.indexes[n]
	if index == nil {
		index = make(map[string]*node, len(n.members))
		for _, m := range n.members {
			index[m.key] = m.value
		}
		c.indexes[n] = index
	}
	return index[key]
}

// pairs yields the members of an object. Anything else but nil and null is a problem.
func (c *converter) pairs(n *node) iter.Seq2[string, *node] {
	return func(yield func(string, *node) bool) {
		if n == nil || n.kind == null {
			return
		}
		if n.kind != object {
			c.problemf(n, "write an object here", "expected an object, found %s", n.describe())
			return
		}
		for _, m := range n.members {
			if !yield(m.key, m.value) {
				return
			}
		}
	}
}

// items yields the items of an array. Anything else but nil and null is a problem.
func (c *converter) items(n *node) iter.Seq[*node] {
	return func(yield func(*node) bool) {
		if n == nil || n.kind == null {
			return
		}
		if n.kind != array {
			c.problemf(n, "write a list here", "expected a list, found %s", n.describe())
			return
		}
		for _, m := range n.members {
			if !yield(m.value) {
				return
			}
		}
	}
}

// describe names a value in a problem.
func (n *node) describe() string {
	switch n.kind {
	case null:
		return "null"
	case object:
		return "an object"
	case array:
		return "a list"
	default:
		return strconv.Quote(shortened(n.text))
	}
}

// shortened limits a text in a problem.
func shortened(s string) string {
	const limit = 60
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}

// text returns the text of a scalar as written, so that a name such as "on" or "0777" needs no quotes; "" where it is
// missing.
func (c *converter) text(n *node) string {
	switch {
	case n == nil || n.kind == null && n.text == "":
		return ""
	case n.kind == object || n.kind == array:
		c.problemf(n, "write a string here", "expected a string, found %s", n.describe())
		return ""
	}
	return n.text
}

// sentence is a text on one line.
func (c *converter) sentence(n *node) string { return strings.Join(strings.Fields(c.text(n)), " ") }

func (c *converter) texts(n *node) []string {
	var list []string
	for item := range c.items(n) {
		list = append(list, c.text(item))
	}
	return list
}

// oneOrMore returns a text or the items of a list of them.
func (c *converter) oneOrMore(n *node) []string {
	if n.kind == array {
		return c.texts(n)
	}
	return []string{c.text(n)}
}

// truths are what people write for booleans where YAML 1.1 has them and JSON does not.
var truths = map[string]bool{
	"true": true, "True": true, "TRUE": true, "yes": true, "Yes": true, "on": true,
	"false": false, "False": false, "FALSE": false, "no": false, "No": false, "off": false,
}

// truth reads a boolean. Another value is a problem, and false unless it can only mean true.
func (c *converter) truth(n *node) bool {
	if n == nil || n.kind == null {
		return false
	}
	value, known := truths[n.text]
	if n.kind != boolean {
		c.problemf(n, "write true or false", "expected true or false, found %s", n.describe())
	}
	return known && value
}

// count reads a limit from 0; ok is false where the value is none.
func (c *converter) count(n *node) (value int, ok bool) {
	if n.kind == number {
		f, err := strconv.ParseFloat(decimal(n.text), 64)
		if err == nil && f >= 0 && f == math.Trunc(f) {
			if f > math.MaxInt32 { // as good as no limit
				return math.MaxInt32, true
			}
			return int(f), true
		}
	}
	c.problemf(n, "write a whole number from 0", "expected a whole number from 0, found %s", n.describe())
	return 0, false
}

// number reads a number as JSON; "" where the value is none.
func (c *converter) number(n *node) string {
	if n.kind == number || n.kind == text {
		if value := decimal(n.text); value != "" {
			if n.kind == text {
				c.problemf(n, "write it without quotes", "expected a number, found %s", n.describe())
			}
			return value
		}
	}
	c.problemf(n, "write a number", "expected a number, found %s", n.describe())
	return ""
}

// decimal turns a number of YAML 1.1 or 1.2 into JSON: hexadecimal, octal, with underscores. It keeps the digits of
// what is JSON already. It returns "" for what is no number of JSON, such as .inf.
func decimal(s string) string {
	if s == "" || s[0] != '-' && s[0] != '+' && s[0] != '.' && (s[0] < '0' || s[0] > '9') {
		return ""
	}
	if json.Valid([]byte(s)) {
		return s
	}
	plain := strings.TrimPrefix(strings.ReplaceAll(s, "_", ""), "+")
	if i, err := strconv.ParseInt(plain, 0, 64); err == nil {
		return strconv.FormatInt(i, 10)
	}
	if u, err := strconv.ParseUint(plain, 0, 64); err == nil {
		return strconv.FormatUint(u, 10)
	}
	f, err := strconv.ParseFloat(plain, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return ""
	}
	data, err := json.Marshal(f)
	if err != nil {
		return ""
	}
	return string(data)
}
