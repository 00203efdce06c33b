package openapi

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// jsonReader reads JSON into nodes. Texts without escapes are parts of the document, not copies: large documents are
// read in a fraction of the time and memory that a YAML parser takes.
type jsonReader struct {
	c     *converter
	s     string
	at    int
	line  int32
	nodes int
}

// readJSON reports false for a text that is not JSON, which may be YAML nevertheless.
func (c *converter) readJSON(s string) (*node, bool) {
	if !utf8.ValidString(s) {
		return nil, false
	}
	before := len(c.problems)
	r := &jsonReader{c: c, s: s, line: 1}
	root, ok := r.value(0)
	if r.space(); !ok || r.at != len(s) {
		c.problems = c.problems[:before]
		return nil, false
	}
	return root, true
}

func (r *jsonReader) space() {
	for ; r.at < len(r.s); r.at++ {
		switch r.s[r.at] {
		case '\n':
			r.line++
		case ' ', '\t', '\r':
		default:
			return
		}
	}
}

// next consumes a byte.
func (r *jsonReader) next(b byte) bool {
	r.space()
	if r.at < len(r.s) && r.s[r.at] == b {
		r.at++
		return true
	}
	return false
}

func (r *jsonReader) value(depth int) (*node, bool) {
	if depth > maxDepth {
		panic(tooLarge{"its values are nested too deeply"})
	}
	if r.nodes++; r.nodes > maxNodes {
		panic(tooLarge{"it has too many values"})
	}
	r.space()
	if r.at == len(r.s) {
		return nil, false
	}
	n := &node{line: r.line}
	switch b := r.s[r.at]; b {
	case '{':
		n.kind = object
		return n, r.list(n, '}', depth)
	case '[':
		n.kind = array
		return n, r.list(n, ']', depth)
	case '"':
		s, ok := r.text()
		n.kind, n.text = text, s
		return n, ok
	default:
		end := r.at
		for end < len(r.s) && !strings.ContainsRune(",]}: \t\r\n", rune(r.s[end])) {
			end++
		}
		n.text, r.at = r.s[r.at:end], end
		switch n.text {
		case "null":
			n.kind = null
		case "true", "false":
			n.kind = boolean
		default:
			n.kind = number
			return n, json.Valid([]byte(n.text)) && b != '"'
		}
		return n, true
	}
}

// list reads the members of an object or array, whose first byte comes next.
func (r *jsonReader) list(n *node, end byte, depth int) bool {
	r.at++
	if r.next(end) {
		return true
	}
	var members []member
	for {
		var m member
		if n.kind == object {
			r.space()
			if r.at == len(r.s) || r.s[r.at] != '"' {
				return false
			}
			key, ok := r.text()
			if !ok || !r.next(':') {
				return false
			}
			m.key = key
		}
		value, ok := r.value(depth + 1)
		if !ok {
			return false
		}
		m.value = value
		if members = append(members, m); r.next(',') {
			continue
		}
		n.members = members
		if n.kind == object {
			n.members = r.c.unique(members)
		}
		return r.next(end)
	}
}

// text reads a string.
func (r *jsonReader) text() (string, bool) {
	for end, escaped := r.at+1, false; end < len(r.s); end++ {
		switch b := r.s[end]; {
		case b == '\\':
			escaped = true
			end++
		case b == '"':
			literal := r.s[r.at : end+1]
			r.at = end + 1
			if !escaped {
				return literal[1 : len(literal)-1], true
			}
			var s string
			err := json.Unmarshal([]byte(literal), &s)
			return s, err == nil
		case b < ' ':
			return "", false
		}
	}
	return "", false
}

// unique removes members whose key comes again, as the last one counts.
func (c *converter) unique(members []member) []member {
	if len(members) < indexed {
		for i := range members {
			for j := i + 1; j < len(members); j++ {
				if members[i].key == members[j].key {
					return c.last(members)
				}
			}
		}
		return members
	}
	seen := make(map[string]bool, len(members))
	for i := range members {
		seen[members[i].key] = true
	}
	if len(seen) == len(members) {
		return members
	}
	return c.last(members)
}

func (c *converter) last(members []member) []member {
	at := make(map[string]int, len(members))
	var kept []member
	for _, m := range members {
		i, twice := at[m.key]
		if !twice {
			at[m.key] = len(kept)
			kept = append(kept, m)
			continue
		}
		c.problemf(m.value, "remove one of them", "the key %q stands twice; the last one counts", shortened(m.key))
		kept[i] = m
	}
	return kept
}
