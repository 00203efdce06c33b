package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

const (
	// maxValues is the largest number of JSON values in a message; no operation takes more than a fraction of it.
	maxValues = 10_000
	// maxDepth is how deep objects and arrays of a message may be nested.
	maxDepth = 100
	// fewNames is up to how many names of an object are compared one by one.
	fewNames = 16

	// What a usual call has: it is read without further memory.
	usualDepth, usualNames = 4, 12
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
	c := inspection{values: 1, frames: make([]frame, 0, usualDepth), names: make([][]byte, 0, usualNames)}
	for i := 0; i < len(valid); i++ {
		switch b := valid[i]; b {
		case '{', '[':
			c.open(b == '{')
		case '}', ']':
			c.names = c.names[:c.top().first]
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
	names  [][]byte // of the members so far, those of one open object after another, unless it has many
	found  *defect
}

// frame is an object or array that is open.
type frame struct {
	object bool
	named  bool                     // the value of a member follows
	known  func(name []byte) string // the name that another must not resemble; nil: all names are free
	member []byte                   // the name of the member that is open
	first  int                      // where the names begin
	many   map[string]bool          // the names, if there are more than fewNames
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
	f := frame{object: object, first: len(c.names)}
	switch len(c.frames) {
	case 0:
		f.known = envelopeName
	case 1:
		if string(c.frames[0].member) == "params" {
			f.known = paramName
		}
	}
	c.frames = append(c.frames, f)
}

// envelopeName returns the member of a message that a name resembles, or "" (JSON-RPC 2.0 sections 4 and 5).
func envelopeName(name []byte) string {
	return resembled(name, "jsonrpc", "id", "method", "params", "result", "error")
}

// paramName returns the member of params by which a request is handled that a name resembles, or "" (MCP revisions up
// to 2026-07-28).
func paramName(name []byte) string {
	return resembled(name, "name", "arguments", "_meta", "cursor", "uri", "ref", "argument", "context", "level",
		"protocolVersion", "capabilities", "clientInfo", "requestId", "requestState", "inputResponses", "task")
}

// resembled returns the first of the known names that differs from a name at most by case.
func resembled(name []byte, known ...string) string {
	for _, k := range known {
		if string(name) == k || bytes.EqualFold(name, []byte(k)) {
			return k
		}
	}
	return ""
}

// name checks the name of a member, without its quotes.
func (c *inspection) name(f *frame, name []byte) {
	if bytes.IndexByte(name, '\\') >= 0 {
		var text string
		_ = json.Unmarshal(slices.Concat([]byte{'"'}, name, []byte{'"'}), &text) // it is valid
		name = []byte(text)
	}
	f.member = name
	if c.has(f, name) {
		c.found = &defect{refusedDuplicate, fmt.Sprintf("the message has the member %.80q twice in one object", name)}
		return
	}
	if f.known == nil {
		return
	}
	if want := f.known(name); want != "" && want != string(name) {
		c.found = &defect{refusedDuplicate, fmt.Sprintf("the message has the member %.80q: want %q", name, want)}
	}
}

// has reports whether the object has the name already, and remembers it.
func (c *inspection) has(f *frame, name []byte) bool {
	if f.many != nil {
		if f.many[string(name)] {
			return true
		}
		f.many[string(name)] = true
		return false
	}
	names := c.names[f.first:]
	for _, other := range names {
		if bytes.Equal(other, name) || f.known != nil && bytes.EqualFold(other, name) {
			return true
		}
	}
	c.names = append(c.names, name)
	if len(names) == fewNames && f.known == nil {
		f.many = make(map[string]bool, 2*fewNames)
		for _, other := range c.names[f.first:] {
			f.many[string(other)] = true
		}
	}
	return false
}
