package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

const (
	// maxValues is the largest number of JSON values in a message; no operation takes more than a fraction of it.
	maxValues = 10_000
	// maxDepth is how deep objects and arrays of a message may be nested.
	maxDepth = 100
	// fewNames is up to how many names of an object are compared one by one.
	fewNames = 16
)

// defect is why a message is refused before it is decoded.
type defect struct {
	reason  refusalReason
	message string
}

// inspect looks for what makes a valid JSON text mean different things to different readers, or costs too much to
// decode: more than maxValues values, nesting below maxDepth, a name that an object has twice (RFC 8259 section 4), and
// in the envelope and its params a name that differs from another, or from one that JSON-RPC or MCP defines, by case
// alone: encoding/json accepts such a name for the other. It reads the text once and returns nil if there is none.
func inspect(valid []byte) *defect {
	c := inspection{values: 1}
	for i := 0; i < len(valid); i++ {
		switch b := valid[i]; b {
		case '{', '[':
			c.open(b == '{')
		case '}', ']':
			c.frames = c.frames[:len(c.frames)-1]
		case ',':
			c.values++
			if top := c.top(); top != nil {
				top.named = false
			}
		case '"':
			end := i + 1
			for ; valid[end] != '"'; end++ {
				if valid[end] == '\\' {
					end++
				}
			}
			if top := c.top(); top != nil && top.object && !top.named {
				top.named = true
				c.name(top, valid[i+1:end])
			}
			i = end
		}
		if c.values > maxValues {
			return &defect{refusedTooLarge, fmt.Sprintf("the message has more than %d JSON values", maxValues)}
		}
		if c.found != nil {
			return c.found
		}
	}
	return nil
}

// inspection is the state of inspect within a text.
type inspection struct {
	values int // and empty objects and arrays count twice
	frames []frame
	found  *defect
}

// frame is an object or array that is open.
type frame struct {
	object bool
	named  bool     // the value of a member follows
	known  []string // names that others must not resemble; nil: all names are free
	member string   // the name of the member that is open
	names  []string
	many   map[string]bool // the names, if there are more than fewNames
}

func (c *inspection) top() *frame {
	if len(c.frames) == 0 {
		return nil
	}
	return &c.frames[len(c.frames)-1]
}

func (c *inspection) open(object bool) {
	c.values++
	if len(c.frames) == maxDepth {
		c.found = &defect{refusedTooLarge, fmt.Sprintf("the message is nested deeper than %d levels", maxDepth)}
		return
	}
	f := frame{object: object}
	switch len(c.frames) {
	case 0:
		f.known = envelopeNames()
	case 1:
		if c.frames[0].member == "params" {
			f.known = paramNames()
		}
	}
	c.frames = append(c.frames, f)
}

// envelopeNames are the members of a message (JSON-RPC 2.0 sections 4 and 5).
func envelopeNames() []string {
	return []string{"jsonrpc", "id", "method", "params", "result", "error"}
}

// paramNames are the members of params by which a request is handled (MCP revisions up to 2026-07-28).
func paramNames() []string {
	return []string{
		"name", "arguments", "_meta", "cursor", "uri", "ref", "argument", "context", "level", "protocolVersion",
		"capabilities", "clientInfo", "requestId", "requestState", "inputResponses", "task",
	}
}

// name checks the name of a member, without its quotes.
func (c *inspection) name(f *frame, spelled []byte) {
	name := string(spelled)
	if bytes.IndexByte(spelled, '\\') >= 0 {
		_ = json.Unmarshal([]byte(`"`+name+`"`), &name) // it is valid
	}
	f.member = name
	if f.has(name) {
		c.found = &defect{refusedDuplicate, fmt.Sprintf("the message has the member %.80q twice in one object", name)}
		return
	}
	for _, known := range f.known {
		if name != known && strings.EqualFold(name, known) {
			c.found = &defect{refusedDuplicate, fmt.Sprintf("the message has the member %.80q: want %q", name, known)}
			return
		}
	}
}

// has reports whether the object has the name already, and remembers it.
func (f *frame) has(name string) bool {
	if f.many != nil {
		if f.many[name] {
			return true
		}
		f.many[name] = true
		return false
	}
	for _, other := range f.names {
		if other == name || f.known != nil && strings.EqualFold(other, name) {
			return true
		}
	}
	f.names = append(f.names, name)
	if len(f.names) > fewNames && f.known == nil {
		f.many = make(map[string]bool, 2*fewNames)
		for _, other := range f.names {
			f.many[other] = true
		}
	}
	return false
}
