package mcpadapter

import (
	"fmt"
	"hash/crc32"
	"maps"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// nameLimit is the limit of names in characters.
const nameLimit = 128

// validName reports whether MCP allows the name (revision 2025-11-25, server/tools, "Tool Names").
func validName(name string) bool {
	return len(name) <= nameLimit && isName(name)
}

// isName reports whether a text has characters, and only those of names.
func isName(text string) bool {
	for i := range len(text) {
		if !isNameCharacter(text[i]) {
			return false
		}
	}
	return text != ""
}

func isNameCharacter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.'
}

// sanitized returns a name that MCP allows: the given one with each run of other characters as one underscore, with a
// checksum if it is too long.
func sanitized(name string) string {
	b := make([]byte, 0, len(name))
	for i := range len(name) {
		switch c := name[i]; {
		case isNameCharacter(c):
			b = append(b, c)
		case len(b) == 0 || b[len(b)-1] != '_':
			b = append(b, '_')
		}
	}
	short := strings.Trim(string(b), "_")
	if len(short) > nameLimit {
		sum := fmt.Sprintf("_%08x", crc32.ChecksumIEEE([]byte(name)))
		short = short[:nameLimit-len(sum)] + sum
	}
	return short
}

// toolName returns the name of an operation's tool before duplicates are told apart: the operationId if it is a valid
// name, otherwise what is valid of it or of the method and the path.
func toolName(op *optable.Operation) string {
	if validName(op.ID) {
		return op.ID
	}
	if name := sanitized(op.ID); name != "" {
		return name
	}
	return sanitized(strings.ToLower(op.Method) + "_" + op.Path)
}

// name gives a tool a name that no other has in any style, and makes the tool available under it. A name that is taken
// gets a number.
func (a *Adapter) name(t *tool) {
	base := t.name
	for n := 2; !a.claim(t); n++ {
		t.name = base[:min(len(base), nameLimit-len("_999"))] + "_" + strconv.Itoa(n)
	}
}

// claim makes a tool available under its name in every style, unless another tool has one of these names.
func (a *Adapter) claim(t *tool) bool {
	var names [NamesShort + 1]string
	for style := range names {
		names[style] = NameStyle(style).Name(t.name)
		if a.byName[names[style]] != nil {
			return false
		}
	}
	for _, name := range names {
		a.byName[name] = t
	}
	return true
}

// checkName returns why an operation cannot have its operationId as the name of its tool.
func (a *Adapter) checkName(op *optable.Operation) error {
	if !validName(op.ID) {
		return fmt.Errorf("operation %q: the name must be 1 to 128 characters of A-Z, a-z, 0-9, '_', '-' and '.'", op.ID)
	}
	for style := NamesDots; style <= NamesShort; style++ {
		name := style.Name(op.ID)
		switch other := a.byName[name]; {
		case other == nil:
		case other.operation.ID == op.ID:
			return fmt.Errorf("operation %q is in the table twice", op.ID)
		default:
			return fmt.Errorf("operations %q and %q have the same name %s", other.operation.ID, op.ID, name)
		}
	}
	return nil
}

// alias makes a tool available under its operationId as well, unless that is another tool's name.
func (a *Adapter) alias(t *tool) {
	if a.byName[t.operation.ID] == nil {
		a.byName[t.operation.ID] = t
	}
}

// remove withdraws the names of a tool.
func (a *Adapter) remove(t *tool) {
	maps.DeleteFunc(a.byName, func(_ string, other *tool) bool { return other == t })
}
