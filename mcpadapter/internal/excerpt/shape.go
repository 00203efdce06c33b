package excerpt

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// maxShown is how many members of an object its shape names.
const maxShown = 40

// MaxDepth is how many objects and arrays deep a shape need go.
const MaxDepth = 3

// AppendShape appends the shape of a value: types instead of values, and the first item of an array.
func AppendShape(b []byte, value json.RawMessage, depth int) []byte {
	switch value[0] {
	case '{':
		return appendObjectShape(b, jsontext.Members(value), depth)
	case '[':
		list := jsontext.Elements(value)
		if len(list) == 0 || depth == 0 {
			return jsontext.AppendString(b, "array of "+strconv.Itoa(len(list)))
		}
		b = append(jsontext.AppendString(append(b, '['), phrase.Plural(len(list), "element")+", the first"), ',')
		return append(AppendShape(b, list[0], depth-1), ']')
	case '"':
		if len(value) > 100 {
			return jsontext.AppendString(b, fmt.Sprintf("string of %d bytes", len(value)-2))
		}
		return jsontext.AppendString(b, "string")
	case 't', 'f':
		return jsontext.AppendString(b, "boolean")
	case 'n':
		return append(b, "null"...)
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
		b = AppendShape(jsontext.AppendMember(b, name, ""), m.Value, depth-1)
	}
	if rest := len(list) - len(shown); rest > 0 {
		b = jsontext.AppendMember(b, "…", string(jsontext.AppendString(nil, strconv.Itoa(rest)+" more")))
	}
	return append(b, '}')
}
