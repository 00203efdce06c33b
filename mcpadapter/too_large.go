package mcpadapter

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// maxShown is how many members of an object its shape names.
const maxShown = 40

// maxShapeDepth is how many objects and arrays deep a shape goes.
const maxShapeDepth = 3

// tooLarge stands in place of an answer that does not fit and cannot be cut: how large it is, what it is made of and
// how to ask for less.
func (t *Tool) tooLarge(answer json.RawMessage, most int) json.RawMessage {
	advice := t.askForLess()
	if !t.Hints.ReadOnly {
		advice = "The call took effect: do not repeat it to see its answer."
	}
	var text json.RawMessage
	for depth := maxShapeDepth; depth >= 0; depth-- {
		b := appendMember([]byte{'{'}, "bytes", strconv.Itoa(len(answer)))
		b = appendMember(b, "at_most", strconv.Itoa(most))
		b = appendMember(b, "shape", string(appendShape(nil, answer, depth)))
		b = append(appendMember(b, "advice", string(appendText(nil, advice))), '}')
		text = appendMembers(nil, []member{{t.free(nil, "too_large"), b}})
		if len(text) <= most {
			break
		}
	}
	return text
}

// appendShape writes what a value is made of: types in place of values, and of an array its first element.
func appendShape(b []byte, value json.RawMessage, depth int) []byte {
	switch value[0] {
	case '{':
		return appendObjectShape(b, members(value), depth)
	case '[':
		list := elements(value)
		if len(list) == 0 || depth == 0 {
			return appendText(b, "array of "+strconv.Itoa(len(list)))
		}
		b = append(appendText(append(b, '['), plural(len(list), "element")+", the first"), ',')
		return append(appendShape(b, list[0], depth-1), ']')
	case '"':
		if len(value) > 100 {
			return appendText(b, fmt.Sprintf("string of %d bytes", len(value)-2))
		}
		return appendText(b, "string")
	case 't', 'f':
		return appendText(b, "boolean")
	case 'n':
		return append(b, null...)
	}
	return appendText(b, "number")
}

func appendObjectShape(b []byte, list []member, depth int) []byte {
	if len(list) == 0 || depth == 0 {
		return appendText(b, "object of "+plural(len(list), "member"))
	}
	b = append(b, '{')
	shown := map[string]bool{}
	for _, m := range list {
		name := preview(m.name)
		if len(shown) == maxShown || shown[name] { // two long names may begin alike
			continue
		}
		shown[name] = true
		b = appendShape(appendMember(b, name, ""), m.value, depth-1)
	}
	if rest := len(list) - len(shown); rest > 0 {
		b = appendMember(b, "…", string(appendText(nil, strconv.Itoa(rest)+" more")))
	}
	return append(b, '}')
}
