package mcpadapter

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// maxShown is how many members of an object its shape names.
const maxShown = 40

// maxShapeDepth is how many objects and arrays deep a shape goes.
const maxShapeDepth = 3

// tooLarge stands in place of an answer that does not fit and cannot be cut: how large it is, what it is made of and
// how to ask for less.
func (t *tool) tooLarge(answer json.RawMessage, most int) json.RawMessage {
	advice := t.askForLess()
	if !t.annotations.ReadOnly {
		advice = "The call took effect: do not repeat it to see its answer."
	}
	var text json.RawMessage
	for depth := maxShapeDepth; depth >= 0; depth-- {
		b := jsontext.AppendMember([]byte{'{'}, "bytes", strconv.Itoa(len(answer)))
		b = jsontext.AppendMember(b, "at_most", strconv.Itoa(most))
		b = jsontext.AppendMember(b, "shape", string(appendShape(nil, answer, depth)))
		b = append(jsontext.AppendMember(b, "advice", string(jsontext.AppendString(nil, advice))), '}')
		text = jsontext.AppendObject(nil, []jsontext.Member{{Name: t.free(nil, "too_large"), Value: b}})
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
		return appendObjectShape(b, jsontext.Members(value), depth)
	case '[':
		list := jsontext.Elements(value)
		if len(list) == 0 || depth == 0 {
			return jsontext.AppendString(b, "array of "+strconv.Itoa(len(list)))
		}
		b = append(jsontext.AppendString(append(b, '['), phrase.Plural(len(list), "element")+", the first"), ',')
		return append(appendShape(b, list[0], depth-1), ']')
	case '"':
		if len(value) > 100 {
			return jsontext.AppendString(b, fmt.Sprintf("string of %d bytes", len(value)-2))
		}
		return jsontext.AppendString(b, "string")
	case 't', 'f':
		return jsontext.AppendString(b, "boolean")
	case 'n':
		return append(b, null...)
	}
	return jsontext.AppendString(b, "number")
}

func appendObjectShape(b []byte, list []jsontext.Member, depth int) []byte {
	if len(list) == 0 || depth == 0 {
		return jsontext.AppendString(b, "object of "+phrase.Plural(len(list), "member"))
	}
	b = append(b, '{')
	shown := map[string]bool{}
	for _, m := range list {
		name := phrase.Preview(m.Name)
		if len(shown) == maxShown || shown[name] { // two long names may begin alike
			continue
		}
		shown[name] = true
		b = appendShape(jsontext.AppendMember(b, name, ""), m.Value, depth-1)
	}
	if rest := len(list) - len(shown); rest > 0 {
		b = jsontext.AppendMember(b, "…", string(jsontext.AppendString(nil, strconv.Itoa(rest)+" more")))
	}
	return append(b, '}')
}
